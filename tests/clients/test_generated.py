"""The Python client in docs/client: what the API describes, and how it waits, repeats and refuses."""

import json
import sys
import threading
import typing
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.conf import settings

from sapr.generated import client as generator

sys.path.insert(0, str(Path(settings.BASE_DIR) / "docs" / "client"))

import sapr_client
from sapr_client import answers

PROBLEM = {"code": "too_many_requests", "detail": "Wait.", "path": "x", "rule": "R1"}


def test_the_client_is_the_one_that_the_description_makes():
    document = generator.served()
    made = generator.files(document)
    assert made == generator.files(json.loads(json.dumps(document)))
    for name, text in made.items():
        kept = (generator.FOLDER / name).read_text()
        assert kept == text, f"docs/client differs: ./run --no-demo manage client_code --write ({name})"


def test_every_operation_is_a_method_whose_types_are_there():
    names = [each.told["operationId"] for each in generator._all(generator.served())]
    assert len(names) == len(set(names))
    for name in names:
        method = getattr(sapr_client.Client, name)
        typing.get_type_hints(method, vars(sys.modules[sapr_client.Client.__module__]))
        assert method.__doc__
    for name, found in vars(answers).items():
        if isinstance(found, type) and typing.is_typeddict(found):
            assert typing.get_type_hints(found), name


@contextmanager
def answering(*scripted: tuple[int, dict[str, str], object]):
    """A server that gives these answers in their order; what was asked: (method, path, headers, body)."""
    asked, left = [], list(scripted)

    class Scripted(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append((self.command, self.path, dict(self.headers), body))
            status, headers, values = left.pop(0)
            content = values if isinstance(values, bytes) else json.dumps(values).encode()
            self.send_response(status)
            for name, value in ({"Content-Type": "application/json"} | headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_PATCH = do_GET  # noqa: N815  named by the standard library

        def log_message(self, *args) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Scripted)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_what_says_when_to_come_again_is_asked_again_then_with_the_same_key():
    slept: list[float] = []
    busy, slow = (429, {"Retry-After": "7"}, PROBLEM), (503, {"Retry-After": "2"}, PROBLEM)
    with answering(busy, slow, (201, {"ETag": '"3"'}, {"id": "c"})) as (address, asked):
        client = sapr_client.Client(address + "/", "saprc_x", sleep=slept.append)
        made = client.contact_open({"source": "self"})
    assert (made, sapr_client.etag(made)) == ({"id": "c"}, '"3"')
    assert slept == [7.0, 2.0]
    assert len({headers["Idempotency-Key"] for _, _, headers, _ in asked}) == 1
    assert {headers["Authorization"] for _, _, headers, _ in asked} == {"Bearer saprc_x"}
    assert [json.loads(body) for *_, body in asked] == [{"source": "self"}] * 3


def test_a_refusal_is_an_exception_that_says_what_the_problem_document_says():
    kinds = {
        401: sapr_client.NotSignedIn,
        403: sapr_client.NotAllowed,
        404: sapr_client.NotFound,
        412: sapr_client.Conflict,
        422: sapr_client.Unacceptable,
        429: sapr_client.TooFast,
        500: sapr_client.Problem,
    }
    # Too long a wait, one that nobody told, and what waiting does not help are the caller's to see, at once.
    with answering(*((status, {"Retry-After": "999"} if status == 429 else {}, PROBLEM) for status in kinds)) as (
        address, asked,
    ):  # fmt: skip
        client = sapr_client.Client(address, "k", sleep=lambda seconds: pytest.fail("waited"))
        for status, kind in kinds.items():
            with pytest.raises(kind) as told:
                client.counts()
            assert (told.value.status, told.value.code, told.value.detail) == (
                status,
                "too_many_requests",
                "Wait.",
            )
            assert (told.value.path, told.value.rule) == ("x", "R1")
    assert len(asked) == len(kinds)
    with answering((502, {}, b"<html>")) as (address, _), pytest.raises(sapr_client.Problem) as told:
        sapr_client.Client(address, "k").counts()
    assert (told.value.status, told.value.code) == (502, "")


def test_a_list_is_asked_for_page_by_page_as_its_rows_are_taken():
    pages = [{"items": [{"id": "a"}, {"id": "b"}], "next": "n=1&"}, {"items": [{"id": "c"}], "next": None}]
    with answering(*((200, {}, page) for page in pages)) as (address, asked):
        rows = sapr_client.Client(address, "k").case_list(limit=2, fields=["id", "number"])
        assert (next(rows)["id"], len(asked)) == ("a", 1)
        assert [row["id"] for row in rows] == ["b", "c"]
    first, second = "/api/v1/cases?fields=id%2Cnumber&limit=2", "&cursor=n%3D1%26"
    assert [path for _, path, _, _ in asked] == [first, first + second]


def test_a_key_is_sent_to_no_other_address():
    with answering((302, {"Location": "http://127.0.0.1:9/elsewhere"}, {})) as (address, asked):
        with pytest.raises(sapr_client.Problem):
            sapr_client.Client(address, "k").counts()
        assert len(asked) == 1
    with pytest.raises(ValueError, match="https"):
        sapr_client.Client("file:///etc/passwd", "k")
    # What stands in an address is written so that it leads nowhere else.
    with answering((200, {}, {})) as (address, asked):
        sapr_client.Client(address, "k").case_get("../counts?x=1")
        assert asked[0][1] == "/api/v1/cases/..%2Fcounts%3Fx%3D1"


def test_what_breaks_on_the_way_is_asked_again():
    slept: list[float] = []
    client = sapr_client.Client("http://127.0.0.1:9", "k", sleep=slept.append)
    with pytest.raises(OSError, match="refused"):
        client.counts()
    assert slept == [1.0, 2.0]


def test_odd_descriptions_make_code_all_the_same():
    """Words that Python keeps, nullable lists, unions, free objects, files."""
    ok = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Odd"}}}}
    fields = {
        "from": {"type": ["string", "null"]},
        "a-b": {"oneOf": [{"type": "integer"}, {"type": "null"}]},
        "c": {"type": "object", "additionalProperties": {"type": "array", "items": {"enum": ["x", None]}}},
    }
    document = {
        "paths": {
            "/api/v1/odd/{class}": {
                "get": {
                    "operationId": "odd_get",
                    "summary": 'Say "odd"',
                    "parameters": [
                        {"in": "path", "name": "class", "required": True},
                        {"in": "query", "name": "from", "schema": {"type": "boolean"}},
                    ],
                    "responses": {"200": ok},
                },
                "post": {
                    "operationId": "odd_file",
                    "responses": {"201": {"content": {"application/pdf": {}}}},
                },
            }
        },
        "components": {"schemas": {"Odd": {"type": "object", "properties": fields}, "Alias": {"const": 3}}},
    }
    made = generator.files(document)
    for name, text in made.items():
        compile(text, name, "exec")
    scope: dict = {}
    exec(made["answers.py"], scope)  # noqa: S102  what the generator wrote just now
    assert set(scope["Odd"].__annotations__) == set(fields)
    assert "class_: str" in made["operations.py"]
    assert "from_: bool | None = None" in made["operations.py"]
    assert ") -> bytes:" in made["operations.py"]
