"""A case told again from its events alone; the tables must hold what these add up to."""

from typing import Any
from uuid import UUID

from reports.models import Assignment, Case, Duty, Event, Kit

State = dict[str, Any]
CLOSING = {
    "duty_discharged": "discharged",
    "duty_missed": "missed",
    "duty_ended": "ended",
}
KIT_MOVES = {"kit_number_issued": "numbered", "kit_sealed": "sealed", "kit_to_mcio": "mcio"}


def from_events(case_id: UUID) -> State:
    """The state that the events add up to, beginning with nothing."""
    state: State = {
        "number_of_cases": 0, "walked_away": False, "election": "", "converted": False, "duties": {}, "kits": {},
        "people": set(),
    }  # fmt: skip
    for event in Event.objects.filter(case_id=case_id).order_by("seq"):
        _add(state, event.kind, event.data)
    return state


def _add(state: State, kind: str, data: dict[str, Any]) -> None:
    if kind == "contact_opened":
        state["number_of_cases"] += 1
    elif kind == "contact_walked_away":
        state["walked_away"] = True
    elif kind == "report_signed":
        state["election"] = data["election"]
    elif kind == "report_converted":
        state |= {"election": "unrestricted", "converted": True}
    elif kind in ("sarc_assigned", "va_assigned"):
        state["people"].add((data["user"], "sarc" if kind == "sarc_assigned" else "sapr_va"))
    elif kind in ("duty_opened", "duty_not_applicable"):
        opened = "open" if kind == "duty_opened" else "not_applicable"
        state["duties"][data["duty"]] = (data["kind"], data["rule"], opened)
    elif kind in CLOSING:
        state["duties"][data["duty"]] = (data["kind"], data["rule"], CLOSING[kind])
    elif kind in KIT_MOVES:
        state["kits"][data["kit"]] = KIT_MOVES[kind]


def from_tables(case_id: UUID) -> State:
    """The same, as the tables have it now."""
    case = Case.objects.filter(pk=case_id).select_related("report").first()
    report = getattr(case, "report", None)
    return {
        "number_of_cases": int(case is not None),
        "walked_away": bool(case and case.walked_away_at),
        "election": report.election if report else "",
        "converted": bool(report and report.converted_at),
        "duties": {
            str(pk): (kind, rule, state)
            for pk, kind, rule, state in Duty.objects.filter(case_id=case_id).values_list(
                "pk", "kind", "rule", "state"
            )
        },
        "kits": {
            str(pk): state for pk, state in Kit.objects.filter(case_id=case_id).values_list("pk", "state")
        },
        "people": {
            (str(user), role)
            for user, role in Assignment.objects.filter(case_id=case_id, ended_at=None).values_list(
                "user_id", "role"
            )
        },
    }
