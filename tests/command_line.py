"""Management commands as people run them: in a process of their own."""

import os
import subprocess
import sys
from collections.abc import Mapping

from django.conf import settings


def manage(
    *words: str, env: Mapping[str, str] | None = None, stdin: str = "", without: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """`manage.py WORDS` in an environment (default: this process's), with the role the command itself picks."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        env=for_command(env, without=without),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def for_command(env: Mapping[str, str] | None = None, *, without: tuple[str, ...] = ()) -> dict[str, str]:
    """The environment of a command: no role chosen, nothing of `without`."""
    base = os.environ if env is None else env
    return {name: value for name, value in base.items() if name not in ("SAPR_ROLE", *without)}


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What a refused command said: exactly one line, no traceback."""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0].removeprefix("CommandError: ")
