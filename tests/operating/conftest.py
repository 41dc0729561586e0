"""Keys that backups are encrypted for, and whoever may read every row."""

from pathlib import Path

import psycopg
import pyrage
import pytest

from tests.stage import admin_url


@pytest.fixture
def reader(tmp_path) -> tuple[str, Path]:
    """A public key and the file of its secret half."""
    key = pyrage.x25519.Identity.generate()
    (tmp_path / "identity").write_text(f"# made for a test\n{key}\n")
    return str(key.to_public()), tmp_path / "identity"


@pytest.fixture
def admin(stage):
    """The administrator in the stage's case database; each statement its own transaction."""
    with psycopg.connect(admin_url(stage.names["default"]), autocommit=True) as connection:
        yield connection
