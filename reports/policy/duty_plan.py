"""What a question about duties is answered with."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from .citing import plain
from .delays import check_zone


class Extension(NamedTuple):
    """A later instant that the rule allows when every fact of `needs` is true. `granted`: they all are."""

    due_at: datetime
    needs: tuple[str, ...]
    granted_by: str | None
    granted: bool


class Step(NamedTuple):
    """One rung of a ladder: whom to remind so many hours before the thing is due; 0 is the instant itself."""

    hours_before: int
    roles: tuple[str, ...]


class Duty(NamedTuple):
    """One thing that is due. `discharged_by` is the event that does it; `repeats` is a word or None.

    `immediate`: due at its trigger. No rule says how many minutes that may take, so none makes it late.
    `due_at` is already the later instant when the facts grant an extension. `missed_tells`: the roles told, in
    that order, when the instant passes. `each_time`: every event owes its own, also while the one before is open.
    """

    rule: str
    kind: str
    role: str
    due_at: datetime
    opened_by: str
    discharged_by: str
    sentence: str
    late_reason_needed: bool
    repeats: str | None
    immediate: bool
    see_also: tuple[str, ...]
    rule_set: str
    layer: str
    confidence: str
    each_time: bool
    extension: Extension | None
    escalation: tuple[Step, ...]
    missed_tells: tuple[str, ...]

    def to_dict(self, zone: str) -> dict[str, Any]:
        """Plain JSON values; local times by the clock of that zone."""
        extension = None
        if self.extension is not None:
            instants = _instants(self.extension.due_at, zone)
            extension = instants | plain(self.extension._replace(due_at=None))
            del extension["due_at"]
        return {
            "id": self.kind,
            "rule": self.rule,
            "see_also": list(self.see_also),
            "role": self.role,
            **_instants(self.due_at, zone),
            "discharged_by": self.discharged_by,
            "repeats": self.repeats,
            "immediate": self.immediate,
            "extension": extension,
            "escalation": plain(self.escalation),
            "missed_tells": list(self.missed_tells),
            "sentence": self.sentence,
            "rule_set": self.rule_set,
            "layer": self.layer,
            "confidence": self.confidence,
        }


class NotApplicable(NamedTuple):
    """A duty that the rule does not extend to this person, and why."""

    rule: str
    kind: str
    because: str
    rule_set: str
    layer: str


class DutyPlan(NamedTuple):
    """What an event opens, what it would open for others, and the kinds of duty that it ends."""

    opened: tuple[Duty, ...]
    not_applicable: tuple[NotApplicable, ...]
    discharged: tuple[str, ...]
    event: str
    at: datetime
    zone: str
    rule_set: str | None
    profile: str

    def to_dict(self, zone: str | None = None) -> dict[str, Any]:
        """Plain JSON values; local times by the clock of that zone, or of the one that was asked about."""
        place = zone or self.zone
        return {
            "event": self.event,
            "at": _utc(self.at),
            "zone": place,
            "rule_set": self.rule_set,
            "profile": self.profile,
            "opened": [duty.to_dict(place) for duty in self.opened],
            "not_applicable": plain(self.not_applicable),
            "discharged": list(self.discharged),
        }


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _instants(instant: datetime, zone: str) -> dict[str, str]:
    return {"due_utc": _utc(instant), "due_local": instant.astimezone(check_zone(zone)).isoformat()}
