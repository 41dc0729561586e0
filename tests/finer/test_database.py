"""What the database itself refuses of finer words, also for raw SQL by the web role (rule DN-27)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from notifications.decisions import digest_of
from notifications.finer import services
from notifications.finer.models import FinerWording
from notifications.models import Notice, NoticeDecision, NoticeState
from reports import access
from reports.ledger.services import append_system
from sapr import clock
from tests.database.refusals import refused
from tests.factories import AppointmentFactory
from tests.finer.ways import approved, proposed, waiting
from tests.times import T0

CHANGE = "UPDATE notifications_finerwording SET state = %s, "
DECIDE = CHANGE + "decided_by_id = %s, decided_at = '2026-03-02T12:00Z' WHERE id = %s"
WITHDRAW = CHANGE + "withdrawn_by_id = %s, withdrawn_at = '2026-03-02T12:00Z' WHERE id = %s"
OTHER = "It was Zzyzx."


def run(sql: str, *args) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return cursor.rowcount


def again(row: FinerWording, **given) -> FinerWording:
    """Put in a row like this one, with its changes; the first must be out of the way."""
    names = [each.attname for each in FinerWording._meta.fields if each.attname != "consent"]
    values = {name: getattr(row, name) for name in names} | {"id": uuid4(), "consent": "{}"} | given
    made = FinerWording(**values)
    made.save(force_insert=True)
    return made


@pytest.fixture
def row(world) -> FinerWording:
    return proposed(world, waiting(world))


def test_dn_27_the_same_person_twice_and_whoever_is_no_second_person_are_refused(world, row) -> None:
    AppointmentFactory(user=world.sarc, post=world.posts["manager"])
    with access.viewing(world.sarc):
        with refused("independent second person"):
            run(DECIDE, "approved", world.sarc.pk, row.pk)
        with refused("independent second person|row-level security"):
            run(DECIDE, "approved", world.manager.pk, row.pk)
    for person in (world.va, world.commander, world.unit_commander, world.stranger):
        with access.viewing(person):
            assert run(DECIDE, "approved", person.pk, row.pk) == 0
            assert not FinerWording.objects.exists()


def test_dn_27_a_commander_is_neither_proposer_nor_approver(world, row) -> None:
    with transaction.atomic():
        AppointmentFactory(user=world.manager, post=world.posts["unit_commander"])
        with access.viewing(world.manager), refused("nobody in command"):
            run(DECIDE, "approved", world.manager.pk, row.pk)
        transaction.set_rollback(True)
    # Who came into command since they proposed it does not stand behind it either.
    AppointmentFactory(user=world.sarc, post=world.posts["higher"])
    with access.viewing(world.manager), refused("nobody in command"):
        run(DECIDE, "approved", world.manager.pk, row.pk)
    services.finer_withdraw(actor=world.sarc, finer_id=row.pk, at=T0)
    with access.viewing(world.sarc), refused("nobody in command"):
        again(row)


def test_dn_27_an_expired_consent_and_changed_words_are_refused(world, row) -> None:
    for column in ("text", "sha256", "rung", "k", "expires_at", "consent", "proposed_by_id", "ground"):
        with access.viewing(world.sarc), refused("permission denied"):
            run(f"UPDATE notifications_finerwording SET {column} = {column} WHERE id = %s", row.pk)  # noqa: S608
    with access.viewing(world.sarc), refused("permission denied"):
        run("DELETE FROM notifications_finerwording")
    clock.move(row.expires_at, hold=True)
    with access.viewing(world.manager):
        with refused("while their ground stands"):
            run(DECIDE, "approved", world.manager.pk, row.pk)
        assert run(DECIDE, "refused", world.manager.pk, row.pk) == 1
        # Decided once: what was is out of reach.
        assert [run(DECIDE, state, world.manager.pk, row.pk) for state in ("approved", "proposed")] == [0, 0]


def test_dn_27_a_proposal_is_of_a_notice_that_waits_in_other_words_on_one_ground(world, row) -> None:
    services.finer_withdraw(actor=world.sarc, finer_id=row.pk, at=T0)
    unrestricted = world.signed("unrestricted").case_id
    with access.viewing(world.sarc):
        row.refresh_from_db()
        row.state, row.withdrawn_by_id, row.withdrawn_at = "proposed", None, None
        notice = Notice.objects.get(pk=row.notice_id)
        coarser = notice.choices[0]["text"]
        sealed = Notice.objects.filter(case_id=unrestricted).first()
        unsigned = {"consent": None, "consent_signed_at": None}
        for sentence, given in (
            ("in their own name", {"proposed_by_id": world.manager.pk}),
            ("in their own name", {"state": "approved", "decided_by_id": world.manager.pk, "decided_at": T0}),
            ("Restricted notice that waits", {"notice_id": sealed.pk, "case_id": unrestricted}),
            ("Restricted notice that waits", {"notice_id": sealed.pk}),
            ("other words of the one size", {"text": OTHER, "sha256": digest_of(OTHER)}),
            ("other words of the one size", {"text": notice.wording}),
            ("other words of the one size", {"text": coarser, "sha256": digest_of(coarser)}),
            ("other words of the one size", {"sha256": "0" * 64}),
            ("counts for a time", {"expires_at": T0}),
            ("counts for a time", {"expires_at": T0 + timedelta(hours=49)}),
            ("counts for a time", {"consent_signed_at": T0 - timedelta(minutes=1)}),
            ("decided exception", unsigned | {"ground": "exception", "disclosure_id": uuid4()}),
            ("one_ground", {"consent": None}),
            ("leaves_no_more", {"k": row.k_before + 1}),
        ):  # fmt: skip
            with refused(sentence):
                again(row, **given)
        again(row)
        with refused("open_once"):
            again(row)
    for person, sentence in (
        (world.va, "SARC of the case"),
        (world.stranger, "SARC of the case|row-level security"),
    ):
        with access.viewing(person), refused(sentence):
            again(row, proposed_by_id=person.pk)


def test_dn_27_finer_words_are_released_only_while_they_stand_with_both_persons_on_record(world) -> None:
    notice = waiting(world)
    row = approved(world, notice)
    slot = notice.last_slot

    def decision(**given) -> None:
        values = {
            "notice": notice, "case_id": notice.case_id, "stage": "released", "unit_rung": notice.unit_rung,
            "rung": row.rung, "k": row.k, "numbers": row.numbers, "slot": slot, "sha256": row.sha256, "decided_at": T0,
            "approvers": [str(world.sarc.pk), str(world.manager.pk)], "tables": row.tables,
        }  # fmt: skip
        NoticeDecision.objects.create(**values | given)

    def words(**given) -> None:
        Notice.objects.filter(pk=notice.pk).update(**{"wording": row.text, "rung": row.rung} | given)

    def release() -> None:
        words(
            state=NoticeState.RELEASED, slot=slot, look_at=slot, released_by=world.sarc.pk, released_sha256=row.sha256
        )  # fmt: skip

    with access.viewing(world.sarc):
        for given in (
            {"approvers": [str(world.sarc.pk)]}, {"k": notice.unit_rung.k}, {"numbers": {}}, {"rung": notice.rung},
        ):  # fmt: skip
            with refused("both persons and their ground"):
                decision(**given)
        with refused("stands as it was composed"):
            words(rung=notice.rung)
        with refused("its decision on record"):
            release()
        with transaction.atomic():
            decision()
            release()
            transaction.set_rollback(True)
    services.finer_withdraw(actor=world.sarc, finer_id=row.pk, at=T0)
    with access.viewing(world.sarc):
        with refused("both persons and their ground"):
            decision()
        with refused("stands as it was composed"):
            words()


def test_dn_27_what_was_decided_is_said_by_who_decided_it_once_it_is_so(world, row) -> None:
    data = {"finer": str(row.pk)}
    for person in (world.manager, world.sarc, world.commander):
        with access.viewing(person), refused("row-level security"):
            append_system(kind="finer_approved", actor=person, at=T0, data=data)
    with access.viewing(world.sarc):
        assert run(WITHDRAW, "withdrawn", world.sarc.pk, row.pk) == 1
        with refused("before they are placed"):
            run(WITHDRAW, "withdrawn", world.sarc.pk, row.pk)
