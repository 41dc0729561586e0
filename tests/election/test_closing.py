"""Closing by its tests, opening again, and the victim who declines to take part: CL-*, TR-20 to TR-26."""

from datetime import timedelta

from reports import access
from reports.casework import participation
from reports.casework.closing import case_close, case_reopen
from reports.election.contacts import contact_complete
from reports.election.inquiries import inquiry_log
from reports.erasure.services import hold_place
from reports.evidence.services import kit_number_issue, kit_seal
from reports.ledger.models import Event
from reports.recording import record
from tests.election.way import STATED, closed, duties, limited, refusal, state, step
from tests.meeting.ways import called, held
from tests.times import T0


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
        for kind, data in (("investigation_closed", {}), ("referral_made", {"matter": "a"})):
            record(case=report.case, kind=kind, actor=world.sarc, at=T0, data=data)
    assert refusal(case_close, **ask, answers=STATED).rule == "CL-1"
    with access.viewing(world.sarc):
        record(case=report.case, kind="referral_ended", actor=world.sarc, at=T0, data={"matter": "b"})
    assert refusal(case_close, **ask, answers=STATED).rule == "CL-1"
    with access.viewing(world.sarc):
        record(case=report.case, kind="referral_ended", actor=world.sarc, at=T0, data={"matter": "a"})
    meeting = called(world)
    assert refusal(case_close, **ask, answers=STATED).rule == "CL-2"
    held(world, meeting)
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
        refusal(participation.participation_decline, actor=world.sarc, case_id=case_id, at=T0),
        refusal(inquiry_log, actor=world.sarc, case_id=case_id, at=T0),
    ):
        assert (refused.code, refused.status) == ("case_closed", 409)
    other = closed(world, world.signed("restricted").case_id)
    assert refusal(kit_number_issue, actor=world.sarc, case_id=other.pk, at=T0).code == "case_closed"
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
