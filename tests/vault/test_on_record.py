"""Acts on keys are on record before anything leaves the system, and say in a sentence what they lack."""

import json
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from reports.vault import checks, state
from sapr.signin import as_owner
from tests.times import T0
from tests.vault.test_places import emptied


def refused(*words: str) -> str:
    with pytest.raises(CommandError) as refusal:
        call_command("keys", *words, stdout=StringIO(), stderr=StringIO())
    return str(refusal.value)


def recorded() -> list[tuple[str, dict]]:
    with as_owner() as owner:
        found = "SELECT kind, data FROM reports_event WHERE kind LIKE 'keys%' OR kind = 'database_restored'"
        return owner.execute(f"{found} ORDER BY recorded_at, seq").fetchall()


def test_a_ceremony_gives_out_nothing_that_is_not_on_record(vault, tmp_path, settings) -> None:
    call_command(
        "keys", "ceremony", "--shares=3", "--threshold=2", f"--out={tmp_path / 'first'}", stdout=StringIO()
    )
    held, out = state.status(T0)["shares"], tmp_path / "second"
    again = ("ceremony", "--shares=3", "--threshold=2", f"--out={out}")
    named, settings.KEY_STORE_PLACES = settings.KEY_STORE_PLACES, [str(tmp_path / "unmounted")]
    assert "cannot be written" in refused(*again)
    settings.KEY_STORE_PLACES = named
    # The ledger is away.
    with patch("reports.management.commands.keys.append_system", side_effect=OperationalError):
        assert "database" in refused(*again)
    assert not out.exists()
    assert state.status(T0)["shares"] == held
    assert [kind for kind, _ in recorded()] == ["keys_ceremony_held"]
    # Nor does the key come back unrecorded.
    shares, key = [str(tmp_path / "first" / f"share-{number}") for number in (1, 2)], tmp_path / "key"
    with patch("reports.management.commands.keys.append_system", side_effect=OperationalError):
        assert "database" in refused("recover", "--shares", *shares, "--out", str(key))
    assert not key.exists()


def test_loading_is_on_record(vault) -> None:
    place = str(vault.place)
    call_command("keys", "copy", stdout=StringIO())
    call_command("keys", "load", "--epoch-only", "--from", place, stdout=StringIO())
    emptied()
    out = StringIO()
    call_command("keys", "load", "--from", place, "--json", stdout=out)
    assert recorded() == [
        ("database_restored", {"store": "keys", "epoch": True}),
        ("database_restored", {"store": "keys", "keys": json.loads(out.getvalue())["keys"]}),
    ]


def test_a_master_key_that_cannot_be_used_is_named_in_a_sentence(vault, settings) -> None:
    good = vault.master.read_bytes()
    for text in (b"", good[:40], good[:63], b"\xff" * 64):
        vault.master.write_bytes(text)
        for act in ("status", "rotate"):
            assert "master.key" in refused(act)
    vault.master.unlink()
    assert "master.key cannot be read" in refused("status")
    settings.MASTER_KEY_FILE, settings.MASTER_KEY_COMMAND = "", ["false"]
    assert "key service failed with exit code 1" in refused("rotate")
    settings.MASTER_KEY_COMMAND = ["printf", "\\377"]
    assert "no text" in refused("status")
    settings.MASTER_KEY_COMMAND = []
    assert "no master key" in refused("status")


def test_a_key_file_that_everybody_reads_is_warned_of(vault) -> None:
    assert checks.key_files_are_private(None) == []
    for path, name in ((vault.master, "SAPR_MASTER_KEY_FILE"), (vault.epoch, "SAPR_KEY_EPOCH_FILE")):
        path.chmod(0o644)
        (warning,) = checks.key_files_are_private(None)
        assert (warning.id, name in warning.msg) == ("sapr.W007", True)
        path.chmod(0o640)
        assert checks.key_files_are_private(None) == []
