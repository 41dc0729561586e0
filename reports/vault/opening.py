"""Opening what was read of a case at once: rows of sealed columns as the database holds them."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.db.models import Model

from reports.vault.commitments import not_the_latest, refusal
from reports.vault.fields import SealedMixin
from reports.vault.services import sealed_fields


class SealedRow(NamedTuple):
    """One row, read: `values` of `columns_of(model)`, still sealed, None where a column is empty."""

    part: str
    model: type[Model]
    case_id: UUID
    pk: UUID
    values: Sequence[bytes | None]

    def labels(self) -> list[str]:
        """What opening it opens, in the words of its event."""
        found = zip(columns_of(self.model).values(), self.values, strict=True)
        return [column.label for column, raw in found if raw is not None]


@cache
def columns_of(model: type[Model]) -> Mapping[str, SealedMixin]:
    """The sealed columns of a model by their names in the database."""
    return {field.column: field for field in sealed_fields(model).values()}


def opened(rows: Sequence[SealedRow], committed: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The plain values of each part; columns that are empty are absent. Its caller recorded the look.

    `committed`: the newest commitment of each label, as of the same statement as the rows. Raises VaultLockedError
    for a value that is not the one sealed last.
    """
    found: dict[str, dict[str, str]] = {}
    held: dict[str, str] = {}
    for row in rows:
        plain = found[row.part] = {}
        for (name, column), raw in zip(columns_of(row.model).items(), row.values, strict=True):
            value = "" if raw is None else column.open_raw(row.case_id, row.pk, raw)
            held[column.label] = value
            if raw is not None:
                plain[name] = value
    if rows and (late := not_the_latest(rows[0].case_id, held, committed)):
        raise refusal(late)
    return found
