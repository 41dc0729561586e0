"""Rows of several tables written in one statement, whose SQL is composed once."""

from typing import Any

from django.db import connection
from django.db.models import Field, Model
from django.db.models.sql import InsertQuery

_kept: dict[tuple[type[Model], ...], str] = {}


def write_together(*rows: Model) -> None:
    """Insert these new rows, one of each table, all of them or none; for rows that do not hang on one another.

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


def _composed(rows: tuple[Model, ...]) -> str:
    *before, last = (_insert(row) for row in rows)
    named = ", ".join(f"written_{nth} AS ({each})" for nth, each in enumerate(before))
    return f"WITH {named} {last}" if named else last


def _insert(row: Model) -> str:
    query = InsertQuery(type(row))
    query.insert_values(row._meta.concrete_fields, [row])
    [(statement, _)] = query.get_compiler(connection=connection).as_sql()
    return statement


def _value(field: Field, row: Model) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add=True), connection)
