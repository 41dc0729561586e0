"""What only the owner of a demo database may do: look whether it is filled, set its clock back, start it over.

The web role can do none of this, and neither can anybody in a real database: its clock is bound by a CHECK.
"""

import os
import subprocess
import sys
from datetime import timedelta

from django.conf import settings
from django.db import connections

from sapr.errors import DomainError
from sapr.models import Kind
from sapr.signin import as_owner

EMPTY, HALF_FILLED, FILLED = "empty", "half filled", "filled"


def state() -> str:
    """Whether the demo is empty, filled, or was left half filled by an interruption."""
    with as_owner() as owner:
        people, done = owner.execute(
            "SELECT EXISTS (SELECT 1 FROM accounts_user),"
            " EXISTS (SELECT 1 FROM reports_event WHERE kind = 'demo_seeded')"
        ).fetchone()
    return FILLED if done else HALF_FILLED if people else EMPTY


def set_back(by: timedelta) -> None:
    """Let the demo's clock run that much behind the real one (zero: with it)."""
    with as_owner() as owner:
        owner.execute("UPDATE sapr_database SET moved_by = %s WHERE kind = 'demo'", [-by])


def count_rows() -> None:
    """Have the server look how much there is, so that it plans for that."""
    with as_owner() as owner:
        owner.execute("ANALYZE")


def clear() -> None:
    """Make a half-filled demo empty again: nobody was ever given a password to it. Refuses anything else."""
    if state() != HALF_FILLED:
        raise DomainError("demo_in_use", "This demo is in use; it is not cleared.", status=409)
    connections["default"].close()
    with as_owner() as owner:
        kind = owner.execute("SELECT kind FROM sapr_database").fetchone()
        if kind != (Kind.DEMO.value,):
            raise DomainError("not_a_demo", "Only a demo is ever cleared.", status=409)
        owner.execute("DROP SCHEMA IF EXISTS pgmq CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    done = subprocess.run(
        [sys.executable, "manage.py", "prepare", "--kind", Kind.DEMO],
        cwd=settings.BASE_DIR,
        env={**os.environ, "SAPR_ROLE": "owner"},
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise DomainError(
            "not_prepared", "The demo could not be prepared again. Does `manage.py prepare` work?"
        )
