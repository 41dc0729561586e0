"""Against a real web server: the Python client drives a whole case, and the examples of docs/api.md run."""

import io
import json
import os
import re
import shlex
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.services import api_key_create
from tests.clients.systems import made
from tests.site import web_server
from tests.times import T0

BASE = Path(settings.BASE_DIR)
EXAMPLES = re.findall(r"```sh\n(.*?)```", (BASE / "docs" / "api.md").read_text(), re.DOTALL)
STORY = [
    "restricted is open: True",
    "signed: restricted",
    "due: ",
    "notice: released",
    "changed meanwhile: stale",
    "done once: True",
    "listed: True",
    "refused: not_found",
    "refused: unknown_value",
    "refused: not_in_scope",
]


def test_the_client_and_the_examples_work_against_a_real_server(stage, tmp_path):
    stage.world.strength(900)
    with web_server(stage, tmp_path) as port:
        _story(stage.world, port)
        _examples(stage.world, port, tmp_path)
        _refused_after_its_body(port)


def _refused_after_its_body(port: int) -> None:
    """Who is refused by the key alone is answered once the body is there: a connection closed before that is reset."""
    body = b"{}" + b" " * 200_000
    head = (
        "POST /api/v1/contacts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer nobodys\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sender:
        sender.sendall(head.encode())
        sender.settimeout(0.5)
        with pytest.raises(TimeoutError):
            sender.recv(1)
        sender.settimeout(30)
        sender.sendall(body)
        answer = b"".join(iter(lambda: sender.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"not_signed_in" in answer


def _story(world, port: int) -> None:
    """With a key of an outside system, and Python's standard library alone (-S: nothing that was installed)."""
    rooms = ("contacts", "cases", "form-editions", "notices")
    _, key = made(world, world.sarc, *rooms, name="Story")
    done = subprocess.run(
        [
            sys.executable,
            "-S",
            "-E",
            BASE / "docs/client/story.py",
            f"http://127.0.0.1:{port}",
            T0.isoformat(),
        ],
        env={"SAPR_KEY": key, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == len(STORY), done.stdout
    assert all(line.startswith(expected) for line, expected in zip(lines, STORY, strict=True)), done.stdout
    assert "commander_notice_restricted" in lines[2]


def _examples(world, port: int, folder: Path) -> None:
    """The page's own lines in one shell, as somebody would paste them; only clock and address are the test's."""
    assert len(EXAMPLES) == 2
    text = "\n".join(EXAMPLES)
    key = api_key_create(user=world.sarc, valid=timedelta(days=1), actor=None, at=T0)
    narrow = re.search(r"\./run manage client (make .*?)\)$", text, re.MULTILINE | re.DOTALL)[1]
    words = [word.replace("$PLACE", "Camp Sample") for word in shlex.split(narrow.replace("\\\n", ""))]
    out = io.StringIO()
    call_command("client", *words, "--json", stdout=out)
    narrowed = json.loads(out.getvalue())["key"]
    _program(folder / "run", f'case "$2" in staff) echo {key};; client) echo {narrowed};; esac')
    _program(folder / "bin" / "date", f'exec /bin/date -d "{T0.isoformat()}" "$@"')
    script = folder / "examples.sh"
    script.write_text(text)
    done = subprocess.run(
        ["/bin/sh", "-eux", script],
        cwd=folder,
        env={"PATH": f"{folder}/bin:{os.environ['PATH']}", "API": f"http://127.0.0.1:{port}/api/v1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    assert '"state":"released"' in done.stdout
    assert "'state': 'report'}" in done.stdout
    assert len(re.findall(r"^\['C-", done.stdout, re.MULTILINE)) >= 3, "a page for each case"


def _program(path: Path, line: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
