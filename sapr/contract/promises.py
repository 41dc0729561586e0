"""What a description promises, statement by statement, so that two can be compared.

A promise that is no longer made, or a new demand on what is sent, breaks a program that was written before. Anything
else is an addition: a further operation, field or word, a demand that fell. (A milder demand counts as a new one.)
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

Schema = dict[str, Any]
A_WORD = "the word "
WRITES_JSON = "application/json"


class Changes(NamedTuple):
    """What became of a description: statements, in the words of `promises`."""

    breaking: list[str]
    additive: list[str]


def compared(before: Schema, after: Schema) -> Changes:
    """How `after` differs from `before`, both OpenAPI documents."""
    old, new = set(promises(before)), set(promises(after))
    known = {part for line in old for part in _names(line)}
    breaking = [f"gone: {line}" for line in old - new if " needs " not in line]
    additive = [f"needed no more: {line}" for line in old - new if " needs " in line]
    for line in new - old:
        # A demand of an operation, or of a part of it, that was there before; what is new may demand what it likes.
        demands = " needs " in line and line.split(" needs ")[0] in known
        (breaking if demands else additive).append(f"new: {line}")
    return Changes(sorted(breaking), sorted(additive))


def _names(line: str) -> tuple[str, ...]:
    """What a statement is about: an operation or a part of it, and what that part takes."""
    name, takes, prop = line.partition(" takes ")
    return (name.split(" needs ")[0], f"{name}.{prop}") if takes else (name.split(" needs ")[0],)


def promises(document: Schema) -> Iterator[str]:
    """Every statement that a program may rely on, as a line of text."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            name = f"{method.upper()} {path}"
            yield name
            yield f"{name} is called {operation['operationId']}"
            yield from _input(name, operation, document)
            for status, answer in operation["responses"].items():
                yield f"{name} answers {status}"
                for header in answer.get("headers", {}):
                    yield f"{name} {status} has the header {header}"
                for content in answer.get("content", {}).values():
                    yield from _output(f"{name} {status}", content["schema"], document)


def _input(name: str, operation: Schema, document: Schema) -> Iterator[str]:
    for each in operation.get("parameters", []):
        yield from _taken(f"{name} {each['in']}", each["name"], each["schema"], document)
        if each.get("required"):
            yield f"{name} needs {each['in']} {each['name']}"
    body = operation.get("requestBody")
    if body:
        yield f"{name} takes a body"
        if body.get("required"):
            yield f"{name} needs a body"
        yield from _body(f"{name} body", body["content"][WRITES_JSON]["schema"], document)


def _body(name: str, schema: Schema, document: Schema, seen: tuple[str, ...] = ()) -> Iterator[str]:
    for part, path in parts(schema, document, seen):
        for prop, of in part.get("properties", {}).items():
            yield from _taken(name, prop, of, document)
            yield from _body(f"{name}.{prop}", of, document, path)
        for prop in part.get("required", []):
            yield f"{name} needs {prop}"
        if "items" in part:
            yield from _body(f"{name}[]", part["items"], document, path)


def _taken(name: str, prop: str, schema: Schema, document: Schema) -> Iterator[str]:
    yield f"{name} takes {prop}"
    for kind in kinds_of(schema, document):
        yield f"{name} takes {prop}: {kind}"
    for limit in ("maxLength", "minLength", "maximum", "minimum", "pattern", "maxItems", "minItems"):
        if limit in schema:
            yield f"{name}.{prop} needs {limit} {schema[limit]}"


def _output(name: str, schema: Schema, document: Schema, seen: tuple[str, ...] = ()) -> Iterator[str]:
    for part, path in parts(schema, document, seen):
        required = part.get("required", [])
        for prop, of in part.get("properties", {}).items():
            yield f"{name} gives {prop}"
            if prop in required:
                yield f"{name} always gives {prop}"
            kinds = set(kinds_of(of, document))
            words = {each for each in kinds if each.startswith(A_WORD)}
            yield from (f"{name} gives {prop}: {word}" for word in words)
            # What else it may be, as one: a reader is not ready for a further type.
            yield f"{name} gives {prop} as {' or '.join(sorted(kinds - words)) or 'a listed word'}"
            yield from _output(f"{name}.{prop}", of, document, path)
        if "items" in part:
            yield from _output(f"{name}[]", part["items"], document, path)
        if isinstance(part.get("additionalProperties"), dict):
            yield from _output(f"{name}.*", part["additionalProperties"], document, path)


def parts(
    schema: Schema, document: Schema, seen: tuple[str, ...]
) -> Iterator[tuple[Schema, tuple[str, ...]]]:
    """The schema with its references followed, each at most once on the way down."""
    for choice in [each for word in ("oneOf", "anyOf", "allOf") for each in schema.get(word, [])]:
        yield from parts(choice, document, seen)
    target = schema.get("$ref")
    if target is None:
        yield schema, seen
    elif target not in seen:
        yield from parts(_of(target, document), document, (*seen, target))


def kinds_of(schema: Schema, document: Schema) -> Iterator[str]:
    """The types, or the listed words, that a value may have."""
    for part, _ in parts(schema, document, ()):
        if "enum" in part:
            yield from (f"{A_WORD}{word}" if word is not None else "null" for word in part["enum"])
            continue
        types = part.get("type", "anything")
        form = f" ({part['format']})" if "format" in part else ""
        for each in types if isinstance(types, list) else [types]:
            yield f"{each}{form if each != 'null' else ''}"


def _of(target: str, document: Schema) -> Schema:
    found: Any = document
    for step in target.removeprefix("#/").split("/"):
        found = found[step]
    return found
