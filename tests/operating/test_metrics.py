"""/metrics tells how the system does, to a monitor alone, and nothing of a case, a person or a place."""

import json
import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.parser import text_string_to_metric_families

from accounts.models import Location, User
from notifications.sweeping import demo_clock_advance, sweep
from reports import access
from sapr import clock
from sapr.operating import counting, upkeep
from sapr.operating.gauges import OfWeb, OfWorker, _in_fives
from sapr.operating.metrics import text
from tests.times import T0
from tests.world import CANARIES

# Every label there is, and what its values look like: names of ours.
LABELS = {"operation", "method", "outcome", "le", "part", "process", "state", "what"}
NAME = re.compile(r"[A-Za-z_:]{1,60}|[2-5]xx|[0-9.]{1,5}|\+Inf|")


def families(said: bytes):
    return list(text_string_to_metric_families(said.decode()))


def value(said: bytes, name: str, **labels: str) -> float:
    found = [
        each.value
        for family in families(said)
        for each in family.samples
        if each.name == name and each.labels == labels
    ]
    assert len(found) == 1, (name, labels, found)
    return found[0]


def says_nothing(said: bytes, told: list[str]) -> None:
    for family in families(said):
        for sample in family.samples:
            assert set(sample.labels) <= LABELS, sample
            assert all(NAME.fullmatch(each) for each in sample.labels.values()), sample
    assert [each for each in told if each in said.decode()] == []


def test_numbers_of_due_work_tell_of_no_single_case_and_of_a_standstill(stage) -> None:
    """One Restricted notice that falls due, is placed or is late shows nowhere but in the alarm."""
    cases = [stage.world.signed("restricted").case for _ in range(2)]
    with access.viewing(stage.world.sarc):
        slots = [case.notices.get().last_slot for case in cases]
        numbers = [case.number for case in cases]

    def at(instant) -> bytes:
        clock.move(instant, hold=True)
        return text(OfWorker())

    names = [
        *Location.objects.values_list("name", flat=True),
        *User.objects.values_list("username", flat=True),
    ]
    told = [*CANARIES.values(), *names, *numbers, *(str(case.pk) for case in cases)]
    with stage.as_worker():
        says_nothing(at(T0), told)
        # With a worker that does what is due; then one Restricted notice is due, and is placed.
        slot = max(slots)
        demo_clock_advance(to=slot - timedelta(seconds=1), hold=True)
        quiet = {
            "sapr_due_work": 0,
            "sapr_due_work_late_seconds": 0,
            "sapr_on_hold": 0,
            "sapr_channels_dead": 0,
        }
        for do in (lambda: None, sweep):
            said = at(slot)
            assert {name: value(said, name) for name in quiet} == quiet
            do()
        assert value(said, "sapr_last_look_age_seconds", process="sweep") <= 1
        # Nobody does it: the standstill shows, and not of what.
        demo_clock_advance(to=slot + timedelta(minutes=1), hold=True)
        stood = at(slot + timedelta(days=2))
        assert value(stood, "sapr_due_work_late_seconds") > 3600
        assert value(stood, "sapr_due_work") % 5 == 0
        says_nothing(stood, told)
    assert [_in_fives(each) for each in (0, 4, 5, 9, 10)] == [0, 0, 5, 5, 10]
    with stage.as_owner():
        upkeep.note("backup")
    with stage.as_worker():
        said = text(OfWorker())
        assert value(said, "sapr_done_timestamp_seconds", what="backup") == clock.now().timestamp()
        assert 0 < value(said, "sapr_database_sessions_ratio") <= 1
    says_nothing(said, told)


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
