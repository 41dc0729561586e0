"""What the REST door takes: fields that never guess. A number is no text, a naive time no instant."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from rest_framework import serializers

INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
UUID_TEXT = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


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
        return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


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
    """One of the words of a list, and nothing that merely looks like one."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not data:
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class NameField(TextField):
    """A word of a vocabulary, as answers spell it; which words there are is not said here."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or not NAME.fullmatch(data):
            raise serializers.ValidationError("no name", code="invalid_choice")
        return data
