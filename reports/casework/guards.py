"""What a single step asks of the rules and of its case before it is recorded, by kind of step.

A guard raises a refusal with the rule's id, or returns what the step's event says beside its answers.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from reports.casework.asking import require_allowed
from reports.casework.matters import disposition
from reports.election.models import Case
from reports.ledger.models import Event
from reports.obligations.known import CARRIED
from sapr.errors import DomainError

Details = Mapping[str, str]
Guard = Callable[[Case, Details, datetime], dict[str, str]]
# The answers of `monthly_update_given`, in the words of the rules' fact.
COMMANDER = "commander"


def _updater(case: Case, details: Details, at: datetime) -> dict[str, str]:
    """CMG-31 to CMG-34: the commander gives the update; somebody else where the rules let the victim choose them."""
    who = details["by"]
    chosen = _last(case, "updater_chosen").get("updater")
    facts = {"updater": who, "victim_chose_updater": chosen == who}
    if who == "other":
        facts = {"updater": COMMANDER, "delegated": True}
    require_allowed(case, "case_update_by", facts, at)
    return {}


def _assessor(case: Case, details: Details, at: datetime) -> dict[str, str]:
    """AG-06: a trained assessor makes the safety assessment."""
    require_allowed(case, "safety_assessment", {"assessor_trained": details["assessor"] == "trained"}, at)
    return {}


def _investigator(case: Case, details: Details, at: datetime) -> dict[str, str]:
    """FD-01, FD-02: the MCIO investigates, the command makes no inquiry of its own."""
    require_allowed(case, "investigation", {"investigator": "mcio"}, at)
    return {}


def _final(case: Case, details: Details, at: datetime) -> dict[str, str]:
    return disposition.decide(case, at)


def _follows(
    kind: str, rule: str, sentence: str, case: Case, details: Details, at: datetime
) -> dict[str, str]:
    """Refuse a step before the event that it follows; whoever opened one and closed it needs a new one."""
    earlier = Event.objects.filter(case_id=case.pk, kind=kind, occurred_at__lte=at)
    if not earlier.exists():
        raise DomainError("too_early", sentence, status=409, path="kind", rule=rule)
    return {}


def _after_disposition(case: Case, details: Details, at: datetime) -> dict[str, str]:
    """FD-15: what follows the final disposition; of a case of an earlier system it may have been decided there."""
    if Event.objects.filter(case_id=case.pk, kind=CARRIED, data__has_key="disposed_at").exists():
        return {}
    sentence = "There is no final disposition yet. Record that first."
    return _follows("final_disposition_decided", "FD-15", sentence, case, details, at)


GUARDS: dict[str, Guard] = {
    "monthly_update_given": _updater,
    "safety_assessed": _assessor,
    "investigation_opened": _investigator,
    "investigation_closed": partial(
        _follows, "investigation_opened", "FD-01", "No investigation is open. Record first that it was begun."
    ),
    "final_disposition_decided": _final,
    "disposition_told": _after_disposition,
    "disposition_submitted": _after_disposition,
    "mcio_told_of_disposition": _after_disposition,
    "disposition_report_sent": _after_disposition,
}


def _last(case: Case, kind: str) -> Details:
    row = Event.objects.filter(case_id=case.pk, kind=kind).order_by("-seq").first()
    return row.data if row is not None else {}
