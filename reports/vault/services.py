"""Opening a seal: an act with a viewer and a purpose, and itself an event."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from django.db import models

from reports.ledger.services import append_each
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


@cache
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
    return open_each(records=[record], actor=actor, purpose=purpose, at=at, fields=fields)[0]


def open_each(
    *,
    records: Sequence[models.Model],
    actor,
    purpose: str,
    at: datetime,
    fields: Iterable[str] | None = None,
) -> list[dict[str, str]]:
    """`open_sealed` of several records of one case: an event for each, in one statement."""
    if purpose not in PURPOSES:
        raise DomainError(
            "unknown_purpose", "Say for which purpose the sealed part is opened.", path="purpose"
        )
    if not records:
        return []
    only = None if fields is None else list(fields)
    opened = _opened(
        records, [list(sealed_fields(type(record))) if only is None else only for record in records]
    )
    said = []
    for record, values in zip(records, opened, strict=True):
        columns = sealed_fields(type(record))
        said.append(("sealed_opened", {"what": [columns[name].label for name in values], "purpose": purpose}))
    append_each(case_id=records[0].case_id, said=said, actor=actor, at=at)
    return opened


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


def _opened(records: Sequence[models.Model], wanted: list[list[str]]) -> list[dict[str, str]]:
    """The latest values of the records' columns; read once more when they changed since the records were read."""
    late: list[str] = []
    for again in (False, True):
        found, held = [], {}
        for record, names in zip(records, wanted, strict=True):
            if again:
                record.refresh_from_db(fields=names)
            columns = sealed_fields(type(record))
            values = {
                name: columns[name].open(record, getattr(record, name))
                for name in names
                if isinstance(getattr(record, name), Sealed)
            }
            found.append(values)
            held |= {columns[name].label: values.get(name, "") for name in names}
        late = outdated(records[0].case_id, held)
        if not late:
            return found
    raise refusal(late)


__all__ = ["PURPOSES", "Sensitivity", "open_each", "open_sealed", "read", "sealed_fields"]
