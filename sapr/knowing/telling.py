"""The account as plain data and as lines for an operator. Instants are in UTC."""

import json
from datetime import UTC, datetime
from typing import Any

from sapr.knowing.lines import Line
from sapr.knowing.proved import Proved
from sapr.knowing.selectors import known
from sapr.knowing.words import HOWS, SILENT

NOT_SAID = "what was said is not on record"


def as_data(found: Proved) -> dict[str, Any]:
    """Plain JSON values: lines, what verified, and the digest of the export they were read from."""
    head = found.head
    return {
        "case": str(found.case_id),
        "ok": not found.bad,
        "why": found.bad,
        "head": {"event": head.seq, "hash": head.hash, "at": _at(head.recorded_at)} if head else None,
        "events": found.events,
        "checkpoints": found.checkpoints,
        "unsealed": found.unsealed,
        "newest_key": found.newest_key,
        "digest": found.digest,
        "lines": [_line(each) for each in found.lines],
        "silent": {name: str(words) for name, words in SILENT.items()},
    }


def dumped(result: dict[str, Any]) -> str:
    """The JSON document as a file holds it."""
    return json.dumps(result, ensure_ascii=False, indent=1)


def in_words(found: Proved) -> list[str]:
    """One block for each person, post and outside body, in the order in which they came to know."""
    said = [f"Case {found.case_id}: who knew what, when, by which rule"]
    for reader in known(found.lines):
        who = reader.who
        said += ["", f"{who.name}{f' ({who.role_words})' if who.role else ''}"]
        for line in found.lines:
            if (line.who.sort, line.who.key) == (who.sort, who.key):
                said += _block(line)
    said += ["", "Left out, because they tell nobody anything:", *(f"  {each}" for each in SILENT.values())]
    return [*said, "", *check(found)]


def check(found: Proved) -> list[str]:
    """What was verified, its digest, and how a stranger finds the same without this system."""
    state = "NOT intact" if found.bad else "intact"
    said = [f"Verified in this run: {found.events} event(s), {found.checkpoints} checkpoint(s): {state}"]
    said += [f"  {each}" for each in found.bad]
    if found.head:
        said.append(
            f"Up to event {found.head.seq} of {_at(found.head.recorded_at)}, SHA-256 {found.head.hash}"
        )
    return [
        *said,
        f"Events after the newest checkpoint: {found.unsealed}. Key of that checkpoint: {found.newest_key or 'none'}",
        f"Digest of the export that was read: SHA-256 {found.digest}",
        "To check it without trusting this system, with a key and a checkpoint from elsewhere (docs/ledger.md):",
        f"  manage.py ledger export --case {found.case_id} --out FILE",
        "  python3 verifier.py FILE --key PUBLIC_KEY --checkpoint HELD",
        "Every act above stands in that file under its number and hash.",
    ]


def _block(line: Line) -> list[str]:
    what = "; ".join(line.fields) or ("nothing of the case" if line.nothing else NOT_SAID)
    holders = f" [held by {', '.join(line.who.holders)}]" if line.who.holders else ""
    said = f" [its words: {line.rung}]" if line.rung else ""
    why = f" ({line.purpose.lower()})" if line.purpose else ""
    return [
        f"  {_at(line.act.occurred_at)}  {HOWS[line.how]}{why}: {what}{said}{holders}",
        f"      event {line.act.seq} {line.act.kind} {line.act.hash}",
        *(f"      {rule.id}: {rule.sentence}" for rule in line.rules),
        *([] if line.rules else [f"      {line.ruleless}"]),
    ]


def _line(line: Line) -> dict[str, Any]:
    return {
        "who": line.who._asdict() | {"holders": list(line.who.holders)},
        "how": line.how,
        "purpose": line.purpose,
        "fields": list(line.fields),
        "on_record": bool(line.fields) or line.nothing,
        "rung": line.rung,
        "at": _at(line.act.occurred_at),
        "event": line.act.seq,
        "kind": line.act.kind,
        "hash": line.act.hash,
        "rules": [rule._asdict() for rule in line.rules],
    }


def _at(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
