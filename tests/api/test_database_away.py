"""Where the database lets nobody in or ends a session meanwhile: 503, when to come again, and not a word of its own."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import InterfaceError, close_old_connections, connection, connections
from django.test import Client
from psycopg import sql

from accounts.models import User
from launcher import ports
from reports import access
from reports.ledger.models import Event
from sapr.away import is_away
from sapr.logs import LineFormatter
from tests.api.door import Door, refused
from tests.signed_in import signed_in
from tests.stage import admin_connection

NOBODY = "sapr_test_kept_out"
PURPOSE = {"purpose": "case_work"}


@contextmanager
def reached(alias: str, **otherwise: Any) -> Iterator[None]:
    """For the block, that database is looked for elsewhere or by somebody else."""
    config = connections[alias].settings_dict
    before = dict(config)
    connections[alias].close()
    config.update(otherwise)
    try:
        yield
    finally:
        connections[alias].close()
        config.clear()
        config.update(before)


@contextmanager
def somebody_kept_out() -> Iterator[dict[str, str]]:
    """A role that may have no session at all: what everybody meets when there are as many as the server takes."""
    with admin_connection() as admin:
        role = sql.Identifier(NOBODY)
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'invented' CONNECTION LIMIT 0").format(role))
        try:
            yield {"USER": NOBODY, "PASSWORD": "invented"}
        finally:
            admin.execute(sql.SQL("DROP ROLE {}").format(role))


class Ending:
    """Ends the session of a connection before its nth statement, as whoever restarts the server does."""

    def __init__(self, admin: psycopg.Connection[Any], nth: int) -> None:
        self.admin, self.left = admin, nth

    def __call__(self, execute, statement, params, many, context) -> Any:
        self.left -= 1
        if self.left == 0:
            pid = context["connection"].connection.info.backend_pid
            self.admin.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        return execute(statement, params, many, context)


@pytest.fixture
def said(caplog):
    """Every line of the log as it is written."""
    caplog.set_level(logging.INFO)
    return lambda: "\n".join(LineFormatter().format(each) for each in caplog.records)


def away(answer, *, page: bool) -> str:
    """Assert that the answer says so; return what it says."""
    assert answer.headers["Retry-After"] == "60"
    if not page:
        refused(answer, 503, "database_away")
        return answer.content.decode()
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    text = answer.content.decode()
    assert "The database does not answer now" in text
    assert "Wait a minute" in text
    return text


def recorded(viewer: User, report) -> list[Any]:
    """The looks at the case's sealed parts."""
    close_old_connections()
    with access.viewing(viewer):
        return list(Event.objects.filter(case_id=report.case_id, kind="sealed_opened"))


def test_a_database_that_cannot_be_reached_or_goes_away_is_a_503_without_its_own_words(stage, said) -> None:
    world = stage.world
    report = world.signed("restricted")
    door = Door(world.sarc)
    desk = signed_in(world.sarc, raise_request_exception=False)
    nobody = Client(raise_request_exception=False)
    case = f"cases/{report.case_id}"
    config = connection.settings_dict
    secret = [
        config["NAME"],
        config["HOST"],
        config["USER"],
        NOBODY,
        "too many",
        "terminating connection",
        "refused",
    ]

    def by_rest() -> list[Any]:
        with_session = desk.get("/api/v1/cases")
        return [
            door.get("cases"),
            door.post("contacts", {}),
            door.post(f"{case}/open", PURPOSE),
            with_session,
        ]

    def pages() -> list[Any]:
        return [desk.get("/admin/cases/"), desk.post("/admin/contacts/new/", {}), nobody.get("/admin/login/")]

    heard = []
    with somebody_kept_out() as kept_out:
        for otherwise in ({"HOST": "127.0.0.1", "PORT": ports.free()}, kept_out):
            with reached("default", **otherwise):
                heard += [away(answer, page=False) for answer in by_rest()]
                heard += [away(answer, page=True) for answer in pages()]
            with reached("keys", **otherwise):
                heard.append(away(door.post(f"{case}/open", PURPOSE), page=False))
    # Ended before its first statement, its second, and so on, until one comes through with no statement left. The page
    # asks more: of its questions each eleventh.
    for page, step, ask in (
        (False, 1, lambda: door.post(f"{case}/open", PURPOSE)),
        (True, 11, lambda: desk.get(f"/admin/cases/{report.case_id}/")),
    ):
        seen: list[int] = []
        looks = len(recorded(world.sarc, report))
        with admin_connection() as admin:
            for nth in range(1, 300, step):
                ending = Ending(admin, nth)
                # What a server does before and after each request, and a test's client does not.
                close_old_connections()
                with connection.execute_wrapper(ending):
                    answer = ask()
                seen.append(answer.status_code)
                if answer.status_code == 503:
                    heard.append(away(answer, page=page))
                else:
                    assert answer.status_code == 200, (nth, answer.content)
                if ending.left > 0:
                    break
        assert (set(seen), answer.status_code) == ({200, 503}, 200)
        # What was shown is on record, and what is on record was shown: a look and its answer stand or fall together.
        assert len(recorded(world.sarc, report)) == looks + (0 if page else 2 * seen.count(200))
    everything = "\n".join(heard) + said()
    assert [each for each in secret if each in everything] == []
    assert said()
    # Of a connection that stands, an InterfaceError says wrong use: a defect of ours.
    connection.ensure_connection()
    assert not is_away(InterfaceError())
    connection.connection.close()
    assert is_away(InterfaceError())
