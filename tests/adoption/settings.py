"""Short ways to changed policy settings: propose as one manager, decide as another."""

from datetime import date, datetime, timedelta
from typing import Any

from accounts import services as accounts
from accounts.models import User
from reports import access
from reports.adoption.models import PolicyChange
from reports.adoption.services import change_approve, change_propose
from sapr import clock
from tests.staffing import appointed, independent_manager
from tests.times import T0
from tests.world import World

RS_2024 = {"service": "army", "rule_set": "RS-2024", "starts_on": date(2025, 1, 1)}


def second_manager(world: World, name: str = "manager2") -> User:
    """Another programme manager."""
    return independent_manager(world, name)


def made_manager(world: World, name: str, *, by: User | None, at: datetime = T0) -> User:
    """Another programme manager whose account somebody made and whose appointment they proposed; None: the system."""
    with access.viewing(by):
        user = accounts.user_create(
            username=name, display_name=name, email=f"{name}@staff.invalid", actor=by, at=at
        )
        if by is None:
            accounts.appointment_create(
                user=user, post=world.posts["manager"], starts_at=at, ends_at=None, actor=None, at=at
            )
    if by is not None:
        appointed(world, user, "manager", by=by, at=at)
    return user


def approved(world: World, second: User, at: datetime = T0, **change: Any) -> PolicyChange:
    """A change that the world's manager proposed and the second one approved, the clock held at that instant."""
    clock.move(at, hold=True)
    proposed = change_propose(actor=world.manager, at=at, **change)
    return change_approve(actor=second, change_id=proposed.pk, at=at)


def minutes(count: int) -> datetime:
    """An instant after T0."""
    return T0 + timedelta(minutes=count)
