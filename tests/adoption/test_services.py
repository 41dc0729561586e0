"""Proposing and deciding: two persons, known words, once, and every step an event."""

from datetime import date
from uuid import uuid4

import pytest

from accounts.models import Appointment
from accounts.services import appointment_end
from reports import access
from reports.adoption import meaning, services
from reports.adoption.models import PolicyChange, Service
from reports.ledger.selectors import system_events
from reports.policy import default_policy
from sapr import clock
from sapr.errors import DomainError
from tests.adoption.settings import RS_2024, approved, made_manager, minutes, second_manager
from tests.staffing import appointed
from tests.times import T0


@pytest.fixture
def second(world):
    return second_manager(world)


def refusal_of(call, **arguments) -> DomainError:
    before = PolicyChange.objects.count()
    with pytest.raises(DomainError) as refusal:
        call(**arguments)
    assert PolicyChange.objects.count() == before
    assert len(refusal.value.message) > 20
    return refusal.value


def events(world) -> list[tuple[str, str, str]]:
    with access.viewing(world.manager):
        found = system_events(viewer=world.manager).filter(kind__startswith="policy_change")
        return [(each.kind, str(each.actor_id), each.data["change"]) for each in found]


@pytest.mark.parametrize("change", [{"profile": "dated"}, RS_2024], ids=["profile", "adoption"])
def test_one_proposes_another_approves_and_both_are_events(world, second, change) -> None:
    proposed = services.change_propose(actor=world.manager, at=T0, **change)
    assert (proposed.state, proposed.proposed_at, proposed.decided_at) == ("proposed", T0, None)
    done = services.change_approve(actor=second, change_id=proposed.pk, at=T0)
    assert (done.state, done.decided_by, done.decided_at) == ("approved", second, T0)
    assert events(world) == [
        ("policy_change_proposed", str(world.manager.pk), str(done.pk)),
        ("policy_change_approved", str(second.pk), str(done.pk)),
    ]


def test_an_events_data_says_what_was_changed(world, second) -> None:
    approved(world, second, **RS_2024)
    with access.viewing(world.manager):
        event = system_events(viewer=world.manager).filter(kind="policy_change_approved").get()
    assert event.data["kind"] == "adoption"
    assert (event.data["service"], event.data["rule_set"], event.data["starts_on"]) == (
        "army",
        "RS-2024",
        "2025-01-01",
    )


@pytest.mark.parametrize("decide", [services.change_approve, services.change_refuse])
def test_nobody_decides_what_they_proposed(world, second, decide) -> None:
    proposed = services.change_propose(actor=world.manager, at=T0, profile="dated")
    assert (
        refusal_of(decide, actor=world.manager, change_id=proposed.pk, at=T0).code == "second_person_needed"
    )
    proposed.refresh_from_db()
    assert proposed.state == "proposed"


DECIDE = [services.change_approve, services.change_refuse]


@pytest.mark.parametrize("decide", DECIDE)
def test_one_manager_alone_gains_nothing_by_accounts_they_made(world, second, decide) -> None:
    """Made by the proposer, by the decider, by an account that the proposer made, both by one manager."""
    puppet, twin = (made_manager(world, name, by=world.manager) for name in ("puppet", "twin"))
    puppets_own = made_manager(world, "puppets_own", by=puppet)
    for proposer, decider in (
        (world.manager, puppet),
        (puppet, world.manager),
        (world.manager, puppets_own),
        (puppet, twin),
    ):
        proposed = services.change_propose(actor=proposer, at=T0, profile="dated")
        refusal = refusal_of(decide, actor=decider, change_id=proposed.pk, at=T0)
        assert (refusal.code, refusal.status) == ("second_person_needed", 409)
        services.change_withdraw(actor=proposer, change_id=proposed.pk, at=T0)
    proposed = services.change_propose(actor=puppet, at=T0, profile="dated")
    assert decide(actor=second, change_id=proposed.pk, at=T0).decided_by == second


@pytest.mark.parametrize("decide", DECIDE)
def test_an_appointment_alone_makes_nobody_independent(world, held_clock, decide) -> None:
    """An account of the system's own making, which the proposer made programme manager."""
    appointed(world, world.sarc, "manager", by=world.manager)
    proposed = services.change_propose(actor=world.manager, at=T0, profile="dated")
    refusal = refusal_of(decide, actor=world.sarc, change_id=proposed.pk, at=T0)
    assert refusal.code == "second_person_needed"


@pytest.mark.parametrize("decide", DECIDE)
def test_who_was_appointed_after_the_proposal_does_not_decide_it(world, second, held_clock, decide) -> None:
    proposed = services.change_propose(actor=world.manager, at=T0, profile="dated")
    held_clock.move(minutes(1), hold=True)
    late = made_manager(world, "late", by=second, at=minutes(1))
    refusal = refusal_of(decide, actor=late, change_id=proposed.pk, at=minutes(1))
    assert refusal.code == "second_person_needed"
    services.change_withdraw(actor=world.manager, change_id=proposed.pk, at=minutes(1))
    again = services.change_propose(actor=world.manager, at=minutes(1), profile="dated")
    assert decide(actor=late, change_id=again.pk, at=minutes(1)).decided_by == late


def test_the_two_managers_of_the_bootstrap_decide_for_each_other(world, held_clock) -> None:
    first, other = (made_manager(world, name, by=None) for name in ("first", "other"))
    proposed = services.change_propose(actor=first, at=T0, profile="dated")
    assert services.change_approve(actor=other, change_id=proposed.pk, at=T0).state == "approved"


def test_only_its_proposer_takes_a_proposal_back(world, second) -> None:
    proposed = services.change_propose(actor=world.manager, at=T0, profile="dated")
    withdraw = services.change_withdraw
    assert refusal_of(withdraw, actor=second, change_id=proposed.pk, at=T0).code == "not_your_proposal"
    assert withdraw(actor=world.manager, change_id=proposed.pk, at=T0).state == "withdrawn"
    assert events(world)[-1][0] == "policy_change_withdrawn"


@pytest.mark.parametrize("first", ["change_approve", "change_refuse", "change_withdraw"])
@pytest.mark.parametrize("then", ["change_approve", "change_refuse", "change_withdraw"])
def test_what_is_decided_is_decided(world, second, first, then) -> None:
    proposed = services.change_propose(actor=world.manager, at=T0, profile="dated")
    person = {"change_withdraw": world.manager}
    getattr(services, first)(actor=person.get(first, second), change_id=proposed.pk, at=T0)
    again = refusal_of(getattr(services, then), actor=person.get(then, second), change_id=proposed.pk, at=T0)
    assert (again.code, again.status) == ("already_decided", 409)


def test_a_refused_or_withdrawn_change_may_be_proposed_again(world, second) -> None:
    for decide, actor in ((services.change_refuse, second), (services.change_withdraw, world.manager)):
        proposed = services.change_propose(actor=world.manager, at=T0, **RS_2024)
        decide(actor=actor, change_id=proposed.pk, at=T0)
    assert services.change_propose(actor=second, at=T0, **RS_2024).state == "proposed"


@pytest.mark.parametrize("person", ["sarc", "va", "commander", "unit_commander", "mcio", "stranger"])
def test_only_programme_managers_change_the_settings(world, second, person) -> None:
    actor = getattr(world, person)
    assert refusal_of(services.change_propose, actor=actor, at=T0, profile="dated").code == "not_your_role"
    proposed = services.change_propose(actor=world.manager, at=T0, profile="dated")
    for decide in (services.change_approve, services.change_refuse, services.change_withdraw):
        assert refusal_of(decide, actor=actor, change_id=proposed.pk, at=T0).code == "not_your_role"


def test_a_manager_whose_appointment_ended_is_no_second_person(world, second, held_clock) -> None:
    proposed = services.change_propose(actor=world.manager, at=T0, profile="dated")
    appointment_end(appointment=Appointment.objects.get(user=second), actor=world.manager, at=T0)
    held_clock.move(minutes(1), hold=True)
    refusal = refusal_of(services.change_approve, actor=second, change_id=proposed.pk, at=minutes(1))
    assert refusal.code == "not_your_role"


def test_an_unknown_change_is_not_there(world) -> None:
    for decide in (services.change_approve, services.change_refuse, services.change_withdraw):
        assert refusal_of(decide, actor=world.manager, change_id=uuid4(), at=T0).code == "not_found"


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"profile": "moonlight"}, "unknown_value", "profile"),
        ({"profile": "seed"}, "already_in_force", "profile"),
        ({"profile": "dated"} | RS_2024, "invalid", ""),
        ({}, "unknown_value", "service"),
        (RS_2024 | {"service": "moon_force"}, "unknown_value", "service"),
        (RS_2024 | {"rule_set": "RS-2099"}, "unknown_value", "rule_set"),
        (RS_2024 | {"rule_set": ""}, "unknown_value", "rule_set"),
        # no row gives way to it; not later than the page it would stand in for
        (RS_2024 | {"rule_set": "RS-2005"}, "not_adoptable", "rule_set"),
        (RS_2024 | {"rule_set": "RS-SEED"}, "not_adoptable", "rule_set"),
        (RS_2024 | {"starts_on": None}, "missing", "starts_on"),
        (RS_2024 | {"starts_on": date(2024, 7, 18)}, "before_the_rules", "starts_on"),
        (RS_2024 | {"starts_on": date(2004, 12, 31)}, "date_out_of_range", "starts_on"),
        (RS_2024 | {"starts_on": date(9001, 1, 1)}, "date_out_of_range", "starts_on"),
    ],
)
def test_what_means_nothing_is_refused(world, change, code, path) -> None:
    refusal = refusal_of(services.change_propose, actor=world.manager, at=T0, **change)
    assert (refusal.code, refusal.path) == (code, path)


def test_a_set_is_adopted_from_its_own_first_day_on(world) -> None:
    services.change_propose(actor=world.manager, at=T0, **RS_2024 | {"starts_on": date(2024, 7, 19)})


@pytest.mark.parametrize("change", [{"profile": "dated"}, RS_2024], ids=["profile", "adoption"])
def test_the_same_is_not_proposed_twice(world, second, change) -> None:
    services.change_propose(actor=world.manager, at=T0, **change)
    for actor in (world.manager, second):
        refusal = refusal_of(services.change_propose, actor=actor, at=T0, **change)
        assert (refusal.code, refusal.status) == ("already_proposed", 409)


def test_what_is_in_force_is_not_proposed_and_an_earlier_first_day_is(world, second) -> None:
    approved(world, second, profile="dated")
    approved(world, second, **RS_2024)
    propose = services.change_propose
    assert refusal_of(propose, actor=second, at=T0, profile="dated").code == "already_in_force"
    for day in (date(2025, 1, 1), date(2025, 6, 1)):
        refusal = refusal_of(propose, actor=second, at=T0, **RS_2024 | {"starts_on": day})
        assert refusal.code == "already_adopted"
    assert propose(actor=second, at=T0, **RS_2024 | {"starts_on": date(2024, 12, 1)}).state == "proposed"
    assert propose(actor=second, at=T0, **RS_2024 | {"service": "navy"}).state == "proposed"


def test_two_profiles_do_not_begin_at_one_instant(world, second) -> None:
    approved(world, second, profile="dated")
    proposed = services.change_propose(actor=world.manager, at=T0, profile="seed")
    assert refusal_of(services.change_approve, actor=second, change_id=proposed.pk, at=T0).code == "try_again"
    done = approved_at(second, proposed, minutes(1))
    assert (done.state, done.decided_at) == ("approved", minutes(1))


def approved_at(second, proposed, at):
    clock.move(at, hold=True)
    return services.change_approve(actor=second, change_id=proposed.pk, at=at)


def test_the_words_of_the_settings_are_the_policys() -> None:
    book = default_policy().book
    assert set(Service.values) == set(book.facts.specs["service"].values)
    assert {"seed", "dated"} <= set(meaning.profiles())
    assert meaning.adoptable()["RS-2024"] == date(2024, 7, 19)
    assert all(row in book.rule_sets for row in meaning.adoptable())
