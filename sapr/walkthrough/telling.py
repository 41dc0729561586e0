"""A walkthrough's result as one document, and as lines that people read."""

from collections.abc import Iterator
from typing import Any

from sapr.walkthrough.proofs import faults, ledger_holds
from sapr.walkthrough.replay import Replay
from sapr.walkthrough.script import Script


def unanswered(script: Script) -> dict[str, Any]:
    """The result when parts of the example have no step: nothing was replayed."""
    return _document(script, steps=[], notices=[], problems=script.unanswered(), ledger_ok=False)


def document(replay: Replay) -> dict[str, Any]:
    """The result of a run."""
    problems = [
        f"Step {step['id']}: {step['refused'] or _why(step)}" for step in replay.told if not step["ok"]
    ] + list(faults(replay))
    return _document(
        replay.script,
        steps=replay.told,
        notices=list(_notices(replay)),
        problems=problems,
        ledger_ok=ledger_holds(replay),
    )


def _document(script: Script, *, problems: list[str], **parts: Any) -> dict[str, Any]:
    return {
        "story": script.story,
        "ok": not problems,
        **parts,
        "problems": problems,
        "example": script.example,
    }


def _why(step: dict[str, Any]) -> str:
    return f"{step['event']} is not in the ledger." if step["event"] else "something happened that must not."


def _notices(replay: Replay) -> Iterator[dict[str, Any]]:
    opened = {item.pk: text for item, _, text in replay.teller.read}
    for notice in replay.notices():
        yield {
            "kind": notice.kind,
            "addressee": notice.post.title,
            "state": notice.state,
            "rung": notice.rung if notice.wording else None,
            "slot_utc": notice.slot.isoformat() if notice.slot else None,
            "placed_at_utc": notice.placed_at.isoformat() if notice.placed_at else None,
            "text": notice.wording or opened.get(notice.pk),
        }


def lines(result: dict[str, Any]) -> Iterator[str]:
    """The result for people: each step with its time, actor, event, duties and exact words."""
    for step in result["steps"]:
        yield ""
        yield f"{_time(step)}  {step['actor']:<10}{step['example'] or '':<5}{'' if step['ok'] else 'FAILED'}"
        yield f"    {step['says']}"
        if step["refused"]:
            yield f"    refused     {step['refused']}"
        if step["absent"]:
            yield f"    not there   {', '.join(step['absent'])}"
        if step["ok"] and step["event"] not in {None, *(each["kind"] for each in step["events"])}:
            yield f"    event       {step['event']}  (by an earlier step)"
        for event in step["events"]:
            mark = "event" if event["kind"] == step["event"] else "also"
            later = "" if event["at_utc"] == step["at_utc"] else f"  at {_time(event)}"
            yield f"    {mark:<12}{event['kind']}{later}"
        for duty in step["duties"]:
            due = f", due {_time(duty['due'])}" if "due" in duty else ""
            yield f"    duty        {duty['change']}: {duty['kind']} ({duty['rule']}){due}"
        for text in step["texts"]:
            yield f"    {text['what']:<12}{text['kind']} → {text['addressee']}"
            yield from (f"    | {line}" for line in text["text"].splitlines())
    yield ""
    yield from (f"PROBLEM: {problem}" for problem in result["problems"])
    count = len(result["example"])
    yield f"{result['story']}: {'all' if result['ok'] else 'NOT all'} {count} sentences of the example are answered"


def _time(where: dict[str, str]) -> str:
    return f"{where['at_local'].replace('T', ' ')} ({where['at_utc'][11:16]} UTC)"
