"""Doing a walkthrough's steps under a held clock and reading in the ledger what each left."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from notifications import selectors as notices
from notifications.models import Notice, NoticeKind
from reports import access
from reports.ledger.models import Event
from reports.ledger.selectors import case_events, system_events
from reports.obligations.models import Duty
from sapr import clock
from sapr.problems import as_refusal
from sapr.story import cast
from sapr.story.actions import Teller
from sapr.story.passing import advance
from sapr.walkthrough.script import WORKER, Script, Step

CASE = "the case"
DUTY_EVENTS = {
    "duty_opened": "opened",
    "duty_discharged": "discharged",
    "duty_missed": "missed",
    "duty_not_applicable": "not applicable",
}


class Replay:
    """One run. The databases are fresh and Django is bound to them; `told` fills step by step."""

    def __init__(self, script: Script, staff: dict[str, Any]) -> None:
        self.script = script
        clock.move(script.start, hold=True)
        self.cast = cast.build(staff, at=clock.now())
        self.teller = Teller(self.cast)
        self.told: list[dict[str, Any]] = []
        self._seen: set[Any] = set()
        self._events_since()

    @property
    def people(self) -> dict[str, User]:
        return self.cast.people

    def run(self) -> None:
        """Every step, until one is refused: what follows it would rest on nothing."""
        for step in self.script.steps:
            self.told.append(self._do(step))
            if self.told[-1]["refused"]:
                break

    def _do(self, step: Step) -> dict[str, Any]:
        at, read_before = self.script.start + step.at, len(self.teller.read)
        advance(at, hold=True)
        refused = ""
        try:
            actor = None if step.actor == WORKER else step.actor
            self.teller.do(step.do, case=CASE, actor=actor, at=clock.now(), given=step.given)
        except Exception as error:
            refusal = as_refusal(error)
            if refusal is None:
                raise
            refused = refusal.message
        new = self._events_since()
        return {
            "id": step.id,
            "example": step.example,
            "says": step.says,
            **self._when(at),
            "actor": step.actor,
            "event": step.event or None,
            "absent": list(step.absent),
            "ok": not refused and self._passes(step, new),
            "refused": refused,
            "events": [{"kind": each.kind, **self._when(each.occurred_at)} for each in new],
            "duties": [duty for each in new if (duty := self._duty(each)) is not None],
            "texts": self._texts(new)
            + [
                self._text("read", item.kind, item.post, text)
                for item, _, text in self.teller.read[read_before:]
            ],
        }

    def _passes(self, step: Step, new: list[Event]) -> bool:
        kinds = {each.kind for each in self.events()}
        if step.absent:
            return kinds.isdisjoint(step.absent)
        # Reading or looking again leaves its event where an earlier step put it; any other step leaves a new one.
        looks_back = step.do == "read_inbox" or (step.do == "wait" and step.actor != WORKER)
        return step.event in (kinds if looks_back else {each.kind for each in new})

    def events(self) -> list[Event]:
        """The case's events as its SARC sees them, and the system's as a programme manager does."""
        found: list[Event] = []
        if CASE in self.teller.cases:
            with access.viewing(self.people["sarc"]):
                case = self.teller.cases[CASE].case
                found += case_events(viewer=self.people["sarc"], case=case)
        with access.viewing(self.people["manager"]):
            return found + list(system_events(viewer=self.people["manager"]))

    def notices(self) -> list[Notice]:
        """The case's notices, as its SARC sees them."""
        with access.viewing(self.people["sarc"]):
            return list(notices.notices(viewer=self.people["sarc"]))

    def _events_since(self) -> list[Event]:
        new = [each for each in self.events() if each.pk not in self._seen]
        self._seen.update(each.pk for each in new)
        return new

    def _duty(self, event: Event) -> dict[str, Any] | None:
        if event.kind not in DUTY_EVENTS:
            return None
        duty = {"change": DUTY_EVENTS[event.kind], "kind": event.data["kind"], "rule": event.data["rule"]}
        if "due_at" in event.data:
            duty["due"] = self._when(datetime.fromisoformat(event.data["due_at"]))
        return duty

    def duty(self, kind: str) -> Duty | None:
        """The case's first duty of that kind."""
        with access.viewing(self.people["sarc"]):
            return Duty.objects.filter(kind=kind).order_by("opened_at").first()

    def _texts(self, new: list[Event]) -> list[dict[str, str]]:
        """The exact words of a Restricted notice when it is composed, released and placed. Sealed ones: when read."""
        kinds = {each.kind for each in new} & {
            "notice_composed",
            "notice_released",
            "commander_notice_placed",
        }
        return [
            self._text(kind.rsplit("_", 1)[-1], notice.kind, notice.post, notice.wording)
            for notice in (self.notices() if kinds else [])
            if notice.kind == NoticeKind.RESTRICTED
            for kind in sorted(kinds)
        ]

    @staticmethod
    def _text(what: str, kind: str, post, text: str) -> dict[str, str]:
        return {"what": what, "kind": kind, "addressee": post.title, "text": text}

    def _when(self, at: datetime) -> dict[str, str]:
        zone = ZoneInfo(self.cast.places["base"].zone)
        return {
            "at_local": at.astimezone(zone).isoformat(timespec="minutes"),
            "at_utc": at.astimezone(ZoneInfo("UTC")).isoformat(timespec="minutes"),
        }
