"""Name, DoD ID, phone and account of a case stand in no log, task message, e-mail, cookie, session or history row."""

import base64
import json
import logging
import urllib.parse
import zlib

import psycopg
import pytest
from django.test import Client
from psycopg import sql

from accounts.sessions import SessionStore
from notifications.models import Notice, NoticeState
from reports import access
from reports.election.models import Case
from reports.election.services import report_sign
from sapr import clock
from sapr.errors import DomainError
from sapr.logs import LineFormatter
from tests.notices.release import release
from tests.notices.test_killed_worker import worker_env
from tests.processes import celery_worker, wait_until
from tests.signed_in import passed
from tests.stage import in_database
from tests.world import CANARIES, MEMBER


def shapes(value: str) -> list[bytes]:
    """The ways a value may hide: plain, hex, base64 at each offset, URL-encoded, UTF-16, JSON-escaped."""
    raw = value.encode()
    found = [
        raw,
        raw.hex().encode(),
        urllib.parse.quote(value).encode(),
        urllib.parse.quote_plus(value).encode(),
    ]
    found += [value.encode("utf-16-le"), json.dumps(value).strip('"').encode()]
    for offset in range(3):
        encoded = base64.b64encode(b"x" * offset + raw)
        found.append(encoded[4 if offset else 0 : -4])
    return [shape for shape in found if len(shape) > 5]


SHAPES = {name: shapes(value) for name, value in CANARIES.items()}


def canaries_in(content: bytes) -> set[str]:
    """The names of the canaries found, also inside zlib streams that start with the usual header."""
    texts = [content]
    for start in range(len(content) - 2):
        if content[start : start + 2] in (b"\x78\x9c", b"\x78\xda", b"\x78\x01"):
            try:
                texts.append(zlib.decompressobj().decompress(content[start:]))
            except zlib.error:
                continue
    return {name for name, found in SHAPES.items() if any(s in text for s in found for text in texts)}


def whole_database(stage) -> dict[str, bytes]:
    """Every table of the case database and its broker, row by row as text, read as the server's administrator."""
    contents = {}
    with psycopg.connect(in_database(stage.env["ADMIN_DATABASE_URL"], stage.names["default"])) as admin:
        tables = admin.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'pgmq')"
        ).fetchall()
        for schema, table in tables:
            rows = admin.execute(
                sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(schema, table))
            ).fetchall()
            contents[f"{schema}.{table}"] = "\n".join(row[0] for row in rows).encode()
    return contents


def sessions(stage) -> bytes:
    """The sessions in clear, as Django stores them."""
    with psycopg.connect(in_database(stage.env["ADMIN_DATABASE_URL"], stage.names["default"])) as admin:
        rows = admin.execute("SELECT session_data FROM accounts_session").fetchall()
    return "\n".join(json.dumps(SessionStore().decode(row[0])) for row in rows).encode()


@pytest.fixture
def lived(stage, tmp_path, caplog):
    """A day in the life: both stories through the doors, errors included, with a real worker."""
    caplog.set_level(logging.DEBUG)
    caplog.handler.setFormatter(LineFormatter())
    world, log = stage.world, tmp_path / "worker.log"
    world.strength(5000)
    client = Client(raise_request_exception=False)
    passed(client, world.sarc)
    with celery_worker(worker_env(stage, tmp_path), tmp_path, log):
        body = {
            "source": "healthcare",
            "identity": {k: v for k, v in CANARIES.items() if k != "text"}
            | {"unit_commander_post": str(world.posts["unit_commander"].pk)},
            "narrative": {"text": CANARIES["text"], "place": "on_installation"},
        }
        for spoiled in (
            {},
            {"identity": body["identity"] | {"dod_id": CANARIES["name"]}},
            {"surprise": CANARIES},
        ):
            client.post("/api/v1/contacts", json.dumps(body | spoiled), content_type="application/json")
        with access.viewing(world.sarc):
            case = Case.objects.get()
        pages = [client.get("/admin/"), client.get(f"/admin/cases/{case.pk}/"), client.get("/api/v1/cases")]
        client.get("/admin/cases/", {"q": CANARIES["name"]})
        unrestricted = world.signed("unrestricted")
        restricted = world.signed("restricted")
        again = world.paper(restricted.case, "restricted")
        with pytest.raises(DomainError, match="signed already"):
            report_sign(actor=world.sarc, **again)
        with access.viewing(world.sarc):
            notice = Notice.objects.get(case_id=restricted.case_id)
        notice = release(world.sarc, notice)
        clock.move(notice.slot, hold=True)

        def placed() -> bool:
            with access.viewing(world.sarc):
                return Notice.objects.filter(pk=notice.pk, state=NoticeState.PLACED).exists()

        wait_until(placed, "the worker to place the notice", log=log)
        # a file stands there before its content does
        wait_until(lambda: any(each.stat().st_size for each in tmp_path.glob("mail/*")), "a mail", log=log)
    assert unrestricted.election == "unrestricted"
    return {
        "pages": b"".join(page.content for page in pages),
        "worker log": log.read_bytes(),
        "mail": b"".join(path.read_bytes() for path in (tmp_path / "mail").iterdir()),
        "cookies": client.cookies.output().encode(),
        "sessions": sessions(stage),
        "web log": "\n".join(caplog.handler.format(record) for record in caplog.records).encode(),
        **whole_database(stage),
    }


def test_no_canary_stands_in_any_sink(lived) -> None:
    found = {sink: canaries_in(content) for sink, content in lived.items()}
    assert {sink: names for sink, names in found.items() if names} == {}
    # The sinks were really there, and really used.
    assert lived["mail"]
    assert lived["worker log"]
    assert lived["sessions"]
    # Facts are sealed with the decision, and the admin's own history stays empty.
    assert MEMBER["statuses"][0].encode() not in lived["public.reports_decision"]
    assert lived["public.django_admin_log"] == b""


@pytest.mark.parametrize("name", CANARIES)
def test_the_detector_finds_what_is_planted(name) -> None:
    value = CANARIES[name]
    hidden = [
        value.encode(),
        f"\\x{value.encode().hex()}".encode(),
        base64.b64encode(f"ab{value}cd".encode()),
        b"noise" + zlib.compress(f"noise {value} noise".encode()) + b"noise",
        urllib.parse.urlencode({"q": value}).encode(),
        value.encode("utf-16"),
    ]
    for content in hidden:
        assert name in canaries_in(content), content


def test_a_planted_row_is_found_in_the_database_and_the_broker(stage) -> None:
    with psycopg.connect(
        in_database(stage.env["ADMIN_DATABASE_URL"], stage.names["default"]), autocommit=True
    ) as admin:
        message = json.dumps({"body": base64.b64encode(json.dumps(CANARIES).encode()).decode()})
        admin.execute("SELECT pgmq.send('celery', %s::jsonb)", [message])
        admin.execute("UPDATE accounts_user SET display_name = %s", [CANARIES["name"]])
    contents = whole_database(stage)
    assert canaries_in(contents["pgmq.q_celery"]) >= {"dod_id", "phone"}
    assert "name" in canaries_in(contents["public.accounts_user"])
