"""What a step left in the database, so that the same step by another door can be held against it."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection, transaction

from reports import access
from reports.ledger.models import Event

RANDOM = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|[A-Za-z0-9+/_=-]{40,}")
# What a door keeps of its own: sessions, keys, and what was sent twice.
OF_THE_DOOR = "accounts_(session|apikey|reply|client.*)|reports_look"


@cache
def _counting() -> str:
    """One question for the number of rows in every table that the web role may read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename ~ '^(accounts|reports|notifications)_' AND tablename !~ %s"
            " AND has_table_privilege(tablename::text, 'SELECT') ORDER BY 1",
            [f"^({OF_THE_DOOR})$"],
        )
        tables = [row[0] for row in cursor.fetchall()]
    return " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables)  # noqa: S608


def left(world, viewers: tuple[str, ...]) -> dict[str, Any]:
    """The events that these people see, without what is random, and how many rows of each table."""
    found: dict[str, Any] = {}
    for name in viewers:
        with access.viewing(getattr(world, name)), connection.cursor() as cursor:
            said = Event.objects.values_list("kind", "actor_id", "occurred_at", "data")
            found[f"{name}: events"] = sorted(
                (kind, str(actor), at.isoformat(), RANDOM.sub("*", str(sorted(data.items()))))
                for kind, actor, at, data in said
            )
            cursor.execute(_counting())
            found |= {f"{name}: {table}": many for table, many in cursor.fetchall()}
    return found


def same(world, one: Callable[[], Any], other: Callable[[], Any], *viewers: str) -> None:
    """Both ways, each undone, leave the same; and they leave something."""
    before, seen = left(world, viewers), []
    for step in (one, other):
        with transaction.atomic():
            step()
            seen.append(left(world, viewers))
            transaction.set_rollback(True)
    assert seen[0] != before, "nothing was done"
    assert seen[0] == seen[1], [key for key in seen[0] if seen[0][key] != seen[1][key]]
