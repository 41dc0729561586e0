"""A real web server on a throw-away copy of the database."""

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from launcher import ports
from tests.processes import kill, wait_until


def _answers(url: str) -> bool:
    try:
        return urllib.request.urlopen(url, timeout=5).status == 200  # noqa: S310  our own http address
    except OSError:
        return False


@contextmanager
def web_server(stage, folder: Path) -> Iterator[int]:
    """gunicorn until the block ends; the port at which it answers on this machine."""
    port = ports.free()
    secret = folder / "secret"
    # The tests' own: what they encrypt, the site must open.
    secret.write_text(settings.SECRET_KEY)
    env = stage.env | {"SAPR_ROLE": "web", "SAPR_SECRET_KEY_FILE": str(secret)}
    command = [
        sys.executable, "-m", "gunicorn", "sapr.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4",
        "--no-control-socket", "--log-level", "warning",
    ]  # fmt: skip
    log = folder / "web.log"
    with log.open("wb") as output:
        web = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=env,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            wait_until(lambda: _answers(f"http://127.0.0.1:{port}/healthz"), "the web server", log=log)
            yield port
        finally:
            kill(web)
