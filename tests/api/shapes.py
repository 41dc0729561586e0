"""Bodies made from what an operation says it takes: each key as it is declared, or as it is not."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from rest_framework import serializers

from sapr.fields import DayField, FlagField, InstantField, NumberField, UuidField, WordField
from sapr.named import AnswerField, PersonField
from tests.times import T0

# Whatever JSON can say, lone surrogates and NUL included.
ODD_TEXT = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(
    [
        "",
        "\x00",
        "\ud800",
        "NaN",
        "🕳️",
        "a" * 300,
        "2026-03-02T15:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | ODD_TEXT | st.just(10**400)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ODD_TEXT, inner, max_size=4),
    max_leaves=8,
)
INSTANTS = [T0, T0 - timedelta(days=400), T0 + timedelta(seconds=1), T0 + timedelta(days=40_000)]
WHEN = st.sampled_from(
    [each.isoformat() for each in INSTANTS]
    + ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-03-02"]
)


def body_of(
    serializer: type[serializers.Serializer], ids: Iterable[Any], people: Iterable[str]
) -> st.SearchStrategy:
    """A body with the keys of a serializer. Half of the values are of their kind, and of those some name what is there.

    Keys that may be left out are left out at times; now and then one is added that there is not.
    """
    known = {"ids": [str(each) for each in ids] + [str(uuid4())], "people": [*people, "nobody"]}
    return _object(serializer(), known)


def _object(serializer: serializers.Serializer, known: Mapping[str, list[str]]) -> st.SearchStrategy:
    needed, other = {}, {}
    for name, field in serializer.fields.items():
        (needed if field.required else other)[name] = _value(field, known)
    right = st.fixed_dictionaries(needed, optional=other)
    return right | st.tuples(right, st.dictionaries(ODD_TEXT, JSON, min_size=1, max_size=1)).map(
        lambda both: both[0] | both[1]
    )


def _value(field: serializers.Field, known: Mapping[str, list[str]]) -> st.SearchStrategy:
    return _of_its_kind(field, known) | _of_its_kind(field, known) | JSON


def _of_its_kind(field: serializers.Field, known: Mapping[str, list[str]]) -> st.SearchStrategy:
    if isinstance(field, serializers.Serializer):
        return _object(field, known)
    if isinstance(field, serializers.ListField):
        return st.lists(_value(field.child, known), max_size=3)
    if isinstance(field, serializers.DictField):
        return st.dictionaries(WORDS | ODD_TEXT, _value(field.child, known), max_size=3)
    if isinstance(field, WordField):
        return st.sampled_from(field.words)
    if isinstance(field, AnswerField):
        return WHEN | WORDS | st.lists(WORDS, max_size=3)
    if isinstance(field, PersonField):
        return st.sampled_from(known["people"])
    if isinstance(field, UuidField):
        return st.sampled_from(known["ids"])
    return _plain(field)


def _plain(field: serializers.Field) -> st.SearchStrategy:
    if isinstance(field, FlagField):
        return st.booleans()
    if isinstance(field, NumberField):
        return st.integers(-(2**31), 2**31 - 1)
    if isinstance(field, InstantField):
        return WHEN
    return st.dates().map(str) if isinstance(field, DayField) else WORDS | ODD_TEXT


# Keys and words that some step, form or question knows.
KEYS = """service given yes no medical category on victim sarc advocate name content referrals_complete service_offered
S-1 DD_2910 2024-04-01"""
WORDS = st.sampled_from([*KEYS.split(), "DD 2910", "DD 2910-2", "DD 2701"])
