"""How an operation is described (OpenAPI 3.1): what holds for all of them is added here, once."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from sapr.contract import again, sparse
from sapr.contract.words import (
    CHANGES_NOTHING,
    ETAG,
    FIELDS,
    IF_MATCH,
    IF_NONE_MATCH,
    KEY,
    REPLAYED,
    RETRY_AFTER,
    TELLS,
)
from sapr.problems import PROBLEM

Described = dict[str, Any]
TEXT = {"type": "string"}


class Contract(AutoSchema):
    """The description of an operation of `sapr.apis.BaseApi`."""

    def get_tags(self) -> list[str]:
        """The first word of the address below /api/v1/."""
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_operation(self, *args: Any) -> Described | None:
        operation = super().get_operation(*args)
        if operation is None:
            return None
        view, asks = self.view, self.method == "GET"
        parameters = operation.setdefault("parameters", [])
        for each in parameters:
            if each["in"] == "path":
                thing = each["name"].removesuffix("_id").replace("_", " ")
                each.setdefault("description", f"The {thing}, by the id that answers give.")
        tells, versioned = {422, 429, 503}, self._has_version()
        if asks:
            names = sparse.names_of(getattr(view, "OutputSerializer", None))
            if names:
                parameters.append(_fields(names))
            if not view.paged():
                parameters.append(_header("If-None-Match", IF_NONE_MATCH))
                operation["responses"]["304"] = {"description": TELLS[304], "headers": _told(ETag=ETAG)}
        else:
            parameters.append(_key(CHANGES_NOTHING if view.only_reads else KEY))
            tells |= set() if view.only_reads else {409}
            if versioned:
                parameters.append(_header("If-Match", IF_MATCH))
                tells.add(412)
        parameters.sort(key=lambda each: (each["in"], each["name"]))
        for status in tells - {int(each) for each in operation["responses"]}:
            operation["responses"][str(status)] = _problem(TELLS[status])
        for status, answer in operation["responses"].items():
            self._add_headers(status, answer, asks=asks)
        operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    def _has_version(self) -> bool:
        own = type(self.view).__dict__.get("case_of")
        return own is not None or "{case_id}" in self.path

    def _add_headers(self, status: str, answer: Described, *, asks: bool) -> None:
        headers = answer.setdefault("headers", {})
        if status.startswith("2") and asks and not self.view.paged():
            headers |= _told(ETag=ETAG)
        if status.startswith("2") and not asks and not self.view.only_reads:
            headers |= _told(**{again.REPLAYED: REPLAYED})
        if status in ("429", "503"):
            headers |= {"Retry-After": {"description": RETRY_AFTER, "schema": {"type": "integer"}}}
        if not headers:
            del answer["headers"]


def _header(name: str, description: str) -> Described:
    return {"in": "header", "name": name, "schema": TEXT, "description": description}


def _key(description: str) -> Described:
    words = {"type": "string", "minLength": again.SHORTEST, "maxLength": again.LONGEST, "pattern": "^[!-~]+$"}
    example = "6f7cbe0a-6b0c-4c58-9d0e-0d9d7ad1a4c1"
    return _header(again.HEADER, description) | {"schema": words, "example": example}


def _fields(names: list[str]) -> Described:
    words = {"type": "array", "items": {"type": "string", "enum": names}, "uniqueItems": True}
    how = {"style": "form", "explode": False}
    return {"in": "query", "name": sparse.NAME, "schema": words, "description": FIELDS} | how


def _told(**headers: str) -> Described:
    return {name: {"description": said, "schema": TEXT} for name, said in headers.items()}


def _problem(description: str) -> Described:
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"content": content, "description": description}
