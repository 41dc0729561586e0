"""A new version is started while people work: nothing fails, nothing that was accepted is lost."""

import http.client
import re
from contextlib import closing
from datetime import timedelta

import pytest

from accounts.api_keys import api_key_create
from reports import access
from reports.ledger.models import SYSTEM_CHAIN, Event
from sapr import clock
from sapr.celery import app, conninfo
from tests.notices.test_killed_worker import worker_env
from tests.operating.rolling import Clients, two_servers
from tests.processes import celery_worker, wait_until
from tests.stage import admin_connection

pytestmark = [pytest.mark.slow, pytest.mark.long]
PINGS = 30


def counted(port: int) -> tuple[float, float]:
    """What /metrics of a server says: how many requests its processes answered, and how many of these serve now."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/metrics")
        said = connection.getresponse().read().decode()
    answered = re.findall(r"^sapr_request_seconds_count\{.*\} (\S+)$", said, re.MULTILINE)
    return sum(map(float, answered)), float(re.search(r"^sapr_web_workers (\S+)$", said, re.MULTILINE)[1])


def test_servers_are_rolled_without_a_failed_request_or_a_lost_write(stage, admin, tmp_path) -> None:
    key = api_key_create(user=stage.world.sarc, valid=timedelta(days=1), actor=None, at=clock.now())
    before = admin.execute("SELECT count(*) FROM reports_case").fetchone()[0]
    with two_servers(stage.env, tmp_path) as (servers, proxy):
        with Clients(proxy.port, key) as clients:
            clients.more(20)
            # A reload: the listener stays, each process is replaced when its requests are answered.
            for server in servers:
                server.roll()
                clients.more(20)
            # A restart: the front end leaves the server out first.
            for server in servers:
                proxy.drained(server)
                assert server.stop() == 0
                server.start()
                proxy.out.clear()
                clients.more(20)
        # A server answers as soon as its first process is ready; the second may still be starting.
        wait_until(lambda: [counted(server.port)[1] for server in servers] == [2, 2], "all processes serve")
        assert sum(counted(server.port)[0] for server in servers) > 0
    assert set(clients.answers) == {"GET 200", "POST 201"}, clients.answers
    there = {str(row[0]) for row in admin.execute("SELECT id FROM reports_case")}
    assert clients.created <= there
    assert len(there) == before + clients.answers["POST 201"]


def test_a_celery_worker_that_is_asked_to_end_finishes_or_gives_back_every_task(
    stage, admin, tmp_path
) -> None:
    """It is asked while one is under way: held up by a lock, so that a quick one does not come to the end before."""
    log, env = tmp_path / "worker.log", worker_env(stage, tmp_path)

    def pings() -> int:
        with access.viewing(stage.world.manager):
            return Event.objects.filter(kind="worker_pinged").count()

    def waits() -> bool:
        with admin_connection() as watching:
            found = "SELECT FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
            return watching.execute(found, [stage.names["default"]]).rowcount > 0

    with celery_worker(env, tmp_path, log) as worker:
        with admin.transaction():
            admin.execute("SELECT FROM reports_chainhead WHERE case_id = %s FOR UPDATE", [SYSTEM_CHAIN])
            options = {"conn_string": conninfo(stage.env["DATABASE_URL"])}
            with app.connection_for_write(transport_options=options) as broker:
                for _ in range(PINGS):
                    app.send_task("sapr.ping", connection=broker)
            wait_until(waits, "one is under way", log=log)
            worker.terminate()
            wait_until(lambda: "Warm shutdown" in log.read_text(), "the worker to hear of it", log=log)
        assert worker.wait(60) == 0
    half = pings()
    with celery_worker(env, tmp_path, log):
        wait_until(lambda: pings() >= PINGS, "the rest is done", log=log)
    assert 0 < half < pings()
