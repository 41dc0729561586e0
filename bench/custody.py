"""2,000 hand-offs of one kit at the same moment: exactly one wins. `./test bench/custody.py -q -s` (a minute)."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, local
from time import perf_counter

from django.db import connections

from reports import access
from reports.models import Custody
from sapr.errors import DomainError
from tests.conftest import django_db_setup, stage  # noqa: F401
from tests.evidence.conftest import Room

PEOPLE, CONNECTIONS = 2_000, 40


def test_of_two_thousand_hand_offs_one_wins(stage) -> None:  # noqa: F811
    room = Room.build(stage.world)
    kit, _ = room.sealed("restricted")
    start, mine = Barrier(CONNECTIONS), local()

    def hand_on(_: int) -> str:
        if not hasattr(mine, "begun"):
            mine.begun = True
            start.wait()
        try:
            room.offer(stage.world.sarc, kit)
        except DomainError as refusal:
            return refusal.code
        return "done"

    began = perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        outcomes = Counter(pool.map(hand_on, range(PEOPLE)))
        list(pool.map(lambda _: connections.close_all(), range(CONNECTIONS * 4)))
    print(f"\n{dict(outcomes)} in {perf_counter() - began:.1f} s")
    with access.viewing(stage.world.sarc):
        rows = Custody.objects.count()
    if (outcomes, rows) != ({"done": 1, "already_offered": PEOPLE - 1}, 1):
        raise SystemExit(f"not exactly one: {rows} rows")
