"""/metrics tells how the system does, to a monitor alone, and nothing of a case, a person or a place."""

import json

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from prometheus_client import CollectorRegistry, Histogram

from sapr.operating import counting
from sapr.operating.gauges import OfWeb
from sapr.operating.metrics import text
from tests.operating.reading import says_nothing, value
from tests.world import CANARIES


def test_the_web_process_tells_its_monitor_and_nobody_else(world, settings) -> None:
    said = Client().get("/metrics")
    assert said.status_code == 200
    parts = {
        part: value(said.content, "sapr_ready", part=part)
        for part in ("database", "migrated", "released", "keys")
    }
    assert set(parts.values()) == {1.0}
    says_nothing(text(OfWeb()), list(CANARIES.values()))
    refused = [
        Client(REMOTE_ADDR="203.0.113.9").get("/metrics"),
        Client().get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}),
        Client().post("/metrics"),
    ]
    settings.METRICS_TOKEN = "t" * 40
    refused += [
        Client().get("/metrics"),
        Client().get("/metrics", headers={"Authorization": "Bearer " + "x" * 40}),
        Client().get("/metrics", headers={"Authorization": "t" * 40}),
    ]
    assert {each.status_code for each in refused} == {404}
    bears = {"Authorization": "Bearer " + "t" * 40, "X-Forwarded-For": "203.0.113.9"}
    assert Client(REMOTE_ADDR="203.0.113.9").get("/metrics", headers=bears).status_code == 200
    settings.METRICS_TOKEN, settings.HTTPS = "", True
    assert Client().get("/metrics", secure=True).status_code == 404


def test_an_operation_is_named_by_its_class_and_shown_by_name_from_five_calls_an_hour_on(
    world, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv(counting.FOLDER, str(tmp_path))
    seconds = iter([0.0, 100.0, 3600.0, 7200.0])
    monkeypatch.setattr(counting, "monotonic", lambda: next(seconds))
    called = Histogram(
        counting.BY_NAME, "", counting.LABELS, buckets=counting.BUCKETS, registry=CollectorRegistry()
    )

    def call(operation: str, times: int) -> None:
        for _ in range(times):
            called.labels(operation, "POST", "2xx").observe(0.03)

    def shown() -> dict[str, float]:
        metric = counting._shown(next(iter(called.collect())))
        return {s.labels["operation"]: s.value for s in metric.samples if s.name.endswith("_count")}

    call("ReportSignApi", 4)
    call("CaseGetApi", 40)
    assert (shown(), shown()) == ({}, {}), "before the hour is over nothing is shown by name"
    assert shown() == {"few": 4, "CaseGetApi": 40}
    call("ReportSignApi", 4)
    call("CaseGetApi", 2)
    assert shown() == {"few": 10, "CaseGetApi": 40}
    # The address of a case is in no name.
    request = RequestFactory().get("/api/v1/cases/x")
    client = Client()
    for path, name in (
        (f"/api/v1/cases/{world.contact().pk}", "CaseGetApi"),
        ("/admin/login/", "admin:login"),
        ("/nowhere/at/all", "none"),
    ):
        request = client.get(path).wsgi_request
        assert counting.operation_of(request) == name
    counted = counting.CountingMiddleware(lambda request: HttpResponse(status=201))
    assert counted(request).status_code == 201
    assert json.loads((tmp_path / "shown.json").read_text())["hour"] == 2


def test_the_monitor_s_own_server_listens_beyond_this_machine_with_a_token_only(settings) -> None:
    from sapr.errors import DomainError
    from sapr.operating import exporter

    with pytest.raises(DomainError, match="token"):
        exporter.server("0.0.0.0", 0)  # noqa: S104
    with pytest.raises(DomainError, match="address"):
        exporter.server("nowhere", 0)
    settings.METRICS_TOKEN = "t" * 40
    with exporter.server("127.0.0.1", 0) as server:
        assert server.server_address[0] == "127.0.0.1"
