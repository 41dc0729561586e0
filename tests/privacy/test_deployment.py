"""Production settings: Django's deployment check is clean, cookies are host-bound, opened settings do not start."""

import json
import os
import secrets
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.test import override_settings

from sapr import deployment
from tests.command_line import for_command, manage

PROBE = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
client = Client(raise_request_exception=False)
def told(answer):
    return {"status": answer.status_code, "headers": dict(answer.headers), "cookies": answer.cookies.output()}
print(json.dumps({
    "page": told(client.get("/admin/login/", secure=True, headers={"Host": "sapr.example"})),
    "plain": told(client.get("/admin/login/", headers={"Host": "sapr.example"})),
    "well": told(client.get("/healthz", headers={"Host": "127.0.0.1"})),
    "foreign": told(client.get("/admin/login/", headers={"Host": "elsewhere.example"})),
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY,
                settings.SESSION_COOKIE_SAMESITE, settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_DOMAIN],
    "silenced": settings.SILENCED_SYSTEM_CHECKS,
}))
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory) -> dict[str, str]:
    """The environment of a production web process, but for the database's name."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("master", "secret"):
        (folder / name).write_text(secrets.token_hex(32))
        (folder / name).chmod(0o600)
    told = {"SAPR_HTTPS": "1", "SAPR_KIND": "real", "SAPR_ALLOWED_HOSTS": "sapr.example"}
    told |= {f"SAPR_{name.upper()}_KEY_FILE": str(folder / name) for name in ("master", "secret")}
    return for_command(os.environ | told)


def test_the_deployment_check_is_clean_in_production_settings(production) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", env=production)
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


MISFITS = {
    "SAPR_ALLOWED_HOSTS": "*",
    "SAPR_HTTPS": "0",
    "SAPR_KIND": "demo",
    "SAPR_SECRET_KEY_FILE": "",
    "SAPR_MASTER_KEY_FILE": "",
}


def test_settings_that_do_not_go_together_stop_it(production) -> None:
    """Each alone; the processes run beside each other."""

    def check(misfit: tuple[str, str]):
        return manage("check", "--deploy", "--fail-level", "WARNING", env=production | dict([misfit]))

    with ThreadPoolExecutor() as pool:
        answers = dict(zip(MISFITS, pool.map(check, MISFITS.items()), strict=True))
    for variable, done in answers.items():
        assert done.returncode == 1, variable
        assert "sapr.E024" in done.stderr, variable


def test_behind_tls_every_cookie_is_bound_to_its_host_and_every_answer_is_strict(production) -> None:
    env = production | {"SAPR_ROLE": "web", "DJANGO_SETTINGS_MODULE": "sapr.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["session"] == ["__Host-sapr", True, True, "Strict", "/", None]
    cookie = told["page"]["cookies"]
    assert cookie.startswith("Set-Cookie: __Host-sapr-csrf=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert told["plain"]["status"] == 301
    assert told["plain"]["headers"]["Location"] == "https://sapr.example/admin/login/"
    assert told["foreign"]["status"] == 400
    assert told["well"]["status"] == 200
    hsts = "max-age=31536000; includeSubDomains; preload"
    assert told["page"]["headers"]["Strict-Transport-Security"] == hsts
    for each in ("page", "plain", "foreign"):
        headers = told[each]["headers"]
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert told["silenced"] == []


def numbers() -> set[str]:
    return {message.id for message in run_checks() if message.id.startswith("sapr.")}


OPENED = [
    {"DEBUG": True},
    {"DEFAULT_EXCEPTION_REPORTER": "django.views.debug.ExceptionReporter"},
    {"DEFAULT_EXCEPTION_REPORTER_FILTER": "django.views.debug.SafeExceptionReporterFilter"},
    {"FILE_UPLOAD_HANDLERS": ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]},
    {"MESSAGE_STORAGE": "django.contrib.messages.storage.cookie.CookieStorage"},
    {"SESSION_COOKIE_HTTPONLY": False},
    {"SILENCED_SYSTEM_CHECKS": ["sapr.E003"]},
]


@pytest.mark.parametrize("opened", OPENED, ids=lambda each: next(iter(each)))
def test_a_default_that_is_opened_stops_the_start(opened) -> None:
    assert numbers() == set()
    with override_settings(**opened):
        assert numbers() == {"sapr.E021"}


MAILER = {"handlers": {"mail": {"class": "django.utils.log.AdminEmailHandler"}}}
TALKER = {"handlers": {"file": {"class": "logging.StreamHandler", "formatter": "verbose"}}}


@pytest.mark.parametrize("handlers", [MAILER, TALKER], ids=["mail", "another formatter"])
def test_a_log_that_tells_more_stops_the_start(handlers) -> None:
    with override_settings(LOGGING=settings.LOGGING | handlers):
        assert numbers() == {"sapr.E022"}


def test_a_sealed_column_in_an_order_or_index_stops_the_start(monkeypatch) -> None:
    from reports.election.models import Identity

    monkeypatch.setattr(Identity._meta, "ordering", ["-name"])
    assert numbers() == {"sapr.E023"}


def test_a_model_admin_stops_the_start(monkeypatch) -> None:
    from django.contrib import admin

    from reports.election.models import Case

    monkeypatch.setitem(admin.site._registry, Case, admin.ModelAdmin(Case, admin.site))
    found = deployment.sealed_columns_are_never_keys(None)
    assert [message.id for message in found] == ["sapr.E023"]


def test_values_bound_by_the_client_stop_the_start(monkeypatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"]["OPTIONS"], "server_side_binding", False)
    assert numbers() == {"sapr.E024"}


def test_results_or_events_of_tasks_stop_the_start(monkeypatch) -> None:
    from sapr.celery import app

    monkeypatch.setitem(app.conf, "result_backend", "rpc://")
    assert numbers() == {"sapr.E025"}


def test_a_worker_with_the_master_key_does_not_start() -> None:
    with override_settings(ROLE="worker", MASTER_KEY="00" * 32, MASTER_KEY_FILE=""):
        assert numbers() == {"sapr.E024"}


@pytest.mark.parametrize(
    ("https", "allowed", "server", "expected"),
    [
        (True, False, "wheel", ["sapr.E020"]),
        (False, False, "wheel", ["sapr.W020"]),
        (True, True, "wheel", []),
        (True, False, "machine", []),
        (True, False, "", []),
    ],
)
def test_a_real_database_on_the_bundled_server_is_refused_behind_tls(
    db, https, allowed, server, expected
) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sapr.server', %s, true)", [server])
    with override_settings(KIND="real", HTTPS=https, ALLOW_EMBEDDED=allowed):
        found = deployment.a_real_database_has_a_server_of_its_own(None, databases=["default"])
    assert [message.id for message in found] == expected


def test_the_launcher_s_server_says_what_it_is(db) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('sapr.server', true)")
        assert cursor.fetchone()[0] in ("wheel", "machine")


def test_the_server_of_the_tests_keeps_values_out_of_its_log_and_another_is_warned_of(
    db, monkeypatch
) -> None:
    with override_settings(KIND="real"):
        assert deployment.the_servers_log_holds_no_values(None, databases=["default"]) == []
        for name in deployment.SERVER_SETTINGS:
            monkeypatch.setitem(deployment.SERVER_SETTINGS, name, ("something else",))
        found = deployment.the_servers_log_holds_no_values(None, databases=["default"])
    assert {message.id for message in found} == {"sapr.W021"}
    assert len(found) == len(deployment.SERVER_SETTINGS)


def test_the_passwords_of_database_roles_are_sent_as_verifiers_only() -> None:
    from urllib.parse import urlsplit

    from psycopg import sql

    from sapr.management.commands.roles import Command
    from tests.stage import admin_connection

    sent, password = [], "canary pass word"
    with admin_connection() as admin:

        class Watched:
            """The connection, with an ear to what is executed."""

            pgconn = admin.pgconn

            @staticmethod
            def execute(statement, *arguments):
                text = statement.as_string(admin) if isinstance(statement, sql.Composable) else statement
                sent.append(text)
                return admin.execute(text, *arguments)

        url = urlsplit(f"postgres://canary_role:{password.replace(' ', '%20')}@localhost/nothing")
        Command._role(Watched(), url, may_create_databases=False)
        stored = admin.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'canary_role'").fetchone()[
            0
        ]
        admin.execute("DROP ROLE canary_role")
    assert stored.startswith("SCRAM-SHA-256$")
    assert not any(password in statement for statement in sent)
