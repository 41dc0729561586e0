"""Confidence opened, in the scene: an exception on which the commander decides, and a part in CATCH."""

from reports import access
from reports.catch.models import CatchCredentials
from reports.disclosure.models import Disclosure, ExceptionStatement
from tests.privacy.markers import words
from tests.privacy.scene import Scene

AT = {"at": "2026-03-02T10:00"}


def exception(scene: Scene) -> None:
    """In doubt about the Restricted report; the commander reads a statement and decides."""
    sarc, typed = scene.client("sarc"), scene.people["typed"].text.value
    page = f"/admin/cases/{scene.ids['restricted']}/exceptions/"
    threat = {"do": "propose", "exception": "EX-2", "threat_serious": "on", "threat_imminent": "on", **AT}
    sarc.post(page, threat | {"scope": [typed], "recipient": typed})
    assert sarc.post(page, threat | {"scope": ["identity"], "recipient": "medical"}).status_code == 302
    with access.viewing(scene.world.sarc):
        row = str(Disclosure.objects.get().pk)
    advice = {"do": "advise", "id": row, "office": "judge_advocate", "advice": "doubt", **AT}
    sarc.post(page, advice | {"privilege": typed})
    assert sarc.post(page, advice | {"privilege": "covered"}).status_code == 302
    commander = scene.client("commander")
    with access.viewing(scene.world.commander):
        scene.ids["statement_id"] = ExceptionStatement.objects.get().pk
    one = f"/admin/exceptions/{scene.ids['statement_id']}/"
    for seen in ("/admin/", "/admin/exceptions/", one):
        commander.get(seen)
    commander.post(one, {"decision": typed})
    assert commander.post(one, {"decision": "disclose", "confirm": "on"}).status_code == 302
    sarc.post(page, {"do": "leak", "reached": [typed], **AT})
    sarc.get(page)


def catch(scene: Scene) -> None:
    """The victim takes part: how to reach them, and the user name that was given out."""
    sarc, how, name = scene.client("sarc"), words("catch details"), words("catch user name")
    scene.learned += [how, name]
    page = f"/admin/cases/{scene.ids['restricted']}/catch/"
    join = {"do": "join", "entry_names_victim": "no", "consents": "yes", "details": how.value, **AT}
    sarc.post(page, join | {"entry_names_victim": how.value})
    assert sarc.post(page, join).status_code == 302
    sarc.post(page, {"do": "issue", "user_name": name.value, "at": name.value})
    assert sarc.post(page, {"do": "issue", "user_name": name.value, **AT}).status_code == 302
    with access.viewing(scene.world.sarc):
        row = str(CatchCredentials.objects.get().pk)
    assert how.parts[0].encode() in sarc.post(page, {"do": "show_details"}).content
    assert name.parts[0].encode() in sarc.post(page, {"do": "show_name", "id": row}).content
    sarc.post(page, {"do": "wish", "consents": how.value, "details": how.value, **AT})
