"""Where a case can go, and where it cannot: TR-*, CL-*, BL-11."""

import inspect
from datetime import UTC, datetime, timedelta

from django.db import connection

from reports import access
from reports.access.objects import STATES, state_of
from reports.casework import participation
from reports.casework.closing import case_close, case_reopen
from reports.casework.services import step_record
from reports.election.contacts import contact_complete, contact_walk_away
from reports.election.inquiries import inquiry_log, limited_case_open
from reports.election.models import Case, Identity, InformedBy, Report
from reports.election.selectors import contacts_open, person_find
from reports.election.services import options_decide, report_sign
from reports.erasure.services import hold_place
from reports.evidence.services import kit_hand_to_mcio, kit_number_issue, kit_seal
from reports.ledger.models import Event
from reports.models import Duty, Kit
from reports.recording import record
from tests.election.way import STATED, closed, duties, inquiry, kinds, limited, refusal, state, step
from tests.times import T0
from tests.world import CANARIES, MEMBER


def test_tr_03_an_inquiry_is_no_report_and_tr_05_may_still_become_one(world) -> None:
    case = inquiry(world)
    assert (case.state, kinds(world, case.pk)[-1]) == ("SRI", "inquiry_logged")
    with access.viewing(world.sarc):
        assert not Report.objects.exists()
        assert case not in contacts_open(viewer=world.sarc)
    assert refusal(inquiry_log, actor=world.sarc, case_id=case.pk, at=T0).code == "no_such_move"
    assert refusal(inquiry_log, actor=world.stranger, case_id=case.pk, at=T0).code == "not_found"
    report_sign(actor=world.sarc, **world.paper(case, "restricted"))
    assert state(world, case.pk) == "RESTRICTED_OPEN"
    again = refusal(inquiry_log, actor=world.sarc, case_id=case.pk, at=T0)
    assert (again.code, "CA-18" in again.rule) == ("no_inquiry", True)


def test_tr_03_before_its_first_day_and_by_an_advocate_there_is_no_inquiry(world) -> None:
    case = world.decided(actor=world.va)
    assert refusal(inquiry_log, actor=world.va, case_id=case.pk, at=T0).code == "not_your_role"
    early = datetime(2021, 11, 9, 12, tzinfo=UTC)
    assert refusal(inquiry_log, actor=world.sarc, case_id=case.pk, at=early).code == "no_inquiry"
    assert state(world, case.pk) == "CONTACT"


def test_bl_11_an_inquiry_may_end_without_signing_and_then_goes_nowhere(world) -> None:
    case = inquiry(world)
    contact_walk_away(actor=world.sarc, case_id=case.pk, at=T0)
    signing = refusal(report_sign, actor=world.sarc, **world.paper(case, "restricted"))
    assert signing.code == "contact_closed"
    assert refusal(inquiry_log, actor=world.sarc, case_id=case.pk, at=T0).code == "contact_closed"
    with access.viewing(world.sarc):
        assert not Report.objects.exists()


def test_tr_04_a_catch_entry_moves_an_inquiry_and_leaves_a_report_where_it_is(world) -> None:
    first, report = inquiry(world), world.signed("restricted")
    for case in (first, report.case):
        with access.viewing(world.sarc):
            record(case=case, kind="catch_joined", actor=world.sarc, at=T0)
    assert (state(world, first.pk), state(world, report.case_id)) == ("SRI_CATCH", "RESTRICTED_OPEN")


def test_tr_14_a_limited_case_opens_the_review_ck_05_and_is_reviewed(world) -> None:
    case = limited(world, name="Somebody Known", dod_id=CANARIES["dod_id"])
    assert (case.state, case.informed_by) == ("OPEN_LIMITED_INFO", InformedBy.MCIO)
    assert kinds(world, case.pk)[0] == "limited_case_opened"
    assert duties(world, case.pk) == {"cmg_review": "open"}
    step(world, case.pk, "cmg_held")
    assert "cmg_held" in kinds(world, case.pk)
    # No report: nothing that needs one.
    assert refusal(step, world=world, case_id=case.pk, kind="sairo_sent").code == "step_does_not_fit"
    assert refusal(contact_walk_away, actor=world.sarc, case_id=case.pk, at=T0).code == "not_a_contact"
    early = datetime(2016, 9, 26, 12, tzinfo=UTC)
    assert refusal(limited_case_open, actor=world.sarc, at=early).code in {"not_your_role", "no_such_move"}
    assert refusal(limited_case_open, actor=world.va, at=T0).rule == "TR-14"


def test_tr_13_tr_15_nothing_joins_a_limited_case_to_the_same_persons_restricted_report(
    world, django_capture_on_commit_callbacks
) -> None:
    """Not a column, a search, an event or an argument: two records, and neither shows the other."""
    number = {"dod_id": CANARIES["dod_id"]}
    # People are indexed once what names them is committed.
    with django_capture_on_commit_callbacks(execute=True):
        report = world.signed("restricted")
        case = limited(world, name=CANARIES["name"], **number)
        contact_complete(actor=world.sarc, case_id=case.pk, at=T0, identity=number, narrative={})
    with access.viewing(world.sarc):
        assert person_find(viewer=world.sarc, dod_id=CANARIES["dod_id"], at=T0) == [report.case]
        told = [str(row) for row in Event.objects.filter(case_id=case.pk).values_list("data", flat=True)]
        own = {str(pk) for pk in Event.objects.filter(case_id=report.case_id).values_list("id", flat=True)}
        own |= {str(report.pk), str(report.case_id), report.case.number}
        assert not [each for each in told if any(one in each for one in own)]
        # The sealed values differ although the words are the same: each has its own case's key.
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM reports_identity")
            assert len({bytes(row[0]) for row in cursor.fetchall()}) == Identity.objects.count() == 2
    assert not {name for name in inspect.signature(limited_case_open).parameters if "case" in name}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = 'reports_case'::regclass"
            " AND confrelid = 'reports_case'::regclass"
        )
        assert cursor.fetchone()[0] == 0


def test_tr_10_signing_moves_a_limited_case_and_tr_13_a_restricted_report_is_a_record_of_its_own(
    world,
) -> None:
    case = limited(world, name="Somebody Known", unit_commander_post=str(world.posts["unit_commander"].pk))
    options_decide(actor=world.sarc, case_id=case.pk, facts=MEMBER | {"investigation": "open"}, at=T0)
    options_decide(actor=world.sarc, case_id=case.pk, facts=MEMBER, at=T0)
    own = refusal(report_sign, actor=world.sarc, **world.paper(case, "restricted"))
    assert (own.code, own.rule) == ("record_of_its_own", "TR-13")
    # Where it is allowed it is signed in a new contact, and two records stay.
    assert world.signed("restricted").case_id != case.pk
    assert state(world, case.pk) == "OPEN_LIMITED_INFO"
    report_sign(actor=world.sarc, **world.paper(case, "unrestricted"))
    assert state(world, case.pk) == "UNRESTRICTED_OPEN"


def test_cl_1_cl_2_cl_3_each_unmet_test_is_named_and_then_the_case_closes(world) -> None:
    report = world.signed("unrestricted")
    ask = {"actor": world.sarc, "case_id": report.case_id, "at": T0}
    unmet = refusal(case_close, **ask)
    assert (unmet.code, unmet.rule) == ("not_ready_to_close", "CL-1, CL-2, CL-3")
    for rule in ("CL-1: ", "CL-2: ", "CL-3: "):
        assert rule in unmet.message
    assert refusal(case_close, **ask, answers=STATED | {"referrals_complete": False}).rule == "CL-1"
    assert refusal(case_close, **ask, answers=STATED | {"under_cmg_review": True}).rule == "CL-2"
    # What the case records is not overruled by an answer.
    step(world, report.case_id, "investigation_opened")
    assert refusal(case_close, **ask, answers=STATED).rule == "CL-3"
    with access.viewing(world.sarc):
        for kind, data in (("investigation_closed", {}), ("referral_made", {"referral": "a"})):
            record(case=report.case, kind=kind, actor=world.sarc, at=T0, data=data)
    assert refusal(case_close, **ask, answers=STATED).rule == "CL-1"
    with access.viewing(world.sarc):
        record(case=report.case, kind="referral_ended", actor=world.sarc, at=T0, data={"referral": "b"})
    assert refusal(case_close, **ask, answers=STATED).rule == "CL-1"
    with access.viewing(world.sarc):
        record(case=report.case, kind="referral_ended", actor=world.sarc, at=T0, data={"referral": "a"})
        record(case=report.case, kind="cmg_listed", actor=world.sarc, at=T0)
    assert refusal(case_close, **ask, answers=STATED).rule == "CL-2"
    step(world, report.case_id, "cmg_held")
    step(world, report.case_id, "final_disposition_decided")
    case = case_close(**ask)
    assert case.state == "CLOSED"
    with access.viewing(world.sarc):
        said = Event.objects.get(case_id=case.pk, kind="case_closed").data
    assert said == dict.fromkeys(STATED, "recorded")


def test_cl_4_only_the_sarc_of_the_case_closes_it_and_a_contact_is_not_closed(world) -> None:
    report = world.signed("restricted", actor=world.va)
    ask = {"case_id": report.case_id, "at": T0, "answers": STATED}
    assert refusal(case_close, actor=world.va, **ask).code == "not_your_role"
    assert refusal(case_close, actor=world.stranger, **ask).code == "not_found"
    contact = world.contact()
    moved = refusal(case_close, actor=world.sarc, **(ask | {"case_id": contact.pk}))
    assert moved.code == "no_such_move"
    assert (
        refusal(case_close, actor=world.sarc, **(ask | {"answers": {"moon": True}})).code == "unknown_value"
    )
    early = ask | {"at": T0 - timedelta(days=1)}
    assert refusal(case_close, actor=world.sarc, **early).code == "before_the_report"


def test_tr_20_a_closed_case_refuses_steps_and_keeps_what_must_remain_possible(world) -> None:
    report = world.signed("restricted")
    case_id = report.case_id
    _, number = kit_number_issue(actor=world.sarc, case_id=case_id, at=T0)
    case = closed(world, case_id)
    with access.viewing(world.sarc):
        said = Event.objects.get(case_id=case_id, kind="case_closed").data
    # Of a Restricted report the group takes nothing; the rest the SARC stated.
    assert said == {
        "referrals_complete": "stated",
        "under_cmg_review": "recorded",
        "investigation_complete": "stated",
    }
    assert duties(world, case_id)["commander_notice_restricted"] == "open"
    for refused in (
        refusal(step, world=world, case_id=case_id, kind="vwap_explained"),
        refusal(case_close, actor=world.sarc, case_id=case_id, at=T0, answers=STATED),
        refusal(kit_number_issue, actor=world.sarc, case_id=case_id, at=T0),
        refusal(participation.participation_decline, actor=world.sarc, case_id=case_id, at=T0),
        refusal(inquiry_log, actor=world.sarc, case_id=case_id, at=T0),
    ):
        assert (refused.code, refused.status) == ("case_closed", 409)
    # What is still due can be done, evidence moves, safe contact changes, holds are placed.
    step(world, case_id, "dsaid_entered")
    assert duties(world, case_id)["dsaid_entry"] == "discharged"
    kit_seal(actor=world.sarc, case_id=case_id, number=number, at=T0)
    contact_complete(actor=world.sarc, case_id=case_id, at=T0, identity={"phone": "+1 555"}, narrative={})
    hold_place(actor=world.sarc, case_id=case_id, reason="appeal", at=T0)
    # TR-06: and the victim may convert at any time.
    world.converted(report, at=T0)
    assert state(world, case_id) == "CONVERTED"
    assert case.state == "CLOSED"


def test_tr_26_opened_again_a_case_is_what_it_was_and_its_reviews_go_on(world) -> None:
    report = world.signed("unrestricted")
    case_id = report.case_id
    closed(world, case_id)
    assert {duties(world, case_id)[kind] for kind in ("cmg_review", "monthly_update")} == {"ended"}
    ask = {"actor": world.sarc, "case_id": case_id, "at": T0}
    assert refusal(case_reopen, **ask, reason="because").code == "unknown_value"
    case = case_reopen(**ask, reason="victim_asked")
    assert case.state == "UNRESTRICTED_OPEN"
    assert {duties(world, case_id)[kind] for kind in ("cmg_review", "monthly_update")} == {"open"}
    again = refusal(case_reopen, **ask, reason="victim_asked")
    assert (again.code, again.rule) == ("not_closed", "TR-26")
    step(world, case_id, "final_disposition_decided")
    closed(world, case_id)
    case_reopen(**ask, reason="closed_in_error")
    assert {duties(world, case_id)[kind] for kind in ("cmg_review", "monthly_update")} == {"ended"}
    for other, was in (
        (world.signed("restricted").case, "RESTRICTED_OPEN"),
        (limited(world), "OPEN_LIMITED_INFO"),
    ):
        closed(world, other.pk)
        assert case_reopen(actor=world.sarc, case_id=other.pk, at=T0, reason="victim_asked").state == was


def test_tr_22_to_tr_25_the_victim_declines_by_the_letter_and_may_take_part_again(world) -> None:
    decline, resume = participation.participation_decline, participation.participation_resume
    report = world.signed("unrestricted")
    ask = {"actor": world.sarc, "case_id": report.case_id, "at": T0}
    assert (refusal(decline, **ask).code, refusal(decline, **ask).rule) == ("letter_needed", "TR-25")
    assert refusal(resume, **ask).code == "not_declined"
    said = decline(**ask, letter="section_540K")
    assert {"TR-22", "TR-23", "TR-24", "TR-25"} <= set(said.rules)
    assert refusal(decline, **ask, letter="section_540K").code == "declined_already"
    step(world, report.case_id, "safe_offered", answer="accepted")
    resume(**ask)
    with access.viewing(world.sarc):
        assert not participation.declined(report.case)
    restricted = ask | {"case_id": world.signed("restricted").case_id}
    nothing = refusal(decline, **restricted, letter="section_540K")
    assert (nothing.code, nothing.rule) == ("nothing_to_decline", "TR-22")
    decline(**restricted, letter="section_540K", investigation="open")
    assert refusal(decline, **restricted, letter="other").code == "unknown_value"


def test_ev_10_tr_08_each_kit_of_a_conversion_is_due_to_the_mcio_under_its_own_number(world) -> None:
    report = world.signed("restricted")
    case_id = report.case_id
    numbers = [kit_number_issue(actor=world.sarc, case_id=case_id, at=T0)[1] for _ in range(2)]
    for number in numbers:
        kit_seal(actor=world.sarc, case_id=case_id, number=number, at=T0)
    assert "kit_to_mcio_custody" not in duties(world, case_id)
    world.converted(report, at=T0)
    with access.viewing(world.sarc):
        owed = Duty.objects.filter(case_id=case_id, kind="kit_to_mcio_custody")
        assert set(owed.values_list("about", flat=True)) == set(Kit.objects.values_list("pk", flat=True))
        assert {(each.rule, each.immediate, each.state) for each in owed} == {("CD-10", True, "open")}
    kit = kit_hand_to_mcio(actor=world.sarc, case_id=case_id, number=numbers[0], at=T0)
    with access.viewing(world.sarc):
        assert {each.about: each.state for each in owed.all()}[kit.pk] == "discharged"
        assert sorted(each.state for each in owed.all()) == ["discharged", "open"]


def test_the_state_of_a_case_and_the_query_for_it_agree_and_closing_changes_neither(world) -> None:
    made = {
        "contact": world.decided(),
        "walked_away": contact_walk_away(actor=world.sarc, case_id=world.contact().pk, at=T0),
        "inquiry": inquiry(world),
        "limited": limited(world),
        "restricted": world.signed("restricted").case,
        "unrestricted": world.signed("unrestricted").case,
    }

    def agree(way: str) -> None:
        with access.viewing(world.sarc):
            case = Case.objects.get(pk=made[way].pk)
            found = [name for name, q in STATES.items() if Case.objects.filter(q, pk=case.pk).exists()]
            assert (state_of(case), found) == (way, [way])
            assert case in access.cases(world.sarc)

    for way in made:
        agree(way)
    for way in ("limited", "restricted", "unrestricted"):
        closed(world, made[way].pk)
        agree(way)


def test_a_step_that_fits_nothing_here_is_still_refused_by_its_own_name(world) -> None:
    case = limited(world)
    unknown = refusal(step_record, actor=world.sarc, case_id=case.pk, kind="no_such", at=T0)
    assert unknown.code == "unknown_step"
