"""Opening a seal: an act with a viewer and a purpose, and itself an event."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models

from reports.ledger.services import append
from reports.vault.commitments import outdated, refusal
from reports.vault.fields import Sealed, SealedMixin
from reports.vault.models import Sensitivity
from sapr.errors import DomainError

# Why a seal may be opened. A purpose is part of the event; free text would itself be content.
PURPOSES = {
    "case_work": "Working on the case",
    "eligibility": "Deciding which reporting options the rules give",
    "signing": "Signing the election",
    "notice": "Composing a notice",
    "preview": "Showing what a step would tell before it is taken",
    "inbox": "Reading a notice addressed to one's post",
    "evidence": "Handling evidence under its number",
    "emergency": "Reading a case that was opened in an emergency",
    "document": "Drawing a signed form as a document",
    "dsaid": "Making an export for the official system, which a second person approved",
    "second_person": "Deciding on what somebody else asked for",
}


def sealed_fields(model: type[models.Model]) -> dict[str, SealedMixin]:
    """The sealed columns of a model, by name."""
    return {f.attname: f for f in model._meta.concrete_fields if isinstance(f, SealedMixin)}


def open_sealed(
    *, record: models.Model, actor, purpose: str, at: datetime, fields: Iterable[str] | None = None
) -> dict[str, str]:
    """The plain values of a record's sealed columns, and an event that says who opened what and why.

    `record` came from a selector for this viewer: this function records the look, `access` allowed it.
    Columns that are empty are absent from the result. Raises VaultLockedError for a value that is not the latest.
    """
    if purpose not in PURPOSES:
        raise DomainError(
            "unknown_purpose", "Say for which purpose the sealed part is opened.", path="purpose"
        )
    columns = sealed_fields(type(record))
    wanted = list(columns) if fields is None else list(fields)
    values = _opened(record, wanted)
    append(
        case_id=record.case_id,
        kind="sealed_opened",
        actor=actor,
        at=at,
        data={"what": [columns[name].label for name in values], "purpose": purpose},
    )
    return values


# Columns that are read without an event of this function's, and why.
SAID_ELSEWHERE = {
    "kit.number": "sealed once more, for its card",
    "kitcard.number": "who holds the kit has its label before their eyes",
    "kitname.name": "the database wrote the event before it gave the bytes out (sapr_name_on_kit)",
}


def read(record: models.Model, name: str) -> str:
    """The value of one of those columns. KeyError for every other: that is opened by `open_sealed`."""
    column = sealed_fields(type(record))[name]
    if column.label not in SAID_ELSEWHERE:
        raise KeyError(column.label)
    return column.open(record, getattr(record, name))


def _opened(record: models.Model, wanted: list[str]) -> dict[str, str]:
    """The latest values of a record's columns; read once more when they changed since the record was read."""
    columns, late = sealed_fields(type(record)), []
    for again in (False, True):
        if again:
            record.refresh_from_db(fields=wanted)
        values = {
            name: columns[name].open(record, getattr(record, name))
            for name in wanted
            if isinstance(getattr(record, name), Sealed)
        }
        late = outdated(record.case_id, {columns[name].label: values.get(name, "") for name in wanted})
        if not late:
            return values
    raise refusal(late)


__all__ = ["PURPOSES", "Sensitivity", "open_sealed", "read", "sealed_fields"]
