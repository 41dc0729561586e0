"""How duties are shown: in whose words, with which rule, and where a click leads. No page of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse

from reports import policy
from reports.adoption.selectors import ProfileHistory
from reports.casework.events import STEPS
from reports.casework.matters.kinds import KINDS
from reports.obligations.models import Duty, DutyState

SOON = timedelta(hours=24)
# Events by which duties about one matter are done, on that matter's page.
MATTER_EVENTS = {step.event for kind in KINDS.values() for step in kind.steps}


@dataclass(frozen=True)
class DutyLine:
    """One duty as a row of a page."""

    duty: Duty
    sentence: str
    rule_sentence: str
    citation: str
    url: str
    action: str
    late: bool

    @property
    def zone(self) -> str:
        """The zone by whose clock the row is shown."""
        return self.duty.case.installation.zone


def rule_of(rule: str, on: date, profile: str) -> policy.Rule | None:
    """The rule's row on a day under a profile; None when the book no longer knows it."""
    try:
        return policy.rule(rule, on=on, profile=profile)
    except policy.FactsError:
        return None


def lines(duties: Iterable[Duty], now: datetime) -> list[DutyLine]:
    """The duties with the words of the rules they were opened under, and the pages on which they are done."""
    profiles = ProfileHistory()
    return [_line(duty, profiles.at(duty.opened_at), now) for duty in duties]


def _line(duty: Duty, profile: str, now: datetime) -> DutyLine:
    rule = policy.row(duty.rule, duty.layer, duty.rule_set) or rule_of(
        duty.rule, duty.opened_at.date(), profile
    )
    template = next((t for t in _templates(rule) if t["kind"] == duty.kind), None)
    url, action = _where(duty)
    return DutyLine(
        duty=duty,
        sentence=template["sentence"] if template else duty.kind.replace("_", " ").capitalize(),
        rule_sentence=rule.sentence if rule else "",
        citation=rule.authority if rule else "",
        url=url,
        action=action,
        # What is due at its trigger is done now; no number of minutes makes it late.
        late=duty.state == DutyState.OPEN and not duty.immediate and duty.due_at < now,
    )


def _templates(rule: policy.Rule | None) -> list[dict[str, Any]]:
    return list(rule.parameters.get("duties", ())) if rule else []


# Where a step is done that has a page of its own: page, whether it is one of the case, and the words of the button.
PAGES = {
    "cmg_held": ("admin:meetings", False, "See the meetings"),
    "move_consent_given": ("admin:relocate", True, "Ask and record the answer"),
    "documents_moved": ("admin:relocate", True, "Offer the case"),
    "victim_handed_over": ("admin:hand_over", True, "Hand over"),
    "disclosure_told": ("admin:exceptions", True, "Record it"),
    "leak_handed_on": ("admin:exceptions", True, "Record it"),
    "catch_credentials_closed": ("admin:catch", True, "Record it"),
}


# The same, of what a duty is about.
ABOUT_PAGES = {
    "notice_telephoned": ("admin:notice_telephone", "Telephone"),
    "notice_acknowledged": ("admin:notice", "Look"),
}


def _where(duty: Duty) -> tuple[str, str]:
    if duty.about is not None and duty.discharged_by in ABOUT_PAGES:
        name, words = ABOUT_PAGES[duty.discharged_by]
        return reverse(name, args=[duty.about]), words
    if duty.discharged_by in PAGES:
        name, of_case, words = PAGES[duty.discharged_by]
        return reverse(name, args=[duty.case_id] if of_case else []), words
    if duty.discharged_by == "va_assigned":
        return reverse("admin:assign", args=[duty.case_id]), "Assign a SAPR VA"
    if duty.about is not None and duty.discharged_by in MATTER_EVENTS:
        return reverse("admin:matter", args=[duty.case_id, duty.about]), "Record it"
    if duty.discharged_by in STEPS:
        return reverse("admin:steps", args=[duty.case_id]) + f"#step-{duty.discharged_by}", "Record it"
    return reverse("admin:case", args=[duty.case_id]), "Open the case"


def grouped(lines: list[DutyLine], now: datetime) -> dict[str, list[DutyLine]]:
    """Late, due at once, due within a day, and later; each soonest first, as they came."""
    groups: dict[str, list[DutyLine]] = {"late": [], "once": [], "soon": [], "later": []}
    for each in lines:
        groups[_group(each, now)].append(each)
    return groups


def _group(each: DutyLine, now: datetime) -> str:
    if each.late:
        return "late"
    if each.duty.immediate:
        return "once"
    return "soon" if each.duty.due_at <= now + SOON else "later"
