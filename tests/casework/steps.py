"""Short ways through matters for tests: every answer a step asks, and a case whose actions are closed."""

from datetime import datetime
from typing import Any

from reports.casework.matters.kinds import KINDS
from reports.casework.matters.models import Matter
from reports.casework.matters.reading import Step
from reports.casework.matters.services import matter_open, matter_step
from sapr import clock
from tests.times import T0
from tests.world import World


def answers(step: Step, election: str = "unrestricted", **given: Any) -> dict[str, Any]:
    """The first word of every detail (all of them where all are needed), unless given."""
    found: dict[str, Any] = {}
    for each in step.asks(election):
        words = list(each.words)
        found[each.name] = T0 if each.moment else words if each.all else words[:1] if each.many else words[0]
    return found | given


def reach(at: datetime) -> None:
    """Let it be that instant, if it is still to come."""
    if clock.now() < at:
        clock.move(at, hold=True)


def begin(
    world: World,
    case,
    kind: str,
    at: datetime = T0,
    *,
    step: str = "",
    election: str = "unrestricted",
    **given: Any,
) -> Matter:
    """Open a matter of a kind; `given` are its answers, or arguments of the service (`sealed`, `parent_id`)."""
    reach(at)
    arguments = {
        name: given.pop(name) for name in ("sealed", "parent_id", "excuse", "actor") if name in given
    }
    first = KINDS[kind].step(step) if step else KINDS[kind].open_steps()[0]
    when = {} if arguments.get("excuse") else {"at": at}
    return matter_open(
        actor=arguments.pop("actor", world.sarc), case_id=case.pk, kind=kind, step=step,
        details=answers(first, election, **given), **when, **arguments,
    )  # fmt: skip


def take(world: World, matter: Matter, step: str, at: datetime, *, excuse: str = "", **given: Any) -> Matter:
    """Take a step of a matter at an instant, or with the reason why it is not known."""
    reach(at)
    when = {"excuse": excuse} if excuse else {"at": at}
    details = answers(KINDS[matter.kind].step(step), **given)
    return matter_step(
        actor=world.sarc, case_id=matter.case_id, matter_id=matter.pk, step=step, details=details, **when
    )


def all_closed(world: World, case, at: datetime = T0) -> Matter:
    """An alleged offender on whom one action was taken and closed; the subject."""
    subject = begin(world, case, "subject", at)
    take(world, begin(world, case, "action", at, parent_id=subject.pk), "action_closed", at)
    return subject
