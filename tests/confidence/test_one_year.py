"""CK-18, EV-13, EV-13b, EV-13c: asked once, a year after the report, with the whole talk; then silence."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from reports import access
from reports.casework.one_year import asked_at
from reports.casework.services import step_record
from reports.obligations.models import Duty
from sapr import clock
from sapr.errors import DomainError
from tests.confidence.conftest import refused_by, run, undone
from tests.database.refusals import refused
from tests.desk.conftest import text
from tests.signed_in import signed_in

TALK = {
    "retention": "explained",
    "no_further_contact": "explained",
    "acting_in_time": "explained",
    "copies": "declined",
    "answer": "stay_restricted",
}
MARK = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
EVENT = (
    "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)"
    " VALUES (%s, %s, 'conversion_asked', %s, %s, '{}')"
)


def ask(world, report, at, **changed):
    details = {name: value for name, value in (TALK | changed).items() if value}
    return step_record(
        actor=world.sarc, case_id=report.case_id, kind="conversion_asked", at=at, details=details
    )


def test_ck_18_it_is_asked_at_the_mark_once_and_the_database_takes_no_second(world, report) -> None:
    clock.move(MARK, hold=True)
    early = MARK - timedelta(days=1)
    with refused_by("EV-13", "rules_do_not_allow"):
        ask(world, report, early)
    with undone():
        # The mark is a day: the morning of it will do.
        ask(world, report, MARK - timedelta(hours=2))
    ask(world, report, MARK)
    with access.viewing(world.sarc):
        duty = Duty.objects.get(case=report.case, kind="ask_once_about_converting")
        assert (duty.rule, duty.state) == ("CK-18", "discharged")
        assert asked_at(viewer=world.sarc, case=report.case) == MARK
    with refused_by("EV-13c", "rules_forbid"):
        ask(world, report, MARK)
    page = text(signed_in(world.sarc).get(f"/admin/cases/{report.case_id}/steps/"))
    assert 'id="step-conversion_asked"' not in page
    assert "no further contact" in page
    with access.viewing(world.sarc), refused("asked once"):
        run(EVENT, uuid4(), report.case_id, MARK, world.sarc.pk)


def test_ev_13b_the_talk_is_recorded_whole(world, report) -> None:
    clock.move(MARK, hold=True)
    for name in TALK:
        with pytest.raises(DomainError) as refusal:
            ask(world, report, MARK, **{name: None})
        assert (refusal.value.code, refusal.value.path) == ("missing", f"details.{name}")
        with pytest.raises(DomainError) as refusal:
            ask(world, report, MARK, **{name: "skipped"})
        assert refusal.value.code == "unknown_value"


def test_ck_18_asked_late_is_done_late_and_an_unrestricted_report_is_never_asked(world, report) -> None:
    clock.move(MARK + timedelta(days=40), hold=True)
    ask(world, report, MARK + timedelta(days=40))
    with access.viewing(world.sarc):
        assert Duty.objects.get(case=report.case, kind="ask_once_about_converting").state == "missed"
    world.converted(report, at=MARK + timedelta(days=40))
    with pytest.raises(DomainError, match="does not fit this case"):
        ask(world, report, MARK + timedelta(days=40))
