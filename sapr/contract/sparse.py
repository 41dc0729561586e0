"""Sparse fields: an answer with only those of its fields that were asked for. Which there are the serializer says."""

from typing import Any

from rest_framework import serializers

from sapr.errors import DomainError

NAME = "fields"


def names_of(output: type[serializers.Serializer] | None) -> list[str]:
    """What `?fields=` may name of an operation; nothing where it has no serializer for its answer."""
    return list(output().fields) if output is not None else []


def chosen(given: str, output: type[serializers.Serializer]) -> list[str]:
    """The names in `?fields=`; refuses one that the answer does not have (`unknown_value`)."""
    known, names = names_of(output), given.split(",")
    for name in names:
        if name not in known:
            raise DomainError(
                "unknown_value", f"The answer has no such field. It has: {', '.join(known)}.", path=NAME
            )
    return names


def thinned(data: Any, names: list[str], *, paged: bool) -> Any:
    """The answer's values with these fields only; of a page each of its items."""
    if paged:
        return data | {"items": [thinned(item, names, paged=False) for item in data["items"]]}
    return {name: value for name, value in data.items() if name in names}
