"""Matters in the scene: what is typed into their sealed parts, by the pages, with mistakes on the way."""

from reports import access
from reports.casework.matters.models import Matter
from reports.election.models import Election, Report
from tests.privacy.markers import words
from tests.privacy.scene import Scene


def live(scene: Scene) -> None:
    """A retaliation claim with a name and an account, opened again; and words typed where only lists are taken."""
    sarc, name, told = scene.client("sarc"), words("retaliator"), words("retaliation told")
    scene.learned += [name, told]
    with access.viewing(scene.world.sarc):
        case = Report.objects.filter(election=Election.UNRESTRICTED, converted_at=None).first().case_id
    page = f"/admin/cases/{case}/matters/"
    claim = {"kind": "retaliation", "step": "retaliation_reported", "name": name.value, "content": told.value}
    assert sarc.post(page, claim | {"retaliation_type": name.value}).status_code == 422
    claim |= {"retaliation_type": "reprisal", "retaliation_reporter": "victim"}
    url = sarc.post(page, claim)["Location"]
    with access.viewing(scene.world.sarc):
        scene.ids["matter_id"] = Matter.objects.get(kind="retaliation").pk
    assert told.parts[0].encode() in sarc.post(url, {"do": "open"}).content
    sarc.post(url, {"step": "retaliation_referred", "channel": told.value})
    sarc.post(url, {"step": "retaliation_referred", "channel": "ig"})
    sarc.get(url)
    sarc.get(page)
