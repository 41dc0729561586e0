"""Places where content could come to rest: how each is read, and how a leak into it would look.

A sink's `plant` writes in the way a leak would: a row, a line of a log, a cookie. It is called after the lived scene
was read, with a text that holds markers; the sink must then be found to hold them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core import mail
from django.core.cache import cache, caches
from django.core.mail import mail_admins

from tests.privacy import outputs, rows
from tests.privacy.scene import Answer, Scene

# Pages whose purpose is to show what is sealed; each says so and leaves an event (docs/desk.md). The last shows its
# author what they typed and did not submit (docs/intake.md).
SHOWS = ("/convert/", "/contact/", "/questions/", "/options/", "/sign/", "/contacts/new/?draft=")
OUTSIDERS = frozenset({"commander", "unit_commander", "mcio", "manager", "stranger", "higher", ""})


@dataclass(frozen=True)
class Sink:
    """`deep`: how many layers of packing are taken off (files of the database server hold none but rows)."""

    name: str
    read: Callable[[Scene], Iterable[bytes]]
    plant: Callable[[Scene, str], Any]
    deep: int = 3


def _answers(part: Callable[[Answer], bytes], which: Callable[[Answer], bool] = lambda answer: True):
    return lambda scene: (part(each) for each in scene.answers if which(each))


def _answer(scene: Scene, **changed: Any) -> None:
    """One more answer, as one of the kind would be."""
    blank = Answer("sarc", "GET", "/admin/", 200, b"", b"", b"", typed=False, faulted=False)
    scene.answers.append(replace(blank, **changed))


def _quiet_page(answer: Answer) -> bool:
    """A page that somebody on the case only looks at; also what finding a person answers."""
    return (
        (answer.method == "GET" or ("people/find" in answer.url and answer.status == 200))
        and answer.who in ("sarc", "va", "other_va")
        and not answer.typed
        and not any(word in answer.url for word in SHOWS)
    )


def _outside(answer: Answer) -> bool:
    return answer.method == "GET" and answer.who in OUTSIDERS and not answer.typed


def _failed(answer: Answer) -> bool:
    """An error of ours, or a page that says no: neither repeats what was asked for."""
    refused = answer.status in (400, 401, 403, 404, 405) and answer.method == "GET"
    return answer.faulted or answer.status >= 500 or refused


def _untyped(answer: Answer) -> bool:
    return not answer.typed


def _log(name: str):
    def read(scene: Scene) -> Iterable[bytes]:
        yield getattr(scene, name).read_bytes()

    def plant(scene: Scene, text: str) -> None:
        with getattr(scene, name).open("a") as log:
            log.write(f'{{"event": "{text}"}}\n')

    return read, plant


def _files(folder: str):
    def read(scene: Scene) -> Iterable[bytes]:
        for path in (scene.folder / folder).rglob("*"):
            yield path.name.encode()
            if path.is_file():
                yield path.read_bytes()

    def plant(scene: Scene, text: str) -> None:
        (scene.folder / folder / "leak").write_text(text)

    return read, plant


def _static(scene: Scene) -> Iterable[bytes]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            if path.is_relative_to(settings.BASE_DIR / "sapr") or name.startswith("leak"):
                yield name.encode() + path.read_bytes()
    for folder in ("docs", "fixtures"):
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.*"):
            yield path.read_bytes()


def _static_leak(scene: Scene, text: str) -> None:
    (scene.folder / "static").mkdir()
    (scene.folder / "static" / "leak.csv").write_text(text)
    settings.STATICFILES_DIRS = [scene.folder / "static"]
    from django.contrib.staticfiles import finders

    finders.get_finder.cache_clear()


def _cached(scene: Scene) -> Iterable[bytes]:
    for each in caches.all():
        yield repr(getattr(each, "_cache", {})).encode()
        yield from getattr(each, "_cache", {}).values()


def _mailed(scene: Scene) -> Iterable[bytes]:
    return [each.message().as_bytes() for each in getattr(mail, "outbox", [])]


def _mail_to_admins(scene: Scene, text: str) -> None:
    settings.ADMINS = [("Operator", "operator@staff.invalid")]
    mail_admins("error", text)
    settings.ADMINS = []


def _listed(name: str):
    return (
        lambda scene: [each.encode() for each in getattr(scene, name)],
        lambda scene, text: getattr(scene, name).append(text),
    )


def _beat(scene: Scene) -> Iterable[bytes]:
    return [path.read_bytes() for path in scene.folder.glob("beat*") if path.is_file()]


SINKS = [
    *rows.SINKS_OF_THE_DATABASE,
    *outputs.SINKS_OF_COMMANDS,
    ("checkpoints written elsewhere", *_files("elsewhere")),
    ("web log, every logger at its most talkative", *_log("web_log")),
    ("web server's standard error", *_log("server_log")),
    ("worker's log", *_log("worker_log")),
    ("beat's schedule file", _beat, lambda scene, text: (scene.folder / "beat-leak").write_text(text)),
    ("mails", *_files("mail")),
    ("mails about errors", _mailed, _mail_to_admins),
    ("temporary files", *_files("temp")),
    ("cookies", _answers(lambda a: a.cookies), lambda scene, text: _answer(scene, cookies=text.encode())),
    (
        "headers of answers",
        _answers(lambda a: a.headers, _untyped),
        lambda scene, text: _answer(scene, headers=text.encode()),
    ),
    (
        "addresses and links",
        _answers(lambda a: a.url.encode() + b"\n" + a.links(), lambda a: _untyped(a) and a.method == "GET"),
        lambda scene, text: _answer(scene, url=f"/admin/?q={text}"),
    ),
    (
        "titles of pages",
        _answers(Answer.title),
        lambda scene, text: _answer(scene, body=f"<title>{text}</title>".encode()),
    ),
    (
        "pages on which nothing is opened",
        _answers(lambda a: a.body, _quiet_page),
        lambda scene, text: _answer(scene, body=text.encode()),
    ),
    (
        "pages of those not on the case",
        _answers(lambda a: a.body, _outside),
        lambda scene, text: _answer(scene, who="manager", body=text.encode()),
    ),
    (
        "error pages, forced and other",
        _answers(lambda a: a.body + a.headers, _failed),
        lambda scene, text: _answer(scene, status=500, body=text.encode()),
    ),
    ("error reports", *_listed("reports")),
    ("cache", _cached, lambda scene, text: cache.set("throttle", text)),
    ("static files, documents, fixtures", _static, _static_leak),
    ("what commands print", *_listed("said")),
    ("what objects call themselves", *_listed("named")),
    ("command lines and environments of processes", *_listed("shown")),
]
SINKS = [each if isinstance(each, Sink) else Sink(*each) for each in SINKS]
