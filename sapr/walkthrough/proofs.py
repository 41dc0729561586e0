"""What must hold at the end of a story, whatever its steps say."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from notifications import selectors
from notifications.models import InboxItem, NoticeKind
from reports import access
from reports.ledger.selectors import case_events, first_bad_event
from reports.obligations.models import DutyState
from sapr import clock
from sapr.walkthrough.replay import CASE, Replay

DAY = timedelta(hours=24)
COMMANDER_DUTY = {"restricted": NoticeKind.RESTRICTED, "unrestricted": NoticeKind.DETAILS}
# Whose inboxes hold exactly one notice at the end; everybody else's is empty (need to know).
READERS = {"restricted": {"commander"}, "unrestricted": {"commander", "mcio", "unit"}}


def ledger_holds(replay: Replay) -> bool:
    """Whether every link of the case's chain holds."""
    told = replay.teller.cases.get(CASE)
    if told is None:
        return False
    with access.viewing(replay.people["sarc"]):
        events = list(case_events(viewer=replay.people["sarc"], case=told.case))
    return bool(events) and first_bad_event(events) is None


def faults(replay: Replay) -> Iterator[str]:
    """A sentence for everything that should hold and does not."""
    story = replay.script.story
    inboxes = {name: _inbox(replay, name) for name in replay.people}
    for name, items in inboxes.items():
        wanted = 1 if name in READERS[story] else 0
        if len(items) != wanted:
            yield f"The inbox of {name} holds {len(items)} notice(s) instead of {wanted}."
    yield from _in_time(replay, COMMANDER_DUTY[story])
    if story == "restricted":
        if any(notice.kind != NoticeKind.RESTRICTED for notice in replay.notices()):
            yield "A Restricted report has a notice of the Unrestricted kind."
        for item in inboxes["commander"]:
            yield from (
                f"The notice holds {what}."
                for what, value in _planted(replay)
                if value.lower() in item.body.lower()
            )
    if not ledger_holds(replay):
        yield "The ledger's chain does not hold."


def _inbox(replay: Replay, name: str) -> list[InboxItem]:
    viewer = replay.people[name]
    with access.viewing(viewer):
        return list(selectors.inbox(viewer=viewer, at=clock.now()))


def _in_time(replay: Replay, kind: str) -> Iterator[str]:
    duty = replay.duty(kind)
    signed = next((each.occurred_at for each in replay.events() if each.kind == "report_signed"), None)
    if duty is None or signed is None:
        yield "The senior commander's notice never became due."
    elif duty.state != DutyState.DISCHARGED or duty.closed_at - signed > DAY:
        yield "The senior commander was not told within 24 hours of the signature."


def _planted(replay: Replay) -> Iterator[tuple[str, Any]]:
    """Every string that could lead to the victim, with a word for it that does not repeat it."""
    for step in replay.script.steps:
        for name, value in step.given.get("identity", {}).items():
            yield f"the victim's {name}", value
            if name == "name":
                yield from ((f"part of the victim's {name}", part) for part in value.split())
        if "narrative" in step.given:
            yield "the account", step.given["narrative"]["text"]
    for told in replay.teller.cases.values():
        yield "the case number", told.case.number
        if told.kit:
            yield "the evidence number", told.kit
    yield "the unit's name", replay.cast.places["company"].name
