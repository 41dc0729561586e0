"""Outside systems for tests: a client, its key, and a way in with it."""

from typing import Any

from accounts.clients import services
from accounts.clients.models import ClientKey
from accounts.clients.scopes import Scope
from accounts.models import User
from tests.api.door import Door
from tests.times import T0

EVERY_VERB = ("read", "write")


def scope(world, *rooms: str, **other: Any) -> Scope:
    """A scope at the world's installation, for reading and writing unless it says otherwise."""
    values = {"places": (world.installation.pk,), "rooms": rooms or ("cases",), "verbs": EVERY_VERB}
    return Scope(**(values | other))


def made(
    world, user: User, *rooms: str, name: str = "General hospital", **other: Any
) -> tuple[ClientKey, str]:
    """A client that the command line made for the account, and its key."""
    limits = {"valid_days": other.pop("valid_days", 90), "per_minute": other.pop("per_minute", 600)}
    client, key = services.client_propose(
        name=name, user=user, scope=scope(world, *rooms, **other), actor=None, at=T0, **limits
    )
    return ClientKey.objects.get(client=client), key


def door_of(key: str, **headers: str) -> Door:
    """The way in of whoever sends this key."""
    door = Door(None)
    door.headers = {"Authorization": f"Bearer {key}"} | headers
    return door
