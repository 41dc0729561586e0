"""Rows of one table or several written in one statement, whose SQL is composed once."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    Field,
    ForeignKey,
    Model,
    OneToOneField,
    TextField,
    UUIDField,
)
from django.db.models.sql import InsertQuery

# Of one table at once: each number of rows is a statement of its own that is kept.
MOST = 20
_kept: dict[tuple[type[Model], ...], str] = {}


def write_together(*rows: Model) -> None:
    """Insert these new rows, all of them or none; those of one table beside each other, none hanging on another.

    As `save(force_insert=True)` of each, but that nobody is signalled. A column's value is one, no expression.
    """
    models = tuple(type(row) for row in rows)
    if models not in _kept:
        _kept[models] = _composed(rows)
    values = [_value(field, row) for row in rows for field in row._meta.concrete_fields]
    with connection.cursor() as cursor:
        cursor.execute(_kept[models], values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def write_all(rows: Sequence[Model]) -> None:
    """Insert new rows of one table, however many: `bulk_create` without composing it anew."""
    for first in range(0, len(rows), MOST):
        write_together(*rows[first : first + MOST])


def _composed(rows: Sequence[Model]) -> str:
    *before, last = (_insert(list(each)) for _, each in groupby(rows, key=type))
    named = ", ".join(f"written_{nth} AS ({each})" for nth, each in enumerate(before))
    return f"WITH {named} {last}" if named else last


def _insert(rows: Sequence[Model]) -> str:
    query = InsertQuery(type(rows[0]))
    query.insert_values(rows[0]._meta.concrete_fields, rows[:1])
    [(statement, _)] = query.get_compiler(connection=connection).as_sql()
    # The places of one row stand at its end.
    places = statement[statement.rindex("(") :]
    return statement + f", {places}" * (len(rows) - 1)


# What the database takes of these columns is the value itself: Django would hand it from method to method to say so.
_ITSELF: dict[type[Field], type] = {
    UUIDField: UUID, ForeignKey: UUID, OneToOneField: UUID, CharField: str, TextField: str, BooleanField: bool,
}  # fmt: skip


def _value(field: Field, row: Model) -> Any:
    value = getattr(row, field.attname)
    if type(value) is _ITSELF.get(type(field)):
        return value
    return field.get_db_prep_save(field.pre_save(row, add=True), connection)
