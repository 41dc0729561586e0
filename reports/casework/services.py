"""Working a case: assigning the SAPR VA and recording each step of care and counsel."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from accounts.models import Role, User
from accounts.selectors import places_by_role
from reports import access, policy
from reports.casework.events import STEPS, Step
from reports.casework.guards import GUARDS
from reports.casework.models import Assignment, CaseRole
from reports.casework.one_year import require_may_ask
from reports.election.contacts import locked
from reports.election.models import Case
from reports.election.standing import election_of, require_open
from reports.ledger.services import append_system
from reports.recording import record
from reports.validation import instant
from sapr.errors import DomainError

# The same words for a person who is nobody here: this is no directory.
NOT_A_VA = DomainError(
    "not_a_va",
    "This person holds no SAPR VA appointment at the case's installation now. Choose another.",
    path="va",
)
OPTIONS = ("restricted", "unrestricted")


@access.service
def va_assign(*, actor, case_id: UUID, va: User, at: datetime) -> Assignment:
    """The SARC assigns a SAPR VA to the case (R20); access follows at once."""
    # Held: who works on a case is counted by the report in it, and that may be signed at this moment.
    case = locked(access.case_for(actor, case_id, "assign_va"))
    at = instant(at, "at")
    require_open(case)
    if case.installation_id not in places_by_role(va, at).get(Role.VA, ()):
        raise NOT_A_VA
    if Assignment.objects.filter(case=case, user=va, role=CaseRole.VA, ended_at=None).exists():
        raise DomainError("already_assigned", "This SAPR VA is assigned already.", status=409)
    row = Assignment(case=case, user=va, role=CaseRole.VA, started_at=at)
    row.save(force_insert=True)
    record(case=case, kind="va_assigned", actor=actor, at=at, data={"user": str(va.pk)})
    return row


@access.service
def step_record(
    *, actor, case_id: UUID, kind: str, at: datetime, details: dict[str, str] | None = None
) -> UUID:
    """Record one step of `casework.events.STEPS`; returns the event's id.

    Refuses an unknown kind, a detail outside its vocabulary, a missing detail, and a step that does not fit
    the report (an investigation of a Restricted report, an update to a victim without a report); and what the rules
    or the case itself forbid (`guards.GUARDS`).
    """
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    step = STEPS.get(kind)
    if step is None:
        raise DomainError("unknown_step", "There is no such step. Choose one from the list.", path="kind")
    details = details or {}
    for name, value in details.items():
        if value not in step.details.get(name, ()):
            raise DomainError(
                "unknown_value", f"{name}: choose one of the listed answers.", path=f"details.{name}"
            )
    for name in step.details:
        if name not in details:
            raise DomainError("missing", f"{name}: this answer is needed.", path=f"details.{name}")
    require_open(case)
    report = getattr(case, "report", None)
    if election_of(case) not in step.elections:
        raise DomainError(
            "step_does_not_fit",
            "This step does not fit this case as it stands now.",
            status=409,
            path="kind",
            rule=step.rule,
        )
    if report is not None and "" not in step.elections and at < _since(report, step):
        raise DomainError(
            "before_the_report",
            "This step belongs to the report as it stands and cannot lie before its signature.",
            path="at",
        )
    if kind == "conversion_asked":
        require_may_ask(actor=actor, case=case, at=at)
    said = GUARDS[kind](case, details, at) if kind in GUARDS else {}
    return record(case=case, kind=kind, actor=actor, at=at, data=details | said)


def _since(report, step: Step) -> datetime:
    """From when the step can have been taken: an Unrestricted report's own from the conversion on, if there was one."""
    return (report.converted_at if "restricted" not in step.elections else None) or report.signed_at


@access.service
def counts_by_option(*, actor, at: datetime) -> dict[str, int]:
    """How many reports of each kind the actor's cases hold; the look is an event of the system's chain (R12)."""
    access.require(actor, "counts")
    counts = _kept(actor, at)
    if counts is None:
        reports = access.rows(actor, "case_work", Case).exclude(report=None)
        counts = {option: reports.filter(report__election=option).count() for option in OPTIONS}
    append_system(kind="counts_compiled", actor=actor, at=at)
    return counts


def _kept(actor, at: datetime) -> dict[str, int] | None:
    """The same from what the database keeps count of, however many cases there are.

    None where that does not tell it: for somebody who holds two roles, who may have both in one case, and where
    something else than an assignment would let them work on one.
    """
    places, rules = places_by_role(actor, at), policy.access_rules(at.date())
    grants = [each for each in rules.grants("case_work", "case") if each.role in places]
    if len(places) != 1 or any(each.scope != "assigned" for each in grants):
        return None
    counts = dict.fromkeys(OPTIONS, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT role, place, election, cases FROM sapr_work_counted()")
        for role, place, election, cases in cursor.fetchall():
            lets = any(each.role == role and rules.in_state(each, election) for each in grants)
            if lets and place in places.get(role, ()):
                counts[election] += cases
    return counts
