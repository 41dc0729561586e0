"""The two-person way of an export: asked for, decided, and fetched once. `making` makes the file."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pyrage
from django.db import DatabaseError, connection, transaction

from reports import access, policy
from reports.dsaid.elements import on
from reports.exports import selectors
from reports.exports.lines import FIELDS
from reports.exports.models import STANDING, Export, ExportForm, ExportKind, ExportPurpose, ExportState
from reports.exports.packing import File, packed
from reports.ledger.services import append_system
from reports.validation import instant, known, text
from sapr.errors import DomainError, NotFoundError

# Everything leaves for one purpose alone, and nothing else does.
PURPOSES_OF_CASES = [each for each in ExportPurpose.choices if each[0] != ExportPurpose.MOVING]
NOTHING_TO_FETCH = DomainError(
    "nothing_to_fetch",
    "There is no file to fetch: it was fetched already, is not made yet, or its time is over. Ask for a new one.",
    status=409,
)


# Days beyond these are a slip of the hand, and no calendar counts on from the last one.
FIRST_YEAR, LAST_YEAR = 1900, 9000


def recipient_check(value: Any) -> str:
    """The public key of whoever shall read the file, as `age-keygen` prints it; DomainError for anything else."""
    given = text(value, "recipient", required=True)
    if given.upper().startswith("AGE-SECRET-KEY"):
        raise DomainError(
            "bad_recipient",
            "recipient: this is a secret key. Whoever made it should make a new one; enter the public key, which "
            "begins with age1.",
            path="recipient",
        )
    try:
        return str(pyrage.x25519.Recipient.from_str(given))
    except pyrage.RecipientError:
        raise DomainError(
            "bad_recipient",
            "recipient: enter the reader's public key as age-keygen prints it: age1 and 58 more characters.",
            path="recipient",
        ) from None


@access.service
def export_ask(
    *,
    actor,
    purpose: str,
    fields: list[str],
    recipient: str,
    at: datetime,
    opened_from: date | None = None,
    opened_to: date | None = None,
) -> Export:
    """Put before a programme manager that lines of the actor's own cases leave as a file for the holder of a key.

    `fields`: from `lines.FIELDS`. Cases opened on or between two days by the installation's calendar; None: all.
    Nothing is made before it is approved; a week later it runs out (DS-30).
    """
    access.require(actor, "export_ask")
    at = instant(at, "at")
    export = Export(purpose=purpose, fields=_listed(fields, FIELDS), recipient=recipient_check(recipient))
    return _put(_of_cases(export, opened_from, opened_to), actor, at)


@access.service
def dsaid_ask(
    *,
    actor,
    purpose: str,
    elements: list[str],
    form: str,
    recipient: str,
    at: datetime,
    opened_from: date | None = None,
    opened_to: date | None = None,
) -> Export:
    """The same for the elements of the official system (docs/dsaid.md), as CSV or JSON Lines.

    `elements`: columns of those that are switched on. Of a Restricted report nothing leaves that tells who somebody
    is or what happened; of others what they hold is opened when the file is made, on each case's own record.
    """
    access.require(actor, "export_ask")
    at = instant(at, "at")
    known(form, ExportForm, "form")
    export = Export(
        kind=ExportKind.DSAID,
        form=form,
        purpose=purpose,
        fields=_listed(elements, on(), "elements"),
        recipient=recipient_check(recipient),
    )
    return _put(_of_cases(export, opened_from, opened_to), actor, at)


def _listed(names: Any, there: Mapping[str, Any], path: str = "fields") -> list[str]:
    """The chosen columns in the order of their list."""
    if not isinstance(names, list) or not names or not all(name in there for name in map(str, names)):
        raise DomainError("unknown_value", f"{path}: choose at least one of the listed columns.", path=path)
    return [name for name in there if name in set(names)]


def _of_cases(export: Export, opened_from: date | None, opened_to: date | None) -> Export:
    known("" if export.purpose == ExportPurpose.MOVING else export.purpose, ExportPurpose, "purpose")
    for name, day in (("opened_from", opened_from), ("opened_to", opened_to)):
        if day and not FIRST_YEAR <= day.year < LAST_YEAR:
            raise DomainError("date_out_of_range", f"{name}: check the year.", path=name)
    if opened_from and opened_to and opened_to < opened_from:
        raise DomainError("wrong_order", "opened_to: this day is before the first one.", path="opened_to")
    export.opened_from, export.opened_to = opened_from, opened_to
    return export


@access.service
def open_export_ask(*, actor, recipient: str, at: datetime) -> Export:
    """A programme manager asks that everything leaves, for the holder of a key, to move to another system.

    Another programme manager decides (DS-30); whoever runs the system then makes it (`manage.py open_export`).
    """
    access.require(actor, "export_decide")
    at = instant(at, "at")
    kind, purpose = ExportKind.OPEN, ExportPurpose.MOVING
    return _put(
        Export(kind=kind, purpose=purpose, fields=[], recipient=recipient_check(recipient)), actor, at
    )


def verb_of(export: Export) -> str:
    """What whoever asks for it must be allowed: of everything, those who decide on exports."""
    return "export_decide" if export.kind == ExportKind.OPEN else "export_ask"


def _put(export: Export, actor, at: datetime) -> Export:
    """Before the second person, for a week."""
    days = policy.access_rules(at.date()).limits["export_decided_days"]
    export.asked_by, export.asked_at, export.look_at = actor, at, at + timedelta(days=days)
    export.save(force_insert=True)
    what = {"kind": export.kind, "purpose": export.purpose, "fields": export.fields}
    return said(export, actor, at, recipient=_fingerprint(export), **what)


@access.service
def export_approve(*, actor, export_id: UUID, at: datetime) -> Export:
    """The second person says yes; from now on its asker has a day to make and fetch it (DS-30)."""
    at = instant(at, "at")
    hours = policy.access_rules(at.date()).limits["export_fetched_hours"]
    return _decide(actor, export_id, ExportState.APPROVED, at, look_at=at + timedelta(hours=hours))


@access.service
def export_refuse(*, actor, export_id: UUID, at: datetime) -> Export:
    """The second person says no; it may be asked for anew."""
    return _decide(actor, export_id, ExportState.REFUSED, instant(at, "at"))


@access.service
def export_withdraw(*, actor, export_id: UUID, at: datetime) -> Export:
    """Who asked takes it back, until it is fetched; what was made of it is deleted."""
    if not access.may(actor, "export_ask"):
        access.require(actor, "export_decide")
    at = instant(at, "at")
    export = _own(actor, export_id)
    access.require(actor, verb_of(export))
    _move(export, STANDING, state=ExportState.WITHDRAWN)
    return said(export, actor, at)


@access.service
def export_fetch(*, actor, export_id: UUID, at: datetime) -> File:
    """The file, once: the database hands it out and deletes it in the same statement."""
    access.require(actor, "export_ask")
    at = instant(at, "at")
    export = _own(actor, export_id)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT sapr_export_take(%s)", [export.pk])
            parts = [bytes(row[0]) for row in cursor.fetchall()]
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != "SA002":
            raise
        raise NOTHING_TO_FETCH from None
    file = packed(parts, export.kind, export.form)
    export.refresh_from_db()
    said(export, actor, at, digest=export.digest, sha256=hashlib.sha256(file.content).hexdigest())
    return file


def _own(actor, export_id: UUID) -> Export:
    export = selectors.own(viewer=actor).filter(pk=export_id).first()
    if export is None:
        raise NotFoundError
    return export


def _decide(actor, export_id: UUID, state: ExportState, at: datetime, **more: Any) -> Export:
    access.require(actor, "export_decide")
    export = selectors.export_get(viewer=actor, export_id=export_id)
    if export.state == ExportState.ASKED and export.look_at > at and not _independent(export, actor):
        raise DomainError(
            "second_person_needed",
            "You cannot decide this: you asked for it, you were appointed after it was asked for, or one person "
            "stands behind your account and the asker's. Another programme manager must.",
            status=409,
        )
    if export.look_at <= at:
        raise _over()
    _move(export, (ExportState.ASKED,), state=state, decided_by=actor, decided_at=at, **more)
    return said(export, actor, at)


def _independent(export: Export, actor) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sapr_second_person(%s, %s, %s)", [export.asked_by_id, export.asked_at, actor.pk]
        )
        return cursor.fetchone()[0]


def _move(export: Export, states, **values: Any) -> None:
    """Once: of many at the same moment the database lets one through."""
    if Export.objects.filter(pk=export.pk, state__in=states).update(**values) != 1:
        raise _over()
    export.refresh_from_db()


def _over() -> DomainError:
    return DomainError(
        "already_decided", "This was decided or ran out in the meantime. Look at the list.", status=409
    )


def _fingerprint(export: Export) -> str:
    return hashlib.sha256(export.recipient.encode()).hexdigest()


def said(export: Export, actor, at: datetime, **data: Any) -> Export:
    """The event of the state that it is in now, on the system's own chain: never which cases, never how many."""
    append_system(kind=f"export_{export.state}", actor=actor, at=at, data={"export": str(export.pk), **data})
    return export
