"""Where everything lies. Nothing outside this file spells a path under var/."""

import json
from dataclasses import dataclass
from pathlib import Path

from launcher import files

DEFAULT_PORT = 8000


@dataclass(frozen=True)
class Layout:
    """The project folder and the folder for what it makes; throw-away runs have a `var` of their own."""

    root: Path
    var: Path

    @classmethod
    def of(cls, root: Path) -> "Layout":
        """The usual place: `var/` in the project. Made readable by all, or the database's account could not enter."""
        var = root / "var"
        if not var.is_dir():
            var.mkdir()
            var.chmod(0o755)
        return cls(root, var)

    @property
    def venv(self) -> Path:
        """One environment serves throw-away runs too."""
        return self.root / "var" / "venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def lock(self) -> Path:
        return self.var / "database.lock"

    @property
    def passwords(self) -> Path:
        return self.var / "passwords.json"

    @property
    def secret_key(self) -> Path:
        return self.var / "keys" / "secret.key"

    def master_key(self, kind: str) -> Path:
        return self.var / "keys" / f"{kind}.key"

    def key_epoch(self, kind: str) -> Path:
        return self.var / "keys" / f"{kind}.epoch"

    def key_store_place(self, kind: str) -> Path:
        return self.var / "keystore" / kind

    def checkpoint_key(self, kind: str) -> Path:
        return self.var / "keys" / f"checkpoint-{kind}.key"

    def channel_key(self, kind: str) -> Path:
        return self.var / "keys" / f"channel-{kind}.key"

    def checkpoints(self, kind: str) -> Path:
        return self.var / "checkpoints" / kind

    @property
    def kept(self) -> Path:
        """Prepared databases of the test suite, one for the migrations as they are."""
        return self.root / "var" / "kept"

    @property
    def mail(self) -> Path:
        return self.var / "mail"

    @property
    def metrics(self) -> Path:
        """What the web processes count together while they run."""
        return self.var / "metrics"

    def log(self, name: str) -> Path:
        folder = self.var / "log"
        files.private_folder(folder)
        return folder / f"{name}.log"

    def beat_schedule(self, kind: str) -> Path:
        return self.var / f"beat-{kind}"

    def prepared(self, kind: str) -> Path:
        """Exists once that kind's databases have been migrated at least once."""
        return self.var / f"prepared-{kind}"

    @property
    def _served(self) -> Path:
        return self.var / "served.json"

    def remember_served(self, kind: str, port: int) -> None:
        files.write_private(self._served, json.dumps({"kind": kind, "port": port}))

    def last_served(self) -> tuple[str, int]:
        """Kind and port of the latest `./run`; the demo on the usual port where there was none."""
        try:
            told = json.loads(self._served.read_text())
            return str(told["kind"]), int(told["port"])
        except (OSError, ValueError, KeyError, TypeError):
            return "demo", DEFAULT_PORT
