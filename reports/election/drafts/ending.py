"""Destroying the keys of drafts that are gone. The row that asks for it stands in the draft's own transaction."""

import logging
from collections.abc import Callable

from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from reports.election.drafts.models import Draft, EndedDraft
from reports.vault import drafts as vault
from sapr.composed import composed


def destroy_after_commit() -> None:
    """Destroy the keys once this transaction stands. Should that be missed, the next look at any draft does it."""
    ended = _ended.ahead()
    transaction.on_commit(lambda: _destroy(ended))


def destroy_ended() -> int:
    """Destroy the key of every draft that is gone, whoever ended it; how many there were."""
    return _destroy(_ended)


def _destroy(asked: Callable[[], list]) -> int:
    try:
        ended = asked()
        if ended:
            vault.forget(ended)
            EndedDraft.objects.filter(pk__in=ended).delete()
    except DatabaseError:
        # The drafts are gone already; their ids wait here.
        logging.getLogger("sapr").exception("draft_keys_stay")
        return 0
    return len(ended)


@composed
def _ended() -> QuerySet:
    return EndedDraft.objects.values_list("pk", flat=True)


def drafts_sweep(limit: int) -> int:
    """Delete drafts whose time is over; how many. Runs as the worker, who can open none; their keys follow."""
    over = Draft.objects.order_by("kept_until").values("pk")[:limit]
    return Draft.objects.filter(pk__in=list(over.values_list("pk", flat=True))).delete()[0]
