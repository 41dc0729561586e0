"""Rights that end while somebody is at work: what comes after is refused, and nothing of it is kept."""

from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connections

from accounts.models import Appointment
from accounts.services import appointment_end
from reports import access
from reports.breakglass.services import break_glass_ask, break_glass_decide, break_glass_end
from reports.casework import services as casework
from reports.election import contacts
from reports.models import Assignment, Event, Narrative
from sapr.problems import as_refusal
from tests.access.together import together
from tests.factories import AppointmentFactory
from tests.signed_in import passed
from tests.times import T0


def end_appointment(world) -> None:
    appointment_end(appointment=Appointment.objects.get(user=world.sarc), actor=world.manager, at=T0)


def end_assignment(world) -> None:
    with access.viewing(world.sarc):
        Assignment.objects.filter(user=world.sarc).update(ended_at=T0)


def interrupted(monkeypatch, module, name: str, work, between) -> int:
    """Run `work` in a thread; when it comes to the function, `between` happens here, committed, and it goes on.

    Returns the status of the refusal, 0 when there was none.
    """
    reached, go_on, outcome = Signal(), Signal(), []
    inner = getattr(module, name)

    def held(*args, **kwargs):
        reached.set()
        assert go_on.wait(60)
        return inner(*args, **kwargs)

    monkeypatch.setattr(module, name, held)

    def run() -> None:
        try:
            work()
            outcome.append(0)
        except Exception as error:
            refusal = as_refusal(error)
            outcome.append(refusal.status if refusal else repr(error))
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    try:
        assert reached.wait(60)
        between()
    finally:
        go_on.set()
        thread.join()
    return outcome[0]


@pytest.mark.parametrize("end", [end_appointment, end_assignment])
def test_a_step_begun_before_and_written_after_is_refused(stage, monkeypatch, end):
    world = stage.world
    case = world.contact(actor=world.va)
    with access.viewing(world.va):
        before = Event.objects.filter(case_id=case.pk).count()
    status = interrupted(
        monkeypatch, casework, "record",
        lambda: casework.step_record(actor=world.sarc, case_id=case.pk, kind="vwap_explained", at=T0),
        lambda: end(world),
    )  # fmt: skip
    assert status == 403
    with access.viewing(world.va):
        assert Event.objects.filter(case_id=case.pk).count() == before


def test_sealed_content_is_not_changed_after_the_appointment_ended(stage, monkeypatch):
    world = stage.world
    case = world.contact(actor=world.va)
    with access.viewing(world.va):
        before = bytes(Narrative.objects.get().text.raw)
    status = interrupted(
        monkeypatch, contacts.contents, "write",
        lambda: contacts.contact_complete(
            actor=world.sarc, case_id=case.pk, at=T0, identity={}, narrative={"text": "After the end."}
        ),
        lambda: end_appointment(world),
    )  # fmt: skip
    assert status in (403, 404, 409)
    with access.viewing(world.va):
        assert bytes(Narrative.objects.get().text.raw) == before


def test_the_next_request_of_a_running_session_finds_nothing(world, client):
    case = world.contact(actor=world.va)
    passed(client, world.sarc)
    assert client.get(f"/admin/cases/{case.pk}/").status_code == 200
    end_assignment(world)
    assert client.get(f"/admin/cases/{case.pk}/").status_code == 404
    end_appointment(world)
    assert client.get(f"/admin/cases/{case.pk}/").status_code == 403


def test_of_several_decisions_and_endings_at_once_one_counts(stage):
    world = stage.world
    seconds = [AppointmentFactory(post=world.posts["sarc"]).user for _ in range(2)]
    case = world.contact()
    request = break_glass_ask(actor=world.stranger, case=case.number, reason="Invented.", at=T0)

    def decided(person, approve):
        return lambda: break_glass_decide(actor=person, request_id=request.pk, approve=approve, at=T0)

    people = [world.manager, *seconds]
    assert together(*(decided(each, True) for each in people)) == ["already_decided"] * 2 + ["done"]
    ended = [
        lambda who=who: break_glass_end(actor=who, request_id=request.pk, at=T0)
        for who in (world.stranger, world.sarc)
    ]
    assert together(*ended) == ["already_ended", "done"]
    with access.viewing(world.sarc):
        kinds = Event.objects.filter(case_id=case.pk, kind__startswith="break_glass").values_list(
            "kind", flat=True
        )
        assert sorted(kinds) == ["break_glass_approved", "break_glass_asked", "break_glass_ended"]
