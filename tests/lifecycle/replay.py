"""A case told again from its events alone; the tables must hold what these add up to."""

from typing import Any
from uuid import UUID

from reports.casework.matters.kinds import KINDS
from reports.models import Assignment, Case, Duty, Event, Kit, Matter

State = dict[str, Any]
CLOSING = {"duty_discharged": "discharged", "duty_missed": "missed", "duty_ended": "ended"}
KIT_MOVES = {"kit_number_issued": "numbered", "kit_sealed": "sealed", "kit_to_mcio": "mcio"}
ROLES = {"sarc_assigned": "sarc", "va_assigned": "sapr_va"}
MOVES = {
    "inquiry_logged": "SRI",
    "limited_case_opened": "OPEN_LIMITED_INFO",
    "report_converted": "CONVERTED",
    "case_closed": "CLOSED",
}
SIGNED = {"restricted": "RESTRICTED_OPEN", "unrestricted": "UNRESTRICTED_OPEN"}


def from_events(case_id: UUID) -> State:
    """The state that the events add up to, beginning with nothing."""
    state: State = {
        "cases": 0, "state": "CONTACT", "walked_away": False, "election": "", "converted": False, "duties": {},
        "kits": {}, "people": set(), "matters": {},
    }  # fmt: skip
    for event in Event.objects.filter(case_id=case_id).order_by("seq"):
        _way(state, event.kind, event.data)
        _work(state, event.kind, event.data)
        _matter(state, event.kind, event.data)
    return state


def _way(state: State, kind: str, data: dict[str, Any]) -> None:
    """The case itself: where it stands and what is signed."""
    if kind in ("contact_opened", "limited_case_opened"):
        state["cases"] += 1
    if kind == "contact_walked_away":
        state["walked_away"] = True
    elif kind == "report_signed":
        state |= {"election": data["election"], "state": SIGNED[data["election"]]}
    elif kind == "report_converted":
        state |= {"election": "unrestricted", "converted": True}
    elif kind == "catch_joined" and state["state"] in ("CONTACT", "SRI"):
        state["state"] = "SRI_CATCH"
    elif kind == "case_reopened":
        open_as = SIGNED.get(state["election"], "OPEN_LIMITED_INFO")
        state["state"] = "CONVERTED" if state["converted"] else open_as
    if kind in MOVES:
        state["state"] = MOVES[kind]


def _work(state: State, kind: str, data: dict[str, Any]) -> None:
    """Duties, kits, and who works on the case."""
    if kind in ROLES:
        state["people"].add((data["user"], ROLES[kind]))
    elif kind == "advocate_changed":
        state["people"].discard((data.get("from"), data["role"]))
        state["people"].add((data["to"], data["role"]))
    elif kind in ("duty_opened", "duty_not_applicable"):
        opened = "open" if kind == "duty_opened" else "not_applicable"
        state["duties"][data["duty"]] = (data["kind"], data["rule"], opened)
    elif kind in CLOSING:
        state["duties"][data["duty"]] = (data["kind"], data["rule"], CLOSING[kind])
    elif kind in KIT_MOVES:
        state["kits"][data["kit"]] = KIT_MOVES[kind]


def _matter(state: State, kind: str, data: dict[str, Any]) -> None:
    """The case's matters, moved as their data say; a disposition disposes of every alleged offender."""
    matters = state["matters"]
    if kind == "final_disposition_decided":
        for pk, (what, now) in matters.items():
            matters[pk] = (what, "disposed" if what == "subject" else now)
    if "matter" not in data:
        return
    if "replaces" in data:
        matters[data["replaces"]] = (data["matter_kind"], "replaced")
    _, before = matters.get(data["matter"], (data["matter_kind"], ""))
    for step in KINDS[data["matter_kind"]].steps:
        if step.event == kind and before in step.before and step.to is not None:
            matters[data["matter"]] = (data["matter_kind"], step.to)
            return


def from_tables(case_id: UUID) -> State:
    """The same, as the tables have it now."""
    case = Case.objects.filter(pk=case_id).select_related("report").first()
    report = getattr(case, "report", None)
    of_case = {"case_id": case_id}
    duties = Duty.objects.filter(**of_case).values_list("pk", "kind", "rule", "state")
    people = Assignment.objects.filter(**of_case, ended_at=None).values_list("user_id", "role")
    return {
        "cases": int(case is not None),
        "state": case.state if case else "",
        "walked_away": bool(case and case.walked_away_at),
        "election": report.election if report else "",
        "converted": bool(report and report.converted_at),
        "duties": {str(pk): tuple(rest) for pk, *rest in duties},
        "kits": {str(pk): state for pk, state in Kit.objects.filter(**of_case).values_list("pk", "state")},
        "people": {(str(user), role) for user, role in people},
        "matters": {
            str(pk): (kind, state)
            for pk, kind, state in Matter.objects.filter(**of_case).values_list("pk", "kind", "state")
        },
    }
