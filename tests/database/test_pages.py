"""Each row is asked about alone, as the list of all cases would say it; where a case lies is the database's to say."""

from uuid import uuid4

from django.apps import apps
from django.db import connection

from reports import access
from reports.access.objects import KINDS
from reports.breakglass.services import break_glass_ask, break_glass_decide
from reports.casework.moves import services as moves
from reports.models import Case
from tests.database.refusals import refused
from tests.meeting.ways import agreed
from tests.times import T0

CASE = (
    "INSERT INTO reports_case (id, number, installation_id, opened_by_id, opened_at, state, informed_by, unclaimed)"
    " VALUES (%s, %s, %s, %s, %s, 'CONTACT', 'victim', false)"
)
ASSIGNED = """INSERT INTO reports_assignment (id, case_id, user_id, role, started_at, place)
    VALUES (%s, %s, %s, %s, %s, %s)"""
ENDED = "UPDATE reports_assignment SET ended_at = %s WHERE case_id = %s AND role = 'sarc'"
LISTED = "SELECT {one}(%s, sapr_viewer_held()), %s = ANY ({all}())"
WRITTEN = """SELECT polname FROM pg_policy
    WHERE concat(pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) ~ %s"""


def run(statement: str, *values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return cursor.fetchall() if cursor.description else []


def test_one_row_is_answered_as_by_the_list_for_everybody(world) -> None:
    """Own cases, those of others, and one that is open in an emergency: it is read, and not worked on."""
    mine, theirs, left = world.contact(), world.contact(actor=world.stranger), world.contact(actor=world.va)
    asked = break_glass_ask(actor=world.sarc, case=theirs.number, reason="Invented.", at=T0)
    break_glass_decide(actor=world.manager, request_id=asked.pk, approve=True, at=T0)
    seen = {}
    for person in (world.sarc, world.va, world.other_va, world.stranger, world.manager, world.commander):
        with access.viewing(person):
            for case in (mine.pk, theirs.pk, left.pk, uuid4()):
                for one, every in (
                    ("sapr_works_on", "sapr_viewer_cases"),
                    ("sapr_reads", "sapr_readable_cases"),
                ):
                    [(alone, listed)] = run(LISTED.format(one=one, all=every), case, case)
                    assert alone == listed, (person.username, one)
                    seen[person.username, one, case] = alone
                # Asked of one case alone, without what is held beside it.
                assert run("SELECT sapr_works_on(%s)", case) == [
                    (seen[person.username, "sapr_works_on", case],)
                ], person.username
    assert seen["sarc", "sapr_works_on", mine.pk]
    assert seen["sarc", "sapr_reads", theirs.pk]
    assert not seen["sarc", "sapr_works_on", theirs.pk]
    assert not seen["stranger", "sapr_reads", mine.pk]
    with access.viewing(world.sarc):
        run(ENDED, T0, mine.pk)
        for one, every in (("sapr_works_on", "sapr_viewer_cases"), ("sapr_reads", "sapr_readable_cases")):
            assert run(LISTED.format(one=one, all=every), mine.pk, mine.pk) == [(False, False)]
        assert run("SELECT sapr_works_on(%s)", mine.pk) == [(False,)]


def test_rows_asked_about_alone_are_those_of_the_list(world) -> None:
    """Of every kind of row that hangs on a case, for who works on it, who reads it in an emergency, and nobody else."""
    mine, theirs = world.signed("unrestricted").case, world.signed("restricted", actor=world.stranger).case
    asked = break_glass_ask(actor=world.sarc, case=theirs.number, reason="Invented.", at=T0)
    break_glass_decide(actor=world.manager, request_id=asked.pk, approve=True, at=T0)
    found = {}
    for person in (world.sarc, world.va, world.stranger, world.manager):
        with access.viewing(person):
            for label, kind in KINDS.items():
                if not kind.case:
                    continue
                model = apps.get_model(label)
                listed, alone = (
                    set(access.rows(person, "case_view", model, few=few).values_list("pk", flat=True))
                    for few in (False, True)
                )
                assert alone == listed, (person.username, label)
                found[person.username, label] = listed
    assert {mine.pk, theirs.pk} == found["sarc", "reports.case"]
    assert found["sarc", "reports.duty"]
    assert not found["va", "reports.duty"]


def test_no_policy_goes_through_a_list_of_cases(world) -> None:
    assert run(WRITTEN, "sapr_(viewer|readable|viewer_sarc)_cases|sapr_(case|viewer|readable)_cards") == []


def test_where_an_assignment_lies_and_that_a_case_is_unclaimed_is_the_databases_to_say(world) -> None:
    case = uuid4()
    with access.viewing(world.sarc):
        run(CASE, case, "C-0000", world.installation.pk, world.sarc.pk, T0)
        run(ASSIGNED, uuid4(), case, world.sarc.pk, "sarc", T0, uuid4())
        assert run("SELECT place FROM reports_assignment WHERE case_id = %s", case) == [
            (world.installation.pk,)
        ]
        assert run("SELECT unclaimed FROM reports_case WHERE id = %s", case) == [(False,)]
        for statement in (
            "UPDATE reports_assignment SET place = NULL",
            "UPDATE reports_case SET unclaimed = true",
            "UPDATE reports_duty SET place = NULL",
        ):
            with refused("permission denied"):
                run(statement)
        # Whatever the web account says, a case begins unclaimed.
        run(CASE, uuid4(), "C-0001", world.installation.pk, world.sarc.pk, T0)
    with access.viewing(world.manager):
        assert run("SELECT place, cases FROM sapr_without_sarc()") == [(world.installation.pk, 1)]


def test_a_report_without_its_sarc_is_unclaimed_and_a_contact_is_its_sapr_vas(world) -> None:
    contact = world.contact(actor=world.va).pk
    report = world.signed("restricted", actor=world.va).case_id
    with access.viewing(world.sarc):
        assert run("SELECT cases FROM sapr_without_sarc()") == []
        for case in (contact, report):
            run(ENDED, T0, case)
        assert run("SELECT cases FROM sapr_without_sarc()") == [(1,)]
    with access.viewing(world.va):
        unclaimed = {
            case: run("SELECT unclaimed FROM reports_case WHERE id = %s", case) for case in (contact, report)
        }
    assert unclaimed == {contact: [(False,)], report: [(True,)]}


def test_what_is_open_moves_with_its_case(world) -> None:
    case = world.signed("restricted").case_id
    there = world.posts["stranger"].location_id
    move = moves.move_offer(**agreed(world, case), to=world.stranger, installation_id=there)
    moves.move_accept(actor=world.stranger, move_id=move.pk, at=T0)
    with access.viewing(world.stranger):
        assert Case.objects.get(pk=case).installation_id == there
        assert run("SELECT DISTINCT place FROM reports_duty WHERE case_id = %s AND state = 'open'", case) == [
            (there,)
        ]
        assert run("SELECT place FROM reports_assignment WHERE case_id = %s AND ended_at IS NULL", case) == [
            (there,)
        ]
