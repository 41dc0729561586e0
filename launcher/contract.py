"""What each process of the project is told through its environment, and nothing it need not know.

(`roles` stands for `backup`, `restore`, `instant`, `drill`, `open_export` and `open_import` too.)

| variable                                   | roles | other commands | web | worker |
|--------------------------------------------|-------|----------------|-----|--------|
| ADMIN_DATABASE_URL                         | yes   |                |     |        |
| OWNER_DATABASE_URL, OWNER_KEYS_DATABASE_URL| yes   | yes            |     |        |
| DATABASE_URL, KEYS_DATABASE_URL            | yes   | yes            | yes |        |
| WORKER_DATABASE_URL                        | yes   | yes            |     | yes    |
| SAPR_MASTER_KEY_FILE, SAPR_SECRET_KEY_FILE | yes   | yes            | yes |        |
| SAPR_KEY_EPOCH_FILE                        | yes   | yes            | yes |        |
| SAPR_KEY_STORE_PLACES                      | yes   | yes            |     |        |
| SAPR_CHECKPOINT_KEY_FILE, _DIR, _MAIL      | yes   | yes            |     | yes    |
| SAPR_CHANNEL_KEY_FILE                      | yes   | yes            | yes | yes    |
| SAPR_ROLE                                  | owner |                | web | worker |
| SAPR_PORT                                  | yes   | yes            | yes |        |
| PROMETHEUS_MULTIPROC_DIR                   |       |                | yes |        |

and SAPR_KIND, SAPR_MAIL_DIR, CELERY_BROKER_URL and SAPR_POLICY_DIRECTORY (where named) and DJANGO_SETTINGS_MODULE
everywhere; for a real database also what says how it faces its network: TLS, host names, mail server.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from launcher import files
from launcher.failure import Stop
from launcher.layout import Layout
from launcher.postgres import Cluster

# Commands that create roles or databases, or read and write whole ones; nothing else is ever given the superuser.
ADMINISTRATIVE = ("roles", "backup", "restore", "instant", "drill", "open_export", "open_import")

_ROLE_OF = {
    "OWNER_DATABASE_URL": "sapr_owner",
    "OWNER_KEYS_DATABASE_URL": "sapr_owner",
    "DATABASE_URL": "sapr_web",
    "WORKER_DATABASE_URL": "sapr_worker",
    "KEYS_DATABASE_URL": "sapr_keys",
}
ROLES = tuple(dict.fromkeys(_ROLE_OF.values()))
_NEEDED = ("DATABASE_URL", "OWNER_DATABASE_URL", "WORKER_DATABASE_URL")
_URLS = ("ADMIN_DATABASE_URL", *_ROLE_OF)
_KEY_FILES = (
    "SAPR_MASTER_KEY_FILE",
    "SAPR_SECRET_KEY_FILE",
    "SAPR_KEY_EPOCH_FILE",
    "SAPR_CHECKPOINT_KEY_FILE",
    "SAPR_CHANNEL_KEY_FILE",
)
# Ways to have a master key without a file of ours.
_MASTER_ELSEWHERE = ("SAPR_MASTER_KEY", "SAPR_MASTER_KEY_COMMAND")
_PLACES = "SAPR_KEY_STORE_PLACES"
_CHANNEL = "SAPR_CHANNEL_KEY_FILE"
_OURS = (
    *_URLS,
    *_KEY_FILES,
    *_MASTER_ELSEWHERE,
    _PLACES,
    "SAPR_ROLE",
    "SAPR_KIND",
    "SAPR_PORT",
    "SAPR_MAIL_DIR",
)
_OURS += ("CELERY_BROKER_URL", "SAPR_POLICY_DIRECTORY", "DJANGO_SETTINGS_MODULE")
# How a real installation faces its network; a demo is served on loopback whatever the caller's environment says.
_OF_A_REAL_ONE = ("SAPR_HTTPS", "SAPR_ALLOWED_HOSTS", "SAPR_TRUSTED_ORIGINS", "SAPR_STATIC_ROOT")
_OF_A_REAL_ONE += ("SAPR_ALLOW_EMBEDDED", "EMAIL_URL", "SAPR_MAIL_FROM", "SAPR_ALARM_MAIL")
_OF_A_REAL_ONE += ("SAPR_MONITOR_MAIL", "SAPR_WEBHOOK_PRIVATE_HOSTS", "SAPR_METRICS_TOKEN_FILE")
_OF_THE_SYSTEM = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


@dataclass(frozen=True)
class Stage:
    """One database kind with its addresses: everything that decides what processes are told."""

    layout: Layout
    kind: str
    port: int
    urls: Mapping[str, str] = field(repr=False)
    broker: str | None = field(default=None, repr=False)
    key_files: Mapping[str, str] = field(default_factory=dict)

    def for_command(self, command: str = "") -> dict[str, str]:
        """A management command: the caller's own environment too, since people run editors and shells from it."""
        theirs = {name: value for name, value in os.environ.items() if name not in _OURS}
        urls = {name: url for name, url in self.urls.items() if name != "ADMIN_DATABASE_URL"}
        if command in ADMINISTRATIVE:
            urls = {**self.urls}
            theirs["SAPR_ROLE"] = "owner"
        ours = self._common() | self._keys() | self._places() | self._checkpoints()
        return theirs | ours | {"SAPR_PORT": str(self.port)} | urls

    def for_web(self) -> dict[str, str]:
        told = (
            self._system() | self._common() | self._keys() | {"SAPR_ROLE": "web", "SAPR_PORT": str(self.port)}
        )
        told["PROMETHEUS_MULTIPROC_DIR"] = str(files.emptied(self.layout.metrics))
        # One heap for each thread, as glibc has it, keeps the holes of each (docs/performance.md).
        told["MALLOC_ARENA_MAX"] = "2"
        return told | self._chosen("DATABASE_URL", "KEYS_DATABASE_URL")

    def for_worker(self) -> dict[str, str]:
        """And the watchdog. No other role's address, no key but those that sign checkpoints and webhooks: taken over
        it opens nothing of a case."""
        told = self._system() | self._common() | self._checkpoints() | {"SAPR_ROLE": "worker"}
        return told | self._chosen("WORKER_DATABASE_URL")

    def _common(self) -> dict[str, str]:
        told = {
            "SAPR_KIND": self.kind,
            "SAPR_MAIL_DIR": str(files.private_folder(self.layout.mail)),
            "DJANGO_SETTINGS_MODULE": "sapr.settings",
            _CHANNEL: self.key_files.get(_CHANNEL) or str(files.key_file(self.layout.channel_key(self.kind))),
        }
        if self.kind == "real":
            told |= {name: os.environ[name] for name in _OF_A_REAL_ONE if os.environ.get(name)}
        if rules := os.environ.get("SAPR_POLICY_DIRECTORY"):
            told["SAPR_POLICY_DIRECTORY"] = os.path.abspath(rules)
        return told | ({"CELERY_BROKER_URL": self.broker} if self.broker else {})

    def _keys(self) -> dict[str, str]:
        ours = {
            "SAPR_MASTER_KEY_FILE": self.layout.master_key(self.kind),
            "SAPR_SECRET_KEY_FILE": self.layout.secret_key,
            "SAPR_KEY_EPOCH_FILE": self.layout.key_epoch(self.kind),
        }
        elsewhere = {name: self.key_files[name] for name in _MASTER_ELSEWHERE if name in self.key_files}
        if elsewhere and "SAPR_MASTER_KEY_FILE" not in self.key_files:
            del ours["SAPR_MASTER_KEY_FILE"]
        made = {name: self.key_files.get(name) or str(self._key_file(path)) for name, path in ours.items()}
        return made | elsewhere

    def _key_file(self, path: Path) -> Path:
        """Made once; but a master key that is gone is never made anew: nothing that is sealed opens under another."""
        lost = path == self.layout.master_key(self.kind) and self.layout.prepared(self.kind).exists()
        return path if lost else files.key_file(path)

    def _places(self) -> dict[str, str]:
        """Where copies of the key store are kept: the caller's places, or one folder of ours."""
        named = self.key_files.get(_PLACES)
        return {_PLACES: named or str(files.private_folder(self.layout.key_store_place(self.kind)))}

    def _checkpoints(self) -> dict[str, str]:
        """What signs the ledger's checkpoints, and where they go besides the database: the caller's places if real."""
        key = "SAPR_CHECKPOINT_KEY_FILE"
        told = {
            key: self.key_files.get(key) or str(files.key_file(self.layout.checkpoint_key(self.kind))),
            "SAPR_CHECKPOINT_DIR": str(self.layout.checkpoints(self.kind)),
            "SAPR_CHECKPOINT_MAIL": "",
        }
        theirs = {name: os.environ[name] for name in told if os.environ.get(name) and name != key}
        return told | (theirs if self.kind == "real" else {})

    def _chosen(self, *names: str) -> dict[str, str]:
        return {name: self.urls[name] for name in names if name in self.urls}

    @staticmethod
    def _system() -> dict[str, str]:
        return {name: os.environ[name] for name in _OF_THE_SYSTEM if name in os.environ}


def embedded(cluster: Cluster, passwords: Mapping[str, str], database: str) -> dict[str, str]:
    """The addresses of one database, and its key store, in our own cluster."""
    urls = {"ADMIN_DATABASE_URL": cluster.admin_url()}
    for name, role in _ROLE_OF.items():
        urls[name] = cluster.url(role, passwords[role], f"{database}_keys" if "KEYS" in name else database)
    return urls


def on_own_server() -> bool:
    """Whether the caller brings a PostgreSQL server of their own."""
    return bool(os.environ.get("DATABASE_URL"))


def on_embedded(
    layout: Layout, kind: str, port: int, cluster: Cluster, passwords: Mapping[str, str]
) -> Stage:
    """A kind's database in the lasting cluster; the broker is the caller's where they named one."""
    urls = embedded(cluster, passwords, f"sapr_{kind}")
    return Stage(layout, kind, port, urls, os.environ.get("CELERY_BROKER_URL"))


def on_given(layout: Layout, port: int) -> Stage:
    """The caller's own server, broker and key files; Stop names the first address that is missing.

    The demo never runs there, so the kind is always `real`.
    """
    for name in _NEEDED:
        if not os.environ.get(name):
            raise Stop(
                f"DATABASE_URL is set but {name} is not: set it to the same database under that role's own login.",
                2,
            )
    urls, key_files = (
        {name: os.environ[name] for name in names if os.environ.get(name)}
        for names in (_URLS, (*_KEY_FILES, *_MASTER_ELSEWHERE, _PLACES))
    )
    return Stage(layout, "real", port, urls, os.environ.get("CELERY_BROKER_URL"), key_files)
