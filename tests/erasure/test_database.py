"""Holds and erasures, tried with raw SQL by the web role: two persons, in their own name, once."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from reports import access
from reports.erasure import services
from tests.database.refusals import refused
from tests.erasure.conftest import agreed, left_without_signing
from tests.times import T0

INSERT = (
    "INSERT INTO reports_erasure (id, case_id, number, kept, keep_until, rules, state, proposed_by_id, proposed_at)"
    " VALUES (%s, %s, 'C', '[]', %s, '[]', %s, %s, %s)"
)
DECIDE = "UPDATE reports_erasure SET state = %s, decided_by_id = %s, decided_at = %s WHERE id = %s"


def run(sql: str, *args) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)


@pytest.fixture
def ended(world):
    return left_without_signing(world)


def test_a_proposal_is_made_in_ones_own_name_for_what_nothing_keeps(world, ended) -> None:
    signed = world.signed("restricted").case
    with access.viewing(world.sarc):
        with refused("in one's own name"):
            run(INSERT, uuid4(), ended.pk, None, "proposed", world.manager.pk, T0)
        with refused("begins as a proposal"):
            run(INSERT, uuid4(), ended.pk, None, "withdrawn", world.sarc.pk, T0)
        with refused("kept for no time"):
            run(INSERT, uuid4(), signed.pk, None, "proposed", world.sarc.pk, T0)
        with refused("inside its period of keeping"):
            run(INSERT, uuid4(), signed.pk, date(2026, 3, 2), "proposed", world.sarc.pk, T0)
    with access.viewing(world.stranger), refused("row-level security"):
        run(INSERT, uuid4(), ended.pk, date(2026, 1, 1), "proposed", world.stranger.pk, T0)


def test_it_is_decided_by_an_independent_manager_in_their_own_name_and_done_by_the_owner(
    world, ended
) -> None:
    row = services.erasure_propose(actor=world.sarc, case_id=ended.pk, at=T0)
    with access.viewing(world.sarc):
        with refused("independent second person"):
            run(DECIDE, "approved", world.sarc.pk, T0, row.pk)
        with refused("in one's own name"):
            run(DECIDE, "approved", world.manager.pk, T0, row.pk)
    with access.viewing(world.manager):
        with refused("by the owner"):
            run(DECIDE, "done", world.manager.pk, T0, row.pk)
        run(DECIDE, "approved", world.manager.pk, T0, row.pk)
        for state in ("proposed", "refused", "withdrawn"):
            with refused("decided once"):
                run(DECIDE, state, world.manager.pk, T0, row.pk)
        with refused("by the owner"):
            run("UPDATE reports_erasure SET state = 'done' WHERE id = %s", row.pk)


def test_no_column_of_a_proposal_and_no_row_is_the_web_roles_to_change(world, ended) -> None:
    row = agreed(world, ended)
    with access.viewing(world.sarc):
        for statement in (
            "UPDATE reports_erasure SET number = 'D' WHERE id = %s",
            "UPDATE reports_erasure SET keep_until = NULL WHERE id = %s",
            "DELETE FROM reports_erasure WHERE id = %s",
            "DELETE FROM reports_hold WHERE case_id = %s",
        ):
            with refused("permission denied"):
                run(statement, row.pk)


def test_a_hold_cannot_be_placed_for_somebody_else_lifted_twice_or_changed(world, ended) -> None:
    hold = services.hold_place(actor=world.sarc, case_id=ended.pk, reason="appeal", at=T0)
    insert = (
        "INSERT INTO reports_hold (id, case_id, reason, placed_by_id, placed_at) VALUES (%s, %s, %s, %s, %s)"
    )
    lift = "UPDATE reports_hold SET lifted_by_id = %s, lifted_at = %s WHERE id = %s"
    with access.viewing(world.sarc):
        with refused("in one's own name"):
            run(insert, uuid4(), ended.pk, "investigation", world.va.pk, T0)
        with refused("reports_hold_reason_known"):
            run(insert, uuid4(), ended.pk, "whim", world.sarc.pk, T0)
        with refused("in one's own name"):
            run(lift, world.va.pk, T0, hold.pk)
        run(lift, world.sarc.pk, T0, hold.pk)
        with refused("only ever lifted, once"):
            run(lift, world.sarc.pk, T0, hold.pk)


def test_with_a_hold_open_no_step_is_written(world, ended) -> None:
    row = services.erasure_propose(actor=world.sarc, case_id=ended.pk, at=T0)
    services.hold_place(actor=world.sarc, case_id=ended.pk, reason="appeal", at=T0)
    with access.viewing(world.manager), refused("on hold"):
        run(DECIDE, "approved", world.manager.pk, T0, row.pk)


def test_the_worker_has_no_right_on_either_table(world) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('sapr_worker', t, p) FROM unnest(ARRAY['reports_hold', 'reports_erasure']) t,"
            " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p"
        )
        assert {row[0] for row in cursor.fetchall()} == {False}
