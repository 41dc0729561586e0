"""What a key of an outside system is for: places × rooms × verbs × fields. It narrows what its account may do."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.clients import door
from accounts.clients.keys import as_fingerprint
from accounts.models import Location, LocationKind
from sapr.errors import DomainError

VERBS = ("read", "write")
FIELD = re.compile(r"[a-z][a-z-]*:[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
MOST, MOST_FIELDS = 50, 300


@dataclass(frozen=True)
class Scope:
    """`places`: ids of installations or commands; `rooms`: first parts of addresses under /api/v1/; `verbs`: of VERBS.

    `fields`: allowed fields of answers, as `cases:duties.kind`; a room that none names shows all. `fingerprint`:
    SHA-256 of the client certificate that must come with the key, as text; '' for none.
    """

    places: tuple[UUID, ...]
    rooms: tuple[str, ...]
    verbs: tuple[str, ...]
    fields: tuple[str, ...] = ()
    fingerprint: str = ""

    def checked(self) -> None:
        """Refuse what is no scope: `missing`, `unknown_value`, `out_of_range`, each with its path."""
        for name in ("places", "rooms", "verbs"):
            if not getattr(self, name):
                raise DomainError("missing", f"{name}: a key is for nothing without them.", path=name)
        if len(self.places) > MOST or len(self.rooms) > MOST or len(self.fields) > MOST_FIELDS:
            raise DomainError("out_of_range", "These are more than a key can name.", path="fields")
        known = Location.objects.filter(pk__in=self.places).exclude(kind=LocationKind.UNIT)
        if known.count() != len(set(self.places)):
            raise _unknown("places", "Choose installations or commands of this system.")
        if not set(self.rooms) <= rooms():
            raise _unknown("rooms", f"Choose of: {', '.join(sorted(rooms()))}.")
        if not set(self.verbs) <= set(VERBS):
            raise _unknown("verbs", "Choose read, write or both.")
        if not all(FIELD.fullmatch(each) and each.partition(":")[0] in self.rooms for each in self.fields):
            raise _unknown("fields", "Write each as room:field, such as cases:id or cases:duties.kind.")
        if self.fingerprint and as_fingerprint(self.fingerprint) is None:
            raise _unknown("fingerprint", "A SHA-256 fingerprint has 64 hexadecimal digits.")

    def columns(self) -> dict[str, Any]:
        """The columns of a key."""
        return {
            "places": _sorted(self.places),
            "rooms": _sorted(self.rooms),
            "verbs": _sorted(self.verbs),
            "fields": _sorted(self.fields),
            "fingerprint": as_fingerprint(self.fingerprint) if self.fingerprint else None,
        }


def rooms() -> frozenset[str]:
    """The rooms of the REST API that a key can be for."""
    # Read when it is asked: the addresses name the views, and these import what stands here.
    from sapr import api_urls

    found = {str(each.pattern).partition("/")[0] for each in api_urls.urlpatterns}
    return frozenset(found) - door.OF_PEOPLE - {door.OWN}


def _sorted(values: Iterable[Any]) -> list[Any]:
    return sorted(set(values))


def _unknown(path: str, sentence: str) -> DomainError:
    return DomainError("unknown_value", sentence, path=path)
