"""What a placing costs: few statements, and plans that are kept. `bench/sweep.py` measures the time."""

from datetime import timedelta

from django.db import connection

from notifications.sweeping import sweep
from sapr import clock
from tests.times import T0

LAST_SLOT = T0 + timedelta(hours=20)
NOTICES, MOST = 4, 20


def test_a_placing_is_few_statements_and_the_next_one_finds_their_plans(stage) -> None:
    for _ in range(NOTICES):
        stage.world.signed("restricted")
    asked: list[str] = []

    def keep(execute, statement, *rest):
        asked.append(str(statement))
        return execute(statement, *rest)

    def swept() -> tuple[int, int]:
        asked.clear()
        with connection.execute_wrapper(keep):
            placed = sweep()["placed"]
        return placed, len(asked)

    with stage.as_worker():
        # The reminders, which are none of the placing's business, and what a first sweep makes for once.
        clock.move(LAST_SLOT - timedelta(minutes=1), hold=True)
        swept()
        _, idle = swept()
        clock.move(LAST_SLOT, hold=True)
        placed, busy = swept()
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements")
            kept = [statement for (statement,) in cursor.fetchall()]
    assert placed == NOTICES
    assert (busy - idle) / NOTICES <= MOST
    for table in ("reports_event", "reports_duty", "notifications_inboxitem", "notifications_noticedecision"):
        assert any(f"INSERT INTO {table}" in each.replace('"', "") for each in kept), table
