"""CL-1 and CL-2: what the record says of referrals and of the group's review, also beside a closing."""

import os
from threading import Thread
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections, transaction

from reports import access, policy
from reports.access.models import Look
from reports.casework.closing import case_close, case_reopen, closing_tests
from reports.casework.services import step_record
from reports.election.inquiries import limited_case_open
from reports.models import AgendaLine, Case, Duty
from tests.casework.duties import refusal_of
from tests.casework.steps import all_closed, begin, reach, take
from tests.casework.test_database import EVENT, run
from tests.casework.test_disposition import step
from tests.database.refusals import refused
from tests.election.test_closing_from_above import above, close, ready, said
from tests.election.way import STATED, duties, state
from tests.meeting.ways import DAY, another, called, duties_of, held, line_of
from tests.processes import wait_until
from tests.signed_in import signed_in
from tests.stage import in_database
from tests.times import T0

REFERRED = ("referral_made", {"matter": "a"}), ("referral_ended", {"matter": "a"})
INVESTIGATED = ("investigation_opened", {}), ("investigation_closed", {})


def disposed(world):
    """A case whose record passes every test, by steps that were taken."""
    case = world.signed("unrestricted").case
    for kind, data in (*REFERRED, *INVESTIGATED):
        said(world, case.pk, kind, data)
    all_closed(world, case)
    return case


def outcome(world, meeting, case) -> str:
    return line_of(world, meeting, case.pk).outcome


def both_say(world, *cases) -> list[bool]:
    """Whether each case is ready, for its SARC and, the same, from above; nothing is closed."""
    found = []
    for case in cases:
        with access.viewing(world.sarc):
            own = closing_tests(case=Case.objects.get(pk=case.pk), answers=STATED, at=T0)
            with transaction.atomic():
                if own.unmet:
                    with refused("not closed while"):
                        run(EVENT, uuid4(), case.pk, "case_closed", T0, world.sarc.pk)
                else:
                    run(EVENT, uuid4(), case.pk, "case_closed", T0, world.sarc.pk)
                transaction.set_rollback(True)
        with transaction.atomic():
            assert close(world.manager, case) is (not own.unmet), own.unmet
            transaction.set_rollback(True)
        found.append(not own.unmet)
    return found


def test_cl_2_the_last_line_of_an_agenda_says_whether_a_meeting_is_waited_for(world) -> None:
    over, claimed, skipped = disposed(world), disposed(world), disposed(world)
    step(world, claimed, "final_disposition_decided")
    claim = begin(world, claimed, "retaliation")
    first = called(world)
    for case in (over, skipped):
        step(world, case, "final_disposition_decided")
    take(world, claim, "retaliation_ended", T0)
    # Over, and yet on the agenda of a meeting to come.
    assert both_say(world, over, claimed, skipped) == [False, False, False]
    with transaction.atomic():
        held(world, first)
        # The meeting drops what is over, and says nothing on it.
        assert [outcome(world, first, case) for case in (over, claimed)] == ["dropped", "dropped"]
        assert both_say(world, over, claimed) == [True, True]
        transaction.set_rollback(True)
    # One that was passed over waits for nobody.
    reach(T0 + 31 * DAY)
    held(world, called(world, at=T0 + 31 * DAY), at=T0 + 31 * DAY)
    assert outcome(world, first, skipped) == ""
    assert both_say(world, over, claimed, skipped) == [True, True, True]


def test_cl_2_what_was_left_over_is_waited_for_while_the_group_reviews_it(world) -> None:
    case = disposed(world)
    meeting = called(world)
    with access.viewing(world.sarc):
        line = AgendaLine.objects.get(case_id=case.pk)
    held(world, meeting, left_over=[line.pk])
    assert refusal_of(case_close, actor=world.sarc, case_id=case.pk, at=T0, answers=STATED) == (
        "not_ready_to_close", "CL-2, FD-18",
    )  # fmt: skip
    step(world, case, "final_disposition_decided")
    assert both_say(world, case) == [True]


@pytest.mark.parametrize("closer", ["sarc", "above"])
def test_cl_1_a_closing_does_not_pass_by_a_referral_that_is_recorded_beside_it(stage, closer) -> None:
    """Its SARC is told which test is unmet, who stands above that nothing was closed; both by their pages."""
    world = stage.world
    case, person = ready(world), above(world)
    begin(world, case, "consent")
    found = {}

    def shut() -> None:
        try:
            if closer == "sarc":
                found["said"] = refusal_of(case_close, actor=world.sarc, case_id=case.pk, at=T0)
            else:
                form = {"number": case.number}
                page = signed_in(person).post("/admin/close-from-above/", form, follow=True)
                found["said"] = (page.status_code, "Nothing was closed" in page.content.decode())
        finally:
            connections.close_all()

    thread = Thread(target=shut)
    with transaction.atomic():
        begin(world, case, "referral")
        thread.start()
        wait_until(_somebody_waits, "the closing to wait for the referral")
    thread.join()
    assert found["said"] == (("not_ready_to_close", "CL-1") if closer == "sarc" else (200, True))
    assert state(world, case.pk) == "UNRESTRICTED_OPEN"
    with access.viewing(person):
        assert Look.objects.filter(user=person, kind="not_there").count() == (closer == "above")


def _somebody_waits() -> bool:
    """Whether another session waits for what this one holds; the application's own accounts are not shown it."""
    url = in_database(os.environ["ADMIN_DATABASE_URL"], connection.settings_dict["NAME"])
    with psycopg.connect(url) as admin:
        return admin.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)").fetchone()[0]


def test_cl_5_who_may_not_close_a_case_by_its_number_neither_holds_it_nor_waits_for_it(stage) -> None:
    """By raw SQL and by the service: a case and no case are alike, also in what they cost."""
    world = stage.world
    case, unready, person = ready(world), world.signed("restricted").case, above(world)
    url = in_database(stage.env["DATABASE_URL"], stage.names["default"])
    ask = "SELECT sapr_close_from_above(%s, %s)"
    with psycopg.connect(url) as works, psycopg.connect(url) as asks:
        works.execute("SELECT set_config('sapr.viewer', %s, true)", [str(world.sarc.pk)])
        works.execute(
            "SELECT id FROM reports_case WHERE number = ANY (%s) FOR NO KEY UPDATE",
            [[case.number, unready.number]],
        )
        for who, number in (
            *((each, case.number) for each in ("", world.stranger.pk, world.commander.pk, world.va.pk)),
            (person.pk, unready.number),
            (person.pk, policy.new_control_number(prefix="C")),
        ):
            for roles in ([], ["sarc", "programme_manager"]):
                asks.execute("SET LOCAL lock_timeout = '5s'")
                asks.execute("SELECT set_config('sapr.viewer', %s, true)", [str(who)])
                assert asks.execute(ask, [number, roles]).fetchone() == (False,)
                assert asks.execute("SELECT pg_current_xact_id_if_assigned()").fetchone() == (None,)
                asks.rollback()


def test_ck_06_closing_leaves_the_update_after_a_meeting_owed_and_it_is_still_given(world) -> None:
    mistaken, from_above = disposed(world), disposed(world)
    held(world, called(world))
    step(world, from_above, "final_disposition_decided")
    ask = {"actor": world.sarc, "case_id": mistaken.pk, "at": T0}
    for case in (mistaken, from_above):
        assert duties_of(world.sarc, case.pk, "update_after_cmg")[0][0] == "open"
    step(world, mistaken, "final_disposition_decided")
    case_close(**ask, answers=STATED)
    assert close(world.manager, from_above)
    for case in (mistaken, from_above):
        assert duties(world, case.pk)["update_after_cmg"] == "open"
        assert duties(world, case.pk)["monthly_update"] == "ended"
    given = {"kind": "monthly_update_given", "details": {"by": "commander"}}
    step_record(**ask, **given)
    assert duties(world, mistaken.pk)["update_after_cmg"] == "discharged"
    case_reopen(actor=world.sarc, case_id=from_above.pk, at=T0, reason="closed_in_error")
    assert duties(world, from_above.pk)["update_after_cmg"] == "open"
    step_record(**ask | {"case_id": from_above.pk}, **given)


def test_ck_06_ck_08_ck_09_whatever_a_limited_case_owes_can_be_done(world) -> None:
    case = limited_case_open(actor=world.sarc, at=T0)
    held(world, called(world))
    all_closed(world, case)
    for kind, details in (
        ("final_disposition_decided", {}), ("disposition_told", {}), ("disposition_submitted", {}),
        ("mcio_told_of_disposition", {}), ("monthly_update_given", {"by": "commander"}),
    ):  # fmt: skip
        step_record(actor=world.sarc, case_id=case.pk, kind=kind, at=T0, details=details)
    with access.viewing(world.sarc):
        assert list(Duty.objects.filter(case_id=case.pk, state="open").values_list("kind", flat=True)) == []


def test_cl_5_cl_6_the_sarcs_of_a_case_see_that_it_was_closed_from_above(world) -> None:
    case, colleague = ready(world), another(world)
    own = ready(world)
    reach(T0 + DAY)
    person = above(world)
    assert close(person, case)
    case_close(actor=world.sarc, case_id=own.pk, at=T0 + DAY)

    def lines(who, page: str) -> str:
        html = signed_in(who).get(page).content.decode()
        return html.partition('data-test="closed-above"')[2].partition("</p>")[0]

    assert case.number in lines(world.sarc, "/admin/")
    for page in ("/admin/", f"/admin/cases/{case.pk}/"):
        assert f"from above by {person.display_name}" in lines(world.sarc, page)
    # Not of a case that its own SARC closed, not for who is on neither.
    assert lines(world.sarc, f"/admin/cases/{own.pk}/") == ""
    for who in (colleague, person, world.manager):
        assert lines(who, "/admin/") == ""
    case_reopen(actor=world.sarc, case_id=case.pk, at=T0 + DAY, reason="closed_in_error")
    for page in ("/admin/", f"/admin/cases/{case.pk}/"):
        assert lines(world.sarc, page) == ""
