"""What a body names: people by user name, posts and places by id.

A name that is nobody's is given on as somebody who holds nothing: the service refuses it in its own words and after
its own look at the case, so an answer tells no more of a name that does not exist than of one that does.
"""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.fields import empty

from accounts.models import Location, Post, User
from accounts.selectors import locations, posts, user_named
from reports.validation import text
from sapr.fields import INSTANT, InstantField, TextField, UuidField


class PersonField(TextField):
    """Somebody by user name."""

    def run_validation(self, data: Any = empty) -> Any:
        # An empty text would be taken as it is, and is nobody.
        return self.to_internal_value(data) if data == "" else super().run_validation(data)

    def to_internal_value(self, data: Any) -> User:
        name = text(super().to_internal_value(data), self.field_name or "user", required=True)
        return user_named(name) or User()


class PostField(UuidField):
    """A post by its id."""

    def to_internal_value(self, data: Any) -> Post:
        wanted: UUID = super().to_internal_value(data)
        return posts().filter(pk=wanted).first() or Post()


class PlaceField(UuidField):
    """An installation, unit or command by its id."""

    def to_internal_value(self, data: Any) -> Location:
        wanted: UUID = super().to_internal_value(data)
        return locations().filter(pk=wanted).first() or Location()


class AnswerField(serializers.JSONField):
    """An answer to what a step asks: a word, a list of words, or an instant with its zone."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str) and INSTANT.fullmatch(data):
            return InstantField().run_validation(data)
        return data


class FileOutput(serializers.Serializer):
    """A file, made for this answer and kept nowhere."""

    name = serializers.CharField(help_text="A file name that says nothing of the case.")
    type = serializers.CharField(help_text="Its media type.")
    content = serializers.CharField(help_text="Its bytes in base64.")


class PersonOutput(serializers.Serializer):
    """Somebody of the staff."""

    username = serializers.CharField(help_text="By which other operations name this person.")
    display_name = serializers.CharField(help_text="As pages show them.")


class PlaceOutput(serializers.Serializer):
    """A place."""

    id = serializers.UUIDField(help_text="By which other operations name it.")
    name = serializers.CharField(help_text="As pages show it.")
