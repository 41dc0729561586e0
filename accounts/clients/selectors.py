"""Reads about API clients. Directory data: no case stands here, and of a key its digest is never shown."""

from datetime import datetime

from django.db import connection
from django.db.models import Prefetch, QuerySet

from accounts import selectors
from accounts.clients.models import Client, ClientKey, KeyState
from accounts.clients.scopes import Scope
from accounts.models import Location, Role, User


def clients(viewer: User, at: datetime) -> QuerySet[Client]:
    """To a programme manager all clients, to anybody else those that act in their own name; by name."""
    mine = Client.objects.select_related("user")
    if Role.PROGRAMME_MANAGER not in selectors.roles_of(viewer, at):
        mine = mine.filter(user=viewer)
    keys = ClientKey.objects.exclude(state=KeyState.REFUSED).order_by("proposed_at", "id")
    return mine.prefetch_related(Prefetch("keys", keys, to_attr="shown_keys")).order_by("name")


def in_use(key: ClientKey, at: datetime) -> bool:
    """Whether the key opens anything at the instant."""
    return ClientKey.objects.filter(
        pk=key.pk, state=KeyState.APPROVED, revoked_at=None, expires_at__gt=at, client__ended_at=None
    ).exists()


def scope_of(key: ClientKey) -> Scope:
    """What the key is for."""
    fingerprint = bytes(key.fingerprint).hex() if key.fingerprint is not None else ""
    return Scope(tuple(key.places), tuple(key.rooms), tuple(key.verbs), tuple(key.fields), fingerprint)


def may_approve(key: ClientKey, person: User, at: datetime) -> bool:
    """Whether this person may agree to the proposed key; the database's trigger says the same."""
    if _is_somebodys(key.client.user):
        return person.pk == key.client.user_id
    manages = Role.PROGRAMME_MANAGER in selectors.roles_of(person, at)
    return manages and person.pk != key.client.user_id and selectors.is_second_person(key, person)


def _is_somebodys(user: User) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_is_somebodys(%s)", [user.pk])
        return cursor.fetchone()[0]


def place_names(key: ClientKey) -> list[str]:
    """The names of the places that a key is for."""
    return list(Location.objects.filter(pk__in=key.places).order_by("name").values_list("name", flat=True))
