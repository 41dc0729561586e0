"""Holds and erasures, tried with raw SQL by the web role: two persons, in their own name, once."""

from datetime import date, timedelta
from threading import Event, Thread
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction

from reports import access
from reports.erasure import services
from reports.erasure.destruction import case_erase
from reports.erasure.models import Erasure
from sapr import clock
from sapr.errors import DomainError
from tests.database.refusals import refused
from tests.erasure.conftest import agreed, left_without_signing
from tests.processes import wait_until
from tests.stage import in_database
from tests.times import T0

INSERT = (
    "INSERT INTO reports_erasure (id, case_id, number, signed_on, signed_as, converted_on, has_kit, keep_until, rules,"
    " state, proposed_by_id, proposed_at) VALUES (%s, %s, 'C', NULL, '', NULL, false, %s, '[]', %s, %s, %s)"
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
        with refused("only what has ended"):
            run(INSERT, uuid4(), world.contact().pk, None, "proposed", world.sarc.pk, T0)
        # Without an end, before the signature, and to come: no day passes for a report that was signed today.
        for day in (None, date(2020, 1, 1), date(2026, 3, 2), date(2076, 3, 2)):
            with refused("inside its period of keeping"):
                run(INSERT, uuid4(), signed.pk, day, "proposed", world.sarc.pk, T0)
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
        for state in ("proposed", "approved"):
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


def test_what_the_case_held_is_written_by_the_database_whatever_was_said(world, held_clock) -> None:
    report = world.signed("unrestricted")
    held_clock.move(T0 + timedelta(days=3), hold=True)
    erasure = uuid4()
    with access.viewing(world.sarc):
        run(INSERT, erasure, report.case_id, date(2026, 3, 3), "proposed", world.sarc.pk, T0)
        row = Erasure.objects.get(pk=erasure)
    assert (row.signed_on, row.signed_as) == (date(2026, 3, 2), "unrestricted")
    # So the rules are asked of the case itself, by the approval and by the command, and a made-up end helps nobody.
    with pytest.raises(DomainError, match="02 March 2076"):
        services.erasure_approve(actor=world.manager, erasure_id=erasure, at=clock.now())
    with access.viewing(world.manager):
        run(DECIDE, "approved", world.manager.pk, T0, erasure)
        row.refresh_from_db()
    with pytest.raises(DomainError, match="02 March 2076"):
        case_erase(row, clock.now())


@pytest.mark.slow
def test_a_hold_and_a_step_of_an_erasure_at_the_same_moment_wait_for_each_other(stage) -> None:
    world = stage.world
    case = left_without_signing(world)
    row = services.erasure_propose(actor=world.sarc, case_id=case.pk, at=T0)
    told: list[str] = []
    placed, go_on = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            services.hold_place(actor=world.sarc, case_id=case.pk, reason="appeal", at=T0)
            placed.set()
            go_on.wait(60)
        connections.close_all()

    def approve() -> None:
        try:
            services.erasure_approve(actor=world.manager, erasure_id=row.pk, at=T0)
        except (DomainError, DatabaseError) as error:
            told.append(str(error))
        connections.close_all()

    holding, approving = Thread(target=hold), Thread(target=approve)
    holding.start()
    placed.wait(60)
    approving.start()
    wait_until(lambda: waiting_for_a_lock(stage), "the approval to wait for the hold")
    go_on.set()
    for each in (holding, approving):
        each.join(60)
    assert len(told) == 1
    assert "hold" in told[0]


def waiting_for_a_lock(stage) -> bool:
    url = in_database(stage.env["ADMIN_DATABASE_URL"], stage.names["default"])
    with psycopg.connect(url) as admin:
        found = admin.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        ).fetchone()
    return found[0] > 0
