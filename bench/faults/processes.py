"""The processes of a run: sweepers, a real Celery worker with beat, a signing web process, Redis. All are killed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, cast

from bench.faults.ground import ROOT, Ground
from launcher import ports, process

# What a claim locks. A session that holds such a lock has claimed something and not marked it yet.
CLAIMED = """
SELECT a.application_name FROM pg_stat_activity a
WHERE a.application_name LIKE %s AND a.xact_start IS NOT NULL AND EXISTS (
    SELECT 1 FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
    WHERE l.pid = a.pid AND l.mode = 'RowShareLock' AND l.granted
      AND c.relname IN ('notifications_notice', 'notifications_reminder', 'notifications_ladder',
                        'notifications_acknowledgement'))
LIMIT 1"""
AIM_FOR = 1.0


class Crew:
    """Starts and kills. Every name of a session in the database begins with the process's kind and number."""

    def __init__(self, ground: Ground, folder: Path, accepted: Path) -> None:
        self.ground, self.folder, self.accepted = ground, folder, accepted
        self.log = open(folder / "processes.log", "ab")  # noqa: SIM115
        self.nursery = self._nursery()
        self.asking = cast(IO[str], self.nursery.stdin)
        self.answers = cast(IO[str], self.nursery.stdout)
        self.sweepers: list[int] = []
        self.celery: subprocess.Popen[bytes] | None = None
        self.web: subprocess.Popen[bytes] | None = None
        self.redis: subprocess.Popen[bytes] | None = None
        self.redis_port = 0

    def _spawn(self, words: list[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
        return process.spawn([sys.executable, "-W", "ignore", *words], env=env, cwd=ROOT, output=self.log)

    def _nursery(self) -> subprocess.Popen[str]:
        words = [sys.executable, "-W", "ignore", "-m", "bench.faults.nursery"]
        return subprocess.Popen(
            words, cwd=ROOT, env=self.ground.worker_env(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self.log, text=True, preexec_fn=process.die_with_parent(signal.SIGTERM),
        )  # fmt: skip

    def sweeper(self) -> None:
        """One more bare-loop sweeper."""
        self.asking.write("one\n")
        self.asking.flush()
        self.sweepers.append(int(self.answers.readline()))

    def start_celery(self, broker: str | None) -> None:
        """A real worker with beat, as `./run` starts it; on PostgreSQL, or on the broker of that URL."""
        env = self.ground.worker_env() | {"PGAPPNAME": "celery"}
        env |= {"CELERY_BROKER_URL": broker} if broker else {}
        words = ["-m", "celery", "--quiet", "-A", "sapr.worker", "worker", "-B"]
        words += [
            "--schedule",
            str(self.folder / "beat"),
            "--pidfile=",
            "-n",
            "w@faults",
            "--concurrency",
            "1",
        ]
        words += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "ERROR"]
        self.celery = self._spawn(words, env)

    def celery_works(self) -> bool:
        """Whether the worker has come as far as its own children, beat and pool. Between tasks it has no session."""
        if self.celery is None or self.celery.poll() is not None:
            return False
        children = Path(f"/proc/{self.celery.pid}/task/{self.celery.pid}/children")
        return len(children.read_text().split()) > 1

    def start_web(self) -> None:
        """A process in the web role that signs reports and keeps what was accepted."""
        env = self.ground.stage.for_web() | {"EMAIL_URL": "dummymail://", "PGAPPNAME": "signing"}
        self.web = self._spawn(["-m", "bench.faults.signing", str(self.accepted)], env)

    def start_redis(self) -> str | None:
        """A Redis that keeps nothing on disk, so that killing it loses every message; None without the program."""
        program = shutil.which("redis-server")
        if program is None:
            return None
        self.redis_port = self.redis_port or ports.free()
        words = [
            program,
            "--port",
            str(self.redis_port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        words += ["--dir", tempfile.gettempdir()]
        self.redis = process.spawn(words, env=process.clean_environment(), cwd=Path("/"), output=self.log)
        return f"redis://127.0.0.1:{self.redis_port}/0"

    def kill_sweeper(self, *, aimed: bool) -> bool:
        """Kill one that lives; whether it held a claim. `aimed`: wait a moment for one that does."""
        name = self._claimant("sweeper-") if aimed else None
        pid = int(name.removeprefix("sweeper-")) if name else self.sweepers[0]
        self.sweepers = [each for each in self.sweepers if each != pid]
        held = self._stop(pid, f"sweeper-{pid}")
        _kill(pid)
        return held

    def kill_celery(self, *, aimed: bool) -> bool:
        """Kill the worker, its beat and its pool at one stroke."""
        if self.celery is None:
            return False
        if aimed:
            self._claimant("celery")
        pid, self.celery = self.celery.pid, None
        held = self._stop(pid, "celery")
        _kill(pid)
        return held

    def _claimant(self, kind: str) -> str | None:
        """Which process of the kind holds a claim, as soon as one does; None when none did for a while."""
        limit, found = time.monotonic() + AIM_FOR, None
        while found is None and time.monotonic() < limit:
            time.sleep(0.002)
            found = self._claimed(kind)
        return found

    def _stop(self, pid: int, name: str) -> bool:
        """Freeze the process group, then ask the database: nothing can change any more until it is killed."""
        try:
            os.killpg(pid, signal.SIGSTOP)
        except ProcessLookupError:
            return False
        # What its session still had in hand is finished by then: a COMMIT under way counts as done.
        time.sleep(0.02)
        return self._claimed(name) is not None

    def _claimed(self, name: str) -> str | None:
        rows = self.ground.ask(CLAIMED, [f"{name}%"])
        return str(rows[0][0]) if rows else None

    def anybody_claims(self) -> bool:
        """Whether some process holds a claim at this moment."""
        return bool(self._claimed("sweeper-") or self._claimed("celery"))

    def dead(self) -> list[int]:
        """Forget sweepers that ended by themselves; returns them."""
        gone = [pid for pid in self.sweepers if not _alive(pid)]
        self.sweepers = [pid for pid in self.sweepers if pid not in gone]
        return gone

    def end(self) -> None:
        """Kill whatever is left."""
        for pid in self.sweepers:
            _kill(pid)
        for each in (self.celery, self.web, self.redis):
            if each is not None and each.poll() is None:
                _kill(each.pid)
                each.wait()
        self.nursery.kill()
        self.nursery.wait()
        self.log.close()


def _kill(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
