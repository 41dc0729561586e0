"""The life that the scene lives: eight people's reports, through every door, with staff and mistakes."""

from types import SimpleNamespace
from uuid import uuid4

from accounts import services as accounts
from notifications.models import InboxItem, Notice
from reports import access
from reports.calendars.services import feed_make
from reports.election.models import Case, Decision
from reports.election.papers.models import CopyRequest, Paper
from reports.evidence.models import Kit
from reports.vault.services import sealed_fields
from tests.access.people import said_otherwise
from tests.api.door import paper
from tests.desk.conftest import sign_data
from tests.desk.test_story import FACTS
from tests.forms import filled
from tests.notices.release import release
from tests.privacy import confiding, exporting, guarding, matters, signing_in
from tests.privacy.api import Api
from tests.privacy.markers import Person
from tests.privacy.scene import Scene
from tests.times import T0
from tests.world import MEMBER


def live(scene: Scene) -> None:
    """All of it, but for the worker's part."""
    scene.world.strength(5000)
    signing_in.sign_in(scene)
    signing_in.enrol(scene)
    desk(scene, scene.people["restricted"])
    api = Api(scene, "sarc")
    report(scene, api, scene.people["unrestricted"], "unrestricted")
    hand_over(scene, api, scene.ids["case_id"])
    report(scene, api, scene.people["converted"], "restricted")
    api.done(f"cases/{scene.ids['case_id']}/convert", signatures(scene.people["converted"]))
    report(scene, Api(scene, "va"), scene.people["by_va"], "restricted")
    leave(scene, api)
    staff(scene)
    guarding.find(scene, api)
    guarding.emergency(scene)
    confiding.exception(scene)
    confiding.catch(scene)
    guarding.keep(scene)
    matters.live(scene)
    exporting.take_out(scene)
    guarding.meet(scene)
    guarding.ids(scene)
    remember(scene)


def desk(scene: Scene, person: Person) -> None:
    """A Restricted report by the pages."""
    sarc, unit = scene.client("sarc"), str(scene.world.posts["unit_commander"].pk)
    told = person.identity() | person.narrative() | {"unit_commander_post": unit, "source": "healthcare"}
    sarc.post("/admin/contacts/new/", told | {"dod_id": person.name.value})
    # Typed and not submitted: one that stays, and one in the case.
    kept = {"draft": str(uuid4()), "author": str(scene.world.sarc.pk)}
    assert sarc.post("/admin/contacts/draft/", told | kept).status_code == 200
    sarc.get(f"/admin/contacts/new/?draft={kept['draft']}")
    url = sarc.post("/admin/contacts/new/", told | {"place": "on_installation"})["Location"]
    url = url.removesuffix("questions/")
    scene.ids["restricted"] = url.split("/")[-2]
    sarc.post(f"{url}questions/", FACTS | {"age": person.text.value})
    sarc.post(f"{url}questions/", FACTS)
    signing = sign_data("restricted", **person.signatures())
    signing |= {name: person.initials.value for name in signing if name.startswith("initials")}
    assert sarc.post(f"{url}draft/?step=sign", signing | kept).status_code == 200
    sarc.get(f"{url}sign/")
    sarc.post(f"{url}words/")
    assert sarc.post(f"{url}sign/", signing | {"edition": person.text.value}).status_code == 422
    assert sarc.post(f"{url}sign/", signing).status_code == 302
    for page in ("", "questions/", "options/", "steps/", "evidence/", "contact/"):
        sarc.get(f"{url}{page}")
    assert person.name.value.split("Zo")[0].encode() in sarc.post(f"{url}open/").content
    number = sarc.post(f"{url}evidence/", {"do": "issue"}).content.decode()
    number = scene.learn("restricted kit", number.split('data-test="evidence-number">')[1].split("<")[0])
    sarc.post(f"{url}evidence/", {"do": "seal", "number": number})
    sarc.post(f"{url}evidence/", {"do": "hand", "number": number})
    sarc.post(f"{url}evidence/", {"do": "seal", "number": person.grade.value})
    forms(scene, f"{url}forms/", person)
    with access.viewing(scene.world.sarc):
        notice = Notice.objects.get()
        scene.ids["finer_id"] = said_otherwise(scene.world, notice, consent=person.name.value).pk
    for page in ("", "finer/"):
        sarc.get(f"/admin/notices/{notice.pk}/{page}")
    scene.client("manager").get(f"/admin/finer/{scene.ids['finer_id']}/")
    scene.ids["notice"] = release(scene.world.sarc, notice)


def forms(scene: Scene, url: str, person: Person) -> None:
    """A form beside the election: refused, signed, corrected, drawn; a copy of it asked for and given."""
    sarc, given = scene.client("sarc"), filled("DD 2910-3")
    sheet = {
        "edition": given["edition"],
        "answers-items": person.text.value,
        "answers-where": person.phone.value,
    }
    sheet |= {f"initials-{key}": person.initials.value for key in given["initials"]}
    for who, name in zip(("victim", "advocate"), person.signatures().values(), strict=True):
        sheet |= {f"signatures-{who}": name, f"signed_at-{who}": "2026-03-02T10:00"}
    sarc.get(f"{url}sign/dd-2910-3/")
    assert sarc.post(f"{url}sign/dd-2910-3/", sheet | {"answers-items": ""}).status_code == 422
    assert sarc.post(f"{url}sign/dd-2910-3/", sheet).status_code == 302
    with access.viewing(scene.world.sarc):
        signed = Paper.objects.get()
    scene.ids |= {"form_id": str(signed.pk), "code": "dd-2910-3"}
    correction = f"{url}{signed.pk}/correct/"
    assert sarc.post(correction, sheet | {"reason": person.text.value}).status_code == 422
    assert sarc.post(correction, sheet | {"reason": "left_out"}).status_code == 302
    assert sarc.post(f"{url}{signed.pk}/document/").status_code == 200
    assert sarc.get(f"{url}blank/dd-2910-3/").status_code == 200
    sarc.post(
        url, {"do": "copy", "form": person.text.value, "delivery": "collected", "at": person.text.value}
    )
    sarc.post(url, {"do": "copy", "form": "DD 2910-3", "delivery": "collected", "at": "2026-03-02T10:00"})
    with access.viewing(scene.world.sarc):
        copy = CopyRequest.objects.get()
    sarc.post(url, {"do": "give", "id": person.text.value})
    assert sarc.post(url, {"do": "give", "id": str(copy.pk)}).status_code == 302


def report(scene: Scene, api: Api, person: Person, option: str) -> None:
    """A report by the REST door; leaves the case's id in `ids`."""
    unit = {"unit_commander_post": str(scene.world.posts["unit_commander"].pk)}
    case = api.done("contacts", {"identity": person.identity() | unit, "narrative": person.narrative()})["id"]
    scene.ids["case_id"] = case
    api.done(f"contacts/{case}", {"identity": person.identity()}, "PATCH")
    api(f"contacts/{case}", {"identity": {"dod_id": person.name.value}}, "PATCH")
    api(f"contacts/{case}", {person.text.value: person.name.value}, "PATCH")
    api(f"cases/{case}/eligibility", {"facts": MEMBER | {"age": person.text.value}})
    api.done(f"cases/{case}/eligibility", {"facts": MEMBER})
    form = paper(scene.world.paper(SimpleNamespace(pk=case), option)) | person.signatures()
    form["initials"] = dict.fromkeys(form["initials"], person.initials.value)
    api(f"cases/{case}/sign", form | {"edition": person.text.value})
    api.done(f"cases/{case}/sign", form)
    api(f"cases/{case}/sign", form)
    assert api.done(f"cases/{case}/sealed", {"purpose": "case_work"})["identity"]["name"] == person.name.value
    api(f"cases/{case}/sealed", {"purpose": person.name.value})
    assert api.done(f"cases/{case}/open", {"purpose": "case_work"})["identity"]["name"] == person.name.value
    api(f"cases/{case}/open", {"purpose": person.name.value})


def signatures(person: Person) -> dict[str, str]:
    when = {f"{who}_signed_at": T0.isoformat() for who in ("victim", "advocate")}
    return person.signatures() | when


def hand_over(scene: Scene, api: Api, case: str) -> None:
    """The kit of an Unrestricted report goes to MCIO; the offices read their notices."""
    number = scene.learn("unrestricted kit", api.done(f"cases/{case}/evidence-number")["number"])
    for step in ("seal", "to-mcio", "to-mcio"):
        api(f"cases/{case}/kits/{step}", {"number": number})
    with access.viewing(scene.world.sarc):
        kit = Kit.objects.get(case_id=case)
    scene.ids |= {"kit_id": str(kit.pk), "card_id": str(kit.card_id)}
    scene.ids["location_id"] = str(scene.world.installation.pk)
    assert (
        scene.client("sarc").post(f"/admin/cases/{case}/evidence/{kit.pk}/", {"do": "pdf"}).status_code == 200
    )
    for who in ("commander", "unit_commander", "mcio"):
        reader = Api(scene, who)
        with access.viewing(getattr(scene.world, who)):
            item = InboxItem.objects.first()
        scene.ids["item_id"] = str(item.pk)
        reader.done(f"inbox/{item.pk}/open")
        reader.done(f"inbox/{item.pk}/acknowledge")


def leave(scene: Scene, api: Api) -> None:
    """One leaves without signing, one waits, one signs after a VA was assigned; mistakes on the way."""
    person = scene.people["left"]
    case = api.done("contacts", {"identity": person.identity(), "narrative": person.narrative()})["id"]
    api.done(f"cases/{case}/walk-away")
    scene.ids["left"] = case
    person = scene.people["waiting"]
    case = api.done("contacts", {"identity": person.identity(), "narrative": person.narrative()})["id"]
    api.done(f"cases/{case}/va", {"va": "other_va"})
    api(f"cases/{case}/va", {"va": person.name.value})
    api.done(f"cases/{case}/steps", {"kind": "safe_offered", "details": {"answer": "accepted"}})
    api(
        f"cases/{case}/steps", {"kind": person.grade.value, "details": {person.text.value: person.name.value}}
    )
    report(scene, api, scene.people["signed"], "restricted")


def staff(scene: Scene) -> None:
    """The programme manager's pages, and ids of every kind for the routes."""
    manager, world = scene.client("manager"), scene.world
    page = manager.post(
        "/admin/staff/people/new/",
        {"username": "newcomer", "display_name": "Invented Newcomer", "email": "newcomer@staff.invalid"},
    )
    assert page.status_code == 200, page.status_code
    code = page.content.decode().split('data-test="enrolment-code">')[1].split("<")[0]
    scene.learn("newcomer's code", code, secret=True)
    user = accounts.user_create(
        username="idle", display_name="Invented Idler", email="idle@staff.invalid", actor=world.manager, at=T0
    )
    held = world.va.appointments.get()
    scene.ids |= {"user_id": user.pk, "appointment_id": held.pk, "change_id": user.pk, "notice_id": user.pk}
    scene.ids["operation"] = "case_list"
    scene.ids["token"] = feed_make(actor=world.va, appointment_id=held.pk, at=T0)


def remember(scene: Scene) -> None:
    """Slices of what the rules' decisions hold: their facts are vocabulary, so only the whole can be known again."""
    opened = sealed_fields(Decision)["record"]
    with access.viewing(scene.world.sarc):
        for number, row in enumerate(Decision.objects.all()):
            facts = opened.open(row, row.record)
            begin = facts.index('"facts"')
            scene.learn(f"decision {number}", facts[begin : begin + 60])
        scene.ids["case_id"] = Case.objects.order_by("opened_at", "id").first().pk
