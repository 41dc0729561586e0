"""Helpers: the outbox handed out once, and what stands in it."""

from datetime import timedelta

from notifications import outbox
from notifications.models import Outgoing
from reports import access
from sapr import clock


def at(out, after: timedelta) -> None:
    """Let time pass, and the worker hand out once."""
    clock.move(clock.now() + after, hold=True)
    with out.as_worker():
        outbox.drop_expired(clock.now())
        outbox.send_one(at=clock.now())


def rows(out, planned) -> list[Outgoing]:
    with access.viewing(out.world.manager):
        return list(Outgoing.objects.filter(round=planned).order_by("look_at", "id"))


def tried(out, planned) -> Outgoing:
    [row] = [row for row in rows(out, planned) if row.attempts]
    return row


def tried_state(out, row: Outgoing) -> str:
    with access.viewing(out.world.manager):
        return Outgoing.objects.get(pk=row.pk).state
