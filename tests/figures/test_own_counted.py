"""What is kept of a SARC's figures is what going through their cases finds, whatever was done in between."""

from collections import Counter
from datetime import UTC, datetime
from itertools import chain
from random import Random
from zoneinfo import ZoneInfo

from django.db import connection

from reports import access
from reports.casework.closing import case_close
from reports.casework.moves import services as moves
from reports.casework.services import step_record
from reports.evidence.services import kit_number_issue, kit_seal
from reports.models import Assignment, Case, Duty, Kit
from reports.statistics.own import KINDS_SHOWN, Figures, figures
from sapr import clock
from tests.database.refusals import refused
from tests.election.way import STATED
from tests.erasure.conftest import left_without_signing
from tests.meeting.ways import another, offered

BY = {"by": "commander"}
# So many lines are left standing before whoever reads them adds them up.
LINES = 3000
# Around the ends of months, on either side of them as one zone or another has it; and far from them.
INSTANTS = [
    datetime(2026, *each, tzinfo=UTC)
    for each in (
        (3, 31, 9, 50), (3, 31, 11, 55), (4, 1, 3, 59), (4, 20, 12, 0), (4, 30, 18, 20), (5, 1, 12, 5), (5, 31, 23, 59),
        (6, 1, 4, 1), (7, 15, 12, 0), (7, 31, 10, 0),
    )
]  # fmt: skip
ZONES = ("UTC", "Pacific/Kiritimati", "Asia/Kathmandu", "Etc/GMT+12", "America/New_York")


def one_by_one(person, at: datetime, zone: str) -> tuple:
    """The same figures, by going through every case that the person is SARC of, with all duties and kits."""
    now = at.astimezone(ZoneInfo(zone))
    before = (now.year * 12 + now.month - 12) // 12, (now.year * 12 + now.month - 12) % 12 + 1
    since = datetime(*before, 1, tzinfo=ZoneInfo(zone))
    with access.viewing(person):
        cases = set(access.rows(person, "figures", Case).values_list("pk", flat=True))
        done = list(
            Duty.objects.filter(case__in=cases, state__in=["discharged", "missed"], closed_at__gte=since)
        )
        running = list(Case.objects.filter(pk__in=cases).exclude(state="CLOSED").select_related("report"))
        staff = Assignment.objects.filter(case__in=[each.pk for each in running], ended_at=None)
        load = Counter(user for user, _ in set(staff.values_list("user__display_name", "case")))
        kits = Kit.objects.filter(case__in=cases, issued_at__gte=since, state="sealed").count()
    months = Counter(
        (each.closed_at.astimezone(ZoneInfo(zone)).strftime("%Y-%m"), each.state == "missed") for each in done
    )
    kinds = Counter((each.kind, each.state == "missed") for each in done)
    ages = sorted((at - each.opened_at).days for each in running)
    return months, kinds, load, ages, kits


def told(person, at: datetime, zone: str) -> tuple:
    with access.viewing(person):
        found: Figures = figures(viewer=person, at=at, zone=zone)
    assert len(found.kinds) < KINDS_SHOWN
    months, kinds = (
        Counter(
            {
                (each.name, late): count
                for each in rows
                for late, count in ((False, each.in_time), (True, each.late))
                if count
            }
        )
        for rows in (found.months, found.kinds)
    )
    load = Counter({each.name: each.restricted + each.unrestricted + each.other for each in found.load})
    return months, kinds, load, sorted(chain(*found.ages.values())), len(found.to_store["issued_sealed"])


def same(people, at: datetime) -> None:
    for person in people:
        for zone in ZONES:
            assert told(person, at, zone) == one_by_one(person, at, zone), (person.username, zone)


def given(world, case, person) -> Assignment:
    with access.viewing(world.sarc):
        row = Assignment(case_id=case, user=person, role="sarc", started_at=clock.now())
        row.save(force_insert=True)
    return row


def taken(row: Assignment) -> None:
    with access.viewing(row.user):
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])


def test_what_is_counted_of_own_cases_is_what_going_through_them_finds(world) -> None:
    dice, second = Random(11), another(world)  # noqa: S311
    people = (world.sarc, second, world.stranger)
    unrestricted = [world.signed("unrestricted").case_id for _ in range(2)]
    restricted = world.signed("restricted")
    left_without_signing(world)
    world.contact()
    world.contact(actor=world.stranger)
    theirs: dict = {}
    for turn, now in enumerate(INSTANTS):
        clock.move(now, hold=True)
        case = dice.choice(unrestricted)
        step_record(actor=world.sarc, case_id=case, kind="monthly_update_given", at=now, details=BY)
        if case in theirs:
            taken(theirs.pop(case))
        elif dice.random() < 0.5:
            theirs[case] = given(world, case, second)
        if turn == 3:
            _, number = kit_number_issue(actor=world.sarc, case_id=case, at=now)
            kit_seal(actor=world.sarc, case_id=case, number=number, at=now)
            world.converted(restricted, at=now)
        if turn == 6:
            row = offered(world, unrestricted[0], at=now)
            moves.move_accept(actor=world.stranger, move_id=row.pk, at=now)
            unrestricted.remove(unrestricted[0])
            theirs = {each: row for each, row in theirs.items() if each in unrestricted}
    for row in theirs.values():
        taken(row)
    ended = world.signed("restricted", at=now).case_id
    case_close(actor=world.sarc, case_id=ended, at=now, answers=STATED)
    same(people, now)
    months, kinds, _, ages, kits = told(world.sarc, now, "UTC")
    assert len(months) > 2 < len(kinds), "too little was done"
    assert len(ages) == 3
    assert kits + told(world.stranger, now, "UTC")[-1] == 1
    assert any(told(world.stranger, now, "UTC")[0].values())
    # As many lines as nobody leaves standing: whoever reads them adds them up, and they say the same.
    with access.viewing(world.sarc):
        closed = Duty.objects.filter(case=unrestricted[0], state__in=["discharged", "missed"])
        each = len({(duty.kind, duty.state, duty.closed_at.month) for duty in closed})
    for _ in range(LINES // (2 * each) + 1):
        taken(given(world, unrestricted[0], second))
    same(people, now)
    same(people, now)
    with connection.cursor() as cursor, access.viewing(world.sarc):
        with refused("permission denied"):
            cursor.execute("SELECT * FROM reports_donetally")
        with refused("permission denied"):
            cursor.execute("SELECT sapr_tally_done(gen_random_uuid(), gen_random_uuid(), NULL, 1)")
