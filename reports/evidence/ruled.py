"""What the rules say of one kit: its next step, its destruction, its property. The rows decide, not this code."""

from datetime import datetime
from typing import Any

from reports import policy
from reports.evidence.models import Kit, KitState
from reports.ruled import asked
from sapr.errors import DomainError

# Our states in the words of the rules; expiring and held are no states here but what time and holds make of one.
WORDS = {
    KitState.NUMBERED: "COLLECTED",
    KitState.SEALED: "SEALED",
    KitState.STORED: "STORED",
    KitState.MCIO: "CUSTODY_MCIO",
    KitState.DESTROYED: "DESTROYED",
}


def ruling(kit: Kit, topic: str, at: datetime, **facts: Any) -> policy.Ruling:
    """The ruling on a topic for this kit's report, by rules and settings in force at the instant."""
    report = kit.case.report
    known = {"election": report.election, "report_converted": report.converted_at is not None}
    return asked(kit.case, topic, known | facts, at)


def require(found: policy.Ruling, code: str, sentence: str, rule: str) -> None:
    """Refuse what the rules do not allow, by the row that forbids it; `rule`: the row whose leave is missing."""
    if found.allowed is False:
        forbids = next((each for each in found.says if each.effect == "refuse"), None)
        said = f"{forbids.sentence} {sentence}" if forbids else sentence
        raise DomainError(code, said, status=409, rule=forbids.rule if forbids else rule)


def require_step(kit: Kit, following: KitState, at: datetime, *, code: str, sentence: str, rule: str) -> None:
    """Refuse a step of a kit that no row of its custody allows."""
    word = WORDS[following]
    if following == KitState.MCIO and kit.state == KitState.STORED:
        word = "CONVERTED_TO_MCIO"
    state = WORDS[KitState(kit.state)]
    found = ruling(kit, "kit_custody", at, kit_state=state, kit_next=word, custody_event_recorded=True)
    require(found, code, sentence, rule)
