"""T02: who reads the mail relay learns nothing from it, whatever happens in a unit."""

import re
from copy import deepcopy
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from accounts.models import Appointment, Role, User
from notifications.models import InboxItem, MailRound, Outgoing
from notifications.outside import rounds
from notifications.placing import nudge
from notifications.sweeping import next_due, sweep
from reports import access, policy
from reports.policy import loading
from reports.policy.book import Book
from sapr import clock
from tests.database.refusals import refused
from tests.factories import AppointmentFactory, InstallationFactory, PostFactory, UserFactory
from tests.outside.mailbox import BOX, NAME
from tests.times import T0

DAYS = 60
NEW_YORK = ZoneInfo("America/New_York")
# When which unit's notices are signed: at odd hours, in heaps and apart; R and U are Restricted and Unrestricted.
SIGNED = {
    "one": [(3.1, "restricted")],
    "five": [
        (1.02, "unrestricted"), (1.03, "restricted"), (8.71, "restricted"),
        (29.4, "unrestricted"), (52.9, "restricted"),
    ],
}  # fmt: skip
UNITS = ("none", "one_", "five")
# Sixty days with the commanders' mail alone, for the time that they take (a SARC who is reminded must get none then);
# after them some days under the hours as they are shipped.
COMMANDERS = {"senior_commander": [9]}
SHIPPED_DAYS = 3


@pytest.fixture
def box(settings):
    settings.EMAIL_BACKEND = NAME
    BOX.clear()
    return BOX


@pytest.fixture(scope="module")
def units(out):
    """Three installations in one zone with SARC and commander, whose addresses are equally long."""
    world = out.world
    User.objects.update(is_active=False)
    people = {}
    for unit in UNITS:
        place = InstallationFactory(name=f"Camp {unit}", parent=world.installation.parent)
        for role, who in ((Role.SARC, "sarc"), (Role.SENIOR_COMMANDER, "boss")):
            post = PostFactory(
                location=place, role=role, next_higher=world.posts["higher"] if who == "boss" else None
            )
            name = f"{who}-{unit}"
            person = UserFactory(username=name, email=f"{name}@staff.invalid")
            people[name] = AppointmentFactory(user=person, post=post).user
        PostFactory(location=place, role=Role.MCIO)
    return people


def pass_time(out, until) -> None:
    """As the worker lives it: a sweep at each instant at which anything at all is due, and none in between."""
    with out.as_worker():
        sweep()
        while (at := min(next_due(until) or until, MailRound.objects.get(made_at=None).planned_at)) < until:
            clock.move(at, hold=True)
            sweep()
    clock.move(until, hold=True)


def nothing_of_its_own(content: bytes, address: str) -> bytes:
    """The mail without what is each one's own: the address and the random part of its id."""
    content = content.replace(address.encode(), b"@")
    return re.sub(rb"Message-ID: <[0-9a-f]{32}@", b"Message-ID: <@", content)


def under(hours: dict[str, list[int]]) -> loading.Policy:
    """The shipped rules with other hours of mail."""
    documents = deepcopy(loading.read_directory(policy.DATA))
    [row] = [each for each in documents["notices.json"]["rows"] if each["id"] == "DN-30"]
    row["parameters"]["mail"]["hours"] = hours
    return loading.Policy(Book(documents))


def sign(out, units, unit: str, option: str) -> None:
    out.world.signed(option, actor=units[f"sarc-{unit:_<4}"], at=clock.now())


def streams_of(box, who: str) -> list[list[tuple[str, int, bytes]]]:
    """What each unit's holder of a post got: when, how large, and the bytes without what is each one's own."""
    return [
        [
            (got.at, len(got.content), nothing_of_its_own(got.content, got.address))
            for got in box.got
            if got.address == f"{who}-{unit}@staff.invalid"
        ]
        for unit in UNITS
    ]


def nothing_tells(box, counts: dict[str, int]) -> None:
    """Times, counts, sizes, headers and bytes are equal, so no classifier does better than guessing (AUC 0.5)."""
    for who, count in counts.items():
        first, *others = streams_of(box, who)
        assert all(other == first for other in others)
        assert len(first) == count
        assert len({size for _, size, _ in first}) == 1
        # One day's mail differs from another's by its date alone.
        assert len({re.sub(rb"Date: [^\r]*", b"", content) for *_, content in first}) == 1
    # Nobody else got any.
    assert len(box.got) == len(UNITS) * sum(counts.values())


def test_60_days_of_mail_are_the_same_for_0_1_and_5_notices(out, units, box, monkeypatch) -> None:
    monkeypatch.setattr(loading._Current, "policy", under(COMMANDERS))
    for day, unit, option in sorted((day, who, option) for who in SIGNED for day, option in SIGNED[who]):
        pass_time(out, T0 + timedelta(days=day))
        sign(out, units, unit, option)
    pass_time(out, T0 + timedelta(days=DAYS))
    # The notices were there: otherwise equal would mean nothing.
    counts = []
    for unit in UNITS:
        with access.viewing(units[f"boss-{unit}"]):
            counts.append(InboxItem.objects.count())
    assert counts == [0, 1, 5]
    nothing_tells(box, {"boss": DAYS})


def test_the_hours_that_are_shipped_tell_as_little(out, units, box) -> None:
    """The SARC gets four a day, also at the hours of the reminders, and no other when a reminder comes due."""
    start = MailRound.objects.get(made_at=None).planned_at + timedelta(minutes=1)
    pass_time(out, start)
    box.clear()
    sign(out, units, "five", "restricted")
    pass_time(out, start + timedelta(days=SHIPPED_DAYS))
    nothing_tells(box, {"sarc": 4 * SHIPPED_DAYS, "boss": SHIPPED_DAYS})
    hours = {datetime.fromisoformat(at).astimezone(NEW_YORK).hour for at, *_ in streams_of(box, "sarc")[0]}
    assert hours == {3, 9, 15, 21}


def test_the_mail_says_nothing(box) -> None:
    """Read whole: one fixed set of headers in one order, and one sentence. Follows the test above, whose mail it is."""
    from email import message_from_bytes

    from notifications.outside import messages
    from notifications.outside.models import OutgoingKind

    row = Outgoing.objects.model(kind=OutgoingKind.CONSTANT, planned_at=T0)
    mail = message_from_bytes(messages.mail_bytes(messages.mail(row.pk, row.kind, "a@staff.invalid", T0)))
    assert mail.items() == [
        ("Content-Type", 'text/plain; charset="utf-8"'),
        ("MIME-Version", "1.0"),
        ("Content-Transfer-Encoding", "7bit"),
        ("Subject", "Please sign in"),
        ("From", "no-reply@sapr.invalid"),
        ("To", "a@staff.invalid"),
        ("Date", "Mon, 02 Mar 2026 15:00:00 +0000"),
        ("Message-ID", f"<{row.pk.hex}@sapr.invalid>"),
        ("Auto-Submitted", "auto-generated"),
    ]
    assert mail.get_payload() == "Please sign in to the SAPR system when you can.\r\n"


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
