"""Fields whose words stand in a vocabulary: the schema has them all, going in and coming out."""

from typing import Any

from rest_framework import serializers

from sapr.fields import FlagField


class ListedField(serializers.ChoiceField):
    """One of the words of a list, written exactly so. `choices`: an enumeration, or its pairs of word and label."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(getattr(choices, "choices", choices), **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or (data not in self.choices and not (self.allow_blank and data == "")):
            self.fail("invalid_choice", input="")
        return data


class StatedField(FlagField):
    """Something that whoever calls has to say is so: true, or the step is refused."""

    def to_internal_value(self, data: Any) -> bool:
        if not super().to_internal_value(data):
            self.fail("required")
        return True
