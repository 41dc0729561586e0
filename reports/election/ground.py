"""What a signature stands on: everything that is asked of its case, in one question."""

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, QuerySet

from reports.election.models import Case, Decision, Identity, Report
from reports.ledger.models import Event
from reports.obligations.known import DISPOSING, disposed_at, service_by
from reports.obligations.models import Duty
from sapr.composed import composed


class Ground(NamedTuple):
    """The last decision, sealed; whether an election is signed; whether the victim is named; and what the duty rules
    know of the case beside the facts, as `plan_for` takes it."""

    decision: Decision | None
    signed: bool
    named: bool
    known: dict[str, Any]


def ground_of(case: Case) -> Ground:
    """The ground of a case that is held. Opens nothing."""
    for row in _asked(case.pk):
        disposed = row.disposing and disposed_at(case) is not None
        known = service_by(row.layers) | {"disposition_final": disposed}
        return Ground(row, row.signed, row.named, known)
    # Nothing was decided: it is not signed here; an earlier system's report has no decision.
    return Ground(None, Report.objects.filter(case=case).exists(), False, {})


@composed
def _asked(case_id: UUID) -> QuerySet[Decision]:
    of_case = {"case": case_id}
    found = Decision.objects.filter(**of_case).order_by("-decided_at", "id")
    return found.annotate(
        signed=Exists(Report.objects.filter(**of_case)),
        named=Exists(Identity.objects.filter(name__isnull=False, **of_case)),
        layers=ArraySubquery(Duty.objects.filter(**of_case).order_by().values("layer").distinct()),
        disposing=Exists(Event.objects.filter(case_id=case_id, kind__in=DISPOSING)),
    )[:1]
