"""Whether finer words of a notice stand at this moment; asked when they are released and when they are placed."""

from datetime import datetime

from django.db import connection

from accounts.models import Location, Post, User
from notifications.finer.models import FinerState, FinerWording
from notifications.finer.told import finer_of
from notifications.strength.engine import Engine
from sapr.errors import DomainError

RULE = "DN-27"


def approved(notice) -> FinerWording | None:
    """The finer words of a notice that a second person approved and nobody withdrew."""
    return FinerWording.objects.filter(notice=notice, state=FinerState.APPROVED).defer("consent").first()


def stands(notice, digest: str, at: datetime) -> bool:
    """Whether the words with this digest may go out: they are no finer ones, or approved ones that stand. `at`: now.

    A consent that was taken back or has run out ends it, and so do a person behind them who commands somebody by now,
    and newer strength tables than they were counted from. Safe in the worker.
    """
    row = finer_of(notice, digest)
    if row is None:
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_finer_stands(%s, %s)", [notice.pk, digest])
        if not cursor.fetchone()[0]:
            return False
    place = Post.objects.values_list("location_id", flat=True).get(pk=notice.post_id)
    said = Engine(Location(pk=place), at).said
    return said is not None and [str(pk) for pk in said.tables] == row.tables


def require_standing(notice, digest: str, at: datetime) -> FinerWording | None:
    """The approved finer words with this digest, None when it is of others; refused when they stand no longer."""
    row = approved(notice)
    if row is None or row.sha256 != digest:
        return None
    if not stands(notice, digest, at):
        raise DomainError(
            "finer_ended",
            "These finer words stand no longer: their time has run out, a newer strength table was recorded, or "
            "somebody behind them commands by now. Release other words.",
            status=409, rule=RULE,
        )  # fmt: skip
    return row


def slots_before_end(row: FinerWording | None, slots: list[datetime]) -> list[datetime]:
    """Of these slots those at which the finer words still stand; all for other words. Refused when none is left."""
    left = [slot for slot in slots if row is None or slot < row.expires_at]
    if not left:
        raise DomainError(
            "finer_ended", "These finer words run out before the next slot. Release other words.",
            status=409, rule=RULE,
        )  # fmt: skip
    return left


def behind(actor, row: FinerWording | None) -> tuple[User, ...]:
    """Who stands behind a release: whoever releases it and, of finer words, both persons."""
    both = (row.proposed_by_id, row.decided_by_id) if row else ()
    return (actor, *(User(pk=pk) for pk in both if pk != actor.pk))
