"""From the schemas of an OpenAPI 3.1 document to type annotations."""

import json
from keyword import iskeyword
from typing import Any

PLAIN = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "object": "dict[str, Any]",
}
PREFIX = "#/components/schemas/"


def annotation(schema: Any) -> str:
    """The annotation of a schema; `Any` where the description does not say."""
    if not isinstance(schema, dict) or not schema:
        return "Any"
    if "$ref" in schema:
        return schema["$ref"].removeprefix(PREFIX)
    for way in ("allOf", "oneOf", "anyOf"):
        if way in schema:
            found = [annotation(each) for each in schema[way]]
            return (
                found[0]
                if way == "allOf" and len(found) == 1
                else _union(found if way != "allOf" else ["Any"])
            )
    if "const" in schema:
        return f"Literal[{_literal(schema['const'])}]"
    if "enum" in schema:
        return _of_enum(schema["enum"])
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return _union([annotation({**schema, "type": kind}) for kind in kinds])
    if kinds == "array":
        return f"list[{annotation(schema.get('items'))}]"
    extra = schema.get("additionalProperties")
    if kinds == "object" and isinstance(extra, dict) and extra:
        return f"dict[str, {annotation(extra)}]"
    return PLAIN.get(kinds, "Any")


def _of_enum(values: list[Any]) -> str:
    literals = [_literal(each) for each in values if each is not None]
    found = [f"Literal[{', '.join(literals)}]"] if literals else []
    return _union(found + (["None"] if None in values else []))


def _literal(value: Any) -> str:
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _union(found: list[str]) -> str:
    different = list(dict.fromkeys(found))
    return "Any" if "Any" in different else " | ".join(different)


def typed_dict(name: str, schema: dict[str, Any]) -> list[str]:
    """The lines of a TypedDict for an object's schema; an alias for any other."""
    fields = schema.get("properties")
    if "enum" in schema:
        words = [f"    {_literal(each)}," for each in schema["enum"]]
        return [f"{name}: TypeAlias = Literal[", *words, "]", "", ""]
    if not fields:
        return [f'{name}: TypeAlias = "{annotation(schema)}"', "", ""]
    needed = set(schema.get("required", ()))
    told = {
        key: annotation(value) if key in needed else f"NotRequired[{annotation(value)}]"
        for key, value in fields.items()
    }
    if any(iskeyword(key) or not key.isidentifier() for key in told):
        inner = [f"    {json.dumps(key)}: {json.dumps(value)}," for key, value in told.items()]
        return [f'{name} = TypedDict("{name}", {{', *inner, "})", "", ""]
    lines = [f"class {name}(TypedDict):"]
    if schema.get("description"):
        lines += [f"    {docstring(schema['description'])}", ""]
    for key, value in told.items():
        if fields[key].get("description"):
            lines.append(f"    # {one_line(fields[key]['description'])}")
        lines.append(f"    {key}: {value}")
    return [*lines, "", ""]


def one_line(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


def docstring(text: str) -> str:
    """The text as a docstring of one line."""
    safe = one_line(text).replace("\\", "\\\\").replace('"""', "'''")
    return f'"""{safe}{" " if safe.endswith(chr(34)) else ""}"""'
