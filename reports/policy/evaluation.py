"""The evaluation itself: cleaned facts against one Period. It knows effects, not rules.

Order: what bars every option (and what lifts such a bar); what each status grants, the most permissive
counting; what closes an option again, or only has something to say about it; where the person is sent.
"""

from collections.abc import Mapping
from typing import Any

from .conditions import evaluate
from .decision import StatusOutcome
from .eligibility_rows import Case, Line, Period
from .outcome import Outcome, Question, Reading, Side


def find_outcome(period: Period, facts: Mapping[str, Any], *, noting: bool = True) -> Outcome:
    """The outcome for cleaned facts. Pure; asks nothing of the facts but their stated values.

    `noting` is False for somebody who wants the answer alone: notes only have something to say about it.
    """
    found = Outcome()
    lifted = _bars(period, facts, found)
    if found.barred:
        return found
    statuses = facts.get("statuses")
    if not statuses:
        for side in found.sides:
            side.lines = lifted[:]
            side.depends = ((None, ("statuses",)),)
        return found
    _read_statuses(period, facts, statuses, found)
    _grant(period, found)
    for side in found.sides if lifted else ():
        side.lines[:0] = lifted
        if side.allowed:
            side.sentences.extend(line.because for line in lifted)
    _close(period, facts, found)
    if noting and not period.noted.isdisjoint(facts):
        _note(period, facts, found)
    _route(found)
    return found


def _bars(period: Period, facts: Mapping[str, Any], found: Outcome) -> list[Line]:
    """Bar what is barred; returns the rows that lifted a bar."""
    lifted: list[Line] = []
    doubts: tuple[Question, ...] = ()
    settled = False
    for bar in period.bars:
        # written out here and for the blocks: most people state none of a row's facts, and calls are what costs
        holds, unsettled = bar.silent if bar.facts.isdisjoint(facts) else evaluate(bar.when, facts)
        if not holds:
            if unsettled:
                doubts += ((bar, unsettled),)
            continue
        lift, open_lifts = _lift(period, facts, bar)
        if lift is not None:
            lifted.append(lift)
            continue
        if not found.barred or not (settled or unsettled or open_lifts):
            found.route = bar.route or "refer"
        found.barred = True
        for index in bar.options:
            found.sides[index].lines.append(bar)
            found.sides[index].sentences.append(bar.because)
        settled = settled or not (unsettled or open_lifts)
        found.questions += ((bar, unsettled), *open_lifts)
    if settled:
        found.questions = ()
    elif not found.barred:
        found.questions = doubts
    return lifted


def _lift(period: Period, facts: Mapping[str, Any], bar: Line) -> tuple[Line | None, list[Question]]:
    """The row that lifts this bar, or those that more facts could make lift it."""
    doubts: list[Question] = []
    for lift in period.lifts:
        if bar.id in lift.lifts:
            holds, unsettled = evaluate(lift.when, facts)
            if holds:
                return lift, []
            if unsettled:
                doubts.append((lift, unsettled))
    return None, doubts


def _read_statuses(
    period: Period, facts: Mapping[str, Any], statuses: tuple[str, ...], found: Outcome
) -> None:
    readings: list[Reading] = []
    outcomes = []
    for status in statuses:
        first = len(readings)
        for line in period.grants.get(status, ()):
            held: Case | None = None
            unsettled: tuple[tuple[Case, tuple[str, ...]], ...] = ()
            for case in line.cases:
                holds, missing = (True, ()) if case.always else evaluate(case.when, facts)
                if missing:
                    unsettled += ((case, missing),)
                if holds:
                    held = case
                    break
            if held is not None or unsettled:
                readings.append((line, held, unsettled))
        outcomes.append(_status_outcome(status, readings[first:]))
    found.statuses = tuple(outcomes)
    found.readings = tuple(readings)


def _status_outcome(status: str, readings: list[Reading]) -> StatusOutcome:
    if len(readings) == 1 and readings[0][1] is not None:
        return readings[0][1].alone
    rules = []
    restricted = unrestricted = False
    form = None
    for line, case, _ in readings:
        if case is not None:
            rules.append(line.id)
            restricted = restricted or case.allows[0]
            unrestricted = unrestricted or case.allows[1]
            form = form or case.form
    return StatusOutcome(status, tuple(rules), restricted, unrestricted, form)


def _grant(period: Period, found: Outcome) -> None:
    readings = found.readings
    if len(readings) == 1 and readings[0][1] is not None:
        line, case, _ = readings[0]
        for index, side in enumerate(found.sides):
            side.allowed = case.allows[index]
            side.lines.append(line)
            side.sentences.append(case.because[index])
    else:
        _most_permissive(period, found)
    for line, _, unsettled in readings:
        for case, missing in unsettled:
            for index, side in enumerate(found.sides):
                if case.allows[index] and not side.allowed:
                    side.depends += ((line, missing),)


def _most_permissive(period: Period, found: Outcome) -> None:
    said = [(line, case) for line, case, _ in found.readings if case is not None]
    for index, side in enumerate(found.sides):
        granted = [each for each in said if each[1].allows[index]]
        side.allowed = bool(granted)
        for line, case in granted or said:
            side.lines.append(line)
            sentence = case.because[index]
            # one reason is enough to be allowed; a refusal gives every status's reason
            if not (granted and side.sentences) and sentence not in side.sentences:
                side.sentences.append(sentence)
        statuses = found.statuses
        if (
            len(statuses) > 1
            and period.combine is not None
            and len({each[2 + index] for each in statuses}) > 1
        ):
            side.lines.append(period.combine)


def _close(period: Period, facts: Mapping[str, Any], found: Outcome) -> None:
    """Close what the blocks close."""
    within_reach = [side.allowed or bool(side.depends) for side in found.sides]
    if True not in within_reach:
        return
    for line in period.blocks:
        holds, unsettled = line.silent if line.facts.isdisjoint(facts) else evaluate(line.when, facts)
        if unsettled:
            found.unsettled_blocks += ((line, unsettled),)
        if holds:
            for index in line.options:
                if within_reach[index]:
                    _shut(found.sides[index], line, unsettled)


def _note(period: Period, facts: Mapping[str, Any], found: Outcome) -> None:
    """Add the notes to what stays open."""
    for line in period.notes:
        if line.gate in facts and evaluate(line.when, facts)[0]:
            for index in line.options:
                if found.sides[index].allowed:
                    found.sides[index].lines.append(line)
                    found.sides[index].sentences.append(line.because)


def _shut(side: Side, line: Line, unsettled: tuple[str, ...]) -> None:
    if side.allowed:
        side.allowed = False
        side.sentences.clear()
    side.lines.append(line)
    side.sentences.append(line.because)
    if unsettled:
        side.assumed += unsettled
    else:
        side.closed = True


def best_case(cases: list[Case | None]) -> Case | None:
    """The case that names form and route: the weightiest, among equals the first status's."""
    best = None
    for case in cases:
        if case is not None and (best is None or case.weight > best.weight):
            best = case
    return best


def _route(found: Outcome) -> None:
    best = best_case([case for _, case, _ in found.readings])
    restricted, unrestricted = found.sides
    if restricted.allowed or unrestricted.allowed:
        found.form = best.form
    elif best is not None and best.route is not None:
        found.form, found.route = best.form, best.route
    elif not restricted.may_open() and not unrestricted.may_open():
        found.route = "refer"
