"""The kept description as people read it: operations in groups, and one with its tables and its curl line."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from sapr.contract.frozen import frozen
from sapr.contract.promises import A_WORD, kinds_of, parts

BASE = "/api/v1/"
# So deep are answers shown; what lies deeper is in the schema.
DEEPEST = 4
# What stands in an example for a value that somebody has to fill in.
PLACEHOLDERS = {"integer": 1, "boolean": True, "number": 1, "array": [], "object": {}}
Schema = dict[str, Any]


class Line(NamedTuple):
    """One operation in the list."""

    name: str
    method: str
    path: str
    summary: str


class Row(NamedTuple):
    """One value that is taken or given; `words`: the only ones there are."""

    name: str
    where: str
    kind: str
    words: list[str]
    needed: bool
    meaning: str


class Operation(NamedTuple):
    """One operation, whole."""

    line: Line
    description: str
    takes: list[Row]
    gives: list[Row]
    answers: list[tuple[str, str]]
    curl: str


# Read once: it changes with the program only.
_document = cache(frozen)


@cache
def groups() -> list[tuple[str, list[Line]]]:
    """All operations by the first word of their address, in the order of the addresses."""
    found: dict[str, list[Line]] = {}
    for line, operation in _operations():
        found.setdefault(operation["tags"][0], []).append(line)
    return list(found.items())


@cache
def operation(name: str) -> Operation | None:
    """The operation of that name; None: there is none."""
    for line, told in _operations():
        if line.name == name:
            return _read(line, told)
    return None


def _operations() -> Iterator[tuple[Line, Schema]]:
    for path, methods in sorted(_document()["paths"].items()):
        for method, told in sorted(methods.items()):
            yield Line(told["operationId"], method.upper(), path.removeprefix(BASE), told["summary"]), told


def _read(line: Line, told: Schema) -> Operation:
    document = _document()
    takes = [
        _row(each["name"], each["in"], each["schema"], document, needed=each.get("required", False))._replace(
            meaning=each["description"]
        )
        for each in told.get("parameters", [])
    ]
    body = _json(told.get("requestBody", {}))
    takes += _rows(body, "body", document) if body else []
    status = next(status for status in told["responses"] if status.startswith("2"))
    answer = _json(told["responses"][status])
    return Operation(
        line,
        told["description"],
        takes,
        _rows(answer, status, document) if answer else [],
        [(code, each.get("description") or told["summary"]) for code, each in told["responses"].items()],
        _curl(line, takes, _example(body, document) if body else None),
    )


def _json(holder: Schema) -> Schema | None:
    return holder.get("content", {}).get("application/json", {}).get("schema")


def _rows(
    schema: Schema, where: str, document: Schema, prefix: str = "", seen: tuple[str, ...] = ()
) -> list[Row]:
    rows: list[Row] = []
    for part, path in parts(schema, document, seen):
        for name, value in part.get("properties", {}).items():
            own = f"{prefix}{name}"
            rows.append(_row(own, where, value, document, needed=name in part.get("required", [])))
            if own.count(".") < DEEPEST:
                rows += _rows(value, where, document, f"{own}.", path)
        if "items" in part:
            rows += _rows(part["items"], where, document, f"{prefix.removesuffix('.')}[].", path)
    return rows


def _row(name: str, where: str, schema: Schema, document: Schema, *, needed: bool) -> Row:
    kinds = sorted(set(kinds_of(schema, document)))
    items = [each for part, _ in parts(schema, document, ()) for each in [part.get("items")] if each]
    within = sorted({kind for each in items for kind in kinds_of(each, document)})
    words = [each.removeprefix(A_WORD) for each in (*kinds, *within) if each.startswith(A_WORD)]
    kind = " or ".join(each for each in kinds if not each.startswith(A_WORD)) or "string"
    return Row(name, where, kind, words, needed, schema.get("description", ""))


def _example(schema: Schema, document: Schema) -> Any:
    """The smallest body: what is needed, with something of its type to be filled in."""
    made: dict[str, Any] = {}
    for part, _ in parts(schema, document, ()):
        for name in part.get("required", []):
            row = _row(name, "body", part["properties"][name], document, needed=True)
            made[name] = row.words[0] if row.words and row.kind == "string" else _value(row.kind)
    return made


def _value(kind: str) -> Any:
    first = kind.split(" ", 1)[0]
    return PLACEHOLDERS.get(first, "2026-03-02T15:00:00Z" if "date-time" in kind else "…")


def _curl(line: Line, takes: list[Row], body: Any) -> str:
    """The call as one types it, with KEY and API set; ids of the address as variables."""
    address = line.path.replace("{", "${")
    needed = [each.name for each in takes if each.where == "query" and each.needed]
    address += f"?{'&'.join(f'{name}=…' for name in needed)}" if needed else ""
    parts_of_it = [f'curl -sS -H "Authorization: Bearer $KEY" "$API/{address}"']
    if line.method != "GET":
        parts_of_it.append(f'-X {line.method} -H "Idempotency-Key: $(uuidgen)"')
        parts_of_it.append("-H 'Content-Type: application/json'")
        parts_of_it.append(f"-d '{json.dumps(body or {}, ensure_ascii=False)}'")
    return " \\\n  ".join(parts_of_it)
