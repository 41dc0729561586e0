"""Running a copy of the open duties forward: everything is done at the instant at which it is due.

What a duty's event opens, ends and repeats is asked of the policy, as `reports.obligations.services.apply` asks it;
here the rows are objects in memory, and the events never happen. A case ends only by a decision that no rule dates, so
in a rehearsal none does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from reports import policy
from reports.adoption.selectors import Basis, basis
from reports.rehearsal.reading import OpenDuty


@dataclass(frozen=True)
class Falling:
    """One thing that falls due. `late`: it was overdue already when the rehearsal began."""

    case_id: UUID
    number: str
    installation_id: UUID
    zone: str
    kind: str
    role: str
    rule: str
    due_at: datetime
    immediate: bool
    late: bool


@dataclass(eq=False)
class _Turn:
    """A duty of the copy. `anchor`: what its turns count from; `since`: from when on its event counts for it."""

    kind: str
    role: str
    rule: str
    due_at: datetime
    discharged_by: str
    repeats: str
    immediate: bool
    about: UUID | None
    anchor: datetime
    since: datetime
    after: datetime | None = None
    told: bool = False

    def in_its_turn(self, at: datetime) -> bool:
        """As `obligations.turns.is_at`: a later turn is not done before the turn before it was due."""
        return (self.after is None or at > self.after) and (self.immediate or at >= self.since)

    def next(self, at: datetime, zone: str) -> "_Turn":
        return _Turn(
            self.kind,
            self.role,
            self.rule,
            policy.next_turn(self.repeats, self.due_at, self.anchor, zone),
            self.discharged_by,
            self.repeats,
            immediate=False,
            about=self.about,
            anchor=self.anchor,
            since=self.since,
            after=self.due_at,
        )


@dataclass
class Rules:
    """The policy settings in force, asked once for each Service and day: nothing is decided in a rehearsal."""

    now: datetime
    _known: dict[tuple[str | None, date], Basis] = field(default_factory=dict)

    def on(self, service: str | None, on: date) -> Basis:
        """The settings by which that day is judged, as far as they are decided now."""
        if (service, on) not in self._known:
            self._known[service, on] = basis(service=service, on=on, at=self.now)
        return self._known[service, on]


def run(duties: Iterable[OpenDuty], *, now: datetime, until: datetime) -> Iterator[Falling]:
    """Everything that falls due from the instant the duties were read at until the other, case by case.

    Each duty is done when it is due; one that is due at once or overdue is done now.
    """
    rules = Rules(now)
    for _, rows in groupby(duties, key=lambda row: row.case_id):
        yield from _Case(list(rows), rules, now).run(until)


def turns_without(duty: OpenDuty, until: datetime) -> Iterator[datetime]:
    """The instants at which this duty falls due when nothing is ever done about it."""
    due = duty.due_at
    while due <= until:
        yield due
        if not duty.repeats:
            return
        due = policy.next_turn(duty.repeats, due, _anchor(duty), duty.zone)


def _anchor(duty: OpenDuty) -> datetime:
    """As `obligations.turns.anchor`."""
    if duty.counts_from is not None:
        return duty.counts_from
    return duty.happened_at if duty.repeats != "weekly" else duty.first_due or duty.due_at


def _does(about: UUID | None, of: UUID | None) -> bool:
    """Whether an event about that thing does duties of this one; an event of the whole case does those of all."""
    return about is None or of in (None, about)


class _Case:
    """The open duties of one case."""

    def __init__(self, rows: list[OpenDuty], rules: Rules, now: datetime) -> None:
        self.of, self.rules, self.now = rows[0], rules, now
        self.place = ZoneInfo(self.of.zone)
        self.facts = self._facts()
        self.turns = [
            _Turn(
                row.kind, row.role, row.rule, row.due_at, row.discharged_by, row.repeats, row.immediate, row.about,
                anchor=_anchor(row), since=row.happened_at, after=row.before_due,
            )
            for row in rows
        ]  # fmt: skip

    def _facts(self) -> dict[str, Any]:
        """As `obligations.known.known_of`: what an event of this case is judged by without opening a seal."""
        known: dict[str, Any] = {}
        if self.of.election and self.of.signed_at:
            known["election"] = self.of.election
            known["signed_on"] = self.of.signed_at.astimezone(self.place).date()
        for layer in self.of.layers:
            service = policy.service_of(layer)
            if service is not None:
                known["service"] = service
        return known

    def run(self, until: datetime) -> Iterator[Falling]:
        while due := [turn for turn in self.turns if turn.due_at <= until]:
            for turn in due:
                if not turn.told:
                    yield self._falling(turn)
                turn.told = True
            first = min(due, key=lambda turn: (max(turn.due_at, self.now), turn.kind))
            self._happens(first, max(first.due_at, self.now))

    def _falling(self, turn: _Turn) -> Falling:
        return Falling(
            self.of.case_id, self.of.number, self.of.installation_id, self.of.zone,
            turn.kind, turn.role, turn.rule, turn.due_at, turn.immediate,
            late=turn.due_at < self.now and not turn.immediate,
        )  # fmt: skip

    def _happens(self, done: _Turn, at: datetime) -> None:
        """As `obligations.services.apply`, for the event that discharges the duty."""
        event, about = done.discharged_by, done.about
        found = self.rules.on(self.facts.get("service"), at.astimezone(self.place).date())
        plan = policy.duties(
            event, self.facts, at=at, zone=self.of.zone, profile=found.profile, adopted=found.adopted
        )
        closed = [
            turn
            for turn in self.turns
            if turn.discharged_by == event and _does(about, turn.about) and turn.in_its_turn(at)
        ]
        # What is due is done, even where its event counts only for a later instant: time would stand still.
        closed = closed if done in closed else [*closed, done]
        self.turns = [turn for turn in self.turns if turn not in closed]
        self.turns += [turn.next(at, self.of.zone) for turn in closed if turn.repeats]
        self.turns = [
            turn
            for turn in self.turns
            if turn.kind not in plan.discharged or turn.discharged_by == event or not _does(about, turn.about)
        ]
        for row in plan.opened:
            covered = any(
                turn.kind == row.kind and turn.about == about and turn.due_at <= row.due_at
                for turn in self.turns
            )
            if row.repeats or row.each_time or not covered:
                self.turns.append(
                    _Turn(
                        row.kind, row.role, row.rule, row.due_at, row.discharged_by, row.repeats or "", row.immediate,
                        about, anchor=at if row.repeats != "weekly" else row.due_at, since=at,
                    )
                )  # fmt: skip
