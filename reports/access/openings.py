"""Opening a seal at the speed of a person: an hour holds so many identities and no more (T05)."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import connection, models

from reports import policy
from reports.access.deciding import Stands, not_your_role, require_on
from reports.access.objects import kind_of
from reports.vault.opening import SealedRow, opened
from reports.vault.services import PURPOSES, open_each
from sapr.errors import DomainError
from sapr.sending import send_end, sending, sent

T = TypeVar("T")

# What people open by choice, and the verb it takes.
BY_CHOICE = {"case_work": "case_work", "emergency": "emergency_open"}
# Every purpose by which a person reads. What a rule opens on the way (signing, composing a notice) is no reading.
IDENTITY = "reports.identity"
COUNTED = (*BY_CHOICE, "preview", "inbox", "document")


def open_for(
    *, viewer, record: models.Model, purpose: str, at: datetime, fields: Iterable[str] | None = None
) -> dict[str, str]:
    """`open_sealed` for somebody who chose to read: refused without the verb, and beyond the hour's number."""
    return open_each_for(viewer=viewer, records=[record], purpose=purpose, at=at, fields=fields)[0]


def open_each_for(
    *,
    viewer,
    records: Sequence[models.Model],
    purpose: str,
    at: datetime,
    fields: Iterable[str] | None = None,
) -> list[dict[str, str]]:
    """The same for several records of one case."""
    verb = _verb_of(purpose)
    for record in records:
        require_on(viewer, record, verb)
        if record._meta.label_lower == IDENTITY:
            require_within_limit(viewer, at)
    return open_each(records=records, actor=viewer, purpose=purpose, at=at, fields=fields)


def _verb_of(purpose: str) -> str:
    """The verb that a purpose takes; refused for what nobody chooses."""
    if purpose not in BY_CHOICE:
        known = purpose in PURPOSES
        sentence = "This purpose is the system's own." if known else "Say for which purpose it is opened."
        raise DomainError("unknown_purpose", f"{sentence} Choose case_work or emergency.", path="purpose")
    return BY_CHOICE[purpose]


# Locks, counts, and records the looks or none of them; true when they stand.
LOOK = "SELECT sapr_look(%s, %s, %s, %s, %s, %s)"


def open_read_for(
    *,
    stands: Stands,
    rows: Sequence[SealedRow],
    committed: Mapping[str, str],
    purpose: str,
    at: datetime,
    show: Callable[[dict[str, dict[str, str]]], T],
) -> T:
    """`open_each_for` of what was read of one case at once: what `show` makes of the plain values by part.

    The last of its transaction, and ends it. The looks are recorded while this process opens and `show` shows; nothing
    is returned before the database said that they are there to stay. Where something cannot be opened none is recorded.
    """
    verb = _verb_of(purpose)
    for row in rows:
        if not stands.may(verb, kind_of(row.model).name):
            raise not_your_role()
    if not rows:
        return show({})
    limits = policy.access_rules(at.date()).limits
    identity = any(row.model._meta.label_lower == IDENTITY for row in rows)
    said = json.dumps([{"what": row.labels(), "purpose": purpose} for row in rows])
    most = limits["identity_openings"] if identity else None
    since = at - timedelta(minutes=limits["identity_minutes"])
    with sending():
        looked = sent(LOOK, [rows[0].case_id, at, said, since, list(COUNTED), most])
        plain = opened(rows, committed)
        send_end()
        shown = show(plain)
    [(stand,)] = looked()
    if not stand:
        raise _too_many(limits)
    return shown


def require_within_limit(viewer, at: datetime) -> None:
    """Refuse one more identity beyond the hour's number; for whatever shows a person one, before it opens it."""
    limits = policy.access_rules(at.date()).limits
    since = at - timedelta(minutes=limits["identity_minutes"])
    hold_openings(viewer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_identity_openings(%s, %s)", [since, list(COUNTED)])
        openings = cursor.fetchone()[0]
    if openings >= limits["identity_openings"]:
        raise _too_many(limits)


def hold_openings(viewer) -> None:
    """Held until this transaction ends: two openings of one person at once are counted one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 17))", [str(viewer.pk)])


def _too_many(limits: Mapping[str, int]) -> DomainError:
    return DomainError(
        "too_many_openings",
        "You opened as many identities as an hour allows. Go on later, or talk to your programme manager.",
        status=429,
        # By then the first of them lies outside the window at the latest.
        retry_after=limits["identity_minutes"] * 60,
    )
