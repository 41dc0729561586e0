"""Reading the ledger, as seen by a viewer (row-level security narrows it to the viewer's cases)."""

import json
from hashlib import sha256

from django.db.models import QuerySet

from reports import access
from reports.ledger.models import Event


def case_events(*, viewer, case) -> QuerySet[Event]:
    """A case's events in chain order."""
    return Event.objects.filter(case_id__in=access.case_ids(viewer), case_id=case.pk).order_by("seq")


def first_bad_event(events) -> Event | None:
    """The first event of one chain, given in order, whose hash or link does not hold; None if all do."""
    previous = bytes(32)
    for number, event in enumerate(events, start=1):
        canonical = bytes(event.canonical)
        content = json.loads(canonical)
        holds = (
            sha256(canonical).digest() == bytes(event.hash)
            and bytes(event.prev_hash) == previous
            and content["prev"] == previous.hex()
            and (content["seq"], event.seq) == (number, number)
            and content["kind"] == event.kind
            and content["data"] == event.data
        )
        if not holds:
            return event
        previous = bytes(event.hash)
    return None
