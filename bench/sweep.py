"""What looking for due work costs: `./test bench/sweep.py -q -s` (three minutes on two cores).

1. With 100,000 and then 1,000,000 open duties of which 100 are due: one sweep against raw SQL that claims the same rows
   in the same way. It stays within three times that and does not grow with the number that is not due.
2. 1,000 due notices are placed by one worker in less than twenty seconds.
"""

import os
from time import perf_counter

import psycopg
from django.db import connection
from psycopg import sql

from notifications import sweeping
from notifications.lateness import climbing
from notifications.models import Notice, NoticeState
from notifications.sweeping import sweep
from reports import access
from reports.obligations.models import Duty
from sapr import clock
from tests.conftest import django_db_setup, stage  # noqa: F401
from tests.stage import in_database

FEW, MANY, DUE, NOTICES = 100_000, 1_000_000, 100, 1_000
RATIO, GROWTH, SECONDS = 3.0, 1.5, 20.0


def owner(stage):  # noqa: F811
    """The administrator's connection to the copy, past triggers: rows are made in bulk, not by services."""
    found = psycopg.connect(
        in_database(os.environ["ADMIN_DATABASE_URL"], stage.names["default"]), autocommit=True
    )
    found.execute("SET session_replication_role = replica")
    return found


def open_duties(admin, like: Duty, count: int) -> None:
    """That many more open duties on their ladders, none of them due for years."""
    fresh = {"id", "opened_event"}
    kept = [field.column for field in Duty._meta.concrete_fields if field.column not in fresh]
    columns = sql.SQL(", ").join(map(sql.Identifier, kept))
    statement = sql.SQL(
        "WITH made AS (INSERT INTO reports_duty (id, opened_event, {columns})"
        " SELECT gen_random_uuid(), gen_random_uuid(), {columns} FROM reports_duty, generate_series(1, %s)"
        " WHERE id = %s RETURNING id, case_id)"
        " INSERT INTO notifications_ladder (id, duty_id, case_id, behind, look_at) SELECT gen_random_uuid(), id,"
        " case_id, 0, timestamptz '2028-01-01' + random() * interval '1 year' FROM made"
    )
    admin.execute(statement.format(columns=columns), [count, like.pk])
    admin.execute("VACUUM ANALYZE notifications_ladder, reports_duty")


def fall_due(admin, at) -> None:
    admin.execute(
        "UPDATE notifications_ladder SET look_at = %s, behind = 0 WHERE id IN"
        " (SELECT id FROM notifications_ladder WHERE look_at > '2028-01-01' ORDER BY id LIMIT %s)",
        [at, DUE],
    )


def best_of(times: int, before, measured) -> float:
    found = []
    for _ in range(times):
        before()
        began = perf_counter()
        measured()
        found.append(perf_counter() - began)
    return min(found)


def raw_claims(at) -> None:
    """What a sweep does to the rows, without anything of ours: find the keys, lock each, mark it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM notifications_ladder WHERE look_at <= sapr_now() ORDER BY look_at LIMIT %s", [DUE]
        )
        for (pk,) in cursor.fetchall():
            cursor.execute("BEGIN")
            cursor.execute("SELECT sapr_now()")
            cursor.execute(
                "SELECT * FROM notifications_ladder WHERE id = %s AND look_at <= %s FOR UPDATE SKIP LOCKED",
                [pk, at],
            )
            cursor.fetchone()
            cursor.execute("UPDATE notifications_ladder SET look_at = NULL WHERE id = %s", [pk])
            cursor.execute("COMMIT")


def _mark(ladder, now) -> None:
    climbing._keep(ladder, behind=0, look_at=None)


def test_one_sweep_stays_near_raw_sql_and_does_not_grow(stage, monkeypatch) -> None:  # noqa: F811
    stage.world.signed("unrestricted")
    with access.viewing(stage.world.sarc):
        like = Duty.objects.get(kind="dsaid_entry")
    clock.move(like.due_at, hold=True)
    found = {}
    claims = sweeping.Drain("told", climbing.due, "look_at", _mark)
    with owner(stage) as admin:
        for size in (FEW, MANY):
            had = admin.execute("SELECT count(*) FROM notifications_ladder").fetchone()[0]
            open_duties(admin, like, size - had)
            with stage.as_worker():
                sweep()
                idle = best_of(5, lambda: None, sweep)
                raw = best_of(5, lambda: fall_due(admin, like.due_at), lambda: raw_claims(like.due_at))
                with monkeypatch.context() as patched:
                    patched.setattr(sweeping, "DRAINS", [claims])
                    ours = best_of(5, lambda: fall_due(admin, like.due_at), sweep)
                fall_due(admin, like.due_at)
                began = perf_counter()
                told = sweep()["told"]
                whole = perf_counter() - began
                if told != DUE:
                    raise SystemExit(f"{told} of {DUE} were told")
            found[size] = (idle, raw, ours, whole)
            print(
                f"\n{size:>9} open: nothing due {idle * 1000:.1f} ms; {DUE} claims raw {raw * 1000:.0f} ms, "
                f"ours {ours * 1000:.0f} ms ({ours / raw:.1f}x); told and written down {whole:.2f} s"
            )
    grown = [found[MANY][which] / found[FEW][which] for which in (0, 2)]
    slow = [ours / raw for _, raw, ours, _ in found.values() if ours >= RATIO * raw]
    if slow or max(grown) >= GROWTH:
        raise SystemExit(f"too dear: {slow} times raw SQL, grown by {grown}")


def test_a_thousand_due_notices_in_twenty_seconds(stage) -> None:  # noqa: F811
    report = stage.world.signed("restricted")
    with access.viewing(stage.world.sarc):
        notice = Notice.objects.get(case_id=report.case_id)
        with owner(stage) as admin:
            _copies(admin, notice)
    clock.move(notice.last_slot, hold=True)
    with stage.as_worker():
        began = perf_counter()
        while sweeping.more(sweep()):
            pass
        took = perf_counter() - began
        placed = Notice.objects.filter(state=NoticeState.PLACED).count()
    print(f"\n{placed} notices placed in {took:.1f} s by one worker")
    if placed != NOTICES or took >= SECONDS:
        raise SystemExit("not all of them, or too slow")


def _copies(admin, notice) -> None:
    """As many cases, each with all that waits for its notice's placing, as a thousand signings would have left."""
    admin.execute(
        "CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS c, gen_random_uuid() AS d, gen_random_uuid() AS n"
        " FROM generate_series(2, %s)",
        [NOTICES],
    )
    for table, pk, changed in (
        ("reports_case", notice.case_id, "jsonb_build_object('id', c, 'number', left(c::text, 8))"),
        (
            "reports_duty",
            notice.duty_id,
            "jsonb_build_object('id', d, 'case_id', c, 'opened_event', gen_random_uuid())",
        ),
        (
            "notifications_notice",
            notice.pk,
            "jsonb_build_object('id', n, 'duty_id', d, 'case_id', c)",
        ),
        (
            "notifications_acknowledgement",
            notice.acknowledgement.pk,
            "jsonb_build_object('id', gen_random_uuid(), 'notice_id', n, 'case_id', c)",
        ),
        (
            "notifications_ladder",
            notice.duty.ladder.pk,
            "jsonb_build_object('id', gen_random_uuid(), 'duty_id', d, 'case_id', c)",
        ),
        *(
            ("notifications_reminder", each.pk, "jsonb_build_object('id', gen_random_uuid(), 'notice_id', n)")
            for each in notice.reminders.all()
        ),
    ):
        statement = (
            "INSERT INTO {0} SELECT (jsonb_populate_record(t, to_jsonb(t) || {1})).* FROM {0} t, made"
            " WHERE t.id = %s"
        )
        admin.execute(sql.SQL(statement).format(sql.Identifier(table), sql.SQL(changed)), [pk])
    # Every reminder was made while its notice waited.
    admin.execute("UPDATE notifications_reminder SET done_at = due_at, shown = true")
    admin.execute("ANALYZE")
