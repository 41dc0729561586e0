"""Two people at once: signing and leaving, converting twice, converting and closing, closing and a step."""

from threading import Barrier, Thread

from django.db import connections

from reports import access
from reports.casework.closing import case_close
from reports.casework.services import step_record
from reports.election.contacts import contact_walk_away
from reports.election.conversion import report_convert
from reports.election.models import Report
from reports.election.services import report_sign
from reports.models import Duty, Event
from sapr.errors import DomainError
from tests.election.way import STATED, kinds, state
from tests.times import T0
from tests.world import CANARIES


def at_once(*calls) -> list[str]:
    """The calls in real threads that start together; what became of each, in their order."""
    start, outcomes = Barrier(len(calls)), [""] * len(calls)

    def run(place: int, call) -> None:
        try:
            start.wait()
            call()
            outcomes[place] = "done"
        except DomainError as refusal:
            outcomes[place] = refusal.code
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_whatever_meets_on_one_case_comes_one_after_the_other(stage) -> None:
    """One copy of the database for all races; each on cases of its own."""
    world = stage.world
    _sign_leave_sign(world)
    _convert_convert(world)
    for _ in range(2):
        _convert_close(world)
        _close_step(world)


def _sign_leave_sign(world) -> None:
    case = world.decided()
    signing = [world.paper(case, option) for option in ("restricted", "unrestricted")]
    first, left, second = at_once(
        lambda: report_sign(actor=world.sarc, **signing[0]),
        lambda: contact_walk_away(actor=world.sarc, case_id=case.pk, at=T0),
        lambda: report_sign(actor=world.sarc, **signing[1]),
    )
    assert [first, left, second].count("done") == 1
    if left == "done":
        assert (first, second, state(world, case.pk)) == ("contact_closed", "contact_closed", "CONTACT")
        return
    assert left == "already_signed"
    assert {first, second} == {"done", "already_signed"}
    assert state(world, case.pk) == ("RESTRICTED_OPEN" if first == "done" else "UNRESTRICTED_OPEN")


def _conversion(world, report):
    return {
        "actor": world.sarc,
        "case_id": report.case_id,
        "victim_signature": CANARIES["name"],
        "victim_signed_at": T0,
        "advocate_signature": "Invented Advocate",
        "advocate_signed_at": T0,
        "confirmation": world.shown(report),
    }


def _convert_convert(world) -> None:
    report = world.signed("restricted")
    paper = _conversion(world, report)
    outcomes = at_once(*[lambda: report_convert(**paper)] * 3)
    assert sorted(outcomes) == ["done", "not_convertible", "not_convertible"]
    assert kinds(world, report.case_id).count("report_converted") == 1


def _convert_close(world) -> None:
    """Closed first, it is converted all the same (TR-06); converted first, it is not ready to close (CL-3)."""
    report = world.signed("restricted")
    paper = _conversion(world, report)
    stated = STATED | {"investigation_complete": None, "under_cmg_review": None}
    converted, shut = at_once(
        lambda: report_convert(**paper),
        lambda: case_close(actor=world.sarc, case_id=report.case_id, at=T0, answers=stated),
    )
    assert (converted, state(world, report.case_id)) == ("done", "CONVERTED")
    order = [kind for kind in kinds(world, report.case_id) if kind in ("report_converted", "case_closed")]
    assert (shut, order) in (
        ("done", ["case_closed", "report_converted"]),
        ("not_ready_to_close", ["report_converted"]),
    )
    with access.viewing(world.sarc):
        assert Report.objects.get(pk=report.pk).election == "unrestricted"
        assert Duty.objects.filter(case_id=report.case_id, kind="cmg_review", state="open").count() == 1


def _close_step(world) -> None:
    report = world.signed("restricted")
    shut, done = at_once(
        lambda: case_close(actor=world.sarc, case_id=report.case_id, at=T0, answers=STATED),
        lambda: step_record(actor=world.sarc, case_id=report.case_id, kind="vwap_explained", at=T0),
    )
    assert (shut, state(world, report.case_id)) == ("done", "CLOSED")
    assert done in ("done", "case_closed")
    with access.viewing(world.sarc):
        after = Event.objects.filter(
            case_id=report.case_id,
            seq__gt=Event.objects.get(case_id=report.case_id, kind="case_closed").seq,
        )
        assert not after.filter(kind="vwap_explained").exists()
