import pytest

from tests.api.door import Door


@pytest.fixture
def door(world):
    """The assigned SARC's way in."""
    return Door(world.sarc)
