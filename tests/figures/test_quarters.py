"""Figures of installations: counted in steps, killed in the middle, shown in classes (AC-73, DS-31, DS-32)."""

import os
from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, connections
from psycopg import sql

from accounts.models import Location
from notifications.sweeping import sweep
from reports import access
from reports.jobs import running
from reports.jobs.models import Job
from reports.statistics import drawing, quarters
from reports.statistics.models import QuarterFigure
from sapr import clock
from sapr.errors import DomainError
from tests.database.refusals import refused
from tests.figures.closings import QUARTER, RIPE, Scene
from tests.figures.conftest import Reader, approved, made
from tests.signed_in import signed_in
from tests.stage import in_database, throwaway_copy
from tests.times import T0


@pytest.fixture(scope="module")
def scene(django_db_blocker):
    with django_db_blocker.unblock(), throwaway_copy() as copy:
        clock.move(T0, hold=True)
        yield Scene(copy)


def test_figures_counted_by_a_worker_killed_in_the_middle_are_those_counted_one_by_one(scene) -> None:
    world = scene.world
    with pytest.raises(DomainError, match="thirty days after its end"):
        scene.ask()
    clock.move(RIPE - timedelta(hours=1), hold=True)
    assert quarters.ripe(clock.now())[0] == date(2025, 10, 1)
    clock.move(RIPE, hold=True)
    job = scene.ask()
    with pytest.raises(DomainError, match="made already, or being made"):
        scene.ask()
    with scene.copy.as_worker():
        taken = running.take_up(clock.now())
        assert taken.pk == job.pk
        assert running.take_up(clock.now()) is None, "leased to one worker at a time"
        for _ in range(3):
            assert running.step(taken)
    # Killed within a step: its session is gone, and nothing of the step is there.
    before = scene.exact()
    with psycopg.connect(
        in_database(os.environ["WORKER_DATABASE_URL"], scene.copy.names["default"])
    ) as dying:
        dying.execute("SELECT sapr_quarter_step(%s, %s, 5, 60)", [job.pk, taken.lease])
        dying.close()
    assert (scene.job(job).done, scene.exact()) == (3, before)
    # Nobody reads what is counted and not published.
    with access.viewing(world.manager):
        assert QuarterFigure.objects.count() == 0
    # DS-32: the lease is over in a minute, and the next worker goes on; the dead one's lease is worth nothing.
    with scene.copy.as_worker():
        clock.move(RIPE + timedelta(seconds=59), hold=True)
        assert running.run_due(lambda: False) == 0
        clock.move(RIPE + timedelta(seconds=60), hold=True)
        other = running.take_up(clock.now())
        assert not running.step(taken)
        assert (other.done, other.attempts) == (3, 1)
        running.let_go(other)
        assert sweep()["jobs"] == 1
    job = scene.job(job)
    assert (job.state, job.done, job.total) == ("finished", 13, 13)
    found = scene.exact()
    assert len(scene.by_hand) == 6
    for name, numbers in found.items():
        by_hand = [scene.by_hand[name, state] for state in ("discharged", "missed")]
        assert list(numbers) == [each - each % 5 for each in by_hand], name
    assert set(found) == set(Location.objects.filter(kind="installation").values_list("name", flat=True))


def test_figures_of_installations_are_classes_for_programme_managers_and_nothing_for_anybody_else(
    scene,
) -> None:
    world = scene.world
    with access.viewing(world.manager):
        published = quarters.published(viewer=world.manager, at=clock.now())[QUARTER]
        assert {each.name: (each.in_time, each.late) for each in published} == scene.exact()
        # Every number that a class stands for looks the same: the chart and the table are made of classes alone.
        assert {drawing.in_class(each.in_time, 5) for each in published} >= {"<5"}
        assert not any(each.share for each in published if each.in_time + each.late < 50)
    page = signed_in(world.manager).get("/admin/figures/").content.decode()
    cells = [part.split("<")[0] for part in page.split("<td>")[1:]]
    assert cells.count("&lt;5") > 0
    assert "total" not in page.lower().replace("no totals", "")
    for person in (world.sarc, world.va, world.commander, world.unit_commander, world.mcio):
        with access.viewing(person):
            assert QuarterFigure.objects.count() == 0
            with refused("permission denied"):
                connection.cursor().execute("SELECT sapr_quarter_step(%s, %s, 5, 60)", [uuid4(), uuid4()])
            with refused("permission denied"):
                connection.cursor().execute("UPDATE reports_quarterfigure SET late = 0")
    with pytest.raises(DomainError, match="made already"):
        scene.ask()
    with psycopg.connect(in_database(os.environ["ADMIN_DATABASE_URL"], scene.copy.names["default"])) as owner:
        for statement in (
            "UPDATE reports_quarterfigure SET late = late + 5",
            "DELETE FROM reports_quarterfigure",
        ):
            with pytest.raises(psycopg.Error, match="published of a quarter stands"):
                owner.execute(statement)
            owner.rollback()
        with pytest.raises(psycopg.Error, match="in_classes"):
            owner.execute(
                "INSERT INTO reports_quarterfigure (id, quarter, installation_id, in_time, late, width, published_at)"
                " SELECT gen_random_uuid(), '2025-01-01', installation_id, 3, 0, 5, now() FROM reports_quarterfigure"
            )


def test_a_job_is_ones_own_is_cancelled_by_its_owner_and_given_up_when_it_never_gets_on(scene) -> None:
    world, older = scene.world, date(2025, 10, 1)
    job = quarters.quarter_figures_ask(actor=world.manager, quarter=older, at=clock.now())
    for person in (world.sarc, world.commander):
        with access.viewing(person):
            assert Job.objects.count() == 0
    manager = signed_in(world.manager)
    page = manager.get(f"/admin/jobs/{job.pk}/").content.decode()
    assert '<progress id="bar" value="0" max="14">' in page
    with access.viewing(world.manager):
        with refused("row-level security"):
            connection.cursor().execute("UPDATE reports_job SET state = 'finished' WHERE id = %s", [job.pk])
        with refused("row-level security"):
            connection.cursor().execute(
                "UPDATE reports_job SET done = 13, total = 14 WHERE id = %s AND state = 'queued'", [job.pk]
            )
        # An overlapping one would tell by the difference what the classes hide.
        with refused("of_a_quarter"):
            connection.cursor().execute(
                "INSERT INTO reports_job (id, kind, owner_id, state, quarter, done, total, asked_at, look_at, attempts,"
                " failure) VALUES (%s, 'quarter_figures', %s, 'queued', '2026-01-02', 0, 13, now(), now(), 0, '')",
                [uuid4(), world.manager.pk],
            )
    with scene.copy.as_worker():
        with refused("a minute at most"):
            Job.objects.filter(pk=job.pk).update(look_at=clock.now() + timedelta(seconds=61))
        with refused("row-level security|permission denied"):
            Job.objects.filter(pk=job.pk).update(state="cancelled")
        taken = running.take_up(clock.now())
        assert running.step(taken)
    assert manager.post(f"/admin/jobs/{job.pk}/", {"do": "cancel"}).status_code == 302
    with scene.copy.as_worker():
        assert not running.step(taken)
        assert running.run_due(lambda: False) == 0
    assert scene.job(job).state == "cancelled"
    again = quarters.quarter_figures_ask(actor=world.manager, quarter=older, at=clock.now())
    with scene.copy.as_worker():
        for _ in range(3):
            assert running.take_up(clock.now()) is not None
            clock.move(clock.now() + timedelta(seconds=60), hold=True)
        assert running.take_up(clock.now()) is None
    assert (scene.job(again).state, scene.job(again).failure) == ("failed", "gave_up")


def fetched_by_two_at_once(scene, export) -> int:
    """Two sessions of its asker take the file at the same moment; how many get it."""
    got: list[int] = []

    def take() -> None:
        try:
            with access.viewing(scene.world.sarc), connection.cursor() as cursor:
                barrier.wait()
                cursor.execute("SELECT sapr_export_take(%s)", [export.pk])
                got.append(len(cursor.fetchall()))
        except DatabaseError:
            got.append(0)
        finally:
            connections.close_all()

    barrier = Barrier(2)
    both = [Thread(target=take) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    return sum(got)


def test_no_plaintext_of_an_export_is_anywhere_in_the_database_and_what_is_not_fetched_goes(scene) -> None:
    world, reader = scene.world, Reader()
    with access.viewing(world.sarc):
        number = world.contact(at=clock.now()).number
    export = approved(world, reader, at=clock.now())
    made(world, export, at=clock.now())
    with psycopg.connect(in_database(os.environ["ADMIN_DATABASE_URL"], scene.copy.names["default"])) as admin:
        body = bytes(admin.execute("SELECT body FROM reports_exportpart").fetchone()[0])
        line = next(each for each in reader.opens(body).splitlines() if each.startswith(number))
        assert line.count(",") == 10
        tables = admin.execute("SELECT schemaname, relname FROM pg_stat_user_tables")
        find = sql.SQL(
            "SELECT count(*) FROM {} t WHERE position(%s in t::text) + position(%s in t::text) > 0"
        )
        for table in tables.fetchall():
            told = admin.execute(find.format(sql.Identifier(*table)), [line, line.encode().hex()]).fetchone()
            assert told == (0,), table
    second = approved(world, reader, at=clock.now())
    made(world, second, at=clock.now())
    assert fetched_by_two_at_once(scene, second) == 1
    clock.move(clock.now() + timedelta(hours=24), hold=True)
    with scene.copy.as_worker():
        assert sweep()["exports_over"] == 1
    with access.viewing(world.sarc):
        export.refresh_from_db()
        assert (export.state, export.parts.count()) == ("expired", 0)
