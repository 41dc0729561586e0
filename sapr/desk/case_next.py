"""The one thing to do next in a case, and how far along its way it is."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.models import Notice, NoticeKind, NoticeState
from reports.election.models import Case, CaseState
from reports.obligations import admin as duties
from reports.obligations.models import DutyState

# Nothing is asked of these but what is due: inquiries, limited information, closed.
RESTING = frozenset({CaseState.SRI, CaseState.SRI_CATCH, CaseState.OPEN_LIMITED_INFO, CaseState.CLOSED})


@dataclass(frozen=True)
class Next:
    """The one thing to do next."""

    text: str
    button: str
    url: str
    why: str = ""


def next_step(
    found: Case, report, told: list[Notice], lines: list[duties.DutyLine], *, decided: bool, may_release: bool
) -> Next | None:
    """What to do next; None where nothing is asked. `decided`: whether the rules were asked which options there are."""
    if found.walked_away_at:
        return None
    # That somebody else is to acknowledge a notice is nothing that the reader could do next.
    ours = (each for each in lines if each.duty.kind != "acknowledge_notice")
    due = next((each for each in ours if each.duty.state == DutyState.OPEN), None)
    if found.state in RESTING:
        return _of_duty(due) if due else None
    if report is None and not decided:
        url = reverse("admin:questions", args=[found.pk])
        return Next(_("Ask the eligibility questions"), _("Ask the questions"), url)
    if report is None:
        url = reverse("admin:options", args=[found.pk])
        return Next(_("Go through the options, then sign"), _("See the options"), url)
    for notice in told:
        if notice.state == NoticeState.COMPOSED and notice.kind == NoticeKind.RESTRICTED and may_release:
            url = reverse("admin:notice", args=[notice.pk])
            return Next(_("Read the commander notice and release it"), _("Review the notice"), url)
    if due:
        return _of_duty(due)
    url = reverse("admin:steps", args=[found.pk])
    return Next(_("Nothing is due. Record what you do."), _("Record a step"), url)


def _of_duty(line: duties.DutyLine) -> Next:
    why = _("Rule %(rule)s: %(sentence)s") % {"rule": line.duty.rule, "sentence": line.rule_sentence}
    return Next(line.sentence, line.action, line.url, why)


def steps(found: Case, report, told: list[Notice], *, decided: bool) -> list[dict[str, Any]]:
    """The way of a case: (label, done). The first that is not done is the present one."""
    if report is None and found.state in RESTING:
        return []
    placed = bool(told) and all(notice.state == NoticeState.PLACED for notice in told)
    way = [
        (_("Contact opened"), True),
        (_("Options decided"), decided),
        (_("Election signed"), report is not None),
        (_("Commander told"), placed),
    ]
    first_open = next((name for name, done in way if not done), None)
    closed = bool(found.walked_away_at)
    return [
        {"label": name, "state": "done" if done else "now" if name == first_open and not closed else "later"}
        for name, done in way
    ]
