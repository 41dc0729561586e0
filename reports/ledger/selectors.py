"""Reading the ledger, as seen by a viewer (row-level security narrows it to the viewer's cases)."""

import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from reports import access, policy
from reports.ledger.models import ALARMS, SYSTEM_CHAIN, Event
from sapr.errors import DomainError

BESIDE_THEIR_HEADS = """
SELECT case_id, coalesce(h.seq, 0) FROM reports_chainhead h
FULL JOIN (SELECT DISTINCT ON (case_id) case_id, seq, hash FROM reports_event ORDER BY case_id, seq DESC) e
USING (case_id)
WHERE (coalesce(h.seq, 0), h.hash) IS DISTINCT FROM (coalesce(e.seq, 0), coalesce(e.hash, h.hash)) ORDER BY case_id
"""
WITHOUT_THEIR_LEAF = """
SELECT h.case_id, h.sealed_seq FROM reports_chainhead h WHERE h.sealed_seq > coalesce(
    (SELECT max(l.seq) FROM reports_checkpointleaf l WHERE l.case_id = h.case_id), 0) ORDER BY h.case_id
"""
KNOWN = """
SELECT EXISTS (SELECT FROM reports_case WHERE id = %(id)s)
    OR EXISTS (SELECT FROM reports_event WHERE case_id = %(id)s)
    OR EXISTS (SELECT FROM reports_checkpointleaf WHERE case_id = %(id)s)
"""


def case_events(*, viewer, case) -> QuerySet[Event]:
    """A case's events in chain order."""
    return access.of_case(viewer, "case_view", Event, case).order_by("seq")


def system_events(*, viewer) -> QuerySet[Event]:
    """The chain of events that belong to no case, in order; programme managers only."""
    access.require(viewer, "manage_staff")
    return Event.objects.filter(case_id=SYSTEM_CHAIN).order_by("seq")


def alarms(*, viewer, at: datetime) -> QuerySet[Event]:
    """The alarms of the last days about people's reading, newest first; programme managers only."""
    access.require(viewer, "see_alarms", at)
    days = policy.access_rules(at.date()).limits["alarm_shown_days"]
    found = Event.objects.filter(case_id=SYSTEM_CHAIN, kind__in=ALARMS)
    return found.filter(recorded_at__gt=at - timedelta(days=days)).order_by("-seq")


def events_happened_at(ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When each of the events happened, of those that the present viewer may see.

    Who records a meeting sees none of another's case; when a duty of the meeting began the database tells them.
    """
    found = dict(Event.objects.filter(pk__in=ids).values_list("pk", "occurred_at")) if ids else {}
    if unseen := [each for each in ids if each not in found]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, occurred_at FROM sapr_meeting_instants(%s)", [unseen])
            found |= dict(cursor.fetchall())
    return found


def chain_named(name: str) -> UUID:
    """The case with this id or number; only the owner role finds one by its number.

    A case whose events are all gone is one: that is what the asker is to be told.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM reports_case WHERE number = %s", [name])
        found = cursor.fetchone()
        try:
            case_id = found[0] if found else UUID(name)
        except ValueError:
            case_id = None
        cursor.execute(KNOWN, {"id": case_id})
        if not cursor.fetchone()[0]:
            raise DomainError("no_chain", "There is no event of a case with that id or number.", path="case")
    return case_id


def chains_beside_their_heads() -> list[tuple[UUID, int]]:
    """Chains whose recorded end is not their last event, with the number of that end (owner role)."""
    with connection.cursor() as cursor:
        cursor.execute(BESIDE_THEIR_HEADS)
        return cursor.fetchall()


def chains_without_their_leaf() -> list[tuple[UUID, int]]:
    """Chains that were sealed up to an event, by a checkpoint that is not there any more (owner role)."""
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_THEIR_LEAF)
        return cursor.fetchall()


def beside_their_heads(case_id: UUID | None, named: set) -> list[dict[str, Any]]:
    """What the recorded ends of chains say against them, for chains that are not named yet (owner role)."""
    found = [
        (*each, "the chain's recorded end is not its last event") for each in chains_beside_their_heads()
    ]
    sealed = "it was sealed up to this event, and the checkpoint that did is gone"
    found += [(*each, sealed) for each in chains_without_their_leaf()]
    bad: dict[UUID, dict[str, Any]] = {}
    for chain, seq, why in found:
        if str(chain) not in named and case_id in (None, chain):
            bad.setdefault(chain, {"case": str(chain), "seq": seq, "kind": None, "why": why})
    return list(bad.values())


def first_bad_event(events) -> Event | None:
    """The first event of one chain, given in order, whose hash, link or columns do not hold; None if all do."""
    previous = bytes(32)
    for number, event in enumerate(events, start=1):
        canonical = bytes(event.canonical)
        holds = (
            sha256(canonical).digest() == bytes(event.hash)
            and bytes(event.prev_hash) == previous
            and event.seq == number
            and _read(canonical) == _content(event)
        )
        if not holds:
            return event
        previous = bytes(event.hash)
    return None


def _read(canonical: bytes) -> Any:
    try:
        return json.loads(canonical)
    except ValueError:
        return None


def _content(event: Event) -> dict[str, Any]:
    """What the canonical text of an event with these columns says (the trigger `sapr_chain` writes it)."""
    return {
        "id": str(event.id),
        "case": str(event.case_id),
        "seq": event.seq,
        "kind": event.kind,
        "actor": str(event.actor_id) if event.actor_id else None,
        "data": event.data,
        "prev": bytes(event.prev_hash).hex(),
        "occurred_at": _instant(event.occurred_at),
        "recorded_at": _instant(event.recorded_at),
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
