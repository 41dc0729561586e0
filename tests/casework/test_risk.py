"""High risk, threats, safety assessments, retaliation, and who gives the updates."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from reports import access
from reports.casework.services import step_record
from reports.ledger.models import Event
from tests.casework.duties import duties, refusal_of, states
from tests.casework.steps import begin, reach, take
from tests.meeting.ways import called, held
from tests.times import T0
from tests.world import MEMBER

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def case(world):
    return world.signed("unrestricted").case


def _met(world, at) -> None:
    reach(at)
    held(world, called(world, at=at), at=at)


def step(world, case, kind, at=T0, **details):
    reach(at)
    return step_record(actor=world.sarc, case_id=case.pk, kind=kind, at=at, details=details)


def test_ck_10_ck_11_ck_12_a_team_at_once_its_report_in_a_day_and_a_briefing_every_week(world, case) -> None:
    team, other = begin(world, case, "high_risk"), begin(world, case, "high_risk")
    assert duties(world, "stand_up_hrrt", team) == [("open", "CK-10", 0)]
    team = take(world, team, "hrrt_started", T0 + HOUR)
    assert states(world, "stand_up_hrrt", team) == ["discharged"]
    assert states(world, "stand_up_hrrt", other) == ["open"]
    assert duties(world, "hrrt_first_report", team) == [("open", "CK-11", 25)]
    take(world, team, "hrrt_reported", T0 + 20 * HOUR)
    assert states(world, "hrrt_first_report", team) == ["discharged"]
    for week in (1, 2, 3):
        take(world, team, "hrrt_briefed", T0 + week * 7 * DAY)
    assert states(world, "hrrt_briefing", team) == ["discharged"] * 3 + ["open"]
    team = take(world, team, "hrrt_ended", T0 + 22 * DAY)
    assert states(world, "hrrt_briefing", team)[-1] == "ended"
    assert states(world, "hrrt_final_report") == []
    take(world, team, "hrrt_final_report_given", T0 + 23 * DAY)
    assert team.state == "ended"


def test_ck_12_the_marine_corps_wants_a_final_report(world) -> None:
    case = world.signed("unrestricted", facts=MEMBER | {"service": "usmc"}).case
    team = take(world, begin(world, case, "high_risk"), "hrrt_started", T0)
    team = take(world, team, "hrrt_ended", T0)
    assert duties(world, "hrrt_final_report", team) == [("open", "CK-12", 0)]
    take(world, team, "hrrt_final_report_given", T0)
    assert states(world, "hrrt_final_report", team) == ["discharged"]


def test_hrrt_03_factors_are_those_of_the_rules(world, case) -> None:
    assert refusal_of(begin, world, case, "high_risk", factors=["a feeling"])[0] == "unknown_value"
    assert refusal_of(begin, world, case, "high_risk", factors=[])[0] == "missing"


def test_cd_01_a_threat_is_reported_at_once_and_of_a_restricted_report_only_under_an_exception(
    world, case
) -> None:
    threat = begin(world, case, "threat")
    assert duties(world, "report_threat", threat) == [("open", "CD-01", 0)]
    take(world, threat, "threat_reported", T0 + HOUR)
    assert states(world, "report_threat", threat) == ["discharged"]
    restricted = world.signed("restricted").case
    threat = begin(world, restricted, "threat", election="restricted")
    assert states(world, "report_threat", threat) == []  # CD-01 does not apply: EX-2 is the only way
    assert refusal_of(take, world, threat, "threat_reported", T0 + HOUR) == ("too_early", "HRRT-08")
    with access.viewing(world.sarc), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) "
            "VALUES (%s, %s, 'disclosure_made', %s, %s, '{}')",
            [uuid4(), restricted.pk, T0, world.sarc.pk],
        )
    assert take(world, threat, "threat_reported", T0 + HOUR).state == "reported"


def test_ag_06_cd_04_only_a_trained_assessor_and_in_the_marine_corps_every_month(world) -> None:
    case = world.signed("unrestricted", facts=MEMBER | {"service": "usmc"}).case
    wrong = refusal_of(step, world, case, "safety_assessed", assessor="not_trained", risk="high")
    assert wrong == ("rule_refuses", "AG-06")
    for month in (1, 2):
        step(world, case, "safety_assessed", T0 + month * 28 * DAY, assessor="trained", risk="not_high")
    found = duties(world, "safety_assessment")
    assert [state for state, _, _ in found] == ["discharged", "discharged", "open"]
    assert {rule for _, rule, _ in found} == {"CD-04"}


def test_r13_ck_06_ck_07_an_update_in_72_hours_of_a_meeting_and_every_month(world, case) -> None:
    _met(world, T0 + 5 * DAY)
    assert duties(world, "update_after_cmg") == [("open", "CK-06", 5 * 24 + 72)]
    step(world, case, "monthly_update_given", T0 + 6 * DAY, by="commander")
    assert states(world, "update_after_cmg") == ["discharged"]
    assert states(world, "monthly_update") == ["discharged", "open"]
    _met(world, T0 + 40 * DAY)
    step(world, case, "monthly_update_given", T0 + 44 * DAY, by="commander")
    assert states(world, "update_after_cmg") == ["discharged", "missed"]


def test_cmg_31_to_cmg_34_the_commander_gives_the_update_unless_the_rules_let_the_victim_choose(
    world, case
) -> None:
    assert refusal_of(step, world, case, "monthly_update_given", by="other") == ("rule_refuses", "CMG-32")
    step(world, case, "updater_chosen", updater="sarc")
    assert refusal_of(step, world, case, "monthly_update_given", by="sarc")[0] == "rule_refuses"
    marine = world.signed("unrestricted", facts=MEMBER | {"service": "usmc"}).case
    assert refusal_of(step, world, marine, "monthly_update_given", by="sarc")[0] == "rule_refuses"
    step(world, marine, "updater_chosen", updater="sarc")
    step(world, marine, "monthly_update_given", by="sarc")
    with access.viewing(world.sarc):
        assert Event.objects.filter(case_id=case.pk, kind="updater_chosen").count() == 1


def test_re_01_retaliation_is_reported_referred_and_found_on_with_its_account_sealed(world, case) -> None:
    sealed = {"name": "Invented Retaliator", "content": "Nobody talks to me."}
    claim = begin(world, case, "retaliation", sealed=sealed, retaliation_type="ostracism")
    assert refusal_of(begin, world, case, "retaliation", retaliation_reporter="other")[1] == "RE-01"
    take(world, claim, "retaliation_referred", T0, channel="meo")
    take(world, claim, "retaliation_asked", T0 + 30 * DAY, answer="none")
    claim = take(world, claim, "retaliation_ended", T0 + 31 * DAY, finding="substantiated")
    assert (claim.what, claim.state) == ("ostracism", "ended")
    with access.viewing(world.sarc):
        data = list(
            Event.objects.filter(case_id=case.pk, kind__startswith="retaliation").values_list(
                "data", flat=True
            )
        )
    assert not [value for value in sealed.values() if value in str(data)]
    assert {"matter.name", "matter.content"} <= set(data[0])
