"""Which profile and adoptions count for which instant and day, and that the product asks under them."""

from datetime import date, datetime, timedelta

import pytest

from reports import access, policy
from reports.adoption.selectors import Basis, ProfileHistory, basis
from reports.adoption.services import change_propose, change_refuse
from reports.election import services as election
from reports.election.models import Decision
from reports.election.selectors import decision_latest
from reports.obligations.admin import lines
from reports.obligations.models import Duty
from reports.obligations.services import plan_for
from tests.adoption.settings import RS_2024, approved, minutes, second_manager
from tests.times import T0

CIVILIAN = {"statuses": ["dod_civilian"], "age": 40, "service": "army", "component_has_sapr": True}
TODAY = date(2026, 3, 2)


@pytest.fixture
def second(world):
    return second_manager(world)


def of_army(at: datetime, on: date = TODAY) -> Basis:
    return basis(service="army", on=on, at=at)


def test_until_somebody_changes_it_the_founding_page_decides(world) -> None:
    assert of_army(T0) == Basis("seed", frozenset())


def test_a_proposal_or_a_refusal_changes_nothing(world, second) -> None:
    proposed = change_propose(actor=world.manager, at=T0, profile="dated")
    change_propose(actor=world.manager, at=T0, **RS_2024)
    assert of_army(T0) == Basis("seed", frozenset())
    change_refuse(actor=second, change_id=proposed.pk, at=T0)
    assert of_army(T0) == Basis("seed", frozenset())


def test_a_profile_counts_from_the_instant_of_its_approval(world, second) -> None:
    approved(world, second, minutes(10), profile="dated")
    approved(world, second, minutes(20), profile="seed")
    just = timedelta(microseconds=1)
    profiles = {at: of_army(at).profile for at in (minutes(10) - just, minutes(10), minutes(20) - just)}
    assert list(profiles.values()) == ["seed", "dated", "dated"]
    assert of_army(minutes(20)).profile == "seed"
    history = ProfileHistory()
    assert {at: history.at(at) for at in profiles} == profiles
    assert history.at(minutes(20)) == "seed"


def test_an_adoption_is_one_services_from_its_first_day_once_approved(world, second) -> None:
    approved(world, second, minutes(10), **RS_2024 | {"starts_on": TODAY})
    adopted = frozenset({"RS-2024"})
    assert of_army(minutes(10)).adopted == adopted
    assert of_army(minutes(10), TODAY - timedelta(days=1)).adopted == frozenset()
    assert of_army(minutes(9)).adopted == frozenset()
    for service in ("navy", "", None, "moon_force", ["army"]):
        assert basis(service=service, on=TODAY, at=minutes(10)).adopted == frozenset()


def test_it_costs_one_question(world, second, django_assert_num_queries) -> None:
    approved(world, second, profile="dated")
    approved(world, second, **RS_2024)
    with django_assert_num_queries(1):
        of_army(T0)
    with django_assert_num_queries(1):
        ProfileHistory()


def restricted(world, *, facts=CIVILIAN, at=T0) -> bool:
    case = world.contact()
    decision = election.options_decide(actor=world.sarc, case_id=case.pk, facts=facts, at=at)
    with access.viewing(world.sarc):
        kept = decision_latest(viewer=world.sarc, case=case, at=at)
    assert kept["decision"] == decision.to_dict()
    assert kept["profile"] == decision.profile
    return decision.allowed("restricted")


def test_the_profile_decides_a_civilians_options_and_is_kept_with_the_decision(world, second) -> None:
    assert restricted(world) is False
    approved(world, second, minutes(1), profile="dated")
    assert restricted(world, at=minutes(1)) is True
    with access.viewing(world.sarc):
        assert list(Decision.objects.order_by("profile").values_list("profile", flat=True)) == [
            "dated",
            "seed",
        ]


def test_a_services_adoption_opens_the_option_for_its_own_civilians_only(world, second) -> None:
    approved(world, second, **RS_2024)
    assert restricted(world) is True
    assert restricted(world, facts=CIVILIAN | {"service": "navy"}) is False
    assert restricted(world, facts={k: v for k, v in CIVILIAN.items() if k != "service"}) is False


def test_a_backdated_signature_is_judged_by_the_setting_of_its_own_instant(world, second, held_clock) -> None:
    """Approved an hour after the signature: at the desk the option is open, on the paper it was not."""
    signed_at = minutes(0)
    approved(world, second, minutes(60), **RS_2024)
    held_clock.move(minutes(70), hold=True)
    case = world.contact()
    now = election.options_decide(actor=world.sarc, case_id=case.pk, facts=CIVILIAN, at=minutes(70))
    assert now.allowed("restricted")
    paper = world.paper(case, "restricted", signed_at, form="DD 2910-8")
    with pytest.raises(Exception, match="Unrestricted") as refusal:
        election.report_sign(actor=world.sarc, **paper)
    assert refusal.value.code == "option_barred"
    later = world.paper(case, "restricted", minutes(60), form="DD 2910-8")
    report = election.report_sign(actor=world.sarc, **later)
    assert report.election == "restricted"


def test_the_rules_of_a_signature_hold_although_the_setting_changes_before_it_is_entered(
    world, second, held_clock
) -> None:
    approved(world, second, minutes(10), profile="dated")
    approved(world, second, minutes(30), profile="seed")
    case = world.decided(facts=CIVILIAN, at=minutes(30))
    signed_at = minutes(20)
    election.report_sign(actor=world.sarc, **world.paper(case, "restricted", signed_at, form="DD 2910-8"))
    with access.viewing(world.sarc):
        kept = (
            Decision.objects.filter(case=case)
            .order_by("decided_at", "profile")
            .values_list("profile", flat=True)
        )
        assert sorted(kept) == ["dated", "seed"]


def test_duties_are_opened_under_the_setting_of_their_instant(world, second, monkeypatch) -> None:
    asked, real = [], policy.duties

    def listening(event, facts, **kwargs):
        if event in ("report_signed", "report_converted"):
            asked.append((event, kwargs["profile"], sorted(kwargs["adopted"])))
        return real(event, facts, **kwargs)

    approved(world, second, minutes(10), **RS_2024)
    approved(world, second, minutes(20), profile="dated")
    case = world.decided(facts=CIVILIAN, at=minutes(15))
    monkeypatch.setattr(policy, "duties", listening)
    paper = world.paper(case, "restricted", minutes(15), form="DD 2910-8")
    report = election.report_sign(actor=world.sarc, **paper)
    # Once: what is due is what was looked through for being late.
    assert asked == [("report_signed", "seed", ["RS-2024"])]
    asked.clear()
    world.converted(report, at=minutes(20))
    # Whether it is late, what is due; and what is shown, with whether it is still the same.
    assert asked == [("report_converted", "dated", ["RS-2024"])] * 4
    asked.clear()
    facts = {"election": "restricted"}
    plan_for(case=case, kind="report_signed", at=minutes(15), facts=facts)
    assert asked == [("report_signed", "seed", [])]


def test_a_duty_is_shown_in_the_words_of_the_profile_it_was_opened_under(world, second, held_clock) -> None:
    world.signed("restricted")
    approved(world, second, minutes(10), profile="dated")
    held_clock.move(minutes(11), hold=True)
    world.signed("restricted", at=minutes(11))
    with access.viewing(world.sarc):
        notices = Duty.objects.filter(kind="commander_notice_restricted").order_by("opened_at")
        drawn = lines(notices, minutes(11))
    assert len(drawn) == 2
    assert "no extension" in drawn[0].rule_sentence
    assert drawn[0].rule_sentence != drawn[1].rule_sentence
