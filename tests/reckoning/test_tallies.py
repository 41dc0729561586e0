"""What the database keeps count of is what counting one by one finds, whatever was done in between."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from reports import access
from reports.casework.services import counts_by_option, va_assign
from reports.models import Assignment, Case
from sapr import clock
from tests.database.refusals import refused
from tests.times import T0

# So many lines are left standing before whoever reads them adds them up.
LINES = 200


def one_by_one(person) -> dict[str, int]:
    """The same count, by going through what the person works on."""
    with access.viewing(person):
        found = list(access.rows(person, "case_work", Case).exclude(report=None).select_related("report"))
    return {
        option: sum(each.report.election == option for each in found)
        for option in ("restricted", "unrestricted")
    }


def kept(person) -> dict[str, int]:
    """The same as the database keeps it, of somebody in one role at one place."""
    counts = {"restricted": 0, "unrestricted": 0}
    with access.viewing(person), connection.cursor() as cursor:
        cursor.execute("SELECT election, cases FROM sapr_work_counted()")
        return counts | dict(cursor.fetchall())


def told(person) -> dict[str, int]:
    return counts_by_option(actor=person, at=clock.now())


def test_r12_counts_by_option_are_those_of_counting_one_by_one(world):
    reports = [world.signed(option) for option in ("restricted", "restricted", "unrestricted")]
    waiting = world.decided()
    world.signed("restricted", actor=world.stranger)
    for case in (reports[0].case, reports[2].case, waiting):
        va_assign(actor=world.sarc, case_id=case.pk, va=world.va, at=T0)
    people = (world.sarc, world.va, world.stranger)
    assert told(world.sarc) == {"restricted": 2, "unrestricted": 1}
    # A report of a case that somebody works on already, one that changes, and one that nobody works on any more.
    clock.move(T0 + timedelta(hours=3), hold=True)
    world.converted(reports[0])
    with access.viewing(world.sarc):
        left = Assignment.objects.get(case=reports[2].case, user=world.va)
        left.ended_at = T0 + timedelta(hours=2)
        left.save(update_fields=["ended_at"])
    assert [kept(each) for each in people] == [one_by_one(each) for each in people]
    assert told(world.sarc) == kept(world.sarc) == {"restricted": 1, "unrestricted": 2}
    assert kept(world.va) == {"restricted": 0, "unrestricted": 1}


def test_many_lines_are_added_up_by_whoever_reads_them_and_say_the_same(world):
    report = world.signed("restricted")
    with access.viewing(world.sarc):
        for _ in range(LINES // 2 + 1):
            row = Assignment(case=report.case, user=world.va, role=Role.VA, started_at=T0)
            row.save(force_insert=True)
            row.ended_at = T0
            row.save(update_fields=["ended_at"])
    va_assign(actor=world.sarc, case_id=report.case_id, va=world.va, at=T0)
    for _ in range(2):
        assert kept(world.va) == one_by_one(world.va) == {"restricted": 1, "unrestricted": 0}


def test_counting_asks_no_case_and_shows_nobody_elses(world):
    world.signed("restricted")
    with CaptureQueriesContext(connection) as queries:
        assert told(world.sarc) == {"restricted": 1, "unrestricted": 0}
    assert not any("reports_case" in each["sql"] for each in queries)
    assert told(world.stranger) == {"restricted": 0, "unrestricted": 0}
    with access.viewing(world.sarc), connection.cursor() as cursor:
        for table in ("reports_worktally", "reports_yeartally"):
            for statement in (f"SELECT * FROM {table}", f"DELETE FROM {table}"):  # noqa: S608
                with refused("permission denied"):
                    cursor.execute(statement)
        with refused("permission denied"):
            cursor.execute("SELECT sapr_tally_anew()")
