"""What the REST door shows of a row, by the serializer that describes it in the schema.

REST framework makes the fields of a serializer anew for each of its instances, which takes longer than what they do.
Here each serializer is made once, and the fields that pages are full of are read without its detours.
"""

from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any

from rest_framework import serializers

Convert = Callable[[Any], Any]
# What their `to_representation` comes to for the values that rows have.
PLAIN: dict[type[serializers.Field], Convert] = {
    serializers.UUIDField: str,
    serializers.CharField: str,
    serializers.BooleanField: bool,
    serializers.IntegerField: int,
}


def shown(serializer: type[serializers.Serializer], row: Any) -> Any:
    """`serializer(row).data`, of one row: an object or a mapping."""
    return _reader(serializer)(row)


@cache
def _reader(serializer: type[serializers.Serializer]) -> Convert:
    return _of_fields(serializer())


def _of_fields(serializer: serializers.BaseSerializer) -> Convert:
    """How a serializer's rows are read; one that has a way of its own is asked."""
    own = type(serializer).to_representation is not serializers.Serializer.to_representation
    if own or not isinstance(serializer, serializers.Serializer):
        return serializer.to_representation
    parts = [(name, *_of_field(field)) for name, field in serializer.fields.items() if not field.write_only]

    def read(row: Any) -> dict[str, Any]:
        found = {}
        for name, get, convert in parts:
            try:
                value = get(row)
            except serializers.SkipField:
                continue
            found[name] = None if value is None else convert(value)
        return found

    return read


def _of_field(field: serializers.Field) -> tuple[Convert, Convert]:
    """How a field's value is found in a row, and what is shown of it."""
    convert = PLAIN.get(type(field)) or field.to_representation
    if isinstance(field, serializers.ListSerializer) and type(field) is serializers.ListSerializer:
        each = _of_fields(field.child)
        convert = lambda rows: [each(row) for row in rows]  # noqa: E731
    elif isinstance(field, serializers.Serializer):
        convert = _of_fields(field)
    plain = type(field).get_attribute is serializers.Field.get_attribute
    if not plain or not field.required or field.source == "*" or field.default is not serializers.empty:
        return field.get_attribute, convert
    return _named(field.source), convert


def _named(source: str) -> Convert:
    from_object, names = attrgetter(source), source.split(".")

    def get(row: Any) -> Any:
        # Nearly all mappings are dicts, which is known sooner.
        if type(row) is not dict and not isinstance(row, Mapping):
            return from_object(row)
        for name in names:
            row = row[name]
        return row

    return get
