"""A row per case, as CSV or as JSON Lines; the same cases at the same instant give the same bytes."""

import csv
import io
import json
from datetime import datetime
from typing import Any

from reports.dsaid.deriving import gathered, value_of
from reports.dsaid.elements import NOT_HELD, Element, elements, on
from reports.election.models import Case
from reports.exports.models import ExportForm

FORMAT = "sapr-dsaid/1"
NUMBER = "case_number"
# A table reads what begins so as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows_of(*, viewer, cases: list[Case], names: list[str], at: datetime) -> list[dict[str, Any]]:
    """Number and elements of each case that has a report, by number; what has no value is not in it."""
    chosen = [each for name, each in on().items() if name in names]
    found = []
    for known in gathered(
        viewer=viewer, cases=[each for each in cases if hasattr(each, "report")], chosen=chosen, at=at
    ):
        values = {each.name: value_of(each, known) for each in chosen}
        told = {name: value for name, value in values.items() if value is not None and value != []}
        found.append({NUMBER: known.case.number} | told)
    return sorted(found, key=lambda row: row[NUMBER])


def written(*, viewer, cases: list[Case], names: list[str], form: str, at: datetime) -> str:
    """The file of these cases, the viewer's own. `names`: columns of elements that are on."""
    rows = rows_of(viewer=viewer, cases=cases, names=names, at=at)
    if form == ExportForm.JSONL:
        return "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in [_head(names, at), *rows])
    return _csv(rows, names)


def _head(names: list[str], at: datetime) -> dict[str, Any]:
    """What the rows hold and what they cannot: nobody is to take a missing element for an empty one."""
    every = elements().values()
    return {
        "format": FORMAT,
        "as_of": at.isoformat(),
        "elements": {each.name: each.id for each in every if each.name in names and each.enabled},
        "not_for_restricted": [
            each.name for each in every if each.name in names and each.enabled and not each.restricted
        ],
        "off": [each.name for each in every if each.held and not each.enabled],
        "not_held": [each.name for each in every if not each.held],
    }


def _csv(rows: list[dict[str, Any]], names: list[str]) -> str:
    columns = [each for name, each in elements().items() if (name in names and each.enabled) or not each.held]
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow([NUMBER, *(each.name for each in columns)])
    for row in rows:
        table.writerow([_cell(row[NUMBER]), *(_of(each, row) for each in columns)])
    return text.getvalue()


def _of(element: Element, row: dict[str, Any]) -> str:
    return _cell(row.get(element.name)) if element.held else NOT_HELD


def _cell(value: Any) -> str:
    """What a table shows and computes nothing from."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ";".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
