"""Files that the commands of whoever runs the system write: backup, export, checkpoints, copies of the key store."""

import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.ledger.inspecting import signed_in_as_owner
from tests.privacy import disk, rows
from tests.privacy.driver import said
from tests.privacy.scene import Scene

COPIES = "copies of the key store"


def run(scene: Scene, *words: str) -> None:
    """The command as the owner role runs it; it has to succeed. What it prints is kept."""
    with signed_in_as_owner():
        told = said(list(words), "")
    assert " exit " not in told, (words, told)
    scene.said.append(told)


def live(scene: Scene) -> None:
    """Keys are wrapped anew and shared out, a checkpoint is signed; the secrets of it become markers."""
    learn_key(scene, "signing key", settings.CHECKPOINT_KEY)
    learn_keys(scene, "first")
    run(scene, "keys", "rotate")
    learn_keys(scene, "second")
    run(scene, "keys", "ceremony", "--shares", "2", "--threshold", "2", "--out", str(scene.folder / "shares"))
    for path in sorted((scene.folder / "shares").iterdir()):
        scene.learn(path.name, path.read_text().strip(), secret=True)
    run(scene, "ledger", "checkpoint")
    run(scene, "erase", "--case", scene.ids["number"])


def learn_keys(scene: Scene, which: str) -> None:
    """The master key stands nowhere; of the epochs, the one in use stands in the copies, on purpose."""
    kept = frozenset({COPIES}) if which == "second" else frozenset()
    master = Path(settings.MASTER_KEY_FILE).read_text().split()[0]
    epoch = Path(settings.KEY_EPOCH_FILE).read_text().split()[0]
    learn_key(scene, f"{which} master key", master)
    learn_key(scene, f"{which} epoch", epoch, kept_in=kept)


def learn_key(scene: Scene, name: str, text: str, **kwargs: Any) -> None:
    """A key by the hex text of its file, and as bytes."""
    scene.learn(name, text, secret=True, raw=bytes.fromhex(text), **kwargs)


def new_file(scene: Scene, name: str) -> Path:
    return scene.folder / f"{name}-{secrets.token_hex(4)}"


def backup(scene: Scene) -> Iterator[bytes]:
    """A backup, unpacked by PostgreSQL's own program: the file itself is compressed."""
    file = new_file(scene, "backup")
    run(scene, "backup", "--to", str(file))
    words = [disk.programs(scene) / "pg_restore", "-f", "-", file]
    done = subprocess.run(words, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    yield done.stdout


def export(scene: Scene) -> Iterator[bytes]:
    """The whole ledger as a stranger gets it."""
    file = new_file(scene, "export")
    run(scene, "ledger", "export", "--all", "--out", str(file))
    yield file.read_bytes()


def planted_event(scene: Scene, text: str) -> None:
    """An event that quotes what it is about."""
    with scene.admin() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            "UPDATE reports_event SET canonical = canonical || %s WHERE id = (SELECT min(id::text)::uuid FROM "
            "reports_event)",
            [text.encode()],
        )


def copies(scene: Scene) -> Iterator[bytes]:
    """Every file of every place, as `keys copy` leaves it."""
    run(scene, "keys", "copy")
    for place in settings.KEY_STORE_PLACES:
        for path in Path(place).iterdir():
            yield path.read_bytes()


SINKS_OF_COMMANDS = [
    ("backup of the case database", backup, rows.planted_row, rows.BINARY),
    ("export of the ledger", export, planted_event, rows.BINARY),
    (COPIES, copies, rows.planted_key, rows.BINARY),
]
