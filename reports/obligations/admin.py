"""How duties are shown: in whose words, with which rule, and where a click leads. And the list of all that is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import policy
from reports.adoption.selectors import ProfileHistory
from reports.casework.events import STEPS
from reports.casework.matters.kinds import KINDS
from reports.election.models import Case
from reports.obligations import selectors
from reports.obligations.models import Duty, DutyState
from sapr import clock
from sapr.desk.pages import page, render
from sapr.errors import DomainError
from sapr.paging import window

TITLES = {
    "late": gettext_lazy("Late"),
    "once": gettext_lazy("Due at once"),
    "soon": gettext_lazy("Due in the next 24 hours"),
    "later": gettext_lazy("Later"),
}
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


@dataclass(frozen=True)
class Folder:
    """The lines of one case that stand together, most urgent first."""

    case: Case
    lines: list[DutyLine]


def by_case(lines: Iterable[DutyLine]) -> list[Folder]:
    """The lines of each case together: the cases in the order of their first line."""
    found: dict[UUID, Folder] = {}
    for each in lines:
        found.setdefault(each.duty.case_id, Folder(each.duty.case, [])).lines.append(each)
    return list(found.values())


PER_PAGE = 40


@page("case_view")
def due(request: HttpRequest) -> HttpResponse:
    """All open duties of the viewer's cases, or one part of them (`?part=late`), soonest first, page by page."""
    viewer, now, given = request.user, clock.now(), request.GET
    part = given.get("part", "")
    if part not in ("", *selectors.PARTS):
        raise DomainError(
            "unknown_part", _("There is no such list. Choose one of those on the page of duties.")
        )
    rows = selectors.open_duties(viewer=viewer).select_related("case__report")
    rows = selectors.due_in(rows, part, now) if part else rows
    found = window(
        rows,
        by="due_at",
        newest_first=False,
        limit=PER_PAGE,
        after=given.get("after", ""),
        before=given.get("before", ""),
    )
    context = {
        "now": now,
        "part": part,
        "parts": [("", _("All")), *((name, TITLES[name]) for name in selectors.PARTS)],
        "window": found,
        "folders": by_case(lines(found.rows, now)),
    }
    return render(request, "desk/duties.html", _("What is due"), context)


urls = [path("duties/", due, name="duties")]
