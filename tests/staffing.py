"""Short ways to people whom two programme managers appointed."""

from datetime import datetime

from accounts.models import Appointment, User
from accounts.services import appointment_approve, appointment_create
from tests.factories import AppointmentFactory, UserFactory
from tests.times import T0


def independent_manager(world, name: str) -> User:
    """Another programme manager, behind whom nobody stands."""
    return AppointmentFactory(post=world.posts["manager"], user=UserFactory(username=name)).user


def appointed(world, user: User, post: str, *, by: User, at: datetime = T0) -> Appointment:
    """Proposed by one manager at an instant and approved there by another, who is made for it and leaves again."""
    row = appointment_create(user=user, post=world.posts[post], starts_at=at, ends_at=None, actor=by, at=at)
    second = independent_manager(world, f"second_for_{user.username}")
    done = appointment_approve(appointment_id=row.pk, actor=second, at=at)
    second.is_active = False
    second.save(update_fields=["is_active"])
    return done
