"""Cases that are no report: an inquiry that the SARC logs, and a case that only an investigation tells of."""

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Location, Role
from reports import access, policy
from reports.election import contents
from reports.election.contacts import CASE_NUMBER_PREFIX, assign_first, locked, own_role
from reports.election.models import Case, CaseState, Identity, InformedBy, Narrative
from reports.election.moves import require_move
from reports.election.standing import require_running
from reports.recording import record
from reports.ruled import asked
from reports.validation import instant
from sapr.errors import DomainError


@access.service
def inquiry_log(*, actor, case_id: UUID, at: datetime) -> Case:
    """Log a contact as an inquiry, by the victim's choice (TR-03, CA-17): no report, and not counted as one.

    For the SARC of the case. The person may still sign later (TR-05), or leave.
    """
    case = access.case_for(actor, case_id, "move_case")
    at = instant(at, "at")
    case = locked(case)
    require_running(case)
    signed = getattr(case, "report", None) is not None
    answer = asked(case, "sri_log", {"signed": signed, "advocate_post": "sarc"}, at)
    if not answer.allowed:
        said = [each for each in answer.says if each.effect == "refuse"]
        sentence = said[0].sentence if said else "On that day no rule knew an inquiry. Check the time."
        raise DomainError("no_inquiry", sentence, status=409, path="at", rule=", ".join(answer.rules))
    require_move(case, CaseState.SRI, at=at, victim_chose=True)
    record(case=case, kind="inquiry_logged", actor=actor, at=at)
    case.refresh_from_db()
    return case


@access.service
def limited_case_open(
    *,
    actor,
    at: datetime,
    installation: Location | None = None,
    identity: dict[str, Any] | None = None,
    narrative: dict[str, Any] | None = None,
) -> Case:
    """Open a case with limited information: an MCIO investigates and no Unrestricted report is signed (TR-14).

    A case of its own, whatever else there is (TR-13, TR-16): it takes no other case, and nothing stored joins the two.
    Identity and account are what the MCIO says and nothing else (TR-15). Opens the monthly review (CK-05). For a SARC.
    """
    access.require(actor, "move_case")
    at = instant(at, "at")
    role, place = own_role(actor, at, installation)
    if role != Role.SARC:
        raise DomainError(
            "not_your_role",
            "A case with limited information is opened by the SARC.",
            status=403,
            rule="TR-14",
        )
    case = Case(
        number=policy.new_control_number(prefix=CASE_NUMBER_PREFIX),
        installation=place,
        opened_by=actor,
        opened_at=at,
        informed_by=InformedBy.MCIO,
    )
    require_move(case, CaseState.OPEN_LIMITED_INFO, at=at, investigated_by_mcio=True)
    case.save(force_insert=True)
    sarcs = assign_first(case, actor, role, at)
    sealed = contents.write(Identity, case, identity or {}) | contents.write(Narrative, case, narrative or {})
    record(case=case, kind="limited_case_opened", actor=actor, at=at, data=sealed)
    for sarc in sarcs:
        record(case=case, kind="sarc_assigned", actor=actor, at=at, data={"user": str(sarc.pk)})
    case.refresh_from_db()
    return case
