"""Rounds of the constant mail: who is in one, once, and nobody off the plan."""

from datetime import timedelta

from django.db import connection

from accounts.models import Appointment
from notifications.models import MailRound, Outgoing
from notifications.outside import rounds
from notifications.placing import nudge
from notifications.sweeping import sweep
from reports import access
from sapr import clock
from tests.database.refusals import refused
from tests.factories import AppointmentFactory, UserFactory


def planned_for(post) -> list[str]:
    """The addresses of the next round that is this post's."""
    at = nudge(post, key="", at=clock.now())
    return rounds.addressees(at) if at else []


def test_one_address_gets_one_mail_however_many_posts_and_accounts_it_has(out, units) -> None:
    sarc, boss = units["sarc-none"], units["boss-none"]
    AppointmentFactory(user=boss, post=sarc.appointments.get().post)
    twin = UserFactory(username="twin", email=boss.email.upper())
    AppointmentFactory(user=twin, post=units["boss-one_"].appointments.get().post)
    at = nudge(boss.appointments.first().post, key="", at=clock.now())
    found = rounds.addressees(at)
    assert sum(address.lower() == boss.email for address in found) == 1
    assert len(found) == len({address.lower() for address in found})


def test_somebody_new_begins_with_the_next_day(out, units) -> None:
    """The first mail does not follow an appointment by minutes; one whose appointment ended gets no more."""
    post = units["sarc-five"].appointments.get().post
    midday = clock.now().replace(hour=17, minute=0)
    clock.move(max(midday, clock.now()), hold=True)
    new = AppointmentFactory(
        post=post, user=UserFactory(username="new", email="new@staff.invalid"), starts_at=clock.now()
    )
    assert new.user.email not in planned_for(post)
    clock.move(clock.now() + timedelta(days=1), hold=True)
    assert new.user.email in planned_for(post)
    Appointment.objects.filter(pk=new.pk).update(ends_at=clock.now())
    assert new.user.email not in planned_for(post)


def test_after_downtime_nothing_is_sent_in_a_heap(out, units, box) -> None:
    """A round that nobody made in its window is left out and said to be; of those in between nothing is left."""
    from reports.ledger.models import SYSTEM_CHAIN, Event

    at = clock.now() + timedelta(days=40)
    with out.as_worker():
        sweep()
        clock.move(at, hold=True)
        assert sweep()["rounds"] == 1
        assert sweep()["rounds"] == 0
    assert box.got == []
    assert MailRound.objects.get(made_at=None).planned_at > at
    skipped = MailRound.objects.filter(skipped=True, made_at=at)
    assert skipped.count() == 1
    manager = AppointmentFactory(post=out.world.posts["manager"]).user
    with access.viewing(manager):
        [said] = Event.objects.filter(
            case_id=SYSTEM_CHAIN, kind="mail_round_skipped", data__round=str(skipped.get().pk)
        )
    assert said.data == {
        "round": str(skipped.get().pk),
        "planned_at": skipped.get().planned_at.isoformat(),
    }


def test_two_sweepers_make_a_round_once(out, units, box) -> None:
    from threading import Barrier, Thread

    from django.db import connections

    planned = MailRound.objects.get(made_at=None)
    clock.move(planned.planned_at, hold=True)
    start = Barrier(3)

    def run() -> None:
        try:
            start.wait()
            sweep()
        finally:
            connections.close_all()

    with out.as_worker():
        threads = [Thread(target=run) for _ in range(3)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        rows = Outgoing.objects.filter(round=planned)
        assert rows.count() == MailRound.objects.get(pk=planned.pk).addressees > 0
        assert set(rows.values_list("state", "attempts")) == {("sent", 1)}
    assert sorted(got.address for got in box.got) == sorted({got.address for got in box.got})
    assert MailRound.objects.filter(made_at=None).count() == 1


def test_neither_a_page_nor_the_worker_can_mail_anybody_off_the_plan(out, units) -> None:
    """Round the services: the web role queues nothing at all, the worker only into the round being made."""
    made = MailRound.objects.exclude(made_at=None).latest("planned_at")
    sql = """
        INSERT INTO notifications_outgoing (id, channel_id, kind, round_id, address, planned_at, expires_at, state,
            attempts, tries, look_at, sha256, closed_reason)
        SELECT gen_random_uuid(), c.id, 'constant', %s, 'off@plan.invalid', %s, %s, 'queued', 0, '[]', %s, '', ''
        FROM notifications_channel c WHERE c.kind = 'mail'"""
    at = clock.now()
    open_ = MailRound.objects.get(made_at=None)
    tries = [
        (made.pk, made.planned_at, "its round"),
        (open_.pk, at, "its round"),
        (None, at, "mail_to_people_is_planned"),
    ]
    with access.viewing(units["sarc-none"]), refused("permission denied"), connection.cursor() as cursor:
        cursor.execute(sql, [open_.pk, open_.planned_at, at + timedelta(days=9), open_.planned_at])
    with out.as_worker():
        for round_id, planned_at, why in tries:
            with refused(why), connection.cursor() as cursor:
                cursor.execute(sql, [round_id, planned_at, at + timedelta(days=9), planned_at])
