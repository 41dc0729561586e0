"""Finer words at the slot: only while they stand; and every later choice reckons with them (rule DN-27)."""

from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction

from notifications.finer import services
from notifications.models import InboxItem, Notice, NoticeDecision, Told
from notifications.placing import place
from notifications.services import notice_release
from notifications.strength.engine import Engine
from notifications.strength.rungs import next_quarter, quarter_of
from notifications.strength.services import strength_import
from notifications.sweeping import sweep
from reports import access
from reports.election.contacts import contact_complete
from sapr import clock
from tests.adoption.settings import second_manager
from tests.adoption.test_races import race
from tests.factories import AppointmentFactory
from tests.finer.ways import FEW, approved, code_of, proposed, waiting
from tests.strength.files import file, of_place
from tests.times import T0


def released(world, row):
    return notice_release(
        actor=world.sarc,
        notice_id=row.notice_id,
        minimal=False,
        bytes_seen=row.sha256,
        confirmed=True,
        at=clock.now(),
    )


@contextmanager
def undone():
    """What happens in the block did not; the clock neither."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_dn_27_minimal_goes_where_the_words_stand_no_longer_at_the_slot(world) -> None:
    row = approved(world, waiting(world))
    notice = released(world, row)
    assert notice.slot < row.expires_at

    def placed(at) -> tuple[str, list[str]]:
        clock.move(at, hold=True)
        with access.viewing(world.sarc):
            notice.refresh_from_db()
            item = place(notice=notice, actor=world.sarc, at=at)
            decision = NoticeDecision.objects.get(notice=notice, stage="placed")
        return item.body, [decision.rung, *decision.approvers]

    minimal = (notice.minimal, ["minimal"])
    with undone():
        assert placed(notice.slot) == (row.text, [row.rung, str(world.sarc.pk), str(world.manager.pk)])
    with undone():
        # The victim took the consent back.
        services.finer_withdraw(actor=world.sarc, finer_id=row.pk, at=T0)
        assert placed(notice.slot) == minimal
    with undone():
        # It was down until the consent had run out.
        assert placed(row.expires_at) == minimal
    with undone():
        # Somebody behind it commands by now.
        AppointmentFactory(user=world.manager, post=world.posts["higher"])
        assert placed(notice.slot) == minimal
    with undone():
        # Newer strength tables were recorded, though they carry the rung.
        text = file(*of_place("Camp Sample", FEW))
        strength_import(actor=world.manager, location=world.installation, text=text, at=T0)
        assert placed(notice.slot) == minimal


def test_dn_27_of_two_approvals_at_once_one_counts_and_the_words_join_the_history(stage) -> None:
    world = stage.world
    notice = waiting(world)
    row = proposed(world, notice)
    seconds = [world.manager, second_manager(world)]

    def approve(person):
        return lambda: services.finer_approve(actor=person, finer_id=row.pk, bytes_seen=row.sha256, at=T0)

    # Who comes a moment later finds it decided, or gone from what waits.
    outcomes = race(*(approve(person) for person in seconds))
    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "already_decided", "not_found"}
    autumn = next_quarter(world.installation, T0) + timedelta(days=200)

    def rung_in_autumn() -> str:
        engine = Engine(world.installation, autumn)
        return engine.choose(
            world.installation, previous=None, quarter=quarter_of(world.installation, autumn)
        ).rung

    with access.viewing(world.sarc):
        before = rung_in_autumn()
    slot = released(world, row).slot
    clock.move(slot, hold=True)
    with stage.as_worker():
        assert sweep()["placed"] == 1
    with access.viewing(world.commander):
        assert InboxItem.objects.get().body == row.text
    with access.viewing(world.sarc):
        told = Told.objects.get()
        assert (told.rung, told.body) == (row.rung, row.text)
        # As people come and go, what would be said in autumn narrows the victim down together with these words.
        assert before == notice.rung
        assert rung_in_autumn() != before


def test_dn_27_a_correction_of_the_case_ends_finer_words_also_where_the_notices_own_stay_the_same(
    world,
) -> None:
    """The victim signed for words made from the case as it was."""
    waits, later = waiting(world), T0 + timedelta(minutes=5)
    row = approved(world, waits)
    clock.move(later, hold=True)
    with undone():
        contact_complete(
            actor=world.sarc, case_id=row.case_id, at=later, identity={"grade": "E-8"}, narrative={}
        )
        assert code_of(released, world=world, row=row) == "finer_ended"
    with undone():
        released(world, row)
        contact_complete(
            actor=world.sarc, case_id=row.case_id, at=later, identity={"grade": "E-8"}, narrative={}
        )
        with access.viewing(world.sarc):
            notice = Notice.objects.get(pk=row.notice_id)
            clock.move(notice.slot, hold=True)
            assert place(notice=notice, actor=world.sarc, at=notice.slot).body == waits.minimal
    services.finer_withdraw(actor=world.sarc, finer_id=row.pk, at=later)
    again = proposed(world, waits)
    clock.move(later + timedelta(minutes=1), hold=True)
    contact_complete(actor=world.sarc, case_id=row.case_id, at=later, identity={"grade": "E-8"}, narrative={})
    told = {"actor": world.manager, "finer_id": again.pk, "bytes_seen": again.sha256, "at": later}
    assert code_of(services.finer_approve, **told) == "case_corrected"
