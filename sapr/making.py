"""Rows made without Django's ceremony: what `Model(...)` and `Model.from_db` make, in a third of the time.

Django tells listeners of every row that is made, and hands each value through its column's descriptor. Nobody listens
here, and what the descriptors do to a new row is done below (tests/database/test_making.py holds both against Django).
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Field, Model
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=Model)


def made(model: type[Row], **values: Any) -> Row:
    """A new row, as `model(**values)` makes it. TypeError for a name that is no column and no related row.

    A related row is given itself, and remembered, or by its id alone (`case_id`).
    """
    row = model.__new__(model)
    row._state = ModelState()
    columns = row.__dict__
    for field, column, value, make in _columns(model):
        if column in values:
            columns[column] = values.pop(column)
        elif field.name in values:
            related = values.pop(field.name)
            columns[column] = None if related is None else related.pk
            know(row, field, related)
        else:
            columns[column] = make() if make else value
    if values:
        raise TypeError(f"{model.__name__} has no {', '.join(values)}")
    return row


def read(model: type[Row], names: Sequence[str], values: Sequence[Any]) -> Row:
    """A row that the database holds, as `model.from_db` makes it of some columns; others are read when asked for."""
    row = model.__new__(model)
    row._state = state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    row.__dict__.update(zip(names, values, strict=True))
    return row


def know(row: Model, field: Any, related: Model | None) -> None:
    """The row to which a row's foreign key leads is at hand; of a pair, each then knows the other."""
    field.set_cached_value(row, related)
    if related is not None and not field.remote_field.multiple:
        field.remote_field.set_cached_value(related, row)


@cache
def _columns(model: type[Model]) -> tuple[tuple[Field, str, Any, Callable[[], Any] | None], ...]:
    """Each column that is written, with its default: a value, or what makes one anew for every row."""
    return tuple(
        (field, field.attname, None, field.get_default if field.remote_field else field.default)
        if field.has_default() and callable(field.default)
        else (field, field.attname, field.get_default(), None)
        for field in model._meta.concrete_fields
        if not field.generated
    )
