"""`./run fuzz`: what it throws, and that it sees what must not be."""

import json
import random
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from bench.fuzz.drawing import throws
from bench.fuzz.ground import Target
from bench.fuzz.knowing import Known
from bench.fuzz.throwing import thrown

ROOT = Path(__file__).parents[2]
ID = "0b5a3c9e-0000-4000-8000-000000000001"
SCHEMA = {
    "openapi": "3.1.0",
    "info": {"title": "An invented API", "version": "1"},
    "paths": {
        "/api/v1/things/{thing_id}": {
            "post": {
                "parameters": [
                    {"name": "thing_id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
                ],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["colour"],
                                "properties": {"colour": {"type": "string", "description": "Either crimson or teal."}},
                            }
                        }
                    },
                },
                "responses": {"200": {"description": "Done."}},
            }
        },
        "/api/v1/staff": {
            "get": {
                "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
                "responses": {"200": {"description": "Done."}},
            }
        },
    },
}  # fmt: skip


class Server(BaseHTTPRequestHandler):
    """Takes what it is told to take: fails for one colour, and knows one thing alone."""

    broken = ""

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fails = self.broken and self.broken.encode() in raw
        self._say(500 if fails else 200 if ID in self.path else 404)

    do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815 - the names of the standard library's handler

    def do_GET(self) -> None:
        self._say(200 if self.headers.get("Authorization") == "Bearer one" else 403)

    def _say(self, status: int) -> None:
        body = json.dumps({"id": ID}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: Any) -> None:
        """Nothing is printed."""


@pytest.fixture
def target() -> Iterator[Target]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    Thread(target=server.serve_forever, daemon=True).start()
    yield Target(server.server_port, {"a": "one", "b": "two"}, SCHEMA)
    server.shutdown()
    server.server_close()


def run(target: Target, number: int = 180):
    known = Known(random.Random(1), SCHEMA, target.keys.values())  # noqa: S311 - the dice of a run
    drawn = throws(SCHEMA, known, number // 2, lambda path: path.endswith("/staff"))
    return thrown(target, drawn, known, number, lambda: None)


def test_it_learns_ids_and_roles_from_the_answers_and_says_what_it_never_reached(target):
    found = run(target)
    assert found.sent >= 180
    assert (found.failures, found.slow) == ([], [])
    posts, staff = found.operations["POST /api/v1/things/{thing_id}"], found.operations["GET /api/v1/staff"]
    # The id stands in no schema: an answer told of it.
    assert posts["2xx"] > posts["4xx"] / 4
    # Who was refused is asked again now and then only.
    assert staff["2xx"] > staff["4xx"]
    assert found.unreached() == []


def test_a_reply_of_5xx_is_a_failure_with_the_request_that_brought_it(target, monkeypatch):
    monkeypatch.setattr(Server, "broken", "teal")
    found = run(target)
    assert found.failures
    assert all(each.startswith("500 ") and "teal" in each for each in found.failures)


def test_no_answer_at_all_is_a_failure():
    found = run(Target(1, {"a": "one"}, SCHEMA), 4)
    assert set(found.statuses) == {599}
    assert len(found.failures) == found.sent


def test_what_takes_rights_away_comes_after_everything_else():
    known = Known(random.Random(1), SCHEMA, ["one"])  # noqa: S311 - the dice of a run
    drawn = throws(SCHEMA, known, 60, lambda path: path.endswith("/staff"))
    first = [each.request.operation.path for each in islice(drawn, 60)]
    assert set(first) == {"/api/v1/things/{thing_id}"}


@pytest.mark.long
def test_five_hundred_requests_at_the_real_server_fail_nowhere():
    words = ["./run", "fuzz", "--requests", "500", "--json"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["requests"] >= 500
    assert told["failures"] == []
    assert {"200", "404", "422"} <= set(told["statuses"])
