"""What people tell stands nowhere but in sealed columns: planted everywhere, looked for everywhere."""

import json
import re

import pytest
from django.apps import apps
from django.core.management import get_commands
from django.db import router

from sapr.celery import app
from tests.privacy import disk, roster
from tests.privacy.conftest import TEXT_FORMS
from tests.privacy.encodings import EVERY
from tests.privacy.markers import NOT_DISTINCT
from tests.privacy.servers import NO_CORE
from tests.privacy.sinks import SINKS

OURS = ("accounts", "notifications", "reports", "sapr")


def test_no_marker_stands_in_any_sink(scene) -> None:
    leaks = [
        f"{sink}: {marker} as {min(forms)}"
        for sink, hits in scene.found.items()
        for marker, forms in hits.items()
    ]
    assert leaks == []


def test_what_is_planted_is_found_in_every_sink(scene) -> None:
    missed = {
        name: [marker.name for marker in pair if marker.name not in scene.proved[name]]
        for name, pair in scene.planted.items()
    }
    assert {name: markers for name, markers in missed.items() if markers} == {}


def test_every_sealed_field_held_a_marker(scene) -> None:
    """A new sealed field: type a marker into it in `story`, or say in `markers.NOT_DISTINCT` why none is possible."""
    without = {label for label, markers in scene.held.items() if not markers}
    assert without <= NOT_DISTINCT.keys()
    assert NOT_DISTINCT.keys() <= scene.held.keys()


def test_an_error_in_any_view_is_a_page_with_a_number_and_nothing_else(scene) -> None:
    """The number is in the log too, beside the error's type and place."""
    failed = [answer for answer in scene.answers if answer.faulted and answer.status == 500]
    assert scene.ids["errors"]["view"] == 2 * len(roster.ROUTES)
    assert scene.ids["errors"]["database"] > len(roster.ROUTES)
    logged = {
        line.get("error_id"): line for line in map(json.loads, scene.web_log.read_text().splitlines()[:-1])
    }
    for answer in failed:
        number = re.search(rb"E-[0-9A-F]{8}", answer.body)
        assert number, answer.url
        assert logged[number[0].decode()]["where"]
        for word in (b"Traceback", b'File "', b".py", b"KeyError", b"DataError", b"BoomError", b"SELECT"):
            assert word not in answer.body, (answer.url, word)
    assert len({answer.body for answer in failed}) == len(failed)


def test_the_real_server_says_no_more(scene) -> None:
    """gunicorn, its process of its own: a database that refuses with a value in its detail; a file of 3 MB."""
    status, body = scene.ids["failed"]
    assert status == 500
    number = re.search(rb"E-[0-9A-F]{8}", body)[0].decode()
    line = next(json.loads(each) for each in scene.server_log.read_text().splitlines() if number in each)
    assert (line["error"], line["sqlstate"]) == ("ProgrammingError", "P0001")
    assert "ours" in line
    assert scene.ids["upload"] < 500
    worker = [json.loads(each) for each in scene.worker_log.read_text().splitlines() if "sqlstate" in each]
    assert worker
    assert all(each.keys() >= {"error", "where", "error_id"} for each in worker)


def test_a_process_that_dies_leaves_no_image_of_its_memory(scene) -> None:
    assert len(scene.limits) >= 3
    assert all(NO_CORE.search(each) for each in scene.limits)


def test_a_command_that_fails_says_type_and_place(scene) -> None:
    """Both ways: by our own commands, and by those of Django's kind through `manage.main`."""
    assert any(
        "This command failed" in each or "The database refused this step" in each for each in scene.said
    )
    assert any("prepare failed: {'error': " in each and "'where': " in each for each in scene.said)
    assert not any("Traceback" in each for each in scene.said)


def test_parameters_travel_apart_from_statements(scene) -> None:
    """The administrator who watches sees `$1`: in one look-up for certain, and in what was sampled all the while."""
    assert "$1" in scene.ids["statement"]
    assert scene.people["typed"].name.parts[0] not in scene.ids["statement"]
    assert any("$1" in query for query in scene.queries)


@pytest.mark.parametrize("alias", ["default", "keys"])
def test_a_dump_holds_every_table_of_its_database(scene, alias: str) -> None:
    """What is not in a dump is looked for nowhere; a table in the wrong store would be in the wrong dump."""
    dumped = b"".join(disk.dump(scene, alias)).decode()
    models = [
        each for each in apps.get_models(include_auto_created=True) if router.allow_migrate_model(alias, each)
    ]
    # A view has no rows of its own.
    tables = {each._meta.db_table for each in models if each._meta.managed}
    assert len(tables) >= {"default": 35, "keys": 5}[alias]
    assert {each for each in tables if f"COPY public.{each} (" not in dumped} == set()


def test_nothing_is_left_out() -> None:
    app.loader.import_default_modules()
    assert sorted(route for route, _ in roster.served()) == sorted(roster.ROUTES)
    assert {name for name in app.tasks if not name.startswith("celery.")} == set(roster.TASKS)
    assert {name for name, owner in get_commands().items() if owner in OURS} == set(roster.COMMANDS)


def test_the_scene_is_as_wide_as_promised(scene) -> None:
    assert len(set.union(*scene.held.values())) >= 60
    assert sum(marker.secret for marker in scene.learned) >= 30
    assert len(SINKS) >= 34
    assert len(EVERY) >= 14
    assert len(SINKS) >= len(TEXT_FORMS)
