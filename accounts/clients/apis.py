"""REST: what a system may ask about its own key, and how it follows it with a new one."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.clients import services
from accounts.clients.models import ClientKey
from accounts.models import Location
from sapr import clock
from sapr.apis import BaseApi, operation
from sapr.errors import DomainError
from sapr.fields import InstantField
from sapr.named import PlaceOutput


def own_key(request: Request) -> ClientKey:
    """The outside system's key; a person has none."""
    if not isinstance(request.auth, ClientKey):
        raise DomainError(
            "not_a_client", "Only an outside system has a key to ask about; you ask as a person.", status=409
        )
    return request.auth


class ClientGetApi(BaseApi):
    """What the key that asks is for."""

    verb = "ask_rules"

    class OutputSerializer(serializers.Serializer):
        """An outside system and the scope of its key."""

        name = serializers.CharField()
        prefix = serializers.CharField(help_text="By which the key is recognised.")
        expires_at = InstantField()
        per_minute = serializers.IntegerField()
        places = PlaceOutput(many=True)
        rooms = serializers.ListField(child=serializers.CharField())
        verbs = serializers.ListField(child=serializers.CharField())
        fields_shown = serializers.ListField(
            child=serializers.CharField(), help_text="As room:field; a room that none names shows all."
        )

    @operation("Read what the key is for", name="client_get", answers=OutputSerializer, refusals=[409])
    def get(self, request: Request) -> Response:
        key = own_key(request)
        return self.answer(
            {
                "name": key.client.name,
                "prefix": key.prefix,
                "expires_at": key.expires_at,
                "per_minute": key.client.per_minute,
                "places": Location.objects.filter(pk__in=key.places).order_by("name"),
                "rooms": key.rooms,
                "verbs": key.verbs,
                "fields_shown": key.fields,
            }
        )


class ClientRotateApi(BaseApi):
    """A new key in place of the one that asks."""

    verb = "ask_rules"

    class OutputSerializer(serializers.Serializer):
        """The new key, told once."""

        key = serializers.CharField()
        expires_at = InstantField()
        earlier_ends_at = InstantField(help_text="Until when the key that asked works on.")

    @operation(
        "Follow the key with a new one",
        name="client_rotate",
        answers=OutputSerializer,
        status=201,
        refusals=[409],
    )
    def post(self, request: Request) -> Response:
        key = own_key(request)
        made, told = services.key_rotate(key=key, actor=request.user, at=clock.now())
        key.refresh_from_db()
        return self.answer(
            {"key": told, "expires_at": made.expires_at, "earlier_ends_at": key.expires_at}, status=201
        )
