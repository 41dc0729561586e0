"""The whole lifecycle at random: after any sequence of actions the promises hold."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.lifecycle.machine import LifeOfCases


def test_after_any_sequence_of_actions_the_promises_hold(world) -> None:
    LifeOfCases.world = world
    world.strength(5000)
    run_state_machine_as_test(
        LifeOfCases,
        settings=settings(
            derandomize=True,
            deadline=None,
            database=None,
            max_examples=14,
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
        ),
    )
