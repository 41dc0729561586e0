"""A few dozen cases signed for real, through the services and the worker's sweep: what the many are copied from.

All stories run on one installation under a held clock. The last of them end at the state's present; the closed ones lie
half a year before it.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bench.load.ground import ROOT
from notifications.models import NoticeKind
from reports import access
from reports.casework.closing import case_close
from reports.casework.events import STEPS
from reports.casework.matters.kinds import KINDS
from reports.casework.matters.services import matter_open, matter_step
from reports.casework.services import step_record
from reports.election.contacts import contact_walk_away
from reports.election.models import Case
from reports.obligations.models import Duty, DutyState
from reports.recording import record
from sapr import clock
from sapr.story import cast, offsets
from sapr.story.actions import Teller
from sapr.story.passing import advance
from sapr.world import history
from sapr.world.duties import ANSWERS

FILES = ROOT / "fixtures" / "walkthrough"
# The rules of the ledger take nothing before 2005: fifty years of history end here.
NOW = datetime(2055, 6, 16, 15, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOSED_BEFORE = 200 * DAY
Step = tuple[timedelta, str, str, dict[str, Any]]


@dataclass(frozen=True)
class Story:
    """`share`: of how many of a hundred cases of its sort it is the pattern. `running`: something of it is still due.

    `past`: nobody is told of it, as in an invented world (sapr.world.history): a year before the rest, say.
    """

    name: str
    share: int
    running: bool
    began: timedelta
    steps: list[Step]
    past: bool = False


def _script(name: str) -> list[Step]:
    """The steps of a worked example, without those in which only time passes."""
    told = json.loads((FILES / f"{name}.json").read_text(encoding="utf-8"))["steps"]
    return [
        (offsets.parse(each["at"]), each["actor"], each["do"], each["with"])
        for each in told
        if each["do"] not in ("wait", "count")
    ]


def _until(steps: list[Step], last: timedelta, *, without: tuple[str, ...] = ()) -> list[Step]:
    return [each for each in steps if each[0] <= last and each[2] not in without]


def stories() -> list[Story]:
    """Every pattern there is."""
    restricted, unrestricted = _script("restricted"), _script("unrestricted")
    kit = ("kit_issue", "kit_seal", "kit_to_mcio")
    plain = _until(restricted, 30 * HOUR, without=kit)
    reported = _until(unrestricted, 30 * HOUR, without=kit)
    convert: Step = (60 * HOUR, "sarc", "convert", {})
    ended: list[Step] = [
        (6 * DAY, "sarc", "offender", {}),
        (7 * DAY, "sarc", "record", {"kind": "investigation_closed"}),
        (8 * DAY, "sarc", "decide_finally", {}),
    ]
    after_conversion: list[Step] = [
        (62 * HOUR, "mcio", "read_inbox", {}),
        (63 * HOUR, "unit", "read_inbox", {}),
        (64 * HOUR, "commander", "read_inbox", {}),
    ]
    opened = (65 * HOUR, "sarc", "record", {"kind": "investigation_opened"})
    entered: Step = (20 * HOUR, "sarc", "record", {"kind": "dsaid_entered"})
    soon: Step = (40 * HOUR, "sarc", "do_what_is_soon", {})
    later: Step = (90 * HOUR, "sarc", "do_what_is_soon", {})
    settle: Step = (8 * DAY + HOUR, "sarc", "settle", {})
    close: Step = (9 * DAY, "sarc", "close", {})
    closed_at = CLOSED_BEFORE
    signed = _until(restricted, 2 * HOUR, without=("record", *kit))
    placed: Step = (12 * HOUR, "sarc", "place", {})
    return [
        Story("contact", 10, True, 5 * HOUR, _until(restricted, HOUR)),
        Story("restricted, a day old", 15, True, 29 * HOUR, plain),
        Story("restricted, not entered", 4, True, 10 * DAY, plain),
        Story("restricted with a kit", 21, True, 20 * DAY, [*restricted, entered]),
        Story("unrestricted, two days old", 10, True, 2 * DAY, reported),
        Story("unrestricted with a kit", 30, True, 27 * DAY, [*_until(unrestricted, 26 * DAY), later]),
        Story("converted", 10, True, 12 * DAY, [*plain, entered, convert, *after_conversion, opened, later]),
        Story("left", 10, False, closed_at, [*_until(restricted, HOUR), (2 * HOUR, "va", "leave", {})]),
        Story("restricted, long ago", 74, False, closed_at, [*signed, placed, entered, settle, close], past=True),
        Story("restricted, closed", 7, False, closed_at, [*plain, entered, settle, close]),
        Story("unrestricted, closed", 6, False, closed_at, [*reported, entered, soon, *ended, settle, close]),
        Story(
            "converted, closed", 3, False, closed_at,
            [*plain, entered, convert, *after_conversion, opened, later, *ended, settle, close],
        ),
    ]  # fmt: skip


class Narrator(Teller):
    """A teller that knows how a case ends, too."""

    def end(self, action: str, case: str, actor, at: datetime) -> None:
        """One of the steps that no worked example has."""
        ends: dict[str, Callable[..., None]] = {
            "leave": self._leave,
            "place": self._place,
            "settle": self._settle,
            "do_what_is_soon": self._soon,
            "offender": self._offender,
            "decide_finally": self._decide_finally,
            "close": self._close,
        }
        ends[action](case, actor, at)

    def _leave(self, case: str, actor, at: datetime) -> None:
        contact_walk_away(actor=actor, case_id=self._id(case), at=at)

    def _place(self, case: str, actor, at: datetime) -> None:
        with access.viewing(actor):
            duty = Duty.objects.select_related("case").get(case_id=self._id(case), kind=NoticeKind.RESTRICTED)
            history.placed(duty=duty, actor=actor, at=at)

    def _settle(self, case: str, actor, at: datetime, *, within: timedelta = 500 * DAY) -> None:
        """Do every step that is due so soon, in the first of its words."""
        with access.viewing(actor):
            row = Case.objects.select_related("report", "installation").get(pk=self._id(case))
            for duty in Duty.objects.filter(case=row, state=DutyState.OPEN, due_at__lte=at + within).order_by(
                "due_at"
            ):
                step = STEPS.get(duty.discharged_by)
                if step is not None:
                    answers = ANSWERS.get(duty.discharged_by, {})
                    details = {
                        name: answers.get(name) or next(iter(words)) for name, words in step.details.items()
                    }
                    record(
                        case=row, kind=duty.discharged_by, actor=actor, at=at, data=details, about=duty.about
                    )

    def _soon(self, case: str, actor, at: datetime) -> None:
        self._settle(case, actor, at, within=9 * DAY)

    def _offender(self, case: str, actor, at: datetime) -> None:
        subject = self._matter(case, actor, "subject", at)
        action = self._matter(case, actor, "action", at, parent_id=subject.pk)
        matter_step(
            actor=actor, case_id=self._id(case), matter_id=action.pk, step="action_closed", at=at,
            details=_answers(KINDS["action"].step("action_closed")),
        )  # fmt: skip

    def _matter(self, case: str, actor, kind: str, at: datetime, **more: Any):
        first = KINDS[kind].open_steps()[0]
        return matter_open(
            actor=actor, case_id=self._id(case), kind=kind, step="", details=_answers(first), at=at, **more
        )

    def _decide_finally(self, case: str, actor, at: datetime) -> None:
        step_record(actor=actor, case_id=self._id(case), kind="final_disposition_decided", at=at, details={})

    def _close(self, case: str, actor, at: datetime) -> None:
        stated = {"referrals_complete": True}
        case_close(actor=actor, case_id=self._id(case), at=at, answers=stated)


def _answers(step) -> dict[str, Any]:
    """The first word of every detail that a step asks."""
    return {
        each.name: [next(iter(each.words))] if each.many else next(iter(each.words))
        for each in step.asks("unrestricted")
    }


def tell(found: Sequence[Story], tick: Callable[[], None]) -> tuple[cast.Cast, dict[str, UUID]]:
    """These stories, step by step in the order of time. The staff, and the case of each story."""
    steps = sorted(_dated(found), key=lambda each: each[0])
    clock.move(steps[0][0] - DAY, hold=True)
    staff = json.loads((FILES / "staff.json").read_text(encoding="utf-8"))
    people = cast.build(staff, at=clock.now())
    narrator = Narrator(people)
    for at, story, (_, actor, action, given) in steps:
        advance(at, hold=True)
        with history.kept() if story.past else nullcontext():
            if hasattr(Teller, action):
                narrator.do(action, case=story.name, actor=actor, at=clock.now(), given=given)
            else:
                narrator.end(action, story.name, people.people[actor], clock.now())
        tick()
    advance(NOW, hold=True)
    return people, {story.name: narrator.cases[story.name].case.pk for story in found}


def _dated(found: Sequence[Story]) -> Iterator[tuple[datetime, Story, Step]]:
    for story in found:
        for step in story.steps:
            yield NOW - story.began + step[0], story, step
