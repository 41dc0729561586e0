"""What follows from choosing an option, by the rules of a day: states, the ways between them, what becomes due.

In the language of whoever looks; what the rules require stands in their own words.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from reports import policy
from reports.adoption.selectors import Basis
from reports.election.models import CaseState, Election
from reports.election.moves import OPEN_AS
from reports.ledger.kinds import EventKind
from sapr.desk.spoken import spoken, worded


@dataclass(frozen=True)
class Due:
    """One thing that becomes due, in words; `after`: the event that it waits for, '' for the state's own."""

    when: str
    who: str
    sentence: str
    rule: str
    after: str = ""


@dataclass(frozen=True)
class Way:
    """How a state is reached: from which, by what, by which rule. The states by their words of the rules."""

    start: str
    end: str
    event: str
    rule: str


@dataclass(frozen=True)
class Stage:
    """One state of the flow. `notes`: what the rules require when it is reached, with their ids."""

    state: str
    title: str
    due: tuple[Due, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Flow:
    """`before`: the states from which the option is chosen; `stages`: its own and what can follow; `ways` between."""

    option: str
    before: tuple[Stage, ...]
    stages: tuple[Stage, ...]
    ways: tuple[Way, ...]


def flow_of(option: str, *, at: datetime, basis: Basis) -> Flow:
    """The flow of an option by the rules in force at that instant. Nothing in it comes from a case."""
    known = policy.transitions(on=at.date(), profile=basis.profile, adopted=basis.adopted)
    own = OPEN_AS[Election(option)].value
    # What happens to a closed case leads back into the flow and is not drawn.
    open_ways = [way for way in known if not way.own_record and way.from_state != CaseState.CLOSED]
    start = [way.from_state for way in open_ways if way.to_state == own]
    order = [own]
    for state in order:
        order += [way.to_state for way in open_ways if way.from_state == state and way.to_state not in order]
    # Closing comes last, however near it is.
    order.sort(key=lambda state: state == CaseState.CLOSED)
    drawn = [
        way for way in open_ways if way.to_state in order and (way.to_state == own or way.from_state in order)
    ]
    return Flow(
        option,
        tuple(_stage(state, "", option, at, basis, "") for state in dict.fromkeys(start)),
        tuple(_stage(state, _event_into(state, drawn), option, at, basis, own) for state in order),
        tuple(
            Way(way.from_state, way.to_state, str(spoken(EventKind(way.event).label)), way.rule)
            for way in drawn
        ),
    )


def _event_into(state: str, ways: list[policy.Transition]) -> str:
    return next(way.event for way in ways if way.to_state == state)


def _stage(state: str, event: str, option: str, at: datetime, basis: Basis, own: str) -> Stage:
    # From a conversion on the report is Unrestricted.
    election = Election.UNRESTRICTED.value if state == CaseState.CONVERTED else option
    notes: tuple[str, ...] = ()
    if own and state != own:
        moved = {"from_state": own, "to_state": state}
        said = policy.ruling(
            "transition", moved, on=at.date(), profile=basis.profile, adopted=basis.adopted
        ).says
        notes = tuple(f"{each.sentence} ({each.rule})" for each in said if each.effect == "require")
    return Stage(state, str(spoken(CaseState(state).label)), _due(event, election, at, basis), notes)


def _due(event: str, election: str, at: datetime, basis: Basis) -> tuple[Due, ...]:
    """What the event makes due, and what becomes due once that is done or ends."""
    opened = _opened(event, election, at, basis)
    found = [_words(duty) for duty in opened]
    followed = []
    for duty in opened:
        rule = policy.row(duty.rule, duty.layer, duty.rule_set)
        own = [each for each in rule.parameters["duties"] if each["kind"] == duty.kind] if rule else []
        followed += [duty.discharged_by, *(kind for each in own for kind in each["ended_by"])]
    for kind in dict.fromkeys(followed):
        if kind not in ("report_converted", "case_closed"):
            found += [
                _words(each, str(spoken(EventKind(kind).label)))
                for each in _opened(kind, election, at, basis)
            ]
    return tuple(found)


def _opened(event: str, election: str, at: datetime, basis: Basis) -> tuple[policy.Duty, ...]:
    if event not in policy.duty_events():
        return ()
    facts = {"election": election}
    plan = policy.duties(
        event, facts, at=at.astimezone(UTC), zone="UTC", profile=basis.profile, adopted=basis.adopted
    )
    return plan.opened


def _words(duty: policy.Duty, after: str = "") -> Due:
    when = str(spoken(policy.due_words(duty)))
    return Due(when, worded(duty.role), str(spoken(duty.sentence)), duty.rule, after)
