"""Whose the rows of lists are: the tables' own policies say what the list of one's cases says, and nothing more."""

from datetime import timedelta

from django.db import connection

from accounts.models import Appointment
from accounts.services import appointment_end
from reports import access
from reports.breakglass.services import break_glass_ask, break_glass_decide
from reports.election.contacts import contact_open
from reports.models import Assignment, Case, Report
from tests.clients.systems import made
from tests.database.refusals import refused
from tests.factories import AppointmentFactory
from tests.times import T0

HOUR = timedelta(hours=1)
HELD = """SELECT ARRAY(SELECT DISTINCT h FROM unnest(sapr_viewer_held()) AS h ORDER BY h),
    ARRAY(SELECT DISTINCT p.role || '/' || sapr_installation_of(p.location_id) AS h FROM accounts_post p
          WHERE p.id = ANY (sapr_viewer_posts()) ORDER BY h),
    ARRAY(SELECT DISTINCT p.role::text FROM accounts_post p WHERE p.id = ANY (sapr_viewer_posts()) ORDER BY 1),
    ARRAY(SELECT r FROM unnest(sapr_viewer_roles()) AS r ORDER BY 1)"""
LISTED = "SELECT id FROM unnest(sapr_readable_cases()) AS id UNION SELECT id FROM unnest(sapr_meeting_cases()) AS id"
WORKED = "SELECT sapr_works_on(%s), sapr_works_on(%s), sapr_works_on(%s)"
WRITTEN = """INSERT INTO reports_report (id, case_id, election, signed_at, recorded_at, late_reason)
    VALUES (gen_random_uuid(), %s, 'restricted', %s, %s, '')"""


def run(statement: str, *values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return cursor.fetchall() if cursor.description else []


def seen() -> set:
    """The cases whose rows the viewer sees, found to be those of the list; so are the reports."""
    cases, listed = ({row[0] for row in run(text)} for text in ("SELECT id FROM reports_case", LISTED))
    assert cases == listed
    readable = {row[0] for row in run("SELECT unnest(sapr_readable_cases())")}
    assert {row[0] for row in run("SELECT case_id FROM reports_report")} <= readable
    [(held, of_posts, roles_of_posts, roles)] = run(HELD)
    assert (held, roles) == (of_posts, roles_of_posts)
    return cases


def test_rows_of_cases_and_reports_are_those_that_the_list_of_ones_cases_has(world) -> None:
    """On the case, in an emergency, at another place, by a system's key, no more assigned, no more appointed."""
    mine, theirs = world.signed("restricted").case, world.signed("restricted", actor=world.stranger).case
    AppointmentFactory(user=world.sarc, post=world.posts["stranger"], starts_at=T0 - HOUR)
    there = contact_open(
        actor=world.sarc, at=T0, installation=theirs.installation, identity={"name": "V. Elsewhere"}
    )
    key, _ = made(world, world.sarc)
    for person in (world.va, world.other_va, world.manager, world.commander, world.unit_commander):
        with access.viewing(person):
            assert not seen(), person.username
    with access.viewing(None):
        assert not seen()
    with access.viewing(world.sarc):
        assert seen() == {mine.pk, there.pk}
        assert run(WORKED, mine.pk, there.pk, theirs.pk) == [(True, True, False)]
        run("SELECT set_config('sapr.client', %s, true)", str(key.pk))
        assert seen() == {mine.pk}
        assert run(WORKED, mine.pk, there.pk, theirs.pk) == [(True, False, False)]
        run("SELECT set_config('sapr.client', '', true)")
    asked = break_glass_ask(actor=world.sarc, case=theirs.number, reason="Invented.", at=T0)
    break_glass_decide(actor=world.manager, request_id=asked.pk, approve=True, at=T0)
    with access.viewing(world.sarc):
        assert seen() == {mine.pk, there.pk, theirs.pk}
        assert run(WORKED, mine.pk, there.pk, theirs.pk) == [(True, True, False)]
        assert Report.objects.count() == 2
        # To read in an emergency is all that it is.
        assert Report.objects.filter(case=theirs).update(election="restricted") == 0
        assert Case.objects.filter(pk=theirs.pk).update(walked_away_at=T0) == 0
        run("SELECT set_config('sapr.client', %s, true)", str(key.pk))
        assert seen() == {mine.pk}
        run("SELECT set_config('sapr.client', '', true)")
        Assignment.objects.filter(case=mine, user=world.sarc).update(ended_at=T0)
        assert seen() == {there.pk, theirs.pk}
        assert run(WORKED, mine.pk, there.pk, theirs.pk) == [(False, True, False)]
    elsewhere = Appointment.objects.get(user=world.sarc, post=world.posts["stranger"])
    appointment_end(appointment=elsewhere, actor=world.manager, at=T0)
    with access.viewing(world.sarc):
        assert seen() == {theirs.pk}
        assert run(WORKED, mine.pk, there.pk, theirs.pk) == [(False, False, False)]


def test_a_report_is_written_by_who_works_on_its_case_alone(world) -> None:
    contact = world.contact()
    for person in (world.stranger, world.va, world.manager):
        with access.viewing(person), refused("row-level security"):
            run(WRITTEN, contact.pk, T0, T0)
    with access.viewing(world.sarc), refused("a report stands on its signed form"):
        run(WRITTEN, contact.pk, T0, T0)
        assert Report.objects.filter(case=contact).count() == 1
        run("SET CONSTRAINTS ALL IMMEDIATE")
