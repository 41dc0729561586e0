"""A disclosure that nobody was entitled to make: recorded, told to the MCIO where the rules say so, and no more.

The report stays Restricted (TR-18). What the MCIO is told here is no notice of an Unrestricted report: it goes by no
inbox and names nobody.
"""

from datetime import datetime
from uuid import UUID, uuid4

from reports import access, ruled
from reports.disclosure import selectors
from reports.disclosure.standing import require_restricted
from reports.election.contacts import locked
from reports.recording import record
from reports.validation import instant
from sapr.errors import DomainError

REACHED = ("commander", "law_enforcement", "other")


@access.service
def leak_find(*, actor, case_id: UUID, reached: list[str], at: datetime) -> UUID:
    """Record that confidential information got out, and whom it reached; returns the leak's id.

    When it reached a commander or the police, telling the MCIO is due at once (TR-19).
    """
    case = access.case_for(actor, case_id, "disclose")
    at = instant(at, "at")
    require_restricted(case, at, rule="TR-18")
    if not isinstance(reached, list | tuple) or any(each not in REACHED for each in reached):
        raise DomainError("unknown_value", "reached: choose from the list.", path="reached")
    if not reached:
        raise DomainError("missing", "reached: say whom it reached.", path="reached")
    whom = [each for each in REACHED if each in reached]
    leak = uuid4()
    data = {"leak": str(leak), "reached": whom}
    record(
        case=case,
        kind="leak_found",
        actor=actor,
        at=at,
        data=data,
        facts={"leak_reached": whom},
        about=leak,
    )
    return leak


@access.service
def leak_hand_on(*, actor, case_id: UUID, leak_id: UUID, at: datetime) -> UUID:
    """The MCIO was told that a disclosure without right reached a commander or the police (TR-19). Once for each."""
    case = access.case_for(actor, case_id, "disclose")
    at = instant(at, "at")
    locked(case)
    leak = next((each for each in selectors.case_leaks(viewer=actor, case=case) if each.id == leak_id), None)
    if leak is None:
        raise DomainError("unknown_value", "leak_id: no such leak was recorded here.", path="leak_id")
    if not tells_mcio(case, leak.reached, at):
        raise DomainError(
            "rules_do_not_allow",
            "It reached neither a commander nor the police, so the MCIO is not told.",
            status=409,
            rule="TR-19",
        )
    if leak.handed_on_at is not None:
        raise DomainError("already_told", "The MCIO was told of this before.", status=409, rule="TR-19")
    if at < leak.found_at:
        raise DomainError("before_the_step", "It was found later than this. Check the time.", path="at")
    data = {"leak": str(leak.id), "to": "mcio"}
    return record(case=case, kind="leak_handed_on", actor=actor, at=at, data=data, about=leak.id)


def tells_mcio(case, reached: list[str], at: datetime) -> bool:
    """Whether the rules want the MCIO told of a leak that reached these."""
    facts = {"from_state": "RESTRICTED_OPEN", "confidence_opened": "leaked", "leak_reached": reached}
    ruling = ruled.asked(case, "transition", facts, at)
    return any(each.data.get("tells") == "mcio" for each in ruling.says)
