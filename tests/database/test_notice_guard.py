"""Round the services, by the SARC of the case: no notice is stopped or placed off its slot, no number made up."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import connection

from accounts.models import Location
from notifications.decisions import digest_of
from notifications.models import InboxItem, Notice, NoticeDecision, StrengthTable, Told, UnitRung
from notifications.strength.rungs import choose_anew, quarter_of
from notifications.strength.services import strength_import
from notifications.sweeping import sweep
from reports import access, policy
from reports.ledger.services import append
from reports.obligations.services import discharge
from sapr import clock
from tests.database.refusals import refused
from tests.database.upgrades import repaired
from tests.notices.release import release
from tests.strength.files import file, of_place
from tests.times import T0

FINEST = "installation.stated.band.week.on_off.stated.stated"
OFF_SLOT = T0 + timedelta(minutes=7)


def settle() -> None:
    """Ask at once what is otherwise asked when the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def change(notice: Notice, **values) -> None:
    Notice.objects.filter(pk=notice.pk).update(**values)


def decided(notice: Notice, stage: str = "placed", **given) -> None:
    values = {
        "rung": "minimal",
        "slot": notice.last_slot,
        "sha256": digest_of(notice.minimal),
        "decided_at": T0,
    }
    NoticeDecision.objects.create(notice=notice, case_id=notice.case_id, stage=stage, **values | given)


def put(notice: Notice, **given) -> None:
    values = {"post": notice.post, "kind": notice.kind, "slot": notice.last_slot, "body": notice.minimal}
    InboxItem(id=notice.pk, **values | given).save(force_insert=True)


def test_a_notice_is_neither_stopped_nor_placed_before_its_slot(world) -> None:
    world.strength(900)
    world.signed("restricted")
    with access.viewing(world.sarc):
        notice = Notice.objects.get()
        for later in (T0, notice.last_slot + timedelta(seconds=1), T0 + timedelta(days=9999)):
            with refused("is looked at when its slot comes"):
                change(notice, look_at=later)
            with refused("is looked at when its slot comes"):
                change(notice, look_at=later, slot=later)
        with refused("has a slot once it is released"):
            change(notice, slot=notice.last_slot)
        with refused("placed where it stands in an inbox"):
            change(notice, state="placed", placed_at=T0, look_at=None)
        there = str(world.posts["higher"].pk)
        for ladder in (
            [],
            [str(uuid4())],
            [str(world.posts["unit_commander"].pk)],
            [there, str(uuid4())],
            [None],
            [1],
            [there.upper() if there.upper() != there else "X"],
            [there.replace("-", "")],
            [f"{{{there}}}"],
            [f"{there} "],
            [there[1:9] + there[:1] + there[9:]],
            ["-" * 36],
            [there[:-1] + "g"],
            [there[:-1] + "-"],
        ):
            with refused("goes to posts that there are"):
                change(notice, ladder=ladder)
        # A decision that would stand in the way of the real one.
        for given in ({"sha256": "0" * 64}, {"slot": OFF_SLOT}, {"slot": None}, {}):
            with refused("is placed at its slot"):
                decided(notice, **given)
        with refused("is placed at its slot"):
            put(notice, slot=OFF_SLOT)
        with refused("is placed at its slot"):
            put(notice)
        for slot in (OFF_SLOT, T0 - timedelta(hours=3), notice.last_slot + timedelta(hours=6)):
            with refused("is released for one of the slots left"):
                words = {"sha256": digest_of(notice.wording), "rung": notice.rung}
                decided(notice, "released", slot=slot, approvers=[str(world.sarc.pk)], **words)
                change(
                    notice, state="released", slot=slot, look_at=slot,
                    released_by=world.sarc.pk, released_sha256=words["sha256"],
                )  # fmt: skip
        settle()
    released = release(world.sarc, notice, at=T0)
    clock.move(released.slot, hold=True)
    with access.viewing(world.sarc), refused("is looked at when its slot comes"):
        change(notice, look_at=released.slot + timedelta(minutes=1))


def test_dn_01_a_full_hour_that_is_no_slot_is_refused(world) -> None:
    """The hours are the rule's, not the placer's: neither a release nor the last slot lies at another one."""
    world.signed("restricted")
    with access.viewing(world.sarc):
        notice = Notice.objects.get()
        for hours in (1, 2, 3, 4, 5):
            slot = notice.last_slot - timedelta(hours=hours)
            with refused("is released for one of the slots left"):
                decided(notice, "released", slot=slot, approvers=[str(world.sarc.pk)])
                change(
                    notice, state="released", slot=slot, look_at=slot, wording=notice.minimal, rung="minimal",
                    released_by=world.sarc.pk, released_sha256=digest_of(notice.minimal),
                )  # fmt: skip
            with refused("the last slot of a notice is a slot"):
                Notice(
                    case=notice.case, duty=notice.duty, kind=notice.kind, post=notice.post, ladder=notice.ladder,
                    minimal=notice.minimal, composed_at=T0, last_slot=slot, look_at=slot,
                ).save(force_insert=True)  # fmt: skip


# Where clocks change, and how: at night, at midnight, by half an hour, and a zone that left out a day.
CHANGES = {
    "America/New_York": ("2026-03-07", "2026-10-31"),
    "America/Havana": ("2020-03-07", "2020-10-31"),
    "America/Asuncion": ("2019-10-05", "2020-03-21"),
    "Atlantic/Azores": ("2021-03-27", "2021-10-30"),
    "Asia/Beirut": ("2022-03-26", "2022-10-29"),
    "Australia/Lord_Howe": ("2021-10-02", "2021-04-03"),
    "Pacific/Apia": ("2011-12-28",),
    "Asia/Kathmandu": ("2021-06-01",),
}


def test_dn_01_the_database_knows_the_slots_as_the_rules_do(world) -> None:
    """Also in nights in which an hour does not come, or comes twice; and the rows are those of the policy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rule, hour, valid_from, valid_to FROM notifications_slothour")
        assert set(cursor.fetchall()) == {
            (row.id, hour, row.valid_from, row.valid_to)
            for row in policy.rules()
            for hour in row.parameters.get("slots", {"hours": []})["hours"]
        }
        for zone, nights in CHANGES.items():
            for night in nights:
                start = datetime.fromisoformat(f"{night}T00:00:00Z")
                asked = [start + n * timedelta(minutes=30) for n in range(1, 4 * 48)]
                cursor.execute(
                    "SELECT t FROM unnest(%s::timestamptz[]) t WHERE sapr_is_slot(t, %s) ORDER BY t",
                    [asked, zone],
                )
                found = [row[0] for row in cursor.fetchall()]
                wanted = [each for each in policy.slots_after(start, asked[-1], zone) if each in set(asked)]
                assert found == wanted, (zone, night)


def test_a_late_placing_is_whole_and_in_the_notices_own_words(world) -> None:
    """Once the last slot has passed, as for a paper form that came late, a person may place: all of it or nothing."""
    world.signed("restricted")
    with access.viewing(world.sarc):
        notice = Notice.objects.select_related("duty").get()
        said = {"case_id": notice.case_id, "kind": "commander_notice_placed", "actor": world.sarc}
        about = {"notice": str(notice.pk), "post": str(notice.post_id)}
        with refused("said to be placed where it stands in an inbox"):
            append(**said, at=T0, data=about)
            settle()
        clock.move(notice.last_slot, hold=True)
        now = clock.now()
        with refused("is its notice's own words"):
            decided(notice, sha256="0" * 64)
        with refused("is placed whole"):
            decided(notice)
            settle()
        with refused("is placed whole"):
            decided(notice)
            put(notice)
            settle()
        # In the inbox, but the duty stays open; and with an event about another post, which does not do it.
        for wrong in (None, about | {"post": str(uuid4())}, about):
            with refused("is placed whole"):
                decided(notice)
                put(notice)
                change(notice, state="placed", placed_at=now, look_at=None)
                if wrong:
                    append(**said, at=now, data=wrong)
                settle()
        decided(notice)
        put(notice)
        change(notice, state="placed", placed_at=now, look_at=None)
        event = append(**said, at=now, data=about)
        discharge(duty=notice.duty, event=event, actor=world.sarc, at=now)
        settle()


def test_dn_03_a_number_of_people_is_of_a_strength_table_that_speaks(world) -> None:
    quarter = quarter_of(world.installation, T0)

    def choose(location: Location = world.installation, **given) -> None:
        values = {"rung": FINEST, "k": 99, "tables": [], "quarter": quarter, "chosen_at": T0}
        UnitRung.objects.create(location=location, **values | given)

    elsewhere = world.posts["stranger"].location
    with access.viewing(world.sarc):
        for tables in ([], [str(uuid4())], {}, "x"):
            with refused("counted from the strength tables that speak"):
                choose(tables=tables)
    world.strength(900)
    world.strength(300, elsewhere)
    with access.viewing(world.sarc):
        old, other = (
            str(pk) for pk in StrengthTable.objects.order_by("recorded_at").values_list("pk", flat=True)
        )
        with refused("counted from the strength tables that speak"):
            choose(tables=[other])
        with refused("more people than"):
            choose(tables=[old], k=901)
    world.strength(100)
    with access.viewing(world.sarc):
        new = str(StrengthTable.objects.latest("recorded_at").pk)
        for tables in ([old], [old, other], [new, str(uuid4())]):
            with refused("counted from the strength tables that speak"):
                choose(tables=tables)
        with refused("for the places that its notices go to"):
            choose(elsewhere, tables=[other])
        with refused("for the places that its notices go to"):
            choose(elsewhere, rung="minimal", k=None)
    # The system's own choices, for these places and by a programme manager for any, are of that kind.
    with access.viewing(world.manager):
        assert {each.location for each in choose_anew(world.installation.parent, actor=world.manager, at=T0)} >= {
            world.installation, elsewhere,
        }  # fmt: skip


def test_dn_03_the_people_of_another_place_or_another_time_make_no_number_larger(world) -> None:
    wide = file(
        *of_place("Camp Sample", 5), *of_place("Fort Elsewhere", 400, "2026-03-01,2026-03-31"),
        *of_place("Fort Elsewhere", 4, "2026-04-03,2026-12-31"),
    )  # fmt: skip
    strength_import(actor=world.manager, location=world.installation.parent, text=wide, at=T0)
    world.strength(21)
    with access.viewing(world.sarc):
        old, new = (
            str(pk) for pk in StrengthTable.objects.order_by("recorded_at").values_list("pk", flat=True)
        )
        values = {
            "location": world.installation, "rung": FINEST, "quarter": quarter_of(world.installation, T0), "turn": 1,
            "tables": [old, new], "chosen_at": T0,
        }  # fmt: skip
        with refused("more people than its strength tables count"):
            UnitRung.objects.create(**values, k=42)


def test_dn_03_a_decision_is_about_no_more_people_than_its_rung(world) -> None:
    world.strength(900)
    world.signed("restricted")
    with access.viewing(world.sarc):
        notice = Notice.objects.select_related("unit_rung").get()
        given = {
            "stage": "released", "rung": notice.rung, "sha256": digest_of(notice.wording),
            "approvers": [str(world.sarc.pk)], "unit_rung": notice.unit_rung, "tables": notice.unit_rung.tables,
        }  # fmt: skip
        with refused("no more people than its rung"):
            decided(notice, **given, k=notice.unit_rung.k + 1)
        decided(notice, **given, k=notice.unit_rung.k)


def test_what_is_decided_is_a_restricted_notice_of_its_own_case(world) -> None:
    world.signed("restricted")
    other = world.signed("unrestricted")
    with access.viewing(world.sarc):
        notice = Notice.objects.get(kind="commander_notice_restricted")
        further = Notice.objects.filter(case_id=other.case_id).first()
        given = {
            "stage": "composed", "rung": "minimal", "sha256": digest_of(notice.minimal), "slot": None, "decided_at": T0,
            "unit_rung": notice.unit_rung, "k": 0,
        }  # fmt: skip
        for it, case in ((notice.pk, other.case_id), (further.pk, other.case_id), (uuid4(), notice.case_id)):
            with refused("is decided is a Restricted notice that is not placed"):
                NoticeDecision.objects.create(notice_id=it, case_id=case, **given)


def test_what_lay_in_inboxes_before_it_was_kept_is_kept_once(stage, owner) -> None:
    world = stage.world
    world.strength(900)
    for _ in range(3):
        world.signed("restricted")
    with access.viewing(world.sarc):
        first, *_ = notices = list(Notice.objects.order_by("pk"))
    release(world.sarc, first)
    clock.move(first.last_slot, hold=True)
    with stage.as_worker():
        assert sweep()["placed"] == 3

    def told() -> list[tuple]:
        with access.viewing(world.sarc):
            return sorted(Told.objects.values_list("location", "rung", "body", "slot"))

    before = told()
    assert len(before) == 3
    owner.execute("ALTER TABLE notifications_told DISABLE TRIGGER USER, NO FORCE ROW LEVEL SECURITY")
    # All of the released words, and one of the two that say the same at the same slot.
    owner.execute(
        "DELETE FROM notifications_told WHERE rung <> 'minimal'"
        " OR id = (SELECT min(id::text)::uuid FROM notifications_told WHERE rung = 'minimal')"
    )
    owner.execute("ALTER TABLE notifications_told ENABLE TRIGGER USER, FORCE ROW LEVEL SECURITY")
    assert len(told()) == 1
    for _ in range(2):
        repaired(owner, "told_before.sql", "notifications")
        assert told() == before
    assert len(notices) == 3
