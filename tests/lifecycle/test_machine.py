"""The whole lifecycle at random: after any sequence of actions the promises hold.

A short run here; the long one is `SAPR_LIVES=300 ./test tests/lifecycle`.
"""

import os

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.lifecycle.machine import LifeOfCases

LIVES = int(os.environ.get("SAPR_LIVES", "5"))


def test_after_any_sequence_of_actions_the_promises_hold(world) -> None:
    LifeOfCases.world = world
    world.strength(5000)
    run_state_machine_as_test(
        LifeOfCases,
        settings=settings(
            derandomize=True,
            deadline=None,
            database=None,
            max_examples=LIVES,
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
        ),
    )
