"""What moves a case is in the database: raw SQL by the web role jumps nowhere, and nothing is taken past a closing."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from reports import access, policy
from reports.casework.closing import case_reopen
from reports.election.models import CaseState
from reports.ledger.kinds import EventKind
from reports.policy.transitions import of_rows
from tests.database.refusals import refused
from tests.election.way import closed, limited, state, step
from tests.times import T0

EVENT = "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) VALUES (%s, %s, %s, %s, %s, '{}')"


def run(sql: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def say(world, case_id, kind: str) -> None:
    """An event by raw SQL, in the SARC's own name."""
    run(EVENT, uuid4(), case_id, kind, T0, world.sarc.pk)


@pytest.mark.django_db
def test_the_database_moves_a_case_along_exactly_the_rows_of_the_policy() -> None:
    rows = [each for each in policy.rules() if each.parameters.get("topic") == "transition" and each.enabled]
    wanted: dict[tuple, tuple] = {}
    for rule, way in of_rows(rows):
        # Into a record of its own nothing moves (TR-13).
        if way.own_record:
            continue
        key = (way.rule, way.from_state, way.to_state, way.event)
        first, last = wanted.get(key, (rule.valid_from, date.min))
        ends = None if rule.valid_to is None or last is None else max(last, rule.valid_to)
        wanted[key] = (min(first, rule.valid_from), ends)
    found = run("SELECT rule, from_state, to_state, event, valid_from, valid_to FROM reports_transition")
    assert {row[:4]: row[4:] for row in found} == wanted
    assert {row[3] for row in found} <= set(EventKind.values)
    assert {row[1] for row in found} | {row[2] for row in found} == set(CaseState.values)


@pytest.mark.django_db
def test_what_a_closed_case_still_takes_are_kinds_of_events() -> None:
    assert {row[0] for row in run("SELECT kind FROM reports_afterclosing")} <= set(EventKind.values)


def test_a_state_is_nobodys_to_write(world) -> None:
    report, contact = world.signed("restricted"), world.contact()
    with access.viewing(world.sarc):
        for case_id, to in (
            (report.case_id, "UNRESTRICTED_OPEN"),
            (contact.pk, "CLOSED"),
            (contact.pk, "SRI"),
        ):
            with refused("permission denied"):
                run("UPDATE reports_case SET state = %s WHERE id = %s", to, case_id)
        with refused("permission denied"):
            run("UPDATE reports_case SET informed_by = 'mcio' WHERE id = %s", contact.pk)
        for taken in ("DELETE FROM reports_transition", "DELETE FROM reports_afterclosing"):
            with refused("permission denied"):
                run(taken)
        with refused("a case begins as a contact"):
            run(
                "INSERT INTO reports_case (id, number, installation_id, opened_by_id, opened_at, state, informed_by)"
                " VALUES (%s, 'C-X', %s, %s, %s, 'CLOSED', 'victim')",
                uuid4(), contact.installation_id, world.sarc.pk, T0,
            )  # fmt: skip


def test_no_event_jumps_a_state(world) -> None:
    """From where each case stands, every kind that moves one moves it along a row or is refused."""
    cases = {
        "CONTACT": world.contact(),
        "RESTRICTED_OPEN": world.signed("restricted").case,
        "UNRESTRICTED_OPEN": world.signed("unrestricted").case,
        "OPEN_LIMITED_INFO": limited(world),
    }
    ways = {(row[0], row[1]) for row in run("SELECT from_state, event FROM reports_transition")}
    for start, case in cases.items():
        for kind in ("inquiry_logged", "limited_case_opened", "case_closed", "case_reopened"):
            # A contact of a victim's is never a case with limited information, whatever is said.
            if (start, kind) in ways and (start, kind) != ("CONTACT", "limited_case_opened"):
                continue
            with access.viewing(world.sarc), pytest.raises(DatabaseError), transaction.atomic():
                say(world, case.pk, kind)
            assert state(world, case.pk) == start
    with access.viewing(world.sarc), refused("does not move from OPEN_LIMITED_INFO to RESTRICTED_OPEN"):
        run(
            "INSERT INTO reports_report (id, case_id, election, signed_at, recorded_at, late_reason)"
            " VALUES (%s, %s, 'restricted', %s, %s, '')",
            uuid4(), cases["OPEN_LIMITED_INFO"].pk, T0, T0,
        )  # fmt: skip
    with access.viewing(world.sarc), refused("only a contact or an inquiry ends"):
        run("UPDATE reports_case SET walked_away_at = %s WHERE id = %s", T0, cases["OPEN_LIMITED_INFO"].pk)


def test_cl_3_an_unrestricted_case_is_not_closed_while_its_investigation_runs(world) -> None:
    report = world.signed("unrestricted")
    step(world, report.case_id, "investigation_opened")
    with access.viewing(world.sarc):
        with refused("while an investigation runs"):
            say(world, report.case_id, "case_closed")
        say(world, report.case_id, "investigation_closed")
        say(world, report.case_id, "case_closed")
    assert state(world, report.case_id) == "CLOSED"


def test_st_08_a_closed_case_takes_no_other_step_and_no_way_back_from_unrestricted(world) -> None:
    report = world.signed("unrestricted")
    case_id = report.case_id
    closed(world, case_id)
    with access.viewing(world.sarc):
        for kind in ("safe_offered", "options_decided", "case_closed", "kit_number_issued", "cmg_listed"):
            with refused("closed case takes no other step|does not move from CLOSED"):
                say(world, case_id, kind)
        # What fulfils a duty that is open, and what is no step.
        for kind in ("dsaid_entered", "copy_requested", "kit_sealed", "identity_sealed"):
            say(world, case_id, kind)
        with refused("never becomes Restricted"):
            run("UPDATE reports_report SET election = 'restricted' WHERE case_id = %s", case_id)
    case_reopen(actor=world.sarc, case_id=case_id, reason="closed_in_error", at=T0)
    with access.viewing(world.sarc):
        say(world, case_id, "safe_offered")
    assert state(world, case_id) == "UNRESTRICTED_OPEN"
