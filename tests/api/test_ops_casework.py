"""A case worked through the REST door as its SARC does it, beside one on the desk's way: the same is on record."""

from typing import Any

from reports.casework.closing import case_close, case_reopen
from reports.casework.matters.kinds import KINDS
from reports.casework.matters.opening import matter_sealed_open
from reports.casework.matters.services import matter_open, matter_step
from reports.casework.participation import participation_decline, participation_resume
from reports.casework.services import step_record
from tests.api.door import Door, refused
from tests.api.twins import alike, body
from tests.casework.steps import answers
from tests.election.way import STATED
from tests.times import T0
from tests.world import World

TEXTS = {"name": "Invented Office"}


def first(kind: str, step: str = "", **given: Any) -> dict[str, Any]:
    """What opens a matter of a kind."""
    taken = KINDS[kind].step(step) if step else KINDS[kind].open_steps()[0]
    return {"kind": kind, "step": taken.step, "details": answers(taken, **given), "at": T0}


def both(
    world: World, door: Door, cases: tuple[Any, Any], name: str, call, given: dict, status: int = 200
) -> list:
    """The same step of both cases, by the door and by the service: the answer, and what the service returns."""
    told = door.done(f"cases/{cases[0].pk}/{name}", body(given), status)
    return [told, call(actor=world.sarc, case_id=cases[1].pk, **{"at": T0} | given)]


def test_matters_participation_and_closing(world: World) -> None:
    """From consent and referral over an action and an appointment to the closed case that is opened again."""
    door, colleague = Door(world.sarc), Door(world.other_va)
    cases = world.signed("unrestricted").case, world.signed("unrestricted").case
    path = f"cases/{cases[0].pk}"
    kinds = {each["kind"]: each for each in door.read("matter-kinds")["items"]}
    assert set(kinds) == set(KINDS)

    def opened(kind: str, **more: Any) -> list:
        return both(world, door, cases, "matters/open", matter_open, first(kind) | more, 201)

    def stepped(rows: list, step: str, **given: Any) -> list:
        details = {"details": answers(KINDS[rows[1].kind].step(step), **given), "at": T0}
        told = door.done(f"{path}/matters/{rows[0]['id']}/step", body(details) | {"step": step})
        arguments = {"matter_id": rows[1].pk, "step": step} | details
        return [told, matter_step(actor=world.sarc, case_id=cases[1].pk, **arguments)]

    consent = opened("consent")
    referral = opened("referral", sealed=TEXTS)
    assert (consent[0]["state"], referral[0]["sealed"]) == ("given", True)
    assert (referral[0]["what"], referral[0]["steps"]) == (referral[1].what, ["referral_ended"])
    assert stepped(referral, "referral_ended")[0]["ended_at"]
    appointment = opened("appointment")
    assert stepped(appointment, "appointment_kept")[0]["state"] == "kept"
    subject = opened("subject")
    refused(door.post(f"{path}/matters/open", body(first("action"))), 422, "parent_needed")
    told = door.done(f"{path}/matters/open", body(first("action") | {"parent_id": subject[0]["id"]}), 201)
    action = [
        told,
        matter_open(actor=world.sarc, case_id=cases[1].pk, **first("action"), parent_id=subject[1].pk),
    ]
    assert action[0]["parent"] == subject[0]["id"]
    stepped(action, "action_closed")
    # An excuse in the place of an instant, which a dated step takes.
    move = opened("safety_move", at=T0)
    told = door.done(
        f"{path}/matters/{move[0]['id']}/step",
        body(
            {
                "step": "safety_move_ended",
                "excuse": "not_recorded",
                "details": answers(KINDS["safety_move"].step("safety_move_ended")),
            }
        ),
    )
    matter_step(
        actor=world.sarc, case_id=cases[1].pk, matter_id=move[1].pk, step="safety_move_ended", excuse="not_recorded",
        details=answers(KINDS["safety_move"].step("safety_move_ended")),
    )  # fmt: skip
    whole = door.read(f"{path}/matters/{move[0]['id']}")
    assert (told["state"], whole["events"][-1]["not_dated"]) == ("ended", "not_recorded")

    # Read back: nothing sealed in a list; opening it is an act of its own.
    listed = door.get(f"{path}/matters")
    assert len(listed.json()["items"]) == 6
    assert TEXTS["name"] not in listed.content.decode()
    assert list(door.done(f"{path}/matters/{referral[0]['id']}/sealed")["texts"].values()) == list(
        TEXTS.values()
    )
    assert door.read(f"{path}/events?limit=1")["items"][0]["kind"] == "sealed_opened"
    refused(colleague.get(f"{path}/matters"), 404, "not_found")
    matter_sealed_open(actor=world.sarc, case_id=cases[1].pk, matter_id=referral[1].pk, at=T0)

    for kind in ("investigation_opened", "investigation_closed"):
        both(world, door, cases, "steps", lambda **given: step_record(**given), {"kind": kind}, 201)
    said = both(
        world, door, cases, "participation/decline", participation_decline, {"letter": "section_540K"}
    )
    assert said[0]["says"]
    assert {each["rule"] for each in said[0]["says"]} == {each.rule for each in said[1].says}
    refused(door.post(f"{path}/participation/decline", {"letter": "section_540K"}), 409, "declined_already")
    both(world, door, cases, "participation/resume", participation_resume, {})

    stands = door.read(f"{path}/closing")
    assert stands["known"]["investigation_complete"] is True
    given = {"answers": {name: STATED[name] for name in stands["asked"]}}
    problem = refused(door.post(f"{path}/close", {}), 409, "not_ready_to_close")
    assert "CL-" in problem["rule"]
    for case in cases:
        step_record(actor=world.sarc, case_id=case.pk, kind="final_disposition_decided", at=T0)
    stands = door.read(f"{path}/closing")
    given = {"answers": {name: STATED[name] for name in stands["asked"]}}
    closed = both(world, door, cases, "close", case_close, given)
    assert (closed[0]["stands"], closed[1].state) == ("CLOSED", "CLOSED")
    refused(door.post(f"{path}/reopen", {"reason": "bored"}), 422, "unknown_value")
    both(world, door, cases, "reopen", case_reopen, {"reason": "victim_asked", "at": T0})
    alike(world.sarc, *(each.pk for each in cases))
    duty = next(
        each for each in door.read(f"{path}/duties?limit=100")["items"] if each["kind"] == "assign_va"
    )
    assert (duty["state"], duty["late"], bool(duty["sentence"])) == ("open", False, True)
