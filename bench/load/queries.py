"""What a page asks the database: how often, how long, and the plan of the slowest question.

`python -m bench.load.queries` in the environment of a size's stage; the pages come by standard input.
"""

import json
import sys
from time import perf_counter
from typing import Any

import django

SLOWEST, AGAIN = 3, 7


class Asked:
    """Every question of a page with its time."""

    def __init__(self) -> None:
        self.all: list[tuple[float, str, Any]] = []

    def __call__(self, execute, statement, params, many, context):
        began = perf_counter()
        try:
            return execute(statement, params, many, context)
        finally:
            self.all.append((perf_counter() - began, statement, params))


def asked(page: dict[str, Any]) -> dict[str, Any]:
    """The number of questions, their time, and the slowest of them with their plans."""
    from django.db import connections
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    name, _, key = page["cookie"].partition("=")
    client.cookies[name] = key
    client.get(page["url"])
    best: list[tuple[float, str, Any]] = []
    for _ in range(AGAIN):
        listens = Asked()
        with connections["default"].execute_wrapper(listens), connections["keys"].execute_wrapper(listens):
            answer = client.get(page["url"])
        if answer.status_code != 200:
            raise SystemExit(f"{page['who']}, {page['page']}: {answer.status_code}")
        # Of each question the quickest time: what disturbed it was others' work.
        best = [
            min(pair, key=lambda each: each[0]) for pair in zip(best, listens.all, strict=False)
        ] or listens.all
    slowest = sorted(best, key=lambda each: each[0], reverse=True)[:SLOWEST]
    return {
        "queries": len(best),
        "in_queries_ms": round(sum(each[0] for each in best) * 1000, 1),
        "kilobytes": round(len(answer.content) / 1024),
        "slowest": [
            {"ms": round(took * 1000, 1), "asks": statement[:2000], "plan": _plan(page, statement, params)}
            for took, statement, params in slowest
        ],
    }


def _plan(page: dict[str, Any], statement: str, params: Any) -> list[str]:
    """How the database answers, as this viewer."""
    from django.db import connection

    from accounts.models import User
    from bench.load.filling import connect
    from reports import access

    if not statement.startswith("SELECT"):
        return []
    [told] = connect().execute("SELECT told FROM bench.made WHERE what = 'stories'").fetchone() or [{}]
    viewer = User.objects.get(pk=told["cast"]["people"][page["who"]])
    with access.viewing(viewer), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", params)
        return [row[0] for row in cursor.fetchall()]


if __name__ == "__main__":
    django.setup()
    print(json.dumps([page | asked(page) for page in json.load(sys.stdin)]))
