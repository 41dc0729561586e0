"""Rows of an earlier system, invented, and the short way to import some."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reports.legacy.services import Summary, legacy_import
from tests.times import T0

CUTOVER = datetime(2026, 1, 1, tzinfo=UTC)
NAME, ACCOUNT, NUMBER = "Olive Notional-Sample", "Told of it in the green barn.", "0000004711"
MEMBER: dict[str, Any] = {
    "statuses": ["service_member"],
    "age": 24,
    "offender_relationship": "none",
    "told": [],
    "victim_reported_to_law_enforcement": False,
    "investigation": "none",
    "prior_election": "none",
}


def row(
    source_id: str = "A-1", election: str = "restricted", days: float = 3000, **more: Any
) -> dict[str, Any]:
    """One case signed so many days before the cut-over. `more`: fields of the row; `report` is added to."""
    signed = CUTOVER - timedelta(days=days)
    report = {"election": election, "signed_at": iso(signed)} | more.pop("report", {})
    return {
        "source_id": source_id,
        "installation": "Camp Sample",
        "opened_at": iso(signed - timedelta(hours=2)),
        "report": report,
        "facts": MEMBER,
        "identity": {"name": NAME, "dod_id": NUMBER, "unit": "1st Sample Company"},
        "narrative": {"text": ACCOUNT, "place": "on_installation"},
    } | more


def iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def past(kind: str, days: float, ended: str = "done") -> dict[str, Any]:
    """A duty that was due so many days before the cut-over."""
    found = {"kind": kind, "due_at": iso(CUTOVER - timedelta(days=days)), "ended": ended}
    return found | ({"done_at": iso(CUTOVER - timedelta(days=days + 0.1))} if ended == "done" else {})


def written(folder: Path, rows: list[dict[str, Any]], name: str = "old.jsonl") -> Path:
    """The rows as JSON Lines."""
    path = folder / name
    path.write_text("".join(f"{json.dumps(each)}\n" for each in rows), encoding="utf-8")
    return path


def imported(path: Path, **more: Any) -> Summary:
    """Import a file as of the cut-over, in this process."""
    return legacy_import(**{"path": path, "cutover": CUTOVER, "source": "elder", "processes": 1} | more)


__all__ = [
    "ACCOUNT",
    "CUTOVER",
    "MEMBER",
    "NAME",
    "NUMBER",
    "T0",
    "imported",
    "iso",
    "past",
    "row",
    "written",
]
