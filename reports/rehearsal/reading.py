"""What a rehearsal begins with: the open duties of all cases (owner, no case told) or of one person's cases."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from reports import access
from reports.obligations.selectors import open_duties
from sapr.signin import as_owner

DUTIES = """
SELECT d.case_id, d.kind, d.role, d.rule, d.due_at, d.discharged_by, d.repeats, d.immediate, d.about,
       e.occurred_at AS happened_at, first.due_at AS first_due,
       coalesce(before.due_at, paused.due_at) AS before_due, d.counts_from,
       c.number, c.installation_id, l.zone, r.election, r.signed_at,
       (SELECT array_agg(DISTINCT o.layer ORDER BY o.layer) FROM reports_duty o WHERE o.case_id = d.case_id) AS layers
FROM reports_duty d
JOIN reports_event e ON e.id = d.opened_event
JOIN reports_case c ON c.id = d.case_id
JOIN accounts_location l ON l.id = c.installation_id
LEFT JOIN reports_report r ON r.case_id = d.case_id
LEFT JOIN reports_duty first ON (first.case_id, first.kind, first.opened_event, first.occurrence)
                              = (d.case_id, d.kind, d.opened_event, 1)
LEFT JOIN reports_duty before ON (before.case_id, before.kind, before.opened_event, before.occurrence)
                               = (d.case_id, d.kind, d.opened_event, d.occurrence - 1)
LEFT JOIN LATERAL (
    SELECT max(p.due_at) AS due_at FROM reports_duty p
    WHERE d.counts_from IS NOT NULL AND d.occurrence = 1 AND p.case_id = d.case_id AND p.kind = d.kind
      AND p.about IS NOT DISTINCT FROM d.about AND p.state IN ('discharged', 'missed') AND p.due_at < d.due_at
) paused ON true
WHERE d.state = 'open' AND (%(only)s::uuid[] IS NULL OR d.id = ANY (%(only)s))
ORDER BY d.case_id, d.due_at, d.id
"""
KITS = """
SELECT c.installation_id, l.zone, r.election, r.signed_at FROM reports_kit k
JOIN reports_case c ON c.id = k.case_id
JOIN accounts_location l ON l.id = c.installation_id
JOIN reports_report r ON r.case_id = k.case_id
WHERE k.state <> 'destroyed'
"""


class OpenDuty(NamedTuple):
    """One open duty with what is known of its case without opening a seal."""

    case_id: UUID
    kind: str
    role: str
    rule: str
    due_at: datetime
    discharged_by: str
    repeats: str
    immediate: bool
    about: UUID | None
    happened_at: datetime
    first_due: datetime | None
    before_due: datetime | None
    counts_from: datetime | None
    number: str
    installation_id: UUID
    zone: str
    election: str | None
    signed_at: datetime | None
    layers: list[str]


class HeldKit(NamedTuple):
    """A kit, by where it lies and from when its time counts."""

    installation_id: UUID
    zone: str
    election: str
    signed_at: datetime


class Opened(NamedTuple):
    """Everything that a rehearsal reads of the cases."""

    duties: list[OpenDuty]
    kits: list[HeldKit]


Ask = Callable[[str, dict[str, Any]], Sequence[tuple]]


def everything() -> Opened:
    """Of all cases, as the owner role, in a transaction that may not write."""
    with as_owner() as owner, owner.transaction():
        owner.execute("SET TRANSACTION READ ONLY")
        return _read(lambda text, values: owner.execute(text, values).fetchall(), None)


def of_viewer(viewer) -> Opened:
    """Of the cases that the viewer works on, as row-level security shows them."""
    with _reading(viewer) as ask:
        return _read(ask, list(open_duties(viewer=viewer).values_list("pk", flat=True)))


@contextmanager
def _reading(viewer) -> Iterator[Ask]:
    with access.viewing(viewer), connection.cursor() as cursor:

        def ask(text: str, values: dict[str, Any]) -> Sequence[tuple]:
            cursor.execute(text, values)
            return cursor.fetchall()

        yield ask


def _read(ask: Ask, only: list[UUID] | None) -> Opened:
    duties = [OpenDuty(*row) for row in ask(DUTIES, {"only": only})]
    return Opened(duties, [HeldKit(*row) for row in ask(KITS, {})])
