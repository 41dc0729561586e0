"""The constant mail: to everybody who reads an inbox, at the same local hours every day, news or not (threat T02).

Who gets it and when follows from posts and their zones alone, never from a case, a notice or a reminder. This and
nothing else queues mail to people: no service and no page does, and the web role has no right to.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from accounts.models import Appointment, User
from accounts.selectors import current
from notifications.outside.models import Channel, ChannelKind, MailRound, Outgoing, OutgoingKind
from reports import policy
from reports.ledger.services import append_system
from sapr.operating import upkeep


def due(now: datetime) -> QuerySet[MailRound]:
    """Rounds whose mails are to be queued."""
    return MailRound.objects.filter(made_at=None, make_at__lte=now).order_by("make_at")


def ensure(now: datetime) -> None:
    """There is always a next round. Costs one look where there is one."""
    if not MailRound.objects.filter(made_at=None).exists():
        _plan(after=now)


def make(row: MailRound, now: datetime) -> None:
    """Queue one mail for each addressee of the round, and plan the next. Runs under the row's lock.

    A round that nobody was there to make in its window is left out, and its event says so: mails that come in a heap
    after downtime would tell of the downtime, and no more.
    """
    numbers = policy.outside(on=row.planned_at.date())
    expires = row.planned_at + numbers.window
    # After a restore nobody knows whether a round from before went out.
    lifted = upkeep.lifted_at()
    row.made_at, row.skipped = now, now >= expires or (lifted is not None and row.planned_at <= lifted)
    if row.skipped:
        row.save(update_fields=["skipped"])
        append_system(
            kind="mail_round_skipped",
            actor=None,
            at=now,
            data={"round": str(row.pk), "planned_at": row.planned_at.isoformat()},
        )
    else:
        channel = Channel.objects.get(kind=ChannelKind.MAIL)
        found = addressees(row.planned_at)
        row.addressees = len(found)
        Outgoing.objects.bulk_create(
            Outgoing(
                channel=channel,
                kind=OutgoingKind.CONSTANT,
                round=row,
                address=address,
                planned_at=row.planned_at,
                look_at=row.planned_at,
                expires_at=expires,
            )
            for address in found
        )
    row.save(update_fields=["made_at", "skipped", "addressees"])
    _plan(after=max(now, row.planned_at))


def addressees(at: datetime) -> list[str]:
    """The addresses that get the mail planned for an instant, each once however many posts or accounts it has.

    Whoever holds a post whose role has mail at this local hour and held it when the local day began: somebody new
    begins with the next day.
    """
    whose = Q(pk=None)
    for zone in {zone for zone, _ in _held(at)}:
        if roles := policy.mail_roles(at, zone):
            midnight = at.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
            whose |= Q(post__location__zone=zone, post__role__in=roles, starts_at__lt=midnight)
    held = Appointment.objects.filter(current(at)).filter(whose)
    users = User.objects.filter(is_active=True, pk__in=held.values("user_id")).exclude(email="")
    return sorted({address.lower(): address for address in users.values_list("email", flat=True)}.values())


def _held(at: datetime) -> set[tuple[str, str]]:
    """The zones in which somebody holds a post, with the roles there."""
    found = Appointment.objects.filter(current(at), user__is_active=True)
    return set(found.values_list("post__location__zone", "post__role"))


def _plan(*, after: datetime) -> None:
    """The next round after an instant: the first planned instant of anybody who holds a post.

    Two that plan at the same moment plan the same one.
    """
    found = (policy.next_mail(after, zone, role=role) for zone, role in _held(after))
    planned = min((each for each in found if each), default=None)
    if planned is not None:
        ahead = policy.outside(on=planned.date()).ahead
        row = MailRound(planned_at=planned, make_at=planned - ahead)
        MailRound.objects.bulk_create([row], ignore_conflicts=True)
