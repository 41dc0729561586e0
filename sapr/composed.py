"""Questions that are composed once: Django's work from a queryset to its SQL is done the first time and kept.

Composing takes longer than most questions take to answer. What is kept holds no value of anybody's: the first time,
the places of the arguments are found by sample values, and each call puts its own there.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from inspect import signature
from threading import Lock
from typing import Any, NamedTuple, get_type_hints
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, get_related_populators
from django.db.models.sql.compiler import SQLCompiler

from sapr.making import read
from sapr.sending import sent

# By the type of an argument, a sample that no question holds of itself; `nth` tells the arguments apart.
_SAMPLES: dict[Any, Callable[[int], Any]] = {
    UUID: lambda nth: UUID(int=0xFACE_0000_0000_4000_8000_0000_0000_0000 + nth),
    datetime: lambda nth: datetime(1907, 3, 5, 7, 11, 13, 171_923, tzinfo=UTC) + timedelta(days=nth),
    date: lambda nth: date(1907, 3, 5) + timedelta(days=nth),
    str: lambda nth: f"sample \u2042 {nth}",
    int: lambda nth: 1_907_030_507 + nth,
}


class _Composed:
    """One question on one database: its SQL, what reads its rows, and which argument stands at which place."""

    def __init__(self, rows: QuerySet, samples: list[Any]) -> None:
        if rows._prefetch_related_lookups:
            raise TypeError("a question that asks further ones is not composed as one")
        if rows.db != DEFAULT_DB_ALIAS:
            raise TypeError("the key store is not asked by Django's questions")
        compiler: SQLCompiler = rows.query.get_compiler(using=rows.db)
        self.sql, self.parameters = compiler.as_sql()
        self.reading = _reading(rows, compiler)
        self.places = [(at, _which(value, samples)) for at, value in enumerate(self.parameters)]
        self.places = [(at, which) for at, which in self.places if which is not None]
        if {which for _, which in self.places} != set(range(len(samples))):
            raise TypeError("an argument does not reach the question as it is")

    def ask(self, values: list[Any]) -> Callable[[], list[Any]]:
        """Send the question; what is returned waits for its rows."""
        parameters = list(self.parameters)
        for at, which in self.places:
            parameters[at] = values[which]
        rows = sent(self.sql, parameters)
        return lambda: self._made(rows())

    def _made(self, found: list[tuple]) -> list[Any]:
        here, reading = connections[DEFAULT_DB_ALIAS], self.reading
        made = []
        for row in found:
            columns = list(row)
            for at, converters, expression in reading.converted:
                for convert in converters:
                    columns[at] = convert(columns[at], expression, here)
            made.append(reading.one(columns))
        return made


class _Reading(NamedTuple):
    """What Django does with each row of a question: which of its columns are converted, and what is made of them."""

    converted: list[tuple[int, list[Callable], Any]]
    one: Callable[[list[Any]], Any]


def _reading(rows: QuerySet, compiler: SQLCompiler) -> _Reading:
    columns = [column for column, *_ in compiler.select]
    converted = [(at, *how) for at, how in compiler.get_converters(columns).items()]
    if rows._iterable_class is FlatValuesListIterable:
        return _Reading(converted, lambda columns: columns[0])
    if rows._iterable_class is not ModelIterable:
        raise TypeError("a question gives rows of a model, or one column flat")
    # As ModelIterable does for each queryset anew.
    known, names = compiler.klass_info, compiler.annotation_col_map or {}
    first, last = known["select_fields"][0], known["select_fields"][-1] + 1
    fields = [column.target.attname for column in columns[first:last]]
    model, beside = known["model"], get_related_populators(known, compiler.select, rows.db)

    def one(columns: list[Any]) -> Any:
        made = read(model, fields, columns[first:last])
        for each in beside:
            each.populate(columns, made)
        for name, at in names.items():
            setattr(made, name, columns[at])
        return made

    return _Reading(converted, one)


def _which(value: Any, samples: list[Any]) -> int | None:
    return next(
        (nth for nth, each in enumerate(samples) if type(each) is type(value) and each == value), None
    )


def composed(rows: Callable[..., QuerySet]) -> Callable[..., list[Any]]:
    """A function of the same arguments that gives the rows of `rows` as a list: a decorator.

    Arguments are UUID, datetime, date, str or int, each annotated and never None; each goes into the question as it
    is (TypeError when it is first asked, otherwise: a sample that a lookup changes, a condition in Python). The
    question is the same for all values. What its rows load later by themselves is composed as ever. Its `ahead`, called
    in the same way, sends the question (sapr.sending) and gives what waits for the list.
    """
    hints = {name: hint for name, hint in get_type_hints(rows).items() if name != "return"}
    names = list(signature(rows).parameters)
    makers = [_SAMPLES[hints[name]] for name in names]
    kept: list[_Composed] = []
    lock = Lock()

    def ahead(*values: Any) -> Callable[[], list[Any]]:
        if not kept:
            with lock:
                if not kept:
                    samples = [make(nth) for nth, make in enumerate(makers)]
                    kept.append(_Composed(rows(*samples), samples))
        if len(values) != len(names) or any(value is None for value in values):
            raise TypeError(f"{names} are asked for, each with a value")
        return kept[0].ask(list(values))

    def ask(*values: Any) -> list[Any]:
        return ahead(*values)()

    ask.ahead = ahead  # type: ignore[attr-defined]
    ask.__doc__ = rows.__doc__
    ask.__wrapped__ = rows  # type: ignore[attr-defined]
    return ask
