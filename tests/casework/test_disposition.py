"""Investigation, incident report, and a disposition that is final when every action of every subject is closed."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connections

from reports import access
from reports.casework.services import step_record
from reports.ledger.models import Event
from sapr.errors import DomainError
from tests.casework.duties import duties, refusal_of, states
from tests.casework.steps import all_closed, begin, reach, take
from tests.times import T0

DAY = timedelta(days=1)


@pytest.fixture
def case(world):
    return world.signed("unrestricted").case


def step(world, case, kind, at=T0, **details):
    reach(at)
    return step_record(actor=world.sarc, case_id=case.pk, kind=kind, at=at, details=details)


def test_ck_04_the_incident_report_within_eight_days(world, case) -> None:
    ((state, rule, due),) = duties(world, "sairo")
    assert (state, rule, int(due // 24)) == ("open", "CK-04", 8)
    step(world, case, "sairo_sent", T0 + 3 * DAY)
    assert states(world, "sairo") == ["discharged"]


def test_r14_cx_16_final_only_when_all_are_closed_and_the_most_serious_is_reported(world, case) -> None:
    assert refusal_of(step, world, case, "final_disposition_decided") == ("no_subject", "FD-18")
    first, second = (begin(world, case, "subject", sealed={"name": f"Invented {n}"}) for n in (1, 2))
    assert refusal_of(step, world, case, "final_disposition_decided") == ("rule_refuses", "FD-15")
    given_up = begin(world, case, "action", parent_id=first.pk, category="court_martial")
    minor = begin(world, case, "action", parent_id=first.pk, category="other_adverse_administrative")
    worse = begin(world, case, "action", parent_id=first.pk, category="article_15")
    none = begin(world, case, "action", parent_id=second.pk, category="no_action")
    take(world, given_up, "action_closed", T0 + DAY, outcome="not_carried_out")
    for action in (minor, worse):
        take(world, action, "action_closed", T0 + DAY)
    assert refusal_of(step, world, case, "final_disposition_decided", T0 + DAY) == ("rule_refuses", "FD-15")
    take(world, none, "action_closed", T0 + 2 * DAY)
    assert refusal_of(step, world, case, "final_disposition_decided", T0 + DAY)[0] == "before_the_step_before"
    step(world, case, "final_disposition_decided", T0 + 2 * DAY)
    with access.viewing(world.sarc):
        event = Event.objects.get(kind="final_disposition_decided")
        assert event.data == {"reported": "article_15", "subjects": "2"}
        assert {row.state for row in case.matters.filter(kind="subject")} == {"disposed"}
    assert states(world, "monthly_update") == ["ended"]
    late = begin(world, case, "subject", T0 + 3 * DAY)
    assert refusal_of(begin, world, case, "action", T0 + 3 * DAY, parent_id=first.pk)[0] == "parent_needed"
    assert late.state == "known"


def test_ck_08_ck_09_the_victim_in_two_business_days_the_papers_in_a_day_the_mcio_at_once(
    world, case
) -> None:
    for kind in ("disposition_told", "disposition_submitted", "mcio_told_of_disposition"):
        assert refusal_of(step, world, case, kind) == ("too_early", "FD-15")
    all_closed(world, case)
    step(world, case, "final_disposition_decided")
    assert duties(world, "tell_disposition")[0][1] == "CK-08"
    assert duties(world, "disposition_papers") == [("open", "CK-09", 24)]
    assert duties(world, "tell_mcio_disposition") == [("open", "CK-09", 0)]
    for kind in ("disposition_told", "disposition_submitted", "mcio_told_of_disposition"):
        step(world, case, kind, T0 + timedelta(hours=2))
    for kind in ("tell_disposition", "disposition_papers", "tell_mcio_disposition"):
        assert states(world, kind) == ["discharged"]


def test_a_disposition_before_the_report_is_refused_by_its_rule(world) -> None:
    contact, restricted = world.contact(), world.signed("restricted").case
    for case in (contact, restricted):
        assert refusal_of(step, world, case, "final_disposition_decided") == ("step_does_not_fit", "FD-15")
    assert refusal_of(begin, world, contact, "subject") == ("no_report", "")
    report = world.signed("restricted")
    converted = report.case
    world.converted(report, at=T0)
    reach(T0 + DAY)
    early = refusal_of(begin, world, converted, "subject", T0 - DAY)
    assert early[0] == "before_the_step_before"


def test_fd_01_an_investigation_is_closed_after_it_was_begun(world, case) -> None:
    assert refusal_of(step, world, case, "investigation_closed") == ("too_early", "FD-01")
    step(world, case, "investigation_opened")
    step(world, case, "investigation_closed", T0 + DAY)


def test_an_action_begun_while_its_subject_is_disposed_of_is_on_neither_side(stage) -> None:
    """Either the action comes first and holds the disposition up, or it finds no subject any more."""
    world = stage.world
    case = world.signed("unrestricted").case
    subject, gate, ends = all_closed(world, case), Barrier(2), {}

    def run(name, call) -> None:
        gate.wait()
        try:
            call()
            ends[name] = "done"
        except (DomainError, DatabaseError):
            ends[name] = "refused"
        finally:
            connections.close_all()

    steps = {
        "action": lambda: begin(world, case, "action", parent_id=subject.pk),
        "final": lambda: step(world, case, "final_disposition_decided"),
    }
    threads = [Thread(target=run, args=each) for each in steps.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends.values()) == ["done", "refused"]
    with access.viewing(world.sarc):
        subject.refresh_from_db()
        running = subject.parts.filter(ended_at=None).exists()
    assert (subject.state == "disposed") != running
