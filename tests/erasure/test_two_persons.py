"""Nothing is destroyed while a rule or a hold keeps it, nor by one person alone."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.certifications import certification_record
from reports import access
from reports.erasure import selectors, services
from reports.erasure.destruction import case_erase
from reports.erasure.models import Erasure
from reports.erasure.retention import items_of
from reports.evidence.services import kit_number_issue
from reports.ledger.selectors import case_events, system_events
from reports.ledger.services import append_system
from sapr.errors import DomainError, NotFoundError
from tests.adoption.settings import made_manager
from tests.erasure.conftest import agreed, at, left_without_signing
from tests.times import T0

# Signed on 2 March 2026: RT-1 and RT-4 keep the forms until the day is over fifty years later, everywhere.
LAST_DAY = datetime(2076, 3, 3, 11, 59, tzinfo=UTC)
DAY_AFTER = datetime(2076, 3, 3, 12, 0, tzinfo=UTC)


def half_a_century_on(world, instant: datetime) -> datetime:
    """The clock stands there, and the SARC is still certified."""
    certification_record(
        user=world.sarc, starts_at=LAST_DAY, ends_at=DAY_AFTER + timedelta(days=30), actor=None, at=T0
    )
    return at(instant)


@pytest.mark.parametrize(("option", "rule"), [("restricted", "RT-4"), ("unrestricted", "RT-1")])
def test_a_signed_report_is_kept_for_fifty_years_to_the_last_hour(world, option, rule) -> None:
    case = world.signed(option).case
    for instant in (T0, half_a_century_on(world, LAST_DAY)):
        with pytest.raises(DomainError, match="02 March 2076") as refused:
            services.erasure_propose(actor=world.sarc, case_id=case.pk, at=instant)
        assert (refused.value.code, refused.value.rule) == ("inside_retention", rule)
    row = services.erasure_propose(actor=world.sarc, case_id=case.pk, at=at(DAY_AFTER))
    assert (row.keep_until.isoformat(), row.rules) == ("2076-03-02", [rule])


def test_a_converted_report_and_its_kit_are_kept_by_the_rules_of_both_kinds_each_from_its_signature(
    world,
) -> None:
    report = world.signed("restricted")
    kit_number_issue(actor=world.sarc, case_id=report.case_id, at=T0)
    later = at(T0 + timedelta(days=200))
    world.converted(report, at=later)
    kept = items_of(selectors.held_by(report.case_id))
    assert {(item, began.isoformat()) for item, began in kept} == {
        ("restricted_forms", "2026-03-02"),
        ("restricted_kit", "2026-03-02"),
        ("unrestricted_form", "2026-09-18"),
        ("unrestricted_kit", "2026-09-18"),
        ("unrestricted_safe_report", "2026-09-18"),
    }
    with pytest.raises(DomainError, match="18 September 2076"):
        services.erasure_propose(
            actor=world.sarc, case_id=report.case_id, at=half_a_century_on(world, DAY_AFTER)
        )


def test_a_case_that_changed_since_the_proposal_is_not_erased_but_taken_back_and_proposed_anew(
    world, second
) -> None:
    report = world.signed("restricted")
    half_a_century_on(world, DAY_AFTER)
    proposed = services.erasure_propose(actor=world.sarc, case_id=report.case_id, at=DAY_AFTER)
    world.converted(report, at=DAY_AFTER)
    with pytest.raises(DomainError, match="changed since"):
        services.erasure_approve(actor=world.manager, erasure_id=proposed.pk, at=DAY_AFTER)
    services.erasure_withdraw(actor=world.sarc, case_id=report.case_id, erasure_id=proposed.pk, at=DAY_AFTER)
    with pytest.raises(DomainError, match="kept until 03 March 2126"):
        services.erasure_propose(actor=world.sarc, case_id=report.case_id, at=DAY_AFTER)


def test_what_was_approved_can_be_refused_or_taken_back_until_it_is_begun(world, second) -> None:
    case = left_without_signing(world)
    row = agreed(world, case)
    services.erasure_refuse(actor=second, erasure_id=row.pk, at=T0)
    again = agreed(world, case)
    services.erasure_withdraw(actor=world.sarc, case_id=case.pk, erasure_id=again.pk, at=T0)
    assert agreed(world, case).state == "approved"


def test_an_open_contact_is_not_erased_and_one_that_ended_is(world) -> None:
    case = world.contact()
    with pytest.raises(DomainError, match="still open"):
        services.erasure_propose(actor=world.sarc, case_id=case.pk, at=T0)
    ended = left_without_signing(world)
    row = agreed(world, ended)
    assert (row.state, row.keep_until, row.rules) == ("approved", None, [])


def test_a_hold_stops_every_step_until_it_is_lifted(world, second) -> None:
    case = left_without_signing(world)
    hold = services.hold_place(actor=world.sarc, case_id=case.pk, reason="appeal", at=T0)
    with pytest.raises(DomainError, match="hold is open"):
        services.erasure_propose(actor=world.sarc, case_id=case.pk, at=T0)
    services.hold_lift(actor=world.sarc, case_id=case.pk, hold_id=hold.pk, at=T0)
    row = services.erasure_propose(actor=world.sarc, case_id=case.pk, at=T0)
    again = services.hold_place(actor=world.sarc, case_id=case.pk, reason="appeal", at=T0)
    with pytest.raises(DomainError, match="hold is open"):
        services.erasure_approve(actor=world.manager, erasure_id=row.pk, at=T0)
    services.hold_lift(actor=world.sarc, case_id=case.pk, hold_id=again.pk, at=T0)
    row = services.erasure_approve(actor=world.manager, erasure_id=row.pk, at=T0)
    services.hold_place(actor=world.sarc, case_id=case.pk, reason="investigation", at=T0)
    with pytest.raises(DomainError, match="hold is open"):
        case_erase(row, T0)


def test_a_hold_of_one_reason_is_open_once_and_lifted_once(world) -> None:
    case = world.contact()
    hold = services.hold_place(actor=world.sarc, case_id=case.pk, reason="appeal", at=T0)
    with pytest.raises(DomainError, match="open already"):
        services.hold_place(actor=world.sarc, case_id=case.pk, reason="appeal", at=T0)
    with pytest.raises(DomainError, match="listed reasons"):
        services.hold_place(actor=world.sarc, case_id=case.pk, reason="because I say so", at=T0)
    with pytest.raises(DomainError, match="placed later"):
        services.hold_lift(actor=world.sarc, case_id=case.pk, hold_id=hold.pk, at=T0 - timedelta(hours=1))
    services.hold_lift(actor=world.sarc, case_id=case.pk, hold_id=hold.pk, at=T0)
    with pytest.raises(DomainError, match="lifted before"):
        services.hold_lift(actor=world.sarc, case_id=case.pk, hold_id=hold.pk, at=T0)


def test_neither_the_proposer_nor_who_made_their_account_nor_a_late_manager_approves(world, second) -> None:
    with access.viewing(world.manager):
        append_system(kind="user_created", actor=world.manager, at=T0, data={"user": str(world.sarc.pk)})
    case = left_without_signing(world)
    row = services.erasure_propose(actor=world.sarc, case_id=case.pk, at=T0)
    with pytest.raises(DomainError, match="does not include"):
        services.erasure_approve(actor=world.sarc, erasure_id=row.pk, at=T0)
    later = at(T0 + timedelta(minutes=1))
    late = made_manager(world, "late", by=None, at=later)
    for person in (late, world.manager):
        for step in (services.erasure_approve, services.erasure_refuse):
            with pytest.raises(DomainError, match="one person stands behind"):
                step(actor=person, erasure_id=row.pk, at=later)
    assert services.erasure_approve(actor=second, erasure_id=row.pk, at=later).state == "approved"


def test_it_is_decided_once_taken_back_by_its_proposer_and_may_be_proposed_again(world, second) -> None:
    case = left_without_signing(world)
    row = services.erasure_propose(actor=world.sarc, case_id=case.pk, at=T0)
    with pytest.raises(DomainError, match="proposed before"):
        services.erasure_propose(actor=world.sarc, case_id=case.pk, at=T0)
    services.erasure_withdraw(actor=world.sarc, case_id=case.pk, erasure_id=row.pk, at=T0)
    for step in (services.erasure_approve, services.erasure_refuse):
        with pytest.raises(DomainError, match="decided in the meantime"):
            step(actor=world.manager, erasure_id=row.pk, at=T0)
    again = services.erasure_propose(actor=world.sarc, case_id=case.pk, at=T0)
    services.erasure_refuse(actor=second, erasure_id=again.pk, at=T0)
    assert services.erasure_propose(actor=world.sarc, case_id=case.pk, at=T0).state == "proposed"


def test_colleagues_and_strangers_reach_neither_holds_nor_proposals(world) -> None:
    case = left_without_signing(world)
    for person in (world.other_va, world.stranger):
        with pytest.raises(DomainError) as refused:
            services.hold_place(actor=person, case_id=case.pk, reason="appeal", at=T0)
        assert refused.value.status in (403, 404)
    services.erasure_propose(actor=world.sarc, case_id=case.pk, at=T0)
    for person in (world.stranger, world.other_va, world.commander):
        with access.viewing(person):
            assert not Erasure.objects.exists()
    with pytest.raises(NotFoundError):
        services.hold_lift(actor=world.sarc, case_id=case.pk, hold_id=case.pk, at=T0)


def test_every_step_is_an_event_of_the_person_who_took_it(world) -> None:
    case = left_without_signing(world)
    hold = services.hold_place(actor=world.sarc, case_id=case.pk, reason="appeal", at=T0)
    services.hold_lift(actor=world.sarc, case_id=case.pk, hold_id=hold.pk, at=T0)
    row = agreed(world, case)
    with access.viewing(world.sarc):
        events = list(case_events(viewer=world.sarc, case=case))[-3:]
    assert [event.kind for event in events] == ["hold_placed", "hold_lifted", "erasure_proposed"]
    assert {event.actor_id for event in events} == {world.sarc.pk}
    with access.viewing(world.manager):
        last = system_events(viewer=world.manager).last()
        assert not selectors.is_on_hold(case.pk)
    assert (last.kind, last.actor_id, last.data["erasure"]) == (
        "erasure_approved",
        world.manager.pk,
        str(row.pk),
    )
