"""What every test shares. The database is real and the tests sign in as the web role; `./test` prepared it."""

import gc

import hypothesis
import pytest
from pytest_django.plugin import blocking_manager_key

from tests import prepared, shared, statics
from tests.stage import throwaway_copy

# The same examples in every run, as long as they take: chance and a busy machine break nothing. Whoever looks for more
# types `./test … --hypothesis-profile=search`.
hypothesis.settings.register_profile("search", deadline=None)
hypothesis.settings.register_profile(
    "suite", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")

# Nothing of what is loaded and collected becomes garbage; see `pytest_collection_finish`.
gc.disable()
# A test that asks for one of these gets both databases in a transaction that is rolled back.
DATABASE_FIXTURES = {"world", "held_clock"}


def pytest_addoption(parser) -> None:
    parser.addoption("--pictures", action="store_true", help="draw docs/guide/*.png anew (tests/guide)")
    parser.addoption("--freeze", action="store_true", help="write this schema down, filled (tests/frozen)")


def pytest_collection_modifyitems(items) -> None:
    """Tests that use the world need no mark of their own."""
    for item in items:
        if DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())) and "stage" not in item.fixturenames:
            item.add_marker(pytest.mark.django_db(databases=["default", "keys"]))


def pytest_collection_finish(session) -> None:
    """What was loaded so far stays: the collector need not look at it again and again."""
    statics.list_once()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item) -> None:
    """Before any fixture: the shared world stands for a test of the world, and for no other."""
    names = set(getattr(item, "fixturenames", ()))
    with item.config.stash[blocking_manager_key].unblock():
        if "world" in names and "stage" not in names:
            shared.open_world()
        else:
            shared.close_world()


def pytest_sessionfinish(session) -> None:
    with session.config.stash[blocking_manager_key].unblock():
        shared.close_world()


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """`./test` made and migrated the databases as their owner; the web role could not."""
    prepared.keep_statements()


@pytest.fixture(autouse=True)
def no_draw(monkeypatch):
    """No notice is made coarser by chance (rule DN-25), unless a test draws itself."""
    monkeypatch.setattr("notifications.compose.draw", lambda: 0.999)


@pytest.fixture
def held_clock(db):
    """The database's clock, standing at `world.T0` until a test moves it."""
    from reports.vault import keys
    from sapr import clock
    from tests.world import T0

    # Keys that another test made were rolled back with it; those that hang on no case would be remembered still.
    keys.forget_data_keys()
    if not shared.is_open():
        clock.move(T0, hold=True)
    return clock


@pytest.fixture
def world(held_clock):
    """One installation with its staff, in a transaction that is rolled back."""
    from tests.world import World

    return shared.world() or World.build()


@pytest.fixture
def stage(django_db_blocker):
    """A world in a throw-away copy of the database, for races, worker processes and browsers.

    What is written is committed; `stage.as_worker()` signs in as the worker role.
    """
    from sapr import clock
    from tests.world import T0, World

    with django_db_blocker.unblock(), throwaway_copy() as copy:
        clock.move(T0, hold=True)
        copy.world = World.build()
        yield copy
