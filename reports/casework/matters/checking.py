"""What is given with a step, checked against its data before anything is written."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from reports.casework.asking import decided_facts, require_allowed, ruling_on
from reports.casework.matters.kinds import EXCUSES
from reports.casework.matters.reading import Asked, Detail, Kind, Step
from reports.election.models import Case
from reports.ledger.models import Event
from reports.validation import EARLIEST, LONG, instant, text
from sapr import clock
from sapr.errors import DomainError


class When(NamedTuple):
    """When a step counts as taken, and why its own instant is not known ('' when it is)."""

    at: datetime
    excuse: str


def when(step: Step, at: datetime | None, excuse: str, since: datetime) -> When:
    """The step's instant. Without one, a dated step needs a reason; either way it cannot lie before `since`."""
    if at is None:
        if not step.dated or excuse not in EXCUSES:
            raise DomainError(
                "date_needed",
                "Give date and time of this step, or say why they are not known.",
                path="at" if not excuse else "excuse",
                rule="ET-17" if step.dated else "",
            )
        return When(clock.now(), excuse)
    if excuse:
        raise DomainError(
            "date_and_excuse", "Give the date, or the reason why it is not known, not both.", path="excuse"
        )
    at = instant(at, "at")
    if at < since:
        raise DomainError(
            "before_the_step_before", "This cannot lie before the step before it. Check the date.", path="at"
        )
    return When(at, "")


def cleaned(details: Mapping[str, Any], asked: list[Detail]) -> dict[str, Any]:
    """The answers in their stored form: words, lists of words in the data's order, instants as ISO text in UTC."""
    known = {each.name: each for each in asked}
    for name in details:
        if name not in known:
            raise DomainError(
                "unknown_value", f"{name}: this step asks no such thing.", path=f"details.{name}"
            )
    found = {each.name: _answer(each, details.get(each.name)) for each in asked}
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _answer(detail: Detail, value: Any) -> Any:
    path = f"details.{detail.name}"
    if value in (None, "", []):
        if detail.optional:
            return None
        raise DomainError("missing", f"{detail.name}: this answer is needed.", path=path)
    if detail.moment:
        return _moment(value, path)
    given = value if detail.many else [value]
    if not isinstance(given, list | tuple) or any(
        not isinstance(each, str) or each not in detail.words for each in given
    ):
        raise DomainError("unknown_value", f"{detail.name}: choose among the listed answers.", path=path)
    if not detail.many:
        return value
    if detail.all and set(given) != set(detail.words):
        raise DomainError("missing", f"{detail.name}: each of them is needed. Tick all.", path=path)
    return [word for word in detail.words if word in given]


def _moment(value: Any, path: str) -> str:
    """An instant that may lie ahead."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise DomainError("wrong_type", "Give date and time, with the zone.", path=path)
    if value < EARLIEST:
        raise DomainError("date_out_of_range", "This date cannot be right. Check it.", path=path)
    return value.astimezone(UTC).isoformat()


def sealed(kind: Kind, given: Mapping[str, str]) -> dict[str, str]:
    """The sealed texts of a new matter, checked."""
    for name in given:
        if name not in kind.sealed:
            raise DomainError("unknown_field", f"{name}: there is no such field.", path=name)
    found = {
        name: text(value, name, limit=LONG if name == "content" else 200) for name, value in given.items()
    }
    if kind.needs_sealed and not any(found.values()):
        raise DomainError("missing", "Write it down: it is sealed.", path=next(iter(kind.sealed)))
    return {name: value for name, value in found.items() if value}


def require_ruling(case: Case, step: Step, details: Mapping[str, Any], at: datetime, actor) -> None:
    """Refuse what the rules forbid in this case, in their words."""
    if step.ruling is not None and not step.ruling.tells:
        known = decided_facts(case, actor, clock.now()) if step.ruling.opens else {}
        require_allowed(case, step.ruling.topic, known | _facts(step.ruling, step, details), at)


def observed(case: Case, step: Step, at: datetime) -> list[tuple[str, str]]:
    """(rule, sentence) of what the rules ask and tell about a step before its details are known. Opens no seal."""
    if step.ruling is None:
        return []
    ruling = ruling_on(case, step.ruling.topic, step.ruling.facts, at)
    return [(each.rule, each.sentence) for each in ruling.says if each.effect in ("require", "tell")]


def _facts(asked: Asked, step: Step, details: Mapping[str, Any]) -> dict[str, Any]:
    yes_no = {each.name for each in step.details if each.yes_no}
    named = {
        name: details[name] == "yes" if name in yes_no else details[name]
        for name in asked.named
        if name in details
    }
    return dict(asked.facts) | named


def require_earlier(case: Case, step: Step, election: str) -> None:
    """Refuse a step for which something else must have happened in the case first."""
    after = step.after
    if after is None or election not in after.only:
        return
    if not Event.objects.filter(case_id=case.pk, kind=after.event).exists():
        raise DomainError("too_early", after.sentence, status=409, rule=after.rule)
