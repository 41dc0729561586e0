"""The way of an earlier case by the rules of its own days: what was due, how it ended, and what is due still."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from reports import policy
from reports.adoption.selectors import basis_for
from reports.legacy.directory import Place
from reports.legacy.problems import Problem, UnfitError
from reports.obligations.models import DutyState

ENDED = {
    "done": DutyState.LEGACY_DONE,
    "missed": DutyState.LEGACY_MISSED,
    "unknown": DutyState.LEGACY_UNKNOWN,
}
KIT, FINAL = "kit_sealed", "final_disposition_decided"


@dataclass(frozen=True)
class Past:
    """A duty of before: its row, when it was due, how it ended, and when it was done if that is known."""

    row: policy.Duty
    due_at: datetime
    state: DutyState
    done_at: datetime | None
    occurrence: int
    counts_from: datetime | None


@dataclass(frozen=True)
class Open:
    """A duty that is due after the cut-over. `about_kit`: it is about the case's kit."""

    row: policy.Duty
    due_at: datetime
    occurrence: int
    counts_from: datetime | None
    about_kit: bool


@dataclass(frozen=True)
class Course:
    """Both, in the order of their instants."""

    past: tuple[Past, ...]
    open: tuple[Open, ...]


@dataclass
class _Running:
    """A row that an event of the case opened, and the instant of that event."""

    row: policy.Duty
    since: datetime
    event: str

    @property
    def anchor(self) -> datetime | None:
        """What its turns count from (obligations.turns)."""
        if not self.row.repeats:
            return None
        return self.since if self.row.repeats == "monthly" else self.row.due_at


def course_of(row: dict[str, Any], place: Place, cutover: datetime) -> Course:
    """Live the row's events by the rules in force at each: what they opened, less what they ended, less what is past.

    UnfitError for a past duty that nothing here made due, and for a report whose commander notice is due still: that
    is signed here, so that somebody is told.
    """
    ever: dict[str, _Running] = {}
    runs: dict[str, _Running] = {}
    for kind, at, facts in _events(row, place):
        plan = _plan(kind, facts, at, place.zone)
        for ended in plan.discharged:
            runs.pop(ended, None)
        for each in plan.opened:
            new = _Running(each, at, kind)
            ever.setdefault(each.kind, new)
            held = runs.get(each.kind)
            if held is None or not (each.repeats or held.row.due_at <= each.due_at):
                runs[each.kind] = new
    past = _past(row, place, ever, cutover)
    return Course(tuple(past), tuple(_open(runs, past, cutover, place.zone)))


def _events(row: dict[str, Any], place: Place) -> Iterator[tuple[str, datetime, dict[str, Any]]]:
    """What happened to the case, in its order, with what the duty rules need to know."""
    report = row["report"]
    signed_on = report["signed_at"].astimezone(ZoneInfo(place.zone)).date()
    known = row["facts"] | {"signed_on": signed_on, "disposition_final": False}
    elected = known | {"election": report["election"]}
    after = known | {"election": "unrestricted"} if "converted_at" in report else elected
    found = [("report_signed", report["signed_at"], elected)]
    if "converted_at" in report:
        found.append(("report_converted", report["converted_at"], after))
    if sealed := row.get("kit", {}).get("sealed_at"):
        converted = report.get("converted_at")
        found.append((KIT, sealed, after if converted and converted <= sealed else elected))
    if "disposed_at" in row:
        final = after | {"disposition_final": True}
        found.append((FINAL, row["disposed_at"], final))
    if "closed_at" in row:
        found.append(("case_closed", row["closed_at"], after | {"disposition_final": "disposed_at" in row}))
    yield from sorted(found, key=lambda each: each[1])


def _plan(kind: str, facts: dict[str, Any], at: datetime, zone: str) -> policy.DutyPlan:
    found = basis_for(facts, on=at.astimezone(ZoneInfo(zone)).date(), at=at)
    return policy.duties(kind, facts, at=at, zone=zone, profile=found.profile, adopted=found.adopted)


def _past(row: dict[str, Any], place: Place, ever: dict[str, _Running], cutover: datetime) -> list[Past]:
    found: list[Past] = []
    turns: dict[str, int] = {}
    problems = []
    told = [(number, each) for number, each in enumerate(row.get("duties", ()), start=1)]
    for number, each in sorted(told, key=lambda one: one[1]["due_at"]):
        known = ever.get(each["kind"])
        if known is None:
            barred = "converted_at" not in row["report"] and row["report"]["election"] == "restricted"
            barred = barred and _of_unrestricted(each["kind"], row, place)
            code = "unrestricted_only" if barred else "duty_does_not_fit"
            problems.append(Problem(code, f"duties.{number}.kind"))
            continue
        if each["due_at"] > cutover and each["ended"] != "done":
            problems.append(Problem("duty_not_past", f"duties.{number}.due_at"))
            continue
        turn = turns[each["kind"]] = turns.get(each["kind"], 0) + 1
        if turn > 1 and not known.row.repeats:
            problems.append(Problem("duty_does_not_fit", f"duties.{number}.kind"))
            continue
        state = ENDED[each["ended"]]
        found.append(Past(known.row, each["due_at"], state, each.get("done_at"), turn, known.anchor))
    if problems:
        raise UnfitError(*problems)
    return found


def _of_unrestricted(kind: str, row: dict[str, Any], place: Place) -> bool:
    """Whether the rules of the day would have made it due in an Unrestricted report."""
    at = row["report"]["signed_at"]
    facts = row["facts"] | {"election": "unrestricted", "disposition_final": False}
    final = facts | {"disposition_final": True}
    plans = (_plan("report_signed", facts, at, place.zone), _plan(FINAL, final, at, place.zone))
    return any(each.kind == kind for plan in plans for each in plan.opened)


@cache
def is_notice(kind: str) -> bool:
    """Whether the duty is to tell somebody by a notice."""
    try:
        return policy.notice_spec(kind).kind == kind
    except policy.FactsError:
        return False


def _open(runs: dict[str, _Running], past: list[Past], cutover: datetime, zone: str) -> Iterator[Open]:
    for kind, each in sorted(runs.items(), key=lambda one: one[1].row.due_at):
        told = [one for one in past if one.row.kind == kind]
        if each.row.repeats:
            after = max([cutover, *(one.due_at for one in told)])
            due_at = each.row.due_at
            if due_at <= after:
                due_at = policy.next_turn(each.row.repeats, after, each.anchor, zone)
            yield Open(each.row, due_at, len(told) + 1, each.anchor, False)
        elif not told and not each.row.immediate and each.row.due_at > cutover:
            if is_notice(kind):
                raise UnfitError(Problem("too_recent", "report.signed_at"))
            yield Open(each.row, each.row.due_at, 1, None, each.event == KIT)
