"""Many writers at the same and at different chains while checkpoints are made: no gap, no fork, everything verifies."""

from threading import Barrier, Thread
from uuid import uuid4

import psycopg
from django.db import connections

from reports.ledger import checkpoints
from reports.ledger.models import SYSTEM_CHAIN
from tests.ledger.inspecting import export, signed_in_as_owner, verified
from tests.stage import in_database
from tests.times import T0

WRITERS, EVENTS, SIGNERS, CHECKPOINTS = 6, 40, 2, 5
APPEND = (
    "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) "
    "VALUES (%s, %s, 'counts_compiled', %s, %s, '{}')"
)


def test_no_gap_no_fork_and_all_of_it_verifies(scene, tmp_path) -> None:
    chains = (scene.case.pk, scene.other.pk, SYSTEM_CHAIN)
    before = {chain: scene.attacker.length(chain) for chain in chains}
    start, failures = Barrier(WRITERS + SIGNERS), []

    def write(number: int) -> None:
        """Two events a transaction, always at two chains in the same order."""
        with psycopg.connect(web) as session:
            session.execute("SELECT set_config('sapr.viewer', %s, false)", [str(scene.world.sarc.pk)])
            session.commit()
            start.wait()
            for _ in range(EVENTS):
                for chain in (chains[number % 2], SYSTEM_CHAIN):
                    session.execute(APPEND, [uuid4(), chain, T0, scene.world.sarc.pk])
                session.commit()

    def sign(_: int) -> None:
        start.wait()
        for _ in range(CHECKPOINTS):
            checkpoints.checkpoint_make(at=T0)

    def run(work, number: int) -> None:
        try:
            work(number)
        except Exception as error:  # whatever it is, told below in the test's own thread
            failures.append(error)
        finally:
            connections.close_all()

    web = in_database(scene.stage.env["DATABASE_URL"], scene.stage.names["default"])
    jobs = [(write, number) for number in range(WRITERS)] + [(sign, number) for number in range(SIGNERS)]
    threads = [Thread(target=run, args=job) for job in jobs]
    with signed_in_as_owner():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        numbers = [each.number for each in checkpoints.checkpoints_after(0)]
    assert numbers == list(range(1, 3 + SIGNERS * CHECKPOINTS + 1))
    after = {chain: scene.attacker.length(chain) - before[chain] for chain in chains}
    assert list(after.values()) == [WRITERS // 2 * EVENTS, WRITERS // 2 * EVENTS, WRITERS * EVENTS]
    for case_id in (None, *chains):
        assert verified(export(tmp_path / str(case_id), case_id))["ok"]
