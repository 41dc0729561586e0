"""The victim declines to take part in investigation or prosecution, and may take part again (TR-22 to TR-25)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from reports import access, policy
from reports.election.contacts import locked
from reports.election.models import Case
from reports.election.standing import require_running
from reports.ledger.models import Event
from reports.recording import record
from reports.ruled import asked
from reports.validation import instant
from sapr.errors import DomainError

LETTERS = ("section_540K",)
# What the SARC may state of an investigation that a Restricted report itself never records.
INVESTIGATIONS = ("none", "open", "closed")


@access.service
def participation_decline(
    *, actor, case_id: UUID, at: datetime, letter: str = "", investigation: str = ""
) -> policy.Ruling:
    """The victim no longer takes part; everybody honours it (TR-22). Care and services go on as they were (TR-23).

    `letter`: the one that the rules of the day ask for (TR-25), '' where they ask for none. `investigation`: of a
    Restricted report, whether one by others is known to the SARC. Returns what the rules say with it.
    """
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    if letter not in ("", *LETTERS):
        raise DomainError("unknown_value", f"letter: choose one of {', '.join(LETTERS)}.", path="letter")
    if investigation not in ("", *INVESTIGATIONS):
        raise DomainError("unknown_value", "investigation: choose one of the answers.", path="investigation")
    case = locked(case)
    require_running(case)
    facts: dict[str, Any] = {"state": case.state, "declines_participation": True}
    if investigation:
        facts["investigation"] = investigation
    answer = asked(case, "participation", facts, at)
    if not answer.allowed:
        raise DomainError(
            "nothing_to_decline",
            "Only where there is an investigation can the victim decline to take part in it.",
            status=409,
            path="investigation",
            rule="TR-22",
        )
    for each in answer.says:
        if each.effect == "require" and each.data.get("letter", letter) != letter:
            raise DomainError("letter_needed", each.sentence, path="letter", rule=each.rule)
    if declined(case):
        raise DomainError("declined_already", "It is recorded already that the victim declines.", status=409)
    data = {name: value for name, value in (("letter", letter), ("investigation", investigation)) if value}
    record(case=case, kind="participation_declined", actor=actor, at=at, data=data)
    return answer


@access.service
def participation_resume(*, actor, case_id: UUID, at: datetime) -> Case:
    """The victim takes part again. Refused unless it is recorded that they decline."""
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    case = locked(case)
    require_running(case)
    if not declined(case):
        raise DomainError(
            "not_declined", "It is not recorded that the victim declines.", status=409, rule="TR-22"
        )
    record(case=case, kind="participation_resumed", actor=actor, at=at)
    return case


def declined(case: Case) -> bool:
    """Whether the case's last word on it is that the victim declines. The case is one of the viewer's."""
    kinds = ("participation_declined", "participation_resumed")
    last = Event.objects.filter(case_id=case.pk, kind__in=kinds).order_by("-seq").first()
    return last is not None and last.kind == kinds[0]
