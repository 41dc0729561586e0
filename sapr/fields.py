"""What the REST door takes: fields that never guess. A number is no text, a naive time no instant."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Choices
from drf_spectacular.drainage import set_override
from rest_framework import serializers

INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
UUID_TEXT = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Words = type[Choices] | Iterable[str]

# What of a list may be asked by instants: what every zone can still write.
INSTANTS = [
    MinValueValidator(datetime(1900, 1, 1, tzinfo=UTC)), MaxValueValidator(datetime(9000, 1, 1, tzinfo=UTC)),
]  # fmt: skip


class StrictSerializer(serializers.Serializer):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, Mapping):
            for key in data:
                if key not in self.fields:
                    raise serializers.ValidationError({key: ["unknown"]}, code="unknown_field")
        return super().to_internal_value(data)


class TextField(serializers.CharField):
    """Text and nothing else. Length and characters are the services' to check."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("allow_blank", True)
        super().__init__(trim_whitespace=False, **kwargs)
        self.validators = []

    def run_validation(self, data: Any = serializers.empty) -> Any:
        # A text that is there has nothing else to pass; REST framework asks six functions to say so.
        if type(data) is str and data and not self.read_only and not self.validators:
            return self.to_internal_value(data)
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return data


class FlagField(serializers.BooleanField):
    """true or false, not their names and not numbers."""

    def to_internal_value(self, data: Any) -> bool:
        if data is not True and data is not False:
            self.fail("invalid")
        return data


class StatedField(FlagField):
    """Something that whoever calls has to say is so: true, or the step is refused."""

    def to_internal_value(self, data: Any) -> bool:
        if not super().to_internal_value(data):
            self.fail("required")
        return True


class NumberField(serializers.IntegerField):
    """A whole number, neither its name nor 1.0; as large as a column takes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": -(2**31), "max_value": 2**31 - 1} | kwargs)

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return data


class UuidField(serializers.UUIDField):
    """An id as answers show them; neither a number nor another spelling."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str) or not UUID_TEXT.fullmatch(data):
            self.fail("invalid", value="")
        return UUID(data)


class InstantField(serializers.DateTimeField):
    """An instant with its zone (RFC 3339). A time without a zone is refused (`naive_time`); out: UTC with Z."""

    def to_internal_value(self, data: Any) -> datetime:
        found = INSTANT.fullmatch(data) if isinstance(data, str) else None
        if found is None:
            self.fail("invalid", format="RFC 3339")
        try:
            value = datetime.fromisoformat(data)
        except ValueError:
            self.fail("invalid", format="RFC 3339")
        if value.tzinfo is None:
            raise serializers.ValidationError("naive", code="naive_time")
        return value

    def to_representation(self, value: datetime | None) -> str | None:
        if value is None:
            return None
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


class DayField(serializers.DateField):
    """A calendar day, YYYY-MM-DD."""

    def to_internal_value(self, data: Any) -> date:
        try:
            return date.fromisoformat(data if DAY.fullmatch(data) else "")
        except (ValueError, TypeError):
            self.fail("invalid", format="YYYY-MM-DD")


class PageQuery(StrictSerializer):
    """How lists are read on: `cursor` is the `next` of the page before."""

    cursor = TextField(required=False, help_text="The `next` of the page before; without it the first page.")
    limit = serializers.IntegerField(
        required=False, default=50, min_value=1, max_value=100, help_text="How many at most."
    )


class WordField(serializers.ChoiceField):
    """One of the words of a list, in and out, and nothing that merely looks like one.

    In the schema an enumeration is a type of its own, by its name or as `called`; any other list stands where it is
    taken, and so does one that may be left empty (`allow_blank`). What is empty is shown as null, unless it may be.
    """

    def __init__(self, words: Words, called: str = "", **kwargs: Any) -> None:
        self.words = [each for each in (words.values if isinstance(words, type) else words) if each]
        super().__init__(self.words, **kwargs)
        listed = [*self.words, ""] if self.allow_blank else self.words
        set_override(self, "field", {"type": "string", "enum": listed})
        name = called or getattr(words, "__name__", "")
        set_override(self, "field_component_name", "" if self.allow_blank else name)

    def to_internal_value(self, data: Any) -> str:
        known = isinstance(data, str) and (data in self.words or (self.allow_blank and data == ""))
        return data if known else self.fail("invalid_choice", input="")

    def to_representation(self, value: Any) -> str | None:
        return str(value) if value else "" if self.allow_blank else None


class NameField(TextField):
    """A word of a vocabulary, as answers spell it; which words there are is not said here."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or not NAME.fullmatch(data):
            raise serializers.ValidationError("no name", code="invalid_choice")
        return data
