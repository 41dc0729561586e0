"""Finer words take two persons, none in command, and a ground that stands (threats 5.5, test 6; rule DN-27)."""

from datetime import timedelta

import pytest

from notifications.finer import services
from notifications.finer.models import FinerWording
from notifications.models import NoticeDecision
from notifications.services import notice_release
from reports import access
from reports.ledger.models import Event
from sapr import clock
from sapr.errors import DomainError, NotFoundError
from tests.adoption.settings import second_manager
from tests.factories import AppointmentFactory
from tests.finer.ways import approved, code_of, proposed, waiting
from tests.times import T0


def test_dn_27_the_same_person_is_never_both(world) -> None:
    """A SARC who is a programme manager too proposes, and cannot decide."""
    AppointmentFactory(user=world.sarc, post=world.posts["manager"])
    row = proposed(world, waiting(world))
    answer = {"finer_id": row.pk, "at": T0}
    assert (
        code_of(services.finer_approve, actor=world.sarc, bytes_seen=row.sha256, **answer)
        == "second_person_needed"
    )
    assert code_of(services.finer_refuse, actor=world.sarc, **answer) == "second_person_needed"
    # Nobody else's: whoever is on the case, commands, or serves elsewhere.
    for person in (world.va, world.commander, world.unit_commander, world.higher, world.stranger):
        assert (
            code_of(services.finer_approve, actor=person, bytes_seen=row.sha256, **answer) == "not_your_role"
        )
    services.finer_approve(actor=world.manager, bytes_seen=row.sha256, **answer)
    # Once: neither again nor otherwise.
    with pytest.raises(DomainError):
        services.finer_refuse(actor=world.manager, **answer)


def test_dn_27_who_commands_neither_proposes_nor_approves(world) -> None:
    notice = waiting(world)
    hold = AppointmentFactory(user=world.sarc, post=world.posts["unit_commander"])
    assert code_of(proposed, world=world, notice=notice) == "in_command"
    hold.ends_at = T0
    clock.move(T0 + timedelta(minutes=1), hold=True)
    with access.viewing(world.manager):
        type(hold).objects.filter(pk=hold.pk).update(ends_at=clock.now())
    clock.move(T0 + timedelta(minutes=2), hold=True)
    row = proposed(world, notice)
    AppointmentFactory(user=world.manager, post=world.posts["higher"])
    answer = {"actor": world.manager, "finer_id": row.pk, "at": clock.now()}
    assert code_of(services.finer_approve, bytes_seen=row.sha256, **answer) == "in_command"
    assert code_of(services.finer_refuse, **answer) == "in_command"


def test_dn_27_a_consent_counts_for_its_time_only(world) -> None:
    signed_early = T0 + timedelta(hours=1)
    notice = waiting(world)
    clock.move(T0 + timedelta(hours=6), hold=True)
    for given, code in (
        ({"victim_signed_at": T0 - timedelta(minutes=1)}, "before_the_report"),
        ({"victim_signed_at": T0 + timedelta(days=1)}, "in_the_future"),
        ({"victim_signature": " "}, "missing"),
        ({"victim_signed_at": signed_early, "until": T0 + timedelta(hours=5)}, "consent_expired"),
        ({"reason": "because"}, "unknown_value"),
        ({"ground": "trust"}, "unknown_value"),
    ):
        assert code_of(proposed, world=world, notice=notice, **given) == code
    row = proposed(world, notice, victim_signed_at=signed_early, until=T0 + timedelta(hours=7))
    assert row.expires_at == T0 + timedelta(hours=7)
    clock.move(row.expires_at, hold=True)
    answer = {"actor": world.manager, "finer_id": row.pk, "bytes_seen": row.sha256, "at": clock.now()}
    assert code_of(services.finer_approve, **answer) == "finer_ended"
    # Without an end of the victim's own it counts for the hours of the rule.
    services.finer_withdraw(actor=world.sarc, finer_id=row.pk, at=clock.now())
    assert proposed(world, notice, victim_signed_at=signed_early).expires_at == signed_early + timedelta(
        hours=24
    )


def test_dn_27_other_bytes_are_neither_proposed_nor_approved_nor_released(world) -> None:
    notice = waiting(world)
    assert code_of(proposed, world=world, notice=notice, bytes_seen="0" * 64) == "bytes_changed"
    row = proposed(world, notice)
    answer = {"finer_id": row.pk, "at": T0}
    assert (
        code_of(services.finer_approve, actor=world.manager, bytes_seen="0" * 64, **answer) == "bytes_changed"
    )
    letting = {"actor": world.sarc, "notice_id": notice.pk, "minimal": False, "at": T0}
    # Not before the second person said yes, and not without the SARC's word where few could be meant (DN-03).
    assert code_of(notice_release, bytes_seen=row.sha256, confirmed=True, **letting) == "bytes_changed"
    services.finer_approve(actor=world.manager, bytes_seen=row.sha256, **answer)
    assert code_of(notice_release, bytes_seen=row.sha256, **letting) == "confirmation_needed"
    released = notice_release(bytes_seen=row.sha256, confirmed=True, **letting)
    assert (released.wording, released.rung, released.released_sha256) == (row.text, row.rung, row.sha256)
    with access.viewing(world.sarc):
        decision = NoticeDecision.objects.get(stage="released")
        assert decision.approvers == [str(world.sarc.pk), str(world.manager.pk)]
        assert (decision.k, decision.numbers, decision.confirm_rule) == (row.k, row.numbers, "DN-03")
        assert decision.k < decision.unit_rung.k


def test_dn_27_one_proposal_at_a_time_and_the_record_says_who_without_content(world) -> None:
    notice = waiting(world)
    row = approved(world, notice)
    assert code_of(proposed, world=world, notice=notice) == "already_proposed"
    other = second_manager(world)
    with pytest.raises(NotFoundError):
        services.finer_refuse(actor=other, finer_id=row.pk, at=T0)
    services.finer_withdraw(actor=world.sarc, finer_id=row.pk, at=T0)
    assert code_of(services.finer_withdraw, actor=world.sarc, finer_id=row.pk, at=T0) == "already_decided"
    with access.viewing(world.sarc):
        told = {
            event.kind: event.data
            for event in Event.objects.filter(case_id=notice.case_id, kind__startswith="finer")
        }
        assert set(told) == {"finer_proposed", "finer_withdrawn"}
        assert FinerWording.objects.get().state == "withdrawn"
    with access.viewing(world.manager):
        told |= {event.kind: event.data for event in Event.objects.filter(kind="finer_approved")}
    assert told["finer_approved"]["finer"] == str(row.pk)
    assert not {"Canary", "enlisted", row.text} & set(str(told).split())
    with pytest.raises(NotFoundError):
        services.finer_withdraw(actor=world.stranger, finer_id=row.pk, at=T0)
