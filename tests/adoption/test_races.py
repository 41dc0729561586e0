"""Two persons at the same moment: real threads on committed data."""

from threading import Barrier, Thread

from django.db import connections

from reports import access
from reports.adoption.models import PolicyChange
from reports.adoption.services import change_approve, change_propose, change_refuse, change_withdraw
from reports.ledger.selectors import system_events
from sapr.errors import DomainError
from tests.adoption.settings import RS_2024, second_manager
from tests.times import T0


def race(*calls) -> list[str]:
    """Run the calls in threads that start together; each one's outcome is 'done' or a refusal's code."""
    start, outcomes = Barrier(len(calls)), []

    def run(call) -> None:
        try:
            start.wait()
            call()
            outcomes.append("done")
        except DomainError as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def decided_events(world) -> int:
    with access.viewing(world.manager):
        found = system_events(viewer=world.manager).filter(kind__startswith="policy_change")
        return found.exclude(kind="policy_change_proposed").count()


def test_of_several_approvals_at_once_one_counts(stage) -> None:
    world = stage.world
    seconds = [second_manager(world, f"manager{number}") for number in range(2, 6)]
    proposed = change_propose(actor=world.manager, at=T0, profile="dated")

    def approve(person):
        return lambda: change_approve(actor=person, change_id=proposed.pk, at=T0)

    # Who comes a moment later finds it decided, or the profile in force.
    outcomes = race(*(approve(person) for person in seconds))
    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "already_decided", "already_in_force"}
    assert decided_events(world) == 1


def test_of_approving_refusing_and_withdrawing_at_once_one_counts(stage) -> None:
    world = stage.world
    second, third = second_manager(world), second_manager(world, "manager3")
    proposed = change_propose(actor=world.manager, at=T0, **RS_2024)
    outcomes = race(
        lambda: change_approve(actor=second, change_id=proposed.pk, at=T0),
        lambda: change_refuse(actor=third, change_id=proposed.pk, at=T0),
        lambda: change_withdraw(actor=world.manager, change_id=proposed.pk, at=T0),
    )
    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "already_decided", "already_adopted"}
    assert decided_events(world) == 1
    proposed.refresh_from_db()
    assert proposed.state in {"approved", "refused", "withdrawn"}


def test_of_several_equal_proposals_at_once_one_waits(stage) -> None:
    world = stage.world
    second = second_manager(world)
    outcomes = race(*(lambda: change_propose(actor=second, at=T0, **RS_2024) for _ in range(4)))
    assert outcomes == ["already_proposed"] * 3 + ["done"]
    assert PolicyChange.objects.count() == 1
