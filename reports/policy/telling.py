"""Answers as lines of plain text, for people who ask from a shell."""

from collections.abc import Callable, Iterable
from typing import Any

from .compare import Difference
from .decision import Citation, Decision
from .duty_plan import DutyPlan
from .in_words import readable
from .retention import Retention
from .rulings import Ruling
from .visibility import Visibility

MARGIN = "  "


def _listed(title: str, lines: Iterable[str]) -> list[str]:
    held = [f"{MARGIN}{line}" for line in lines]
    return [title, *held] if held else []


def _open(allowed: bool) -> str:
    return "open" if allowed else "closed"


def _citations(citations: Iterable[Citation]) -> list[str]:
    return _listed(
        "Rules",
        (
            f"{each.rule} ({each.rule_set}, {each.confidence}): {each.authority} [{', '.join(each.source)}]"
            for each in citations
        ),
    )


def _decision(answer: Decision) -> list[str]:
    lines = [
        f"On {answer.on}, profile {answer.profile}, newest rule set {answer.rule_set}",
        f"Way: {answer.route}. Form: {answer.form or 'none'}.",
    ]
    for name, option in answer.options.items():
        lines += [
            "",
            f"{name.capitalize()}: {_open(option.allowed)} ({', '.join(option.rules) or 'no rule'})",
        ]
        lines.append(f"{MARGIN}{option.because}")
    missing = (f"{each.fact}: {each.why}" for each in answer.missing)
    changes = (
        f"{each.fact} = {_value(each.value)}: restricted {_open(each.restricted)}, "
        f"unrestricted {_open(each.unrestricted)}, way {each.route}"
        for each in answer.would_change
    )
    for part in (
        _listed("Not stated, and it matters", missing),
        _listed("What would change the answer", changes),
        _citations(answer.citations),
    ):
        lines += ["", *part] if part else []
    return lines


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list | tuple) else str(value)


def _plan(answer: DutyPlan) -> list[str]:
    opened = (
        f"{each['due_utc']}  ({each['due_local']})  {readable(each['role'])}: {each['sentence']} "
        f"[{each['rule']}; done by {each['discharged_by']}]"
        for each in (
            duty.to_dict(answer.zone) for duty in sorted(answer.opened, key=lambda duty: duty.due_at)
        )
    )
    spared = (f"{each.kind}: {each.because} [{each.rule}]" for each in answer.not_applicable)
    lines = [
        *_listed("Due", opened),
        *_listed("Does not apply", spared),
        *_listed("Ends", map(readable, answer.discharged)),
    ]
    return lines or ["Nothing becomes due, and nothing ends."]


def _ruling(answer: Ruling) -> list[str]:
    verdict = {None: "the rules neither permit nor forbid", True: "allowed", False: "not allowed"}
    lines = [
        f"{readable(answer.topic)} on {answer.on}, profile {answer.profile}: {verdict[answer.allowed]}",
        *(
            f"{MARGIN}{each.effect}: {each.sentence} [{each.rule}{f'; {readable(each.who)}' if each.who else ''}]"
            for each in answer.says
        ),
        *_listed("Not stated, and it matters", answer.missing),
    ]
    return lines + _citations(answer.citations)


def _retention(answer: Retention) -> list[str]:
    until = f"keep until {answer.keep_until}" if answer.keep_until else "no date until which to keep"
    lines = [
        f"{readable(answer.item)}: {until}; may be destroyed: {_value(answer.may_destroy)}",
        *_listed("Because", [answer.because]),
        *_listed("Not stated, and it matters", answer.missing),
    ]
    return lines + _citations(answer.citations)


def _visibility(answer: Visibility) -> list[str]:
    lines = [
        f"{readable(answer.role)}: {readable(answer.level)}",
        *_listed("May see", map(readable, answer.fields)),
        *_listed("Because", [answer.because]),
        *_listed("Not stated, and it matters", answer.missing),
    ]
    return lines + _citations(answer.citations)


# by the name of the action that was asked
PAGES: dict[str, Callable[[Any], list[str]]] = {
    "decide": _decision,
    "duties": _plan,
    "ruling": _ruling,
    "retention": _retention,
    "see": _visibility,
}


def difference_lines(found: Iterable[Difference]) -> list[str]:
    """Each difference with the sentence before and after."""
    lines = []
    for each in found:
        lines.append(f"{each.id} ({each.family}, {each.layer}): {each.change}")
        for word, rule in (("was", each.before), ("is", each.after)):
            if rule is not None:
                off = "" if rule.enabled else ", switched off"
                lines.append(f"{MARGIN}{word}: {rule.sentence} [{rule.rule_set}{off}; {rule.authority}]")
    return lines or ["No differences."]


def overview_lines(found: dict[str, Any]) -> list[str]:
    """What `overview` counted."""
    lines = [f"{found['rules']} rows, all in order"]
    for name in ("families", "layers", "confidence"):
        lines += _listed(f"By {name}", (f"{word}: {count}" for word, count in found[name].items()))
    return lines + _listed(
        "Switched off",
        (f"{each['id']} ({each['layer']}, {each['rule_set']}): {each['why']}" for each in found["off"]),
    )
