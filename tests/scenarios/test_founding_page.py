"""The founding page's rules as stories: R01 to R24, each told with the services that people use.

Those not told here stand where their part of the work is tested; `test_every_rule_is_told.py` knows all of them.
"""

from datetime import timedelta

import pytest

from notifications.models import InboxItem, Notice, NoticeKind, NoticeState
from notifications.placing import place
from reports import access, policy
from reports.casework.services import step_record, va_assign
from reports.election import services as election
from reports.evidence import services as evidence
from reports.models import Duty, Event, Kit, Report
from sapr import clock
from sapr.errors import DomainError
from tests.notices.release import release
from tests.signed_in import signed_in
from tests.times import T0
from tests.world import CANARIES, MEMBER

DAY = T0.date()


def refusal(service, **given) -> DomainError:
    with pytest.raises(DomainError) as told:
        service(**given)
    return told.value


def kinds_of(world, case) -> set[str]:
    with access.viewing(world.sarc):
        return set(Event.objects.filter(case_id=case.pk).values_list("kind", flat=True))


def test_r01_only_sarc_va_and_healthcare_hear_a_restricted_report_and_only_two_of_them_sign_it(world) -> None:
    def takes(taker: str, on=DAY) -> bool | None:
        return policy.ruling("take_report", {"taker": taker, "election": "restricted"}, on=on).allowed

    assert [takes(taker) for taker in ("sarc", "sapr_va", "chaplain", "counsel", "commander")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    # Healthcare keeps it confidential; since 2016 the official report is the form with SARC or advocate.
    assert takes("healthcare", on=DAY.replace(year=2014)) is True
    assert takes("healthcare") is False
    case = world.decided()
    for person in (world.commander, world.unit_commander, world.mcio, world.manager):
        told = refusal(election.report_sign, actor=person, **world.paper(case, "restricted"))
        assert told.status in (403, 404)
    assert election.report_sign(actor=world.sarc, **world.paper(case, "restricted")).election == "restricted"


def test_r02_what_may_be_signed_follows_from_the_status(world) -> None:
    both, only_open = (True, True), (False, True)
    for status, expected in {
        "service_member": both,
        "guard_reserve": both,
        "military_dependent": both,
        "dod_civilian": only_open,
        "contractor": only_open,
        "retiree": only_open,
    }.items():
        facts = MEMBER | {"statuses": [status], "mhs_eligible": True}
        decision = policy.eligibility(facts, on=DAY)
        assert (decision.allowed("restricted"), decision.allowed("unrestricted")) == expected, status
        case = world.decided(facts=facts)
        if expected == only_open:
            told = refusal(election.report_sign, actor=world.sarc, **world.paper(case, "restricted"))
            assert told.rule.startswith("EL-")
        option = "restricted" if expected == both else "unrestricted"
        paper = world.paper(case, option, form=decision.form)
        assert election.report_sign(actor=world.sarc, **paper).election == option


def test_r03_an_assault_by_a_partner_goes_to_family_advocacy_and_nothing_is_signed_here(world) -> None:
    facts = MEMBER | {"offender_relationship": "spouse"}
    decision = policy.eligibility(facts, on=DAY)
    assert decision.route == "fap"
    case = world.decided(facts=facts)
    for option in ("restricted", "unrestricted"):
        refusal(election.report_sign, actor=world.sarc, **world.paper(case, option))
    with access.viewing(world.sarc):
        assert not Report.objects.exists()
        assert not Notice.objects.exists()


def test_r05_the_sarc_assigns_an_advocate_who_explains_both_options(world) -> None:
    case = world.contact()
    va_assign(actor=world.sarc, case_id=case.pk, va=world.va, at=T0)
    step_record(actor=world.va, case_id=case.pk, kind="options_explained", at=T0)
    assert {"va_assigned", "options_explained"} <= kinds_of(world, case)


def test_r06_the_kit_of_a_restricted_report_carries_a_number_in_place_of_a_name(world) -> None:
    report = world.signed("restricted")
    _, number = evidence.kit_number_issue(actor=world.sarc, case_id=report.case_id, at=T0)
    evidence.kit_seal(actor=world.sarc, case_id=report.case_id, number=number, at=T0)
    assert policy.check_control_number(number) == number
    for value in (*CANARIES.values(), report.case.number, str(report.case_id)):
        assert value not in number
        assert number not in value
    with access.viewing(world.sarc):
        assert number.encode() not in bytes(Kit.objects.get().number.raw)


def test_r07_within_a_day_the_senior_commander_has_words_from_which_nobody_can_be_told(
    world, held_clock
) -> None:
    report = world.signed("restricted")
    with access.viewing(world.sarc):
        notice = Notice.objects.select_related("post", "case", "case__installation").get()
        duty = Duty.objects.get(pk=notice.duty_id)
    assert duty.due_at == T0 + timedelta(hours=24)
    assert notice.last_slot < duty.due_at
    assert notice.post == world.posts["commander"]
    # Nobody of the unit is told, and at a small place the words say no more than that something happened.
    assert notice.wording == notice.minimal
    for value in (*CANARIES.values(), report.case.number):
        assert value not in notice.wording


def test_r09_the_evidence_of_an_unrestricted_report_goes_into_the_custody_of_the_mcio(world) -> None:
    report = world.signed("unrestricted")
    _, number = evidence.kit_number_issue(actor=world.sarc, case_id=report.case_id, at=T0)
    evidence.kit_seal(actor=world.sarc, case_id=report.case_id, number=number, at=T0)
    kit = evidence.kit_hand_to_mcio(actor=world.sarc, case_id=report.case_id, number=number, at=T0)
    assert kit.state == "mcio"


def test_r10_details_reach_those_who_need_to_know_and_nobody_else(world) -> None:
    world.signed("unrestricted")
    told = {}
    for person in ("commander", "unit_commander", "mcio", "higher", "stranger", "other_va", "manager"):
        with access.viewing(getattr(world, person)):
            told[person] = InboxItem.objects.count()
    assert told == {
        "commander": 1, "unit_commander": 1, "mcio": 1, "higher": 0, "stranger": 0, "other_va": 0, "manager": 0,
    }  # fmt: skip


def test_r17_members_are_served_whenever_it_happened() -> None:
    for status in ("service_member", "guard_reserve"):
        for when in ("before_service", "on_duty", "off_duty"):
            decision = policy.eligibility(MEMBER | {"statuses": [status], "assault_timing": when}, on=DAY)
            assert decision.allowed("restricted"), (status, when)
            assert decision.allowed("unrestricted"), (status, when)


def test_r18_the_commander_learns_of_a_restricted_report_for_the_safety_of_the_place(world) -> None:
    world.strength(5000)
    world.signed("restricted")
    with access.viewing(world.sarc):
        notice = Notice.objects.select_related("post", "case", "case__installation").get()
    released = release(world.sarc, notice)
    clock.move(released.slot, hold=True)
    with access.viewing(world.sarc):
        place(notice=Notice.objects.get(), actor=world.sarc, at=released.slot)
    with access.viewing(world.commander):
        item = InboxItem.objects.get()
    assert item.kind == NoticeKind.RESTRICTED
    assert item.body == released.wording
    with access.viewing(world.sarc):
        assert Notice.objects.get().state == NoticeState.PLACED


def test_r21_r23_what_speaks_for_and_against_is_shown_before_the_election(world) -> None:
    case = world.decided()
    page = signed_in(world.sarc).get(f"/admin/cases/{case.pk}/options/").content.decode()
    for option in ("restricted", "unrestricted"):
        found = policy.considerations(option)
        assert found.rule == "R21"
        for sentence in (*found.benefits, *found.limits):
            assert sentence.split("'")[0] in page
    # R23: what an investigation is like is said, before it is chosen.
    limits = " ".join(policy.considerations("unrestricted").limits)
    assert "detailed and painful questions" in limits
    assert "months" in limits
