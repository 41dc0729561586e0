"""What people tell stands nowhere but in sealed columns: planted everywhere, looked for everywhere."""

from django.core.management import get_commands

from sapr.celery import app
from tests.privacy import roster
from tests.privacy.conftest import TEXT_FORMS
from tests.privacy.encodings import EVERY
from tests.privacy.sinks import SINKS

OURS = ("accounts", "notifications", "reports", "sapr")


def test_no_marker_stands_in_any_sink(scene) -> None:
    import pprint

    pprint.pprint(scene.found)
    leaks = {name: hits for name, hits in scene.found.items() if hits}
    assert leaks == {}


def test_what_is_planted_is_found_in_every_sink(scene) -> None:
    missed = {
        name: [marker.name for marker in pair if marker.name not in scene.proved[name]]
        for name, pair in scene.planted.items()
    }
    assert {name: markers for name, markers in missed.items() if markers} == {}


def test_nothing_is_left_out() -> None:
    app.loader.import_default_modules()
    assert [route for route, _ in roster.served()] == roster.ROUTES
    assert {name for name in app.tasks if not name.startswith("celery.")} == set(roster.TASKS)
    assert {name for name, owner in get_commands().items() if owner in OURS} == set(roster.COMMANDS)


def test_the_scene_is_as_wide_as_promised(scene) -> None:
    assert len(scene.markers()) - 2 * len(SINKS) >= 60
    assert len(SINKS) >= 24
    assert len(EVERY) >= 14
    assert len(SINKS) >= len(TEXT_FORMS)
