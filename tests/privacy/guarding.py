"""What guards a case, in the scene: finding a person, emergency access, a hold, and two who agree to erase."""

from accounts.models import Certification
from accounts.signing_models import Session
from reports import access
from reports.breakglass.models import BreakGlass
from reports.casework.cmg.models import AgendaLine
from reports.casework.moves.models import Move
from reports.election.models import Case
from reports.erasure.models import Erasure, HoldReason
from tests.privacy.api import Api
from tests.privacy.markers import words
from tests.privacy.roster import PARAMETERS
from tests.privacy.scene import Scene


def find(scene: Scene, api: Api) -> None:
    """A person by number through both doors: one's own, somebody else's, and none."""
    person, sarc = scene.people["restricted"], scene.client("sarc")
    number = {"dod_id": person.dod_id.value}
    assert (
        number_of(scene, scene.ids["restricted"]) in sarc.post("/admin/people/find/", number).content.decode()
    )
    assert len(api.done("people/find", number)["items"]) == 1
    assert Api(scene, "stranger").done("people/find", number)["items"] == []
    for wrong in (person.name.value, person.phone.value):
        sarc.post("/admin/people/find/", {"dod_id": wrong})
        api("people/find", {"dod_id": wrong})


def number_of(scene: Scene, case_id: str) -> str:
    with access.viewing(scene.world.sarc):
        return Case.objects.get(pk=case_id).number


def emergency(scene: Scene) -> None:
    """A stranger asks with a reason by both doors; one request is approved, used and ended, the other waits."""
    case, manager = scene.ids["restricted"], Api(scene, "manager")
    reason, stranger, asks = words("reason"), scene.client("stranger"), Api(scene, "stranger")
    scene.learned.append(reason)
    number = number_of(scene, case)
    stranger.post("/admin/emergency/ask/", {"case": reason.parts[0], "reason": reason.value})
    assert stranger.post("/admin/emergency/ask/", {"case": number, "reason": reason.value}).status_code == 302
    asks("emergencies", {"case": reason.parts[0], "reason": reason.value})
    scene.ids["request_id"] = asks.done("emergencies", {"case": number, "reason": reason.value})["id"]
    with access.viewing(scene.world.stranger):
        request = BreakGlass.objects.exclude(pk=scene.ids["request_id"]).get().pk
    page = f"/admin/emergency/{request}/"
    for who in ("sarc", "manager"):
        looker = scene.client(who)
        for seen in ("/admin/", "/admin/emergency/", page):
            looker.get(seen)
        assert reason.parts[0].encode() in looker.post(page, {"do": "read"}).content
    assert manager.done(f"emergencies/{request}/reason")["reason"] == reason.value
    manager(f"emergencies/{request}/decide", {"approve": reason.value})
    manager.done(f"emergencies/{request}/decide", {"approve": True})
    opened = asks.done(f"cases/{case}/sealed", {"purpose": "emergency"})
    assert opened["identity"]["name"] == scene.people["restricted"].name.value
    stranger.get(f"/admin/cases/{case}/")
    stranger.post(f"/admin/cases/{case}/open/")
    assert stranger.post(page, {"do": "end"}).status_code == 302


def keep(scene: Scene) -> None:
    """A hold on one case; another, which ended without signing, is proposed and approved for erasure."""
    sarc, manager, typed = scene.client("sarc"), scene.client("manager"), scene.people["typed"].text.value
    held, left = (f"/admin/cases/{scene.ids[each]}/keeping/" for each in ("restricted", "left"))
    sarc.post(held, {"do": "place", "reason": typed})
    assert sarc.post(held, {"do": "place", "reason": HoldReason.values[0]}).status_code == 302
    propose = {"do": "propose", "nothing_open": "on", "for_ever": "on"}
    sarc.post(held, propose)
    assert sarc.post(left, propose).status_code == 302
    with access.viewing(scene.world.sarc):
        scene.ids["erasure_id"] = Erasure.objects.get().pk
    scene.ids["number"] = number_of(scene, scene.ids["left"])
    page = f"/admin/erasures/{scene.ids['erasure_id']}/"
    manager.post(page, {"decision": typed})
    assert manager.post(page, {"decision": "approve", "confirm": "on"}).status_code == 302


def ids(scene: Scene) -> None:
    """Ids of the staff's things that routes name."""
    scene.ids["certification_id"] = Certification.objects.filter(user=scene.world.va).first().pk
    scene.ids["session_id"] = Session.objects.filter(user=scene.world.sarc).first().pk
    scene.ids["factor_id"] = 1


def meet(scene: Scene) -> None:
    """The group meets on the Unrestricted reports; one case is minuted, another is offered elsewhere."""
    sarc, typed, words_said = scene.client("sarc"), scene.people["typed"].text.value, words("minutes")
    scene.learned.append(words_said)
    call = {
        "installation": str(scene.world.installation.pk),
        "scheduled_at": "2026-03-02T10:00",
        "kind": "monthly",
    }
    sarc.post("/admin/meetings/new/", call | {"kind": typed})
    page = sarc.post("/admin/meetings/new/", call)["Location"]
    hold = {
        "do": "hold", "held_at": "2026-03-02T10:00", "chair": str(scene.world.commander.pk), "delegated": "no",
        "chair_seat": "installation_commander", "member_or_dod_civilian": "yes",
    }  # fmt: skip
    sarc.post(page, hold | {"chair_seat": typed})
    assert sarc.post(page, hold).status_code == 302
    with access.viewing(scene.world.sarc):
        line = AgendaLine.objects.order_by("number").first()
    scene.ids |= {"meeting_id": line.meeting_id, "line_id": line.pk}
    page = f"/admin/meetings/lines/{line.pk}/"
    given = {f"CMG-{number}": "done" for number in range(18, 30)}
    given |= {"do": "keep", "told_by": "victims_va", "privileged": "no", "words": words_said.value}
    sarc.post(page, given | {"privileged": "yes"})
    assert sarc.post(page, given).status_code == 302
    assert words_said.parts[0].encode() in sarc.post(page, {"do": "read"}).content
    for who in ("commander", "va"):
        scene.client(who).get(page)
    moving = f"/admin/cases/{line.case_id}/relocate/"
    sarc.post(moving, {"do": "moves", "reason": typed})
    to = f"{scene.world.posts['stranger'].location_id} {scene.world.stranger.pk}"
    for step in (
        {"do": "moves", "reason": "move"},
        {"do": "consent", "answer": "yes"},
        {"do": "offer", "to": to},
    ):
        assert sarc.post(moving, step).status_code == 302, step
    with access.viewing(scene.world.sarc):
        scene.ids["move_id"] = Move.objects.get().pk
    scene.client("stranger").get(f"/admin/moves/{scene.ids['move_id']}/")
    # Of nothing: there are none of these in the scene, and an address wants an id all the same.
    scene.ids |= dict.fromkeys(
        set(PARAMETERS) - set(scene.ids) - {"url", "token", "code"}, scene.ids["move_id"]
    )
