"""REST: what happened in a case, and what an election would tell whom. Here, because it reads from both apps."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers

from accounts.selectors import names_of
from notifications.previews import Foreseen, election_preview
from reports.election.models import Case, Election
from reports.election.way_apis import ToldOutput
from reports.ledger.kinds import EventKind
from reports.ledger.models import Event
from reports.ledger.selectors import case_events
from sapr.acts import act
from sapr.desk.timeline import TOLD
from sapr.fields import InstantField, NumberField, WordField
from sapr.reads import Number, listing


class EventRowOutput(serializers.Serializer):
    """One event of a case."""

    id = serializers.UUIDField(help_text="The event.")
    seq = NumberField(help_text="Its place in the case's chain.")
    kind = WordField(EventKind, help_text="What happened.")
    sentence = serializers.CharField(help_text="The same in words.")
    occurred_at = InstantField(help_text="When it happened.")
    recorded_at = InstantField(help_text="When it was entered.")
    who = serializers.CharField(allow_null=True, help_text="By whom, as pages show them; null: the system.")
    details = serializers.DictField(
        child=serializers.JSONField(),
        help_text="Words of lists that say more of it: never text, ids or digests.",
    )


class ForeseenOutput(serializers.Serializer):
    """What one election would tell whom."""

    election = WordField(Election, help_text="Which option.")
    told = ToldOutput(many=True, help_text="The notices in every word.")
    obstacle = serializers.CharField(help_text="Why it could not be signed as things stand; empty: nothing.")


class ForeseenAllOutput(serializers.Serializer):
    """The same for each option that is open to this person."""

    items = ForeseenOutput(many=True, help_text="In the order of the options.")


def events_of(*, viewer, case: Case) -> QuerySet[Event]:
    """Everything that was recorded of a case of the caller's, the latest first; openings of seals among it."""
    return case_events(viewer=viewer, case=case).defer("canonical", "prev_hash")


def _events(events: list[Event]) -> list[dict[str, Any]]:
    names = names_of(each.actor_id for each in events)
    return [_event(each, names) for each in events]


def _event(event: Event, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "id": event.pk,
        "seq": event.seq,
        "kind": event.kind,
        "sentence": EventKind(event.kind).label,
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "who": names.get(event.actor_id),
        "details": {name: event.data[name] for name in TOLD if event.data.get(name)},
    }


def _foreseen(found: Iterable[Foreseen]) -> dict[str, Any]:
    return {"items": found}


OPERATIONS = [
    listing(
        "cases/<uuid:case_id>/events", events_of, name="case_events", verb="case_view",
        says="List what happened in a case", item=EventRowOutput, by=Number("seq"), newest_first=True, shows=_events,
    ),
    act(
        "cases/<uuid:case_id>/election-preview", election_preview, verb="sign",
        says="Show what each election would tell whom", answers=ForeseenAllOutput, show=_foreseen,
        only_reads=True, refusals=(404, 409, 429),
    ),
]  # fmt: skip
