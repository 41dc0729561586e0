"""A new version is started while people work: nothing fails, nothing that was accepted is lost."""

import http.client
import re
from contextlib import closing
from datetime import timedelta

import pytest

from accounts.api_keys import api_key_create
from reports import access
from reports.ledger.models import Event
from sapr import clock
from sapr.celery import app, conninfo
from tests.notices.test_killed_worker import worker_env
from tests.operating.rolling import Clients, two_servers
from tests.processes import celery_worker, wait_until

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
        sums = [counted(server.port) for server in servers]
    assert set(clients.answers) == {"GET 200", "POST 201"}, clients.answers
    assert [serving for _, serving in sums] == [2, 2]
    assert sum(answered for answered, _ in sums) > 0
    there = {str(row[0]) for row in admin.execute("SELECT id FROM reports_case")}
    assert clients.created <= there
    assert len(there) == before + clients.answers["POST 201"]


def test_a_celery_worker_that_is_asked_to_end_finishes_or_gives_back_every_task(stage, tmp_path) -> None:
    log, env = tmp_path / "worker.log", worker_env(stage, tmp_path)

    def pings() -> int:
        with access.viewing(stage.world.manager):
            return Event.objects.filter(kind="worker_pinged").count()

    with celery_worker(env, tmp_path, log) as worker:
        options = {"conn_string": conninfo(stage.env["DATABASE_URL"])}
        with app.connection_for_write(transport_options=options) as broker:
            for _ in range(PINGS):
                app.send_task("sapr.ping", connection=broker)
        wait_until(lambda: pings() > 0, "the first is done", log=log)
        worker.terminate()
        assert worker.wait(60) == 0
    half = pings()
    with celery_worker(env, tmp_path, log):
        wait_until(lambda: pings() >= PINGS, "the rest is done", log=log)
    assert 0 < half < pings()
