"""One lived scene: what was planted, what was answered, logged, sent and written while people worked."""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
from django.test import Client

from accounts import limits
from sapr.logs import LineFormatter
from tests.privacy.markers import Marker, Person, token
from tests.privacy.scanner import Scanner
from tests.privacy.signing import passed
from tests.stage import Stage, in_database

PEOPLE = ("restricted", "unrestricted", "converted", "left", "by_va", "waiting", "signed", "typed")
LOGGERS = ("", "django", "django.request", "django.security", "django.db.backends", "sapr", "celery")
TITLE = re.compile(rb"<title>(.*?)</title>", re.S)
LINK = re.compile(rb'(?:href|action|src)="([^"]*)"')


@dataclass(frozen=True)
class Answer:
    """One answer. `typed`: markers stood in the address; `faulted`: an error was forced."""

    who: str
    method: str
    url: str
    status: int
    headers: bytes
    cookies: bytes
    body: bytes
    typed: bool
    faulted: bool

    def title(self) -> bytes:
        return b" ".join(TITLE.findall(self.body))

    def links(self) -> bytes:
        return b"\n".join(LINK.findall(self.body))


@dataclass
class Scene:
    """Handed from the story to the sinks."""

    stage: Stage
    folder: Path
    people: dict[str, Person] = field(default_factory=lambda: {key: Person.invent(key) for key in PEOPLE})
    learned: list[Marker] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    queries: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    found: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    proved: dict[str, set[str]] = field(default_factory=dict)
    held: dict[str, set[str]] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)
    processes: list[Any] = field(default_factory=list)
    faulted: bool = False
    first_segment: str = ""
    until_the_end: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        for name in ("mail", "temp", "log", "elsewhere"):
            (self.folder / name).mkdir()
        self.web_log = self.folder / "log" / "web.log"
        self.server_log = self.folder / "log" / "gunicorn.log"
        self.worker_log = self.folder / "log" / "worker.log"
        # What a leak of each sink will hold when the sinks are proved; searched in the lived scene as well.
        self.planted: dict[str, tuple[Marker, Marker]] = {}

    @property
    def world(self):
        return self.stage.world

    def markers(self) -> list[Marker]:
        planted = [each for pair in self.planted.values() for each in pair]
        return [each for person in self.people.values() for each in person.markers()] + self.learned + planted

    def scanner(self) -> Scanner:
        return Scanner(self.markers())

    def learn(self, name: str, value: str, **kwargs: Any) -> str:
        """Something that the system itself made: a kit's number, a key."""
        self.learned.append(Marker(name, value, **kwargs))
        return value

    def secret(self, name: str) -> str:
        """A credential that somebody types."""
        return self.learn(name, f"{token(9)}-{token(9)}", secret=True)

    def learn_session(self, client: Client) -> None:
        """The key of a browser's session: in its cookie on purpose, and nowhere else."""
        self.learn("session", client.session.session_key, secret=True, kept_in=frozenset({"cookies"}))

    def admin(self, alias: str = "default", **kwargs: Any) -> psycopg.Connection:
        """The server's administrator in one of the two databases."""
        url = in_database(self.stage.env["ADMIN_DATABASE_URL"], self.stage.names[alias])
        return psycopg.connect(url, autocommit=True, **kwargs)

    def client(self, who: str = "", **kwargs: Any) -> "RecordingClient":
        """A browser, signed in as a member of staff ('' for nobody)."""
        client = RecordingClient(self, who, raise_request_exception=False, **kwargs)
        if who:
            passed(client, getattr(self.world, who))
        return client


class RecordingClient(Client):
    """Django's test client; what was answered goes into the scene."""

    def __init__(self, scene: Scene, who: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scene, self.who, self.typed = scene, who, False

    def stay(self) -> None:
        """Sign in again where the session has ended or is locked."""
        held = self.session if self.who else {}
        if self.who and ("_auth_user_id" not in held or held.locked_at or held.unused_for >= limits.LOCK):
            passed(self, getattr(self.scene.world, self.who))

    def request(self, **request: Any):
        response = super().request(**request)
        headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        self.scene.answers.append(
            Answer(
                self.who,
                request.get("REQUEST_METHOD", "GET"),
                f"{request['PATH_INFO']}?{request.get('QUERY_STRING', '')}",
                response.status_code,
                headers.encode(),
                response.cookies.output().encode(),
                b"" if response.streaming else response.content,
                self.typed,
                self.scene.faulted,
            )
        )
        return response


@contextmanager
def every_logger(path: Path) -> Iterator[None]:
    """All loggers at their most talkative, written by our formatter."""
    handler = logging.FileHandler(path)
    handler.setFormatter(LineFormatter())
    before, listening = {}, []
    for name in LOGGERS:
        logger = logging.getLogger(name)
        before[logger] = (logger.level, logger.propagate)
        logger.setLevel(logging.DEBUG)
        if not name or not logger.propagate:
            logger.addHandler(handler)
            listening.append(logger)
    try:
        # Commands and Celery call it, and it would set up logging without this handler.
        with mock.patch("django.setup"):
            yield
        kept = all(handler in logger.handlers for logger in listening)
        assert kept, "something set up logging anew: what was logged after it was looked for nowhere"
    finally:
        for logger, (level, _) in before.items():
            logger.setLevel(level)
            logger.removeHandler(handler)
        handler.close()


@contextmanager
def watching_queries(scene: Scene) -> Iterator[None]:
    """What the database's administrator sees in pg_stat_activity, looked at all the time."""
    over = threading.Event()

    def look() -> None:
        with scene.admin() as admin:
            names = list(scene.stage.names.values())
            while not over.wait(0.1):
                rows = admin.execute(
                    "SELECT query, application_name FROM pg_stat_activity WHERE datname = ANY(%s)", [names]
                )
                scene.queries.update(str(row) for row in rows)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
