"""Drives every route, task and command with markers wherever text can be typed, and forces an error in each."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any
from unittest import mock
from urllib.parse import quote, urlencode

from django.db import connection
from django.test import RequestFactory
from django.views.debug import get_exception_reporter_class

from manage import main
from sapr.celery import app
from tests.privacy import roster
from tests.privacy.scene import Scene
from tests.privacy.signing import SESSIONS

# Who looks, and who types as well.
VIEWERS, TYPISTS = ("sarc", "manager", "commander", "stranger", ""), ("sarc", "manager", "")
# Routes that are the programme manager's.
MANAGED = ("/staff/", "/policy/", "/erasures/", "/emergency/")
# Queries that belong to the session and the sign-in; an error there is forced by the view's own fault.
BOOKKEEPING = (SESSIONS, '"accounts_user"', "SAVEPOINT", "set_config", "current_setting")


class BoomError(Exception):
    """An error as a library would raise it: with a value in its text."""


def address(scene: Scene, route: str) -> str:
    """The route with the scene's own ids; what takes any text gets a marker."""
    return roster.filled(route, scene.ids, quote(scene.people["typed"].name.value, safe=""))


def everywhere(scene: Scene) -> None:
    """Each route by each kind of person: read, then with markers in the address, headers and bodies."""
    person = scene.people["typed"]
    typed = person.identity() | person.narrative() | person.signatures()
    headers = {"User-Agent": person.name.value, "Referer": f"http://testserver/?q={person.phone.value}"}
    headers |= {"X-Forwarded-For": person.email.value, "Accept-Language": person.text.value}
    headers = {name: value.encode("ascii", "replace").decode() for name, value in headers.items()}
    for who in VIEWERS:
        client = scene.client(who)
        for route in roster.ROUTES:
            if who == "manager" and not any(word in route for word in MANAGED):
                continue
            url, any_text = address(scene, route), "(?P" in route
            client.typed = any_text
            client.stay()
            client.get(url)
            if who in TYPISTS:
                client.typed = True
                client.post(url, typed | {"q": person.name.value}, headers=headers)
                client.stay()
                client.get(url, {"q": person.name.value, **typed}, headers=headers)
                if route.startswith("api"):
                    client.generic("POST", url, json.dumps(typed), "application/json", headers=headers)
    client = scene.client("sarc")
    client.typed = True
    for path in ("/static/{}", "/{}", "/api/v1/{}", "/admin/cases/{}/", "/enrol/{}"):
        client.get(path.format(quote(person.name.value, safe="")))
    client.get("/admin/", headers={"Host": f"{person.dod_id.value}.invalid"})
    client.cookies["sapr"] = person.dod_id.value
    client.cookies["sapr-csrf"] = person.phone.value.replace(" ", "")
    client.get("/admin/")


@contextmanager
def failing_view(pattern: Any, text: str) -> Iterator[None]:
    """The route's view raises, with the text in the message, in the cause and in a local variable."""

    def view(request, *args: Any, **kwargs: Any):
        local = {"value": text}
        raise BoomError(f"cannot handle {local['value']}") from KeyError(text)

    with mock.patch.object(pattern, "callback", view):
        yield


@contextmanager
def failing_database(text: str) -> Iterator[list[str]]:
    """The next query of the work itself fails on the server, which quotes the text in its error."""
    fired: list[str] = []

    def run(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        if not fired and not any(word in sql for word in BOOKKEEPING):
            fired.append(sql)
            return execute("SELECT CAST(%s AS date)", [text], False, context)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(run):
        yield fired


def errors_in_views(scene: Scene) -> dict[str, int]:
    """Every route with a failing view and with a failing database; how many failed, by kind."""
    person, count = scene.people["typed"], {"view": 0, "database": 0}
    scene.faulted = True
    clients = {who: scene.client(who) for who in ("sarc", "manager")}
    for route, pattern in roster.served():
        # Nothing is typed in the address: whatever marker comes back was brought by the error.
        url = address(scene, route).replace(quote(person.name.value, safe=""), "nothing")
        client = clients["manager" if any(word in route for word in MANAGED) else "sarc"]
        for method in ("get", "post"):
            client.stay()
            with failing_view(pattern, person.text.value):
                assert getattr(client, method)(url).status_code == 500, (method, url)
                count["view"] += 1
            with failing_database(person.text.value) as fired:
                answer = getattr(client, method)(url)
            if fired:
                assert answer.status_code >= 400, (method, url, fired)
                count["database"] += answer.status_code == 500
    scene.faulted = False
    return count


def errors_in_tasks(scene: Scene) -> None:
    """Every task with a failing database, and with arguments that fit nothing."""
    text = scene.people["typed"].text.value
    app.loader.import_default_modules()
    for name, arguments in roster.TASKS.items():
        given = [each.format(marker=text) for each in arguments]
        with failing_database(text):
            outcome = app.tasks[name].apply(args=given)
        assert outcome.failed(), name


def commands(scene: Scene) -> None:
    """Every command with wrong input and with a failing database, in this process."""
    person = scene.people["typed"]
    typed = json.dumps(person.identity() | person.narrative())
    file = scene.folder / "wrong.json"
    file.write_text(typed)
    for name, lines in roster.COMMANDS.items():
        for words in lines:
            given = [
                word.format(marker=person.name.value, file=file, case=scene.ids["number"]) for word in words
            ]
            scene.said.append(said([name, *given], f"{typed}\n"))
            with failing_database(person.text.value):
                scene.said.append(said([name, *given], f"{typed}\n"))


def said(words: list[str], stdin: str) -> str:
    """Everything a command writes, also when it ends with an error."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out), mock.patch.object(sys, "stdin", io.StringIO(stdin)):
        try:
            main(["manage.py", *words])
        except SystemExit as end:
            out.write(f" exit {end.code}")
    return out.getvalue()


def reports(scene: Scene) -> None:
    """Django's own error report about a request full of markers, as it would be mailed or shown."""
    person = scene.people["typed"]
    request = RequestFactory().post(f"/?{urlencode(person.identity())}", person.identity())
    try:
        json.loads(person.text.value, parse_constant=person.narrative())
    except ValueError as error:
        reporter = get_exception_reporter_class(request)(request, type(error), error, error.__traceback__)
        scene.reports += [reporter.get_traceback_text(), reporter.get_traceback_html()]
