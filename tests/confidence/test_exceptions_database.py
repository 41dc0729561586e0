"""Exceptions, gone round the services: what raw SQL by the web role cannot write."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from psycopg import sql

from reports import access
from reports.disclosure.models import Disclosure, DisclosureState
from reports.election.models import Case, Identity, Report
from reports.ledger.models import Event
from reports.obligations.models import Duty
from tests.confidence.conftest import MET, advised, make, proposed, run, statement_of, undone
from tests.database.refusals import refused
from tests.times import T0


def insert(world, report: Report, **changed: Any) -> None:
    row = {
        "id": uuid4(),
        "case_id": report.case_id,
        "exception": "EX-1",
        "answers": json.dumps(MET["EX-1"]),
        "scope": '["contact"]',
        "recipient": "medical",
        "state": "proposed",
        "proposed_by_id": world.sarc.pk,
        "proposed_at": T0,
        "office": "",
        "advice": "",
        "privilege": "",
        "decision": "",
        "fields": "[]",
    }
    row |= changed
    statement = sql.SQL("INSERT INTO reports_disclosure ({}) VALUES ({})").format(
        sql.SQL(", ").join(map(sql.Identifier, row)), sql.SQL(", ").join([sql.Placeholder()] * len(row))
    )
    run(statement.as_string(None), *row.values())


def change(row: Disclosure, column: str, value: Any) -> None:
    statement = sql.SQL("UPDATE reports_disclosure SET {} = %s WHERE id = %s").format(sql.Identifier(column))
    run(statement.as_string(None), value, row.pk)


def test_it_begins_as_a_proposal_in_ones_own_name_about_a_restricted_report(world, report) -> None:
    with access.viewing(world.sarc):
        with undone():
            insert(world, report)
        for state in set(DisclosureState.values) - {"proposed"}:
            with refused("begins as a proposal"):
                insert(world, report, state=state)
        with refused("in one's own name"):
            insert(world, report, proposed_by_id=world.va.pk)
        with refused("in the future"):
            insert(world, report, proposed_at=T0 + timedelta(minutes=1))
        for other in (world.signed("unrestricted"), world.converted(world.signed("restricted"), at=T0)):
            with refused("only a Restricted report"):
                insert(world, other)
    with access.viewing(world.stranger), refused("row-level security"):
        insert(world, report, proposed_by_id=world.stranger.pk)


def test_each_exception_stands_with_its_own_condition_and_its_own_fields(world, report) -> None:
    bad: list[tuple[str, dict[str, Any]]] = [
        ("answers_are_words", {"answers": "{}"}),
        ("condition_is_met", {"answers": json.dumps(MET["EX-4"])}),
        ("condition_is_met", {"exception": "EX-5"}),
        ("condition_is_met", {"answers": '{"authorisation_written": false}'}),
        ("condition_is_met", {"exception": "EX-2", "answers": '{"threat_serious": true}'}),
        ("condition_is_met", {"exception": "EX-3"}),
        ("condition_is_met", {"exception": "EX-4"}),
        ("condition_is_met", {"exception": "EX-5", "answers": '{"order_source": "other"}'}),
        ("answers_are_words", {"answers": '{"authorisation_written": true, "name": "Jane Doe"}'}),
        ("exception_known", {"exception": "EX-9", "answers": '{"order_source": "statute"}'}),
        ("recipient_known", {"recipient": "newspaper"}),
        ("fields_in_scope", {"scope": "[]"}),
        ("known_fields", {"scope": '["Jane Doe"]'}),
        ("offender_only_by_threat", {"scope": '["alleged_offender"]'}),
        ("made_iff_fields", {"fields": '["contact"]'}),
        ("advice_is_whole", {"office": "judge_advocate"}),
    ]
    with access.viewing(world.sarc):
        for constraint, changed in bad:
            with refused(f"reports_disclosure_{constraint}"):
                insert(world, report, **changed)


def test_no_disclosure_without_legal_consult_nor_out_of_turn(world, report) -> None:
    row = proposed(world, report)
    sets = (
        "UPDATE reports_disclosure SET state = %s, fields = %s, made_by_id = %s, made_at = %s WHERE id = %s"
    )
    told = "UPDATE reports_disclosure SET state = 'told', told_by_id = %s, told_at = %s WHERE id = %s"
    advise = (
        "UPDATE reports_disclosure SET state = %s, office = 'judge_advocate', advice = %s, privilege = 'covered',"
        " advised_at = %s, post_id = %s WHERE id = %s"
    )
    with access.viewing(world.sarc):
        with refused("one after the other|stands"):
            run(sets, "made", '["contact"]', world.sarc.pk, T0, row.pk)
        with refused("reports_disclosure_consulted_first|reports_disclosure_doubt_is_decided"):
            run("UPDATE reports_disclosure SET state = 'advised' WHERE id = %s", row.pk)
        with refused("reports_disclosure_doubt_is_decided"):
            run(advise, "advised", "doubt", T0, None, row.pk)
        for post in (None, world.posts["unit_commander"].pk, world.posts["mcio"].pk):
            with refused("an installation commander decides"):
                run(advise, "undecided", "doubt", T0, post, row.pk)
    row = advised(world, report)
    with access.viewing(world.sarc):
        for fields in ('["narrative"]', '["contact", "alleged_offender"]', "[]"):
            with refused("fields_in_scope|offender_only_by_threat|made_iff_fields"):
                run(sets, "made", fields, world.sarc.pk, T0, row.pk)
        with refused("in one's own name"):
            run(sets, "made", '["contact"]', world.va.pk, T0, row.pk)
        with refused("one after the other"):
            run(told, world.sarc.pk, T0, row.pk)
        with refused("in the future"):
            run(sets, "made", '["contact"]', world.sarc.pk, T0 + timedelta(hours=1), row.pk)
        # Round the service there is no duty, and without the duty no disclosure stands.
        with refused("goes with the duty to tell the victim"):
            run(sets, "made", '["contact"]', world.sarc.pk, T0, row.pk)
            run("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_was_recorded_stands_and_the_report_is_nobodys_to_change_by_it(world, report) -> None:
    row = make(world, advised(world, report))
    with access.viewing(world.sarc):
        for column, value in (("exception", "EX-1"), ("scope", '["contact"]'), ("case_id", uuid4())):
            with refused("permission denied"):
                change(row, column, value)
        for column, value in (("fields", '["contact"]'), ("advice", "doubt"), ("office", "judge_advocate")):
            with refused("stands"):
                change(row, column, value)
        with refused("permission denied"):
            run("DELETE FROM reports_disclosure WHERE id = %s", row.pk)
        assert Report.objects.get(pk=report.pk).election == "restricted"


def test_only_the_holder_of_the_post_decides_once_and_nobody_writes_a_statement(world, report) -> None:
    row = advised(world, report, advice="disagree")
    statement = statement_of(world)
    decide = "UPDATE reports_exceptionstatement SET decision = %s, decided_by_id = %s, decided_at = %s WHERE id = %s"
    with access.viewing(world.sarc), connection.cursor() as cursor:
        # Not even who put it sees it, let alone decides it.
        cursor.execute(decide, ["disclose", world.sarc.pk, T0, statement.pk])
        assert cursor.rowcount == 0
        for state in ("cleared", "withheld"):
            with refused("permission denied"):
                run(
                    "UPDATE reports_disclosure SET state = %s, decision = 'disclose', decided_at = %s WHERE id = %s",
                    state, T0, row.pk,
                )  # fmt: skip
        with refused("an installation commander decides"):
            run("UPDATE reports_disclosure SET state = 'cleared' WHERE id = %s", row.pk)
    for stranger in (world.unit_commander, world.mcio, world.manager, world.higher):
        with access.viewing(stranger), connection.cursor() as cursor:
            cursor.execute(decide, ["disclose", stranger.pk, T0, statement.pk])
            assert cursor.rowcount == 0
    with access.viewing(world.commander):
        with refused("permission denied"):
            run("INSERT INTO reports_exceptionstatement (id) VALUES (%s)", uuid4())
        with refused("permission denied"):
            run("UPDATE reports_exceptionstatement SET scope = '[]' WHERE id = %s", statement.pk)
        with refused("decided once, by the holder"):
            run(decide, "disclose", world.sarc.pk, T0, statement.pk)
        with refused("reports_exceptionstatement_decision_known|reports_disclosure"):
            run(decide, "perhaps", world.commander.pk, T0, statement.pk)
        run(decide, "disclose", world.commander.pk, T0, statement.pk)
        with refused("decided once, by the holder"):
            run(decide, "withhold", world.commander.pk, T0, statement.pk)
        # Nothing in the row leads to the case, and the case shows the commander nothing.
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_jsonb(s)::text FROM reports_exceptionstatement s")
            (shown,) = cursor.fetchone()
            for known in (report.case_id, report.pk, report.case.number, row.pk, world.sarc.pk):
                assert str(known) not in shown
            for model in (Disclosure, Case, Report, Event, Duty, Identity):
                assert not model.objects.exists(), model


@pytest.mark.parametrize("table", ["reports_disclosure", "reports_exceptionstatement"])
def test_the_worker_has_no_right_on_it(world, table) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(has_table_privilege('sapr_worker', %s, p))"
            " FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) p",
            [table],
        )
        assert cursor.fetchone() == (False,)
