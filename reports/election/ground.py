"""What a signature stands on: everything that is asked of its case, in one question."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, QuerySet

from reports.election.models import Case, Decision, Identity, Report
from reports.ledger.models import Event
from reports.obligations.known import DISPOSING, disposed_at, service_by
from reports.obligations.models import Duty
from reports.vault.commitments import sealing_ahead
from sapr.composed import composed
from sapr.standing import Later, asked_in_an_act, told_in_an_act


class Ground(NamedTuple):
    """The last decision, sealed; whether an election is signed; whether the victim is named; and what the duty rules
    know of the case beside the facts, as `plan_for` takes it."""

    decision: Decision | None
    signed: bool
    named: bool
    known: dict[str, Any]


def ground_ahead(case_id: UUID) -> Callable[[Case], Ground]:
    """Ask for the ground of a case (`sapr.sending`); what is returned waits for it. Opens nothing.

    With it comes what a notice may draw on: in an act it is not asked for again.
    """
    rows = _asked.ahead(case_id)
    sealing_ahead(case_id)
    told_in_an_act(last_decision, case_id, answer=Later(rows))

    def ground_of(case: Case) -> Ground:
        for row in last_decision(case_id):
            disposed = row.disposing and disposed_at(case) is not None
            known = service_by(row.layers) | {"disposition_final": disposed}
            return Ground(row, row.signed, row.named, known)
        # Nothing was decided: it is not signed here; an earlier system's report has no decision.
        return Ground(None, Report.objects.filter(case=case).exists(), False, {})

    return ground_of


@asked_in_an_act
@composed
def last_decision(case_id: UUID) -> QuerySet[Decision]:
    """The last decision of a case with the case, its identity and its account, sealed; none, or one."""
    found = Decision.objects.filter(case=case_id).select_related("case__identity", "case__narrative")
    return found.order_by("-decided_at", "id")[:1]


@composed
def _asked(case_id: UUID) -> QuerySet[Decision]:
    of_case = {"case": case_id}
    found = Decision.objects.filter(**of_case).select_related("case__identity", "case__narrative")
    return found.order_by("-decided_at", "id").annotate(
        signed=Exists(Report.objects.filter(**of_case)),
        named=Exists(Identity.objects.filter(name__isnull=False, **of_case)),
        layers=ArraySubquery(Duty.objects.filter(**of_case).order_by().values("layer").distinct()),
        disposing=Exists(Event.objects.filter(case_id=case_id, kind__in=DISPOSING)),
    )[:1]
