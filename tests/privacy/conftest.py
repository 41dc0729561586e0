"""One lived scene for all assertions about sinks; see `scene`."""

import secrets
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, router
from django.test import override_settings

from sapr import clock
from tests.privacy import driver, encodings, outputs, rows, servers, story
from tests.privacy.markers import Marker, token
from tests.privacy.scene import Scene, every_logger, watching_queries
from tests.privacy.sinks import SINKS
from tests.stage import throwaway_copy
from tests.times import T0
from tests.world import World

# Forms that a text can take; the others are bytes.
TEXT_FORMS = [
    form
    for form in encodings.EVERY
    if not form.startswith("UTF-16") and not form.endswith("raw") and form not in ("zlib", "gzip", "Latin-1")
]


@pytest.fixture(scope="module")
def scene(django_db_blocker, tmp_path_factory):
    """Everything lived once, in a committed copy. `found` and `proved` say what each sink held."""
    with django_db_blocker.unblock(), throwaway_copy() as copy:
        clock.move(T0, hold=True)
        copy.world = World.build()
        lived = Scene(copy, tmp_path_factory.mktemp("scene"))
        for sink in SINKS:
            lived.planted[sink.name] = (
                Marker(f"{sink.name} 1", token(12)),
                Marker(f"{sink.name} 2", token(12)),
            )
        with lived.admin() as admin:
            lived.first_segment = admin.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()[0]
        with override_settings(**told(lived)), lived.until_the_end:
            with every_logger(lived.web_log), watching_queries(lived):
                connection.force_debug_cursor = True
                story.live(lived)
                connection.force_debug_cursor = False
                driver.everywhere(lived)
                lived.ids["errors"] = driver.errors_in_views(lived)
                driver.errors_in_tasks(lived)
                driver.commands(lived)
                driver.reports(lived)
                name_everything(lived)
                lived.ids["statement"] = rows.last_statement(lived)
                outputs.live(lived)
                servers.run(lived)
            lived.held = rows.sealed(lived)
            leak(lived)
            read(lived)
        yield lived


def told(scene: Scene) -> dict[str, Any]:
    """Settings under which errors and checkpoints are mailed and a checkpoint is signed and written elsewhere."""
    return {
        "ADMINS": [("Operator", "operator@staff.invalid")],
        "CHECKPOINT_KEY": secrets.token_hex(32),
        "CHECKPOINT_DIR": str(scene.folder / "elsewhere"),
        "CHECKPOINT_MAIL": ["inspector@elsewhere.invalid"],
    }


def name_everything(scene: Scene) -> None:
    """str() and repr() of every row of every model that somebody can see."""
    from reports import access

    for who in ("sarc", "va", "manager", "commander"):
        with access.viewing(getattr(scene.world, who)):
            for model in apps.get_models():
                if model._meta.app_label in ("reports", "notifications", "accounts"):
                    scene.named += [f"{row} {row!r}" for row in readable(model)]


def readable(model) -> list:
    """Some rows, as far as the web role may read the table."""
    from django.db import DatabaseError, transaction

    try:
        with transaction.atomic(using=router.db_for_read(model)):
            return list(model.objects.all()[:50])
    except DatabaseError:
        return []


def leak(scene: Scene) -> None:
    """Leak into each sink on purpose, once plain and once in a form of its turn, in markers of their own."""
    for number, sink in enumerate(SINKS):
        first, second = scene.planted[sink.name]
        hidden = encodings.hide(second.value, TEXT_FORMS[number % len(TEXT_FORMS)]).decode()
        sink.plant(scene, f"{secrets.token_hex(3)} {first.value} {hidden} {secrets.token_hex(3)}")


def read(scene: Scene) -> None:
    """For each sink: what was leaked on purpose into `proved`; what stands there besides into `found`."""
    scanner = scene.scanner()
    kept = {marker.name: marker.kept_in for marker in scene.markers()}
    planted = {marker.name for pair in scene.planted.values() for marker in pair}
    for sink in SINKS:
        hits = {hit for content in sink.read(scene) for hit in scanner.hits(content, depth=sink.deep)}
        scene.proved[sink.name] = {marker for marker, _ in hits}
        real = {
            (marker, form) for marker, form in hits if marker not in planted and sink.name not in kept[marker]
        }
        scene.found[sink.name] = {marker: {f for m, f in real if m == marker} for marker, _ in real}
