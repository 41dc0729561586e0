"""An inspector's table: a committed ledger with checkpoints, its exports, and the verifier as a stranger runs it."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.conf import settings
from django.db import connections

from reports.ledger import checkpoints, exporting
from reports.ledger.checkpoints import Signed
from tests.times import T0

VERIFIER = Path(settings.BASE_DIR) / "reports" / "ledger" / "verifier.py"
KEY = "11" * 32


@contextmanager
def signed_in_as_owner():
    """The owner's account for the block, as the ledger's commands have it."""
    owner = urlsplit(os.environ["OWNER_DATABASE_URL"])
    config = connections["default"].settings_dict
    before = dict(config)
    connections["default"].close()
    config.update(USER=unquote(owner.username), PASSWORD=unquote(owner.password or ""))
    try:
        yield
    finally:
        connections["default"].close()
        config.update(USER=before["USER"], PASSWORD=before["PASSWORD"])


def checkpoint() -> Signed:
    with signed_in_as_owner():
        return checkpoints.checkpoint_make(at=T0)


def export(path: Path, case_id: UUID | None = None) -> Path:
    """The export of everything, or of one case, in a file."""
    with signed_in_as_owner():
        path.write_bytes(b"".join(exporting.export_lines(case_id=case_id)))
    return path


def run_verifier(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """The verifier in a process of its own that can import nothing of ours."""
    return subprocess.run(
        [sys.executable, "-I", VERIFIER, *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd="/",
    )


def verified(path: Path, *, held: Path | None = None) -> dict[str, Any]:
    """What the verifier says of a file, as its JSON; its exit code agrees and it printed no traceback."""
    words = ["--checkpoint", held] if held else []
    done = run_verifier(path, "--key", checkpoints.public_key().hex(), "--json", *words)
    assert done.stderr == "", done.stderr
    told = json.loads(done.stdout)
    assert done.returncode == (0 if told["ok"] else 1)
    return told
