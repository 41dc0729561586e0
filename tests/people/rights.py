"""Short ways to proposals and refusals."""

import pytest
from django.db import connection, transaction

from accounts import services
from accounts.models import Appointment, User
from sapr.errors import DomainError
from tests.times import T0


def proposed(world, user: User, post: str = "mcio", *, by: User, **times) -> Appointment:
    """What one manager proposed at T0."""
    times = {"starts_at": T0, "ends_at": None} | times
    return services.appointment_create(user=user, post=world.posts[post], actor=by, at=T0, **times)


def code_of_refusal(action, **kwargs) -> str:
    """The code with which the service refuses."""
    with pytest.raises(DomainError) as told, transaction.atomic():
        action(**kwargs)
    return told.value.code


def run(statement: str, *values) -> None:
    """A statement of the web role, going round the services."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
