"""Bringing it all back, practised: a backup into a throw-away server, with a copy of the keys; every promise tested.

Nothing of the installation is touched but for the backup that is made, the event, and when it was done. The throw-away
server has no mail server, no channel and no worker that could send.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import pyrage
from django.conf import settings
from django.db import connections

from launcher import embedded, ports
from launcher.contract import Stage
from launcher.progress import Progress
from reports.ledger.services import append_system
from sapr import backup, clock
from sapr.errors import DomainError
from sapr.models import UpkeepKind
from sapr.operating import instants, sealing, upkeep

DATABASE = "sapr_drill"
Told = dict[str, Any]


@dataclass(frozen=True)
class Point:
    """A point in time to practise with: all files of the server, its log, the instant, and the key they need."""

    base: Path
    log: Path
    at: datetime
    identity: Path | None


@dataclass
class Report:
    """What was tested, in order, and whether it held; and how long it took from the file to the verified database."""

    tests: dict[str, bool] = field(default_factory=dict)
    figures: Told = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return bool(self.tests) and all(self.tests.values())

    def as_data(self) -> Told:
        """For JSON; nothing of a case."""
        return {"ok": self.ok, "tests": self.tests, **self.figures}

    def lines(self) -> list[str]:
        """One page for people."""
        figures = [f"{name.replace('_', ' ')}: {value}" for name, value in self.figures.items()]
        tests = [f"{'held  ' if held else 'FAILED'}  {what}" for what, held in self.tests.items()]
        return ["Bringing it back, practised", "", *figures, "", *tests]


def drill(point: Point | None = None) -> Report:
    """Practise with a backup made now, or with a point in time; the event says how it went.

    DomainError where it cannot be practised at all: no administrator's URL, no place with a copy of the key store.
    """
    if not settings.KEY_STORE_PLACES:
        raise DomainError("no_place", "Name a place of the key store in SAPR_KEY_STORE_PLACES first.")
    report = Report()
    with TemporaryDirectory(prefix="sapr-drill-") as name, _readers(Path(name)) as own:
        folder = Path(name)
        file = folder / "cases.backup"
        if point is None:
            made = backup.backup(file)
        else:
            made = instants.at_instant(
                base=point.base, log=point.log, at=point.at, to=file, identity=point.identity
            )
        report.figures |= {
            "point_in_time": point.at.isoformat() if point else "none: the newest backup",
            "bytes": made["bytes"],
        }
        report.tests["The backup is encrypted, and another key does not open it"] = _needs_its_key(
            file, folder
        )
        connections.close_all()
        with embedded.throwaway(
            Path(settings.BASE_DIR), settings.KIND, DATABASE, ports.free(), Progress()
        ) as stage:
            _practise(report, _environment(stage, folder), file, own, folder)
    _record(report)
    return report


def _practise(report: Report, env: Mapping[str, str], file: Path, identity: Path, folder: Path) -> None:
    """On the throw-away server. A step that refuses ends it: what follows could not be told."""
    began = time.monotonic()

    def held(what: str, words: list[str], right: Callable[[Told], bool], role: str = "owner") -> bool:
        told = _told(words, {**env, "SAPR_ROLE": role})
        report.tests[what] = told is not None and right(told)
        return report.tests[what]

    steps: list[tuple[str, list[str], Callable[[Told], bool], str]] = [
        ("A new server takes accounts and databases", ["manage.py", "roles"], lambda told: True, "owner"),
        (
            "A copy of the key store fills a new one",
            ["-m", "sapr.operating.filling", str(folder / "place")],
            lambda told: told["keys"] >= 0,
            "owner",
        ),
        (
            "The backup is restored, tombstones replayed, its ledger verified",
            ["manage.py", "restore", "--from", str(file), "--identity", str(identity), "--json"],
            lambda told: told["events"] > 0,
            "owner",
        ),
        (
            "Every key opens under the master key and the epoch",
            ["manage.py", "keys", "status", "--json"],
            lambda told: not (told["unknown"] or told["damaged"] or told["pending"] or told["unclean"]),
            "owner",
        ),
        (
            "A worker that starts does nothing: it is on hold",
            ["manage.py", "duties", "sweep", "--json"],
            lambda told: not any(told.values()),
            "worker",
        ),
        (
            "It is on hold until somebody says otherwise",
            ["manage.py", "release", "--json"],
            lambda told: told["on_hold"] is True,
            "owner",
        ),
        (
            "The whole ledger verifies once more, by itself",
            ["manage.py", "ledger", "verify", "--all", "--json"],
            lambda told: told["ok"] is True,
            "owner",
        ),
    ]
    for what, words, right, role in steps:
        if not held(what, words, right, role):
            break
    report.figures["seconds_to_verified"] = round(time.monotonic() - began, 1)


def _told(words: list[str], env: Mapping[str, str]) -> Told | None:
    """The JSON that a command prints, {} of one that prints nothing; None where it failed."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=settings.BASE_DIR,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return None
    return json.loads(done.stdout) if done.stdout.strip() else {}


def _environment(stage: Stage, folder: Path) -> dict[str, str]:
    """The throw-away server's addresses under this installation's account names, its keys, and nothing that sends."""
    told = stage.for_command("restore")
    names = {"OWNER": "owner", "WORKER": "worker", "DATABASE": "web", "KEYS": "keys"}
    for variable, url in stage.urls.items():
        role = names.get(variable.split("_")[0])
        if role:
            told[variable] = _under(url, settings.ROLE_NAMES[role])
    told |= {f"SAPR_{name}_ROLE": settings.ROLE_NAMES[name.lower()] for name in ("OWNER", "WEB", "WORKER")}
    shutil.copytree(settings.KEY_STORE_PLACES[0], folder / "place")
    (folder / "key.epoch").write_text("")
    (folder / "key.epoch").chmod(0o600)
    kept = ("SAPR_MASTER_KEY", "SAPR_MASTER_KEY_FILE", "SAPR_MASTER_KEY_COMMAND", "SAPR_POLICY_DIRECTORY")
    told.pop("SAPR_MASTER_KEY_FILE", None)
    told |= {name: os.environ[name] for name in kept if os.environ.get(name)}
    return told | {
        "SAPR_KEY_EPOCH_FILE": str(folder / "key.epoch"),
        "SAPR_KEY_STORE_PLACES": str(folder / "place"),
        "SAPR_CHECKPOINT_DIR": "",
        "SAPR_CHECKPOINT_MAIL": "",
        "SAPR_ALLOW_EMBEDDED": "1",
        "EMAIL_URL": "dummymail://",
        "CELERY_BROKER_URL": "",
        # `ledger` looks at signatures with the keys that signed them.
        "SAPR_CHECKPOINT_KEY_FILE": os.environ.get("SAPR_CHECKPOINT_KEY_FILE", ""),
    }


def _under(url: str, account: str) -> str:
    parts = urlsplit(url)
    _, _, rest = parts.netloc.partition(":")
    return urlunsplit(parts._replace(netloc=f"{quote(account, safe='')}:{rest}"))


@contextmanager
def _readers(folder: Path) -> Iterator[Path]:
    """For the block backups are encrypted for a key made for it; the file of its secret half."""
    key, before = pyrage.x25519.Identity.generate(), settings.BACKUP_RECIPIENTS
    file = folder / "identity"
    file.touch(mode=0o600)
    file.write_text(f"{key}\n")
    settings.BACKUP_RECIPIENTS = [str(key.to_public())]
    try:
        yield file
    finally:
        settings.BACKUP_RECIPIENTS = before


def _needs_its_key(file: Path, folder: Path) -> bool:
    other = folder / "other"
    other.touch(mode=0o600)
    other.write_text(f"{pyrage.x25519.Identity.generate()}\n")
    with (folder / "nothing").open("wb") as target:
        try:
            sealing.open_into(file, target, other)
        except DomainError as error:
            return error.code == "not_opened"
    return False


def _record(report: Report) -> None:
    """The event of how it went, and when it last went well."""
    held = sum(report.tests.values())
    append_system(
        kind="restore_practised",
        actor=None,
        at=clock.now(),
        data={"ok": report.ok, "held": held, "of": len(report.tests)},
    )
    if report.ok:
        upkeep.note(UpkeepKind.DRILL)
