"""Rows of one table or several written in one statement, whose SQL is composed once and whose values go as text."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    OneToOneField,
    PositiveIntegerField,
    PositiveSmallIntegerField,
    SmallIntegerField,
    TextField,
    UUIDField,
)
from psycopg.types.json import Jsonb

from sapr import cursors

# Of one table at once: each number of rows is a statement of its own that is kept.
MOST = 20


def write_together(*rows: Model) -> None:
    """Insert these new rows, all of them or none; those of one table beside each other, none hanging on another.

    As `save(force_insert=True)` of each, but that nobody is signalled. A column's value is one, no expression.
    """
    columns = [_columns(type(row)) for row in rows]
    tables = tuple((each.table, each.names, len(list(same))) for each, same in groupby(columns))
    values = [word for row, each in zip(rows, columns, strict=True) for word in each.words(row)]
    write(tables, values)
    database = connection.alias
    for row in rows:
        row._state.adding, row._state.db = False, database


def write_all(rows: Sequence[Model]) -> None:
    """Insert new rows of one table, however many: `bulk_create` without composing it anew."""
    for first in range(0, len(rows), MOST):
        write_together(*rows[first : first + MOST])


def write(tables: tuple[tuple[str, tuple[str, ...], int], ...], values: list[Any]) -> None:
    """Insert rows: of each table its name, its columns, how many. `values`: as PostgreSQL reads them, in that order."""
    statement = _composed(tables)
    cursors.give_back(statement, cursors.run(statement, values))


@lru_cache(maxsize=cursors.MOST)
def _composed(tables: tuple[tuple[str, tuple[str, ...], int], ...]) -> str:
    *before, last = (_insert(*each) for each in tables)
    named = ", ".join(f"written_{nth} AS ({each})" for nth, each in enumerate(before))
    return f"WITH {named} {last}" if named else last


def _insert(table: str, names: tuple[str, ...], rows: int) -> str:
    quote = connection.ops.quote_name
    places = ", ".join([f"({', '.join(['%s'] * len(names))})"] * rows)
    return f"INSERT INTO {quote(table)} ({', '.join(map(quote, names))}) VALUES {places}"  # noqa: S608  # nosec B608  names of models


def instant_word(value: datetime) -> str:
    """An instant as PostgreSQL reads it; ValueError where it does not say of which zone."""
    if value.tzinfo is None:
        raise ValueError("an instant without its zone")
    return value.isoformat()


Word = Callable[[Any], str]
# Of these columns the value itself is what is written; Django would hand it from method to method to say so. Of which
# type a column is PostgreSQL knows, so that all values can go as text.
_ITSELF: dict[type[Field], tuple[type, Word]] = {
    UUIDField: (UUID, str),
    ForeignKey: (UUID, str),
    OneToOneField: (UUID, str),
    CharField: (str, str),
    TextField: (str, str),
    BooleanField: (bool, str),
    DateField: (date, date.isoformat),
    DateTimeField: (datetime, instant_word),
    IntegerField: (int, str),
    SmallIntegerField: (int, str),
    PositiveIntegerField: (int, str),
    PositiveSmallIntegerField: (int, str),
}


class _Column(NamedTuple):
    name: str
    plain: type | None
    word: Word
    field: Field

    def of(self, row: Model) -> Any:
        """What is written where the value is another than the plain one: as Django would write it."""
        value = self.field.get_db_prep_save(self.field.pre_save(row, add=True), connection)
        if isinstance(value, bytes):
            return "\\x" + value.hex()
        if isinstance(value, str):
            # Of a choice what is chosen, not its name.
            return str.__str__(value)
        return value.dumps(value.obj) if isinstance(value, Jsonb) else value


class _Columns(NamedTuple):
    table: str
    names: tuple[str, ...]
    each: list[_Column]

    def words(self, row: Model) -> list[Any]:
        """The row's values, as PostgreSQL reads them."""
        values = row.__dict__
        words = []
        for column in self.each:
            value = values[column.name]
            if type(value) is column.plain:
                words.append(column.word(value))
            elif value is None and column.plain is not None:
                words.append(None)
            else:
                words.append(column.of(row))
        return words


@cache
def _columns(model: type[Model]) -> _Columns:
    fields = model._meta.concrete_fields
    each = []
    for field in fields:
        set_by_itself = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        plain, said = (None, str) if set_by_itself else _ITSELF.get(type(field), (None, str))
        each.append(_Column(field.attname, plain, said, field))
    return _Columns(model._meta.db_table, tuple(field.column for field in fields), each)
