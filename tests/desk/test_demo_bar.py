"""The bar of a demo, and that no other database has one."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from accounts import limits
from notifications import tasks
from reports.ledger.models import SYSTEM_CHAIN, Event
from sapr import clock
from sapr.desk import demo
from tests.desk.conftest import text
from tests.times import T0


@pytest.fixture
def in_a_demo(monkeypatch):
    """As if the database were a demo; what would be sent to the worker is kept."""
    sent = []
    monkeypatch.setattr(clock, "kind", lambda: "demo")
    # Underneath it is a rehearsal, in which sessions age with the moved clock; a demo's do not.
    monkeypatch.setattr(limits, "ABSOLUTE", timedelta(days=60))
    monkeypatch.setattr(demo, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(demo, "WAIT", 0.05)

    def send_task(name, args, **kwargs):
        sent.append(SimpleNamespace(name=name, args=args, kwargs=kwargs))
        clock.move(datetime.fromisoformat(args[0]), hold=True)

    monkeypatch.setattr(demo.app, "send_task", send_task)
    return sent


def test_no_bar_and_no_page_outside_a_demo(world, sarc):
    assert "demo-bar" not in text(sarc.get("/admin/"))
    assert sarc.post("/admin/demo-clock/", {"to": "day"}).status_code == 404


def test_the_bar_stands_on_every_page_also_before_signing_in(world, sarc, in_a_demo):
    pages = [
        sarc.get("/admin/"),
        sarc.get("/admin/nowhere/"),
        Client().get("/admin/login/"),
        Client().get("/enrol/"),
    ]
    assert all('data-test="demo-bar"' in text(page) for page in pages)
    assert Client().post("/admin/demo-clock/", {"to": "day"}).status_code == 302
    assert in_a_demo == []


@pytest.mark.parametrize(
    ("to", "target"),
    [
        ("slot", T0 + timedelta(hours=2)),
        ("day", T0 + timedelta(days=1)),
        ("month", datetime.fromisoformat("2026-04-02T14:00Z")),  # summer time: the same hour in New York
    ],
)
def test_a_button_asks_the_worker_for_the_instant_and_waits(world, sarc, in_a_demo, to, target):
    answer = sarc.post("/admin/demo-clock/", {"to": to, "back": "/admin/inbox/"}, follow=True)
    assert answer.redirect_chain[0][0] == "/admin/inbox/"
    assert "The clock moved." in text(answer)
    assert [(each.name, each.args) for each in in_a_demo] == [(demo.TASK, [target.isoformat()])]
    assert in_a_demo[0].kwargs == {"argsrepr": "", "kwargsrepr": "", "retry": False}


def test_a_slow_worker_and_a_lost_one_are_said_so(world, sarc, in_a_demo, monkeypatch):
    monkeypatch.setattr(demo.app, "send_task", lambda *args, **kwargs: None)
    assert "still moving" in text(sarc.post("/admin/demo-clock/", {"to": "day"}, follow=True))

    def lost(*args, **kwargs):
        raise OSError

    monkeypatch.setattr(demo.app, "send_task", lost)
    assert "cannot be reached" in text(sarc.post("/admin/demo-clock/", {"to": "day"}, follow=True))


@pytest.mark.parametrize("data", [{}, {"to": "year"}, {"to": "day", "back": "https://elsewhere.invalid/"}])
def test_other_input_leads_back_to_the_first_page(world, sarc, in_a_demo, data):
    assert sarc.post("/admin/demo-clock/", data)["Location"] == "/admin/"


def test_the_task_moves_once_and_records_it(world, in_a_demo, monkeypatch):
    moved = []
    monkeypatch.setattr("notifications.sweeping.demo_clock_advance", lambda *, to: moved.append(to) or 3)
    target = T0 + timedelta(days=1)
    tasks.demo_clock_advance(target.isoformat())
    clock.move(target, hold=True)
    tasks.demo_clock_advance(target.isoformat())
    assert moved == [target]


def test_the_task_leaves_other_databases_alone(world, monkeypatch):
    monkeypatch.setattr("notifications.sweeping.demo_clock_advance", lambda *, to: pytest.fail("moved"))
    tasks.demo_clock_advance((T0 + timedelta(days=1)).isoformat())
    assert not Event.objects.filter(case_id=SYSTEM_CHAIN, kind="clock_moved").exists()
