"""From an OpenAPI 3.1 document to the Python client: deterministic, the same text for the same document."""

from collections.abc import Iterator
from keyword import iskeyword
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from drf_spectacular.generators import SchemaGenerator

from sapr.generated.types import PREFIX, annotation, docstring, typed_dict

FOLDER = Path(settings.BASE_DIR) / "docs" / "client" / "sapr_client"
HEAD = '"""Generated from the description of the API by `manage.py client_code --write`. Not edited by hand."""\n'
JSON = "application/json"
METHODS = ("get", "post", "put", "patch", "delete")


class Operation(NamedTuple):
    """One operation of the document."""

    method: str
    path: str
    told: dict[str, Any]

    def parameters(self, where: str) -> list[dict[str, Any]]:
        """Its parameters in the path, the query or the headers, those that are needed first, then by name."""
        found = [each for each in self.told.get("parameters", ()) if each["in"] == where]
        if where == "path":
            return sorted(found, key=lambda each: self.path.index("{" + each["name"] + "}"))
        return sorted(found, key=lambda each: (not each.get("required"), each["name"]))

    def takes(self) -> str:
        """The annotation of its body; '' for none."""
        content = self.told.get("requestBody", {}).get("content", {})
        return annotation(content[JSON]["schema"]) if JSON in content else ""

    def gives(self) -> tuple[str, Any]:
        """The annotation of its answer, and the schema behind it."""
        for status in sorted(self.told["responses"]):
            if status.startswith("2"):
                content = self.told["responses"][status].get("content", {})
                if JSON in content:
                    schema = content[JSON].get("schema")
                    return annotation(schema), schema
                return ("bytes" if content else "None"), None
        return "None", None


def files(document: dict[str, Any]) -> dict[str, str]:
    """The generated modules of the client by file name."""
    return {"answers.py": _answers(document), "operations.py": _operations(document)}


def served() -> dict[str, Any]:
    """The description of the API as this code serves it."""
    return SchemaGenerator().get_schema(request=None, public=True)


def _answers(document: dict[str, Any]) -> str:
    lines = [HEAD, "from __future__ import annotations", ""]
    lines += ["from typing import Any, Literal, NotRequired, TypeAlias, TypedDict", "", ""]
    for name, schema in sorted(document["components"]["schemas"].items()):
        lines += typed_dict(name, schema)
    return "\n".join(lines).rstrip() + "\n"


def _operations(document: dict[str, Any]) -> str:
    lines = [HEAD, "from __future__ import annotations", ""]
    lines += [
        "from collections.abc import Iterator, Sequence",
        "from typing import Any, Literal",
        "from urllib.parse import quote",
        "",
    ]
    lines += [
        "from sapr_client.answers import *",
        "from sapr_client.transport import Transport",
        "",
        "",
    ]
    lines += ["class Client(Transport):", f"    {docstring('Every operation of the API, by its name.')}", ""]
    for operation in sorted(_all(document), key=lambda each: each.told["operationId"]):
        lines += _method(operation, document)
    return "\n".join(lines).rstrip() + "\n"


def _all(document: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods and path.startswith("/api/v1/"):
                yield Operation(method.upper(), path, methods[method])


def _method(operation: Operation, document: dict[str, Any]) -> list[str]:
    answer, schema = operation.gives()
    rows = _rows(schema, document)
    names = {each["name"] for each in operation.parameters("query")}
    if not (rows and "cursor" in names):
        return _one(operation, operation.told["operationId"], answer)
    return [
        *_one(operation, f"{operation.told['operationId']}_page", answer),
        *_one(operation, operation.told["operationId"], f"Iterator[{rows}]", paged=True),
    ]


def _rows(schema: Any, document: dict[str, Any]) -> str:
    """The annotation of a page's rows; '' where the answer is no page."""
    name = schema.get("$ref", "").removeprefix(PREFIX) if isinstance(schema, dict) else ""
    fields = document["components"]["schemas"].get(name, {}).get("properties", {})
    return annotation(fields["items"].get("items")) if set(fields) == {"items", "next"} else ""


def _one(operation: Operation, name: str, answer: str, *, paged: bool = False) -> list[str]:
    path, writes = operation.path, operation.method != "GET"
    arguments, passed = ["self"], []
    for each in operation.parameters("path"):
        arguments.append(f"{_name(each)}: str")
        path = path.replace("{" + each["name"] + "}", "{quote(str(" + _name(each) + "), safe='')}")
    if operation.takes():
        needed = operation.told["requestBody"].get("required", False)
        arguments.append(f"body: {operation.takes()}" + ("" if needed else " | None = None"))
        passed.append("body=body")
    query = [each for each in operation.parameters("query") if not (paged and each["name"] == "cursor")]
    keywords = [_keyword(each) for each in query]
    if writes:
        keywords.append("idempotency_key: str | None = None")
        passed.append("idempotency_key=idempotency_key")
        if any(each["name"] == "If-Match" for each in operation.parameters("header")):
            keywords.append("if_match: str | None = None")
            passed.append("if_match=if_match")
    written = "{" + ", ".join(f'"{each["name"]}": {_name(each)}' for each in query) + "}"
    spelled = f'f"{path}"' if operation.parameters("path") else f'"{path}"'
    call = f"self._pages({spelled}, {written})" if paged else ""
    if not paged:
        shown = [f'"{operation.method}"', spelled, *([f"query={written}"] if query else []), *passed]
        call = f"self._ask({', '.join(shown)})"
    told = operation.told.get("summary") or operation.told.get("description") or name
    return [
        f"    def {name}(",
        *(f"        {each}," for each in [*arguments, *(["*", *keywords] if keywords else [])]),
        f"    ) -> {answer}:",
        f"        {docstring(f'{told}: {operation.method} {operation.path}' + (', row after row' if paged else ''))}",
        f"        return {call}",
        "",
    ]


def _name(parameter: dict[str, Any]) -> str:
    name = parameter["name"].replace("-", "_")
    return f"{name}_" if iskeyword(name) else name


def _keyword(parameter: dict[str, Any]) -> str:
    told = annotation(parameter.get("schema"))
    if told.startswith("list["):
        told = f"Sequence[{told[5:-1]}]"
    return (
        f"{_name(parameter)}: {told}"
        if parameter.get("required")
        else f"{_name(parameter)}: {told} | None = None"
    )
