"""The evaluation itself: cleaned facts against one Period. It knows effects, not rules.

Order: what bars every option (and what lifts such a bar); what each status grants, the most permissive
counting; what closes an option again, or only has something to say about it.
"""

from collections.abc import Mapping
from typing import Any

from .conditions import evaluate
from .decision import StatusOutcome
from .eligibility_rows import Case, Line, Period
from .outcome import OPTIONS, Outcome


def find_outcome(period: Period, facts: Mapping[str, Any]) -> Outcome:
    """The outcome for cleaned facts. Pure; asks nothing of the facts but their stated values."""
    found = Outcome()
    lifted = _bars(period, facts, found)
    if found.barred:
        return found
    statuses = facts.get("statuses")
    if not statuses:
        found.missing = {"statuses": [], **found.missing}
        return found
    matched = _grants(period, facts, statuses, found)
    for option in OPTIONS:
        if found.allowed[option]:
            found.lines[option][:0] = lifted
            found.sentences[option].extend(line.because for line in lifted)
    _closings(period, facts, found)
    _route(matched, found)
    return found


def _bars(period: Period, facts: Mapping[str, Any], found: Outcome) -> list[Line]:
    lifted: list[Line] = []
    open_questions: list[tuple[tuple[str, ...], str]] = []
    for bar in period.bars:
        holds, unsettled = evaluate(bar.when, facts)
        if not holds:
            if unsettled:
                open_questions.append((unsettled, bar.id))
            continue
        found.ask(unsettled, bar.id)
        lift = _lift(period, facts, bar, found)
        if lift is not None:
            lifted.append(lift)
            continue
        if not found.barred:
            found.barred = True
            found.route = bar.route or "refer"
        for option in bar.options:
            found.lines[option].append(bar)
            found.sentences[option].append(bar.because)
    if not found.barred:
        for unsettled, rule in open_questions:
            found.ask(unsettled, rule)
    return lifted


def _lift(period: Period, facts: Mapping[str, Any], bar: Line, found: Outcome) -> Line | None:
    for lift in period.lifts:
        if bar.id in lift.lifts:
            holds, unsettled = evaluate(lift.when, facts)
            if holds:
                return lift
            found.ask(unsettled, lift.id)
    return None


def _grants(
    period: Period, facts: Mapping[str, Any], statuses: tuple[str, ...], found: Outcome
) -> list[Case]:
    said: list[tuple[Line, Case]] = []
    unsettled: list[tuple[Line, Case, tuple[str, ...]]] = []
    outcomes = []
    for status in statuses:
        before = len(said)
        for line in period.grants.get(status, ()):
            for case in line.cases:
                holds, missing = evaluate(case.when, facts) if case.when[0] else (True, ())
                if missing:
                    unsettled.append((line, case, missing))
                if holds:
                    said.append((line, case))
                    break
        outcomes.append(_status_outcome(status, said[before:]))
    found.statuses = tuple(outcomes)
    if len(outcomes) == 1 and len(said) == 1:
        line, case = said[0]
        for option in OPTIONS:
            found.allowed[option] = option in case.allows
            found.lines[option].append(line)
            found.sentences[option].append(case.because[option])
    else:
        _most_permissive(period, said, outcomes, found)
    for line, case, missing in unsettled:
        gains = [option for option in case.allows if not found.allowed[option]]
        for option in gains:
            found.depends[option].append((line, missing))
        if gains or any(case is held for _, held in said):
            found.ask(missing, line.id)
    return [case for _, case in said]


def _most_permissive(
    period: Period, said: list[tuple[Line, Case]], outcomes: list[StatusOutcome], found: Outcome
) -> None:
    for index, option in enumerate(OPTIONS):
        granted = [each for each in said if option in each[1].allows]
        found.allowed[option] = bool(granted)
        lines, sentences = found.lines[option], found.sentences[option]
        for line, case in granted or said:
            lines.append(line)
            # one reason is enough to be allowed; a refusal gives every status's reason
            if not (granted and sentences) and case.because[option] not in sentences:
                sentences.append(case.because[option])
        if len(outcomes) > 1 and period.combine is not None:
            verdicts = {each[2 + index] for each in outcomes}
            if len(verdicts) > 1:
                lines.append(period.combine)


def _status_outcome(status: str, said: list[tuple[Line, Case]]) -> StatusOutcome:
    rules = tuple([line.id for line, _ in said])
    restricted = unrestricted = False
    form = None
    for _, case in said:
        restricted = restricted or "restricted" in case.allows
        unrestricted = unrestricted or "unrestricted" in case.allows
        form = form or case.form
    return StatusOutcome(status, rules, restricted, unrestricted, form)


def _closings(period: Period, facts: Mapping[str, Any], found: Outcome) -> None:
    granted = [option for option in OPTIONS if found.allowed[option]]
    if not granted:
        return
    open_questions: list[tuple[Line, tuple[str, ...]]] = []
    closed: dict[str, list[str]] = {}
    for line in period.blocks:
        holds, unsettled = evaluate(line.when, facts)
        if unsettled:
            open_questions.append((line, unsettled))
        if holds:
            for option in granted:
                if option in line.options:
                    found.allowed[option] = False
                    found.lines[option].append(line)
                    closed.setdefault(option, []).append(line.because)
    found.sentences.update(closed)
    for line in period.notes:
        if line.gate in facts and evaluate(line.when, facts)[0]:
            for option in granted:
                if option in line.options and found.allowed[option]:
                    found.lines[option].append(line)
                    found.sentences[option].append(line.because)
    for line, unsettled in open_questions:
        for option in granted:
            if option in line.options and (found.allowed[option] or line in found.lines[option]):
                found.ask(unsettled, line.id)


def _route(matched: list[Case], found: Outcome) -> None:
    best: Case | None = None
    for case in matched:
        if best is None or len(case.allows) > len(best.allows):
            best = case
    open_now = found.allowed["restricted"] or found.allowed["unrestricted"]
    if best is not None and (open_now or best.route is not None):
        found.form = best.form
    if not open_now:
        if best is not None and best.route is not None:
            found.route = best.route
        elif not found.depends["restricted"] and not found.depends["unrestricted"]:
            found.route = "refer"
