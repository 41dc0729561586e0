"""Does each channel work? Heartbeats, death, and who is told of it: never through the channel that died."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from notifications.outside import news
from notifications.outside.models import Channel, ChannelKind, Outgoing, OutgoingKind
from reports import policy
from reports.ledger.services import append_system


def beats_due(now: datetime) -> QuerySet[Channel]:
    """Channels whose next heartbeat is due."""
    found = Channel.objects.filter(Q(beat_at=None) | Q(beat_at__lte=now), ended_at=None)
    return found.order_by("beat_at")


def beat(channel: Channel, now: datetime) -> None:
    """Queue a heartbeat. Runs under the row's lock.

    The mail server gets one where there is a mailbox for it (`SAPR_MONITOR_MAIL`); else the constant mail is its
    heartbeat. Missed ones are not made up for.
    """
    every = policy.outside(on=now.date()).beat_every
    channel.beat_at = now + every
    channel.save(update_fields=["beat_at"])
    if usable(channel):
        _queue(channel, OutgoingKind.HEARTBEAT, now, until=now + every)
        news.queue(channel, now, until=now + every)


def usable(channel: Channel) -> bool:
    """Whether a heartbeat or an alarm can go that way at all."""
    return channel.kind == ChannelKind.WEBHOOK or bool(settings.MONITOR_MAIL)


def _queue(channel: Channel, kind: OutgoingKind, now: datetime, *, until: datetime) -> None:
    address = settings.MONITOR_MAIL if channel.kind == ChannelKind.MAIL else ""
    Outgoing.objects.create(
        channel=channel, kind=kind, address=address, planned_at=now, look_at=now, expires_at=until
    )


@transaction.atomic
def took(channel_id: UUID, at: datetime) -> None:
    """The channel took a message: it lives."""
    # The usual case needs no lock: many messages go one after the other through a channel that works.
    if Channel.objects.filter(pk=channel_id, failing_since=None).update(alive_at=at):
        return
    channel = Channel.objects.select_for_update().get(pk=channel_id)
    was_dead = channel.dead_at is not None
    channel.alive_at, channel.failures = at, 0
    channel.resume_at = channel.failing_since = channel.dead_due_at = channel.dead_at = None
    channel.save(
        update_fields=["alive_at", "failures", "resume_at", "failing_since", "dead_due_at", "dead_at"]
    )
    if was_dead:
        append_system(kind="channel_alive", actor=None, at=at, data=_named(channel))


@transaction.atomic
def failed(channel_id: UUID, at: datetime) -> None:
    """The channel did not take a message: nothing is tried there for a while, the longer the oftener.

    So one that swallows every packet costs the sweep one attempt now and then, however much waits.
    """
    channel = Channel.objects.select_for_update().get(pk=channel_id)
    channel.failures += 1
    channel.resume_at = at + pause(channel.failures, at)
    if channel.failing_since is None:
        channel.failing_since = at
        channel.dead_due_at = at + policy.outside(on=at.date()).dead_after
    channel.save(update_fields=["failures", "resume_at", "failing_since", "dead_due_at"])


def pause(failures: int, at: datetime):
    """How long to wait after so many failures: doubling, up to a bound."""
    numbers = policy.outside(on=at.date())
    # Beyond a few doublings only the bound counts.
    return min(numbers.first_pause * 2 ** min(failures - 1, 16), numbers.longest_pause)


def deaths_due(now: datetime) -> QuerySet[Channel]:
    """Channels that have failed for so long that they count as dead, and are not said to be yet."""
    return Channel.objects.filter(dead_due_at__lte=now, dead_at=None, ended_at=None).order_by("dead_due_at")


def declare_dead(channel: Channel, now: datetime) -> None:
    """Say so: on the system's chain, and through every other channel that works. Runs under the row's lock.

    A channel that comes and goes is told of again only after the time the rules give.
    """
    numbers = policy.outside(on=now.date())
    tell = channel.told_at is None or channel.told_at + numbers.alarm_every <= now
    channel.dead_at = now
    if tell:
        channel.told_at = now
    channel.save(update_fields=["dead_at", "told_at"])
    append_system(kind="channel_dead", actor=None, at=now, data=_named(channel) | {"told": tell})
    if tell:
        alarm(now, but=channel.pk)


def alarm(now: datetime, *, but: UUID | None = None) -> int:
    """Queue an alarm on every channel that is not dead, `but` left out. It says "attention" and nothing else.

    For what is wrong with the machinery (a dead channel, a sweep that stands still), never for a case: what happens
    in a case sends nothing outside. Returns on how many channels.
    """
    until = now + policy.outside(on=now.date()).alarm_kept
    ways = [
        each for each in Channel.objects.filter(dead_at=None, ended_at=None).exclude(pk=but) if usable(each)
    ]
    for each in ways:
        _queue(each, OutgoingKind.ALARM, now, until=until)
    return len(ways)


def _named(channel: Channel) -> dict[str, str]:
    return {"channel": str(channel.pk), "kind": channel.kind}
