from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth as totp

from accounts.models import User
from tests.people.half_way import PASSWORD
from tests.staffing import independent_manager
from tests.times import T0


@pytest.fixture
def second(world) -> User:
    """Another programme manager, behind whom nobody stands."""
    return independent_manager(world, "manager2")


@pytest.fixture
def quick(settings) -> None:
    """A password hasher that costs nothing, where many are typed."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def same_half_minute(monkeypatch) -> None:
    """The apps' own clock stands: a code belongs to one half minute, which no test waits out and none falls between."""
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=T0.timestamp))


@pytest.fixture
def sarc(world, quick) -> User:
    """The SARC, who has chosen a password."""
    world.sarc.set_password(PASSWORD)
    world.sarc.save(update_fields=["password"])
    return world.sarc
