"""How fast the vault seals, opens, rotates and destroys. Run: var/venv/bin/python bench/vault.py [MOST_KEYS]

In a throw-away database of its own; leaves nothing behind.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from launcher import embedded, ports, steps  # noqa: E402
from launcher.progress import Progress  # noqa: E402

IDENTITIES_PER_SECOND = 2_000
CASES_ON_A_PAGE = 50
KEYS = (10_000, 100_000)
VALUE = "Zzyzx Invented-Person of 2"
FILL = "COPY reports_wrappedkey (id, case_id, sensitivity, kek_id, wrapped) FROM STDIN (FORMAT BINARY)"


def per_second(call: Callable[[], object], rounds: int = 12, seconds: float = 0.25) -> float:
    """Calls per second on one core: the best of some rounds, as other work only ever slows it."""
    best = 0.0
    for _ in range(rounds):
        done, start = 0, time.process_time()
        while time.process_time() - start < seconds:
            for _ in range(50):
                call()
            done += 50
        best = max(best, done / (time.process_time() - start))
    return best


def sealing() -> None:
    """Ten fields of one person sealed and opened again, keys warm."""
    from reports.election.models import Case, Identity, Narrative
    from reports.vault import keys
    from reports.vault.services import sealed_fields

    case = Case(id=uuid4())
    columns = [
        (field, record)
        for record in (Identity(case=case), Narrative(case=case))
        for field in sealed_fields(type(record)).values()
    ]

    def identity() -> None:
        for field, record in columns:
            field.open(record, field.seal(record, VALUE))

    identity()
    rate = per_second(identity)
    bar = f"{rate / IDENTITIES_PER_SECOND:.1f} x the bar"
    print(f"sealing and opening {len(columns)} fields of a person: {rate:,.0f} /s ({bar})")
    wrapping, key = keys.wrapping_in_use(), bytes(32)
    wrapped = wrapping.wrap(case.pk, "identity", key)
    print(
        f"unwrapping a data key: {per_second(lambda: wrapping.unwrap(case.pk, 'identity', wrapped)):,.0f} /s"
    )


def page() -> None:
    """The list of cases: how often it opens something, and how long it takes."""
    from unittest.mock import patch

    from reports.vault import keys
    from reports.vault.fields import SealedMixin
    from sapr import clock
    from tests.signed_in import signed_in
    from tests.world import T0, World

    clock.move(T0, hold=True)
    world = World.build()
    for _ in range(CASES_ON_A_PAGE):
        world.contact()
    desk = signed_in(world.sarc)
    keys.forget()
    with patch.object(SealedMixin, "open") as opened, patch.object(keys, "DataKey") as unwrapped:
        start = time.perf_counter()
        status = desk.get("/admin/cases/", headers={"host": "localhost"}).status_code
        seconds = time.perf_counter() - start
    uses = opened.call_count + unwrapped.call_count
    if status != 200:
        raise SystemExit(f"the page was not drawn: {status}")
    print(f"page of {CASES_ON_A_PAGE} cases: {uses} opened or unwrapped, {seconds * 1000:.0f} ms")


def rotating(many: int) -> None:
    """A key store with that many keys: one rotation, one erasure."""
    from reports.vault import store
    from reports.vault.keys import wrapping_in_use
    from sapr.signin import as_owner
    from tests.times import T0

    wrapping, key, cases = wrapping_in_use(), bytes(32), [uuid4() for _ in range(many // 2)]
    with as_owner("keys") as owner:
        owner.execute("TRUNCATE reports_wrappedkey")
        with owner.cursor().copy(FILL) as rows:
            rows.set_types(["uuid", "uuid", "varchar", "varchar", "bytea"])
            for case in cases:
                for kind in ("identity", "narrative"):
                    rows.write_row((uuid4(), case, kind, wrapping.kek_id, wrapping.wrap(case, kind, key)))
    for name, act in (
        ("rotation", lambda: store.rotate(at=T0).rewrapped),
        ("destroying a case", lambda: store.destroy(UUID(int=cases[0].int), at=T0).rewrapped),
    ):
        start = time.perf_counter()
        rows_done = act()
        seconds = time.perf_counter() - start
        print(f"{name} among {many:,} keys: {seconds:.1f} s, {rows_done / seconds:,.0f} keys/s", flush=True)


def main() -> None:
    progress = Progress()
    with (
        embedded.throwaway(ROOT, "rehearsal", "sapr_bench", ports.free(), progress) as stage,
        tempfile.TemporaryDirectory() as folder,
    ):
        steps.roles(stage, progress)
        steps.prepare(stage, progress)
        env = stage.for_command()
        os.environ.update(env | {"SAPR_ROLE": "web", "SAPR_KEY_STORE_PLACES": folder})
        import django

        django.setup()
        sealing()
        page()
        most = int(sys.argv[1]) if len(sys.argv) > 1 else max(KEYS)
        for many in (each for each in KEYS if each <= most):
            rotating(many)
        from django.db import connections

        connections.close_all()


if __name__ == "__main__":
    main()
