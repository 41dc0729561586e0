"""The JSON Schema of one line: `schema.json`, made from the tables and held equal to them by a test.

`manage.py open_export --schema` prints it as it has to be.
"""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import models

from sapr.openformat.tables import COMMITMENTS, EVENTS, TOMBSTONES, Table, tables

FILE = Path(__file__).parent / "schema.json"
ID = {"type": "string", "format": "uuid"}
INSTANT = {"type": "string", "format": "date-time"}
HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
COUNT = {"type": "integer", "minimum": 0}
BY_TYPE: dict[str, dict[str, Any]] = {
    "UUIDField": ID,
    "DateTimeField": INSTANT,
    "DateField": {"type": "string", "format": "date"},
    "BooleanField": {"type": "boolean"},
    "DecimalField": {"type": "number"},
    "BinaryField": {"type": "string", "pattern": "^\\\\x([0-9a-f]{2})*$"},
    "JSONField": {},
}
WHOLE = ("IntegerField", "BigIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField")


def _of(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        **more,
    }


def _column(field: models.Field) -> dict[str, Any]:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    kind = target.get_internal_type()
    found = {"type": "integer"} if kind in WHOLE else BY_TYPE.get(kind, {"type": "string"})
    if field.choices and found.get("type") == "string":
        # A value that may be empty has no row of its own among the choices.
        words = [value for value, _ in field.flatchoices]
        found = {"enum": sorted({*words, *([""] if field.blank else [])})}
    if field.null and found:
        return {"anyOf": [found, {"type": "null"}]}
    return found


def _row(table: Table) -> dict[str, Any]:
    fields = {each.column: each for each in table.model._meta.concrete_fields}
    line = {
        "line": {"const": "row"},
        "table": {"const": table.name},
        "row": _of({name: _column(fields[name]) for name in table.plain}),
    }
    if table.sealed:
        opened = {
            name: {"type": ["string", "null", "boolean"], "not": {"const": True}} for name in table.sealed
        }
        line["sealed"] = _of(opened)
    return _of(line)


def _event() -> dict[str, Any]:
    said = {
        "id": ID, "case": ID, "seq": {"type": "integer", "minimum": 1}, "kind": {"type": "string"},
        "actor": {"anyOf": [ID, {"type": "null"}]}, "data": {"type": "object"}, "prev": HASH,
        "occurred_at": INSTANT, "recorded_at": INSTANT,
    }  # fmt: skip
    return _of({"line": {"const": "event"}, "hash": HASH, "event": _of(said)})


def _special(name: str, row: dict[str, Any]) -> dict[str, Any]:
    return _of({"line": {"const": "row"}, "table": {"const": name}, "row": _of(row)})


def written() -> str:
    """The file as it has to be."""
    one = _of({"table": {"type": "string"}, "lines": COUNT, "sha256": HASH})
    first = {
        "line": {"const": "manifest"}, "format": {"const": "sapr-open/1"}, "schema": HASH,
        "kind": {"enum": ["real", "demo", "rehearsal"]}, "cut": INSTANT, "tables": {"type": "array", "items": one},
    }  # fmt: skip
    key = _of({"upto": COUNT, "key": HASH})
    shapes = {
        "manifest": _of(first),
        TOMBSTONES: _special(TOMBSTONES, {"case": ID, "destroyed_at": INSTANT}),
        COMMITMENTS: _special(COMMITMENTS, {"case": ID, "keys": {"type": "array", "items": key}}),
        EVENTS: _event(),
    }
    shapes |= {name: _row(table) for name, table in tables().items() if name not in shapes}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One line of an open export",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in shapes],
    }
    # A shape a line, to be read and compared.
    each = ",\n".join(f"  {json.dumps(name)}: {json.dumps(shape)}" for name, shape in shapes.items())
    return json.dumps(head)[:-1] + f', "$defs": {{\n{each}\n}}}}\n'


@cache
def schema_digest() -> str:
    """SHA-256 of the file, as a manifest names it."""
    return sha256(FILE.read_bytes()).hexdigest()
