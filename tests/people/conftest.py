import pytest

from accounts.models import User
from tests.people.half_way import PASSWORD
from tests.staffing import independent_manager


@pytest.fixture
def second(world) -> User:
    """Another programme manager, behind whom nobody stands."""
    return independent_manager(world, "manager2")


@pytest.fixture
def quick(settings) -> None:
    """A password hasher that costs nothing, where many are typed."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def sarc(world, quick) -> User:
    """The SARC, who has chosen a password."""
    world.sarc.set_password(PASSWORD)
    world.sarc.save(update_fields=["password"])
    return world.sarc
