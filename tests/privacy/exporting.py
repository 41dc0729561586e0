"""Figures and exports in the scene: asked for with markers where something can be typed, decided, made."""

import pyrage

from reports import access
from reports.exports.models import Export
from reports.jobs.models import Job
from tests.privacy.scene import Scene


def take_out(scene: Scene) -> None:
    """An export that is refused, one that is approved and begun; the figures of a quarter are asked for."""
    sarc, manager, typed = scene.client("sarc"), scene.client("manager"), scene.people["typed"].text.value
    key = str(pyrage.x25519.Identity.generate().to_public())
    asked = {"purpose": "checking", "fields_": ["number", "state"], "recipient": key}
    assert sarc.post("/admin/exports/new/", asked | {"recipient": typed}).status_code == 422
    assert sarc.post("/admin/exports/new/", asked | {"purpose": typed}).status_code == 422
    assert sarc.post("/admin/exports/new/", asked).status_code == 302
    with access.viewing(scene.world.sarc):
        scene.ids["export_id"] = Export.objects.get().pk
    page = f"/admin/exports/{scene.ids['export_id']}/"
    manager.post(page, {"do": "approve", "id": typed})
    assert manager.post(page, {"do": "approve", "confirm": "on"}).status_code == 302
    assert sarc.post(page, {"do": "begin"}).status_code == 302
    with access.viewing(scene.world.sarc):
        scene.ids["job_id"] = Job.objects.get().pk
    assert manager.post("/admin/figures/", {"quarter": typed}).status_code == 422
    assert manager.post("/admin/figures/", {"quarter": "2025-10-01"}).status_code == 302
