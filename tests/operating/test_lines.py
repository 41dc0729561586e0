"""A line of the log says what failed or took long, and neither who, about whom, nor where."""

import json
import logging

from django.http import HttpResponse
from django.test import Client

from sapr.logs import LineFormatter
from sapr.operating import lines
from tests.world import CANARIES


def test_a_failed_or_slow_request_is_one_line_without_content_and_others_are_none(
    world, caplog, monkeypatch
) -> None:
    case = world.contact()
    address = f"/api/v1/cases/{case.pk}?q={CANARIES['name']}"
    request = Client().get(address, headers={"X-Canary": CANARIES["dod_id"]}).wsgi_request
    seconds = iter([0.0, 0.25, 0.0, 0.25, 0.0, 0.25, 0.0, 7.0, 0.0, 0.1])
    monkeypatch.setattr(lines, "perf_counter", lambda: next(seconds))
    caplog.set_level(logging.INFO)
    for status in (200, 404, 500, 200, 503):
        answer = HttpResponse(CANARIES["text"], status=status)
        assert lines.LinesMiddleware(lambda request, answer=answer: answer)(request) is answer
    said = [LineFormatter().format(each) for each in caplog.records if each.name == "sapr.request"]
    failed, slow = map(json.loads, said)
    assert failed.keys() == {"at", "level", "logger", "event", "request", "operation", "status", "seconds"}
    told = [(each["event"], each["operation"], each["status"], each["seconds"]) for each in (failed, slow)]
    assert told == [("request_failed", "CaseGetApi", 500, 0.25), ("request_slow", "CaseGetApi", 200, 7.0)]
    assert failed["request"] != slow["request"]
    canaries = [*CANARIES.values(), str(case.pk), case.number, world.sarc.username]
    assert [each for each in canaries if each in "".join(said)] == []
