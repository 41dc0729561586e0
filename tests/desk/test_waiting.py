"""What waits: each line of the page is there exactly when the step it leads to would be taken from its reader."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import transaction

from accounts.appointments import appointment_approve, appointment_create, appointment_end
from accounts.models import Appointment
from notifications.finer.services import finer_refuse
from notifications.services import notice_release
from reports import access
from reports.adoption.services import change_approve, change_propose
from reports.breakglass.services import break_glass_ask, break_glass_decide
from reports.casework.matters.kinds import KINDS
from reports.casework.matters.services import matter_step
from reports.casework.moves.leaving import advocate_change, case_take_over, originals_confirm
from reports.casework.moves.services import move_reject
from reports.disclosure.services import exception_decide
from reports.erasure.services import erasure_approve, erasure_propose
from reports.evidence import endings
from reports.evidence.custody import evidence_accept
from reports.models import BreakGlass, Duty, ExceptionStatement, HandOver
from sapr import clock
from sapr.desk.waiting.admin import BY_ME, FOR_ME, lines
from sapr.errors import DomainError
from tests.access.people import confided
from tests.adoption.settings import second_manager
from tests.casework.steps import answers, begin
from tests.desk.conftest import text
from tests.erasure.conftest import left_without_signing
from tests.evidence.conftest import Room
from tests.evidence.test_keeping import LATER, propose
from tests.factories import AppointmentFactory, UserFactory
from tests.finer.ways import proposed, waiting
from tests.meeting.ways import another, offered
from tests.staffing import appointed
from tests.times import T0


def allowed(step) -> bool:
    """Whether the services take the step, which is undone."""
    try:
        with transaction.atomic():
            step()
            transaction.set_rollback(True)
    except DomainError:
        return False
    return True


def shown(sources, person) -> set[tuple[str, str]]:
    with access.viewing(person):
        return {(line.kind, line.url) for line in lines(sources, person, clock.now())}


@pytest.fixture
def scene(world):
    """Everything that can wait, each once, at one instant. `steps`: (kind, address) → who takes it how."""
    room, third, second = Room.build(world), another(world), another(world)
    world.manager2 = second_manager(world)
    gone = AppointmentFactory(post=world.posts["stranger"], user=UserFactory()).user
    notice = waiting(world)
    words = proposed(world, notice)
    report = world.signed("unrestricted")
    matter = begin(world, report.case, "expedited_transfer")
    move = offered(world, report.case_id)
    handed = world.signed("restricted").case
    advocate_change(
        actor=world.sarc,
        case_id=handed.pk,
        role="sarc",
        leaves=world.sarc,
        follows=second,
        originals="safe",
        at=T0,
    )
    confiding = world.signed("restricted").case
    confided(world, confiding, T0)
    request = break_glass_ask(actor=third, case=confiding.number, reason="Invented.", at=T0)
    change = change_propose(actor=world.manager, profile="dated", at=T0)
    appointment = appointment_create(
        user=UserFactory(), post=world.posts["va"], starts_at=T0, ends_at=None, actor=world.manager, at=T0
    )
    erasing = left_without_signing(world)
    erasure = erasure_propose(actor=world.sarc, case_id=erasing.pk, at=T0)
    there, _ = room.sealed("restricted")
    back, _ = room.stored()
    hop = room.offer(world.sarc, there)
    returned = room.offer(room.custodian, back, receiver="sarc", to_post=None, purpose="give_back")
    world.contact(actor=gone)
    appointment_end(appointment=Appointment.objects.get(user=gone), actor=world.manager, at=T0)
    with access.viewing(second):
        handover = HandOver.objects.get()
    with access.viewing(world.commander):
        statement = ExceptionStatement.objects.get()
    seen = sha256(notice.minimal.encode()).hexdigest()
    step = {
        "details": answers(KINDS["expedited_transfer"].step("transfer_approved")),
        "step": "transfer_approved",
        "at": T0,
    }
    found = {"seal_intact": True, "condition": "good", "at": T0}
    elsewhere = world.posts["stranger"].location_id
    world.steps = {
        ("release", f"/admin/notices/{notice.pk}/"): lambda p: notice_release(
            actor=p, notice_id=notice.pk, minimal=True, bytes_seen=seen, at=T0
        ),
        ("transfer", f"/admin/cases/{report.case_id}/matters/{matter.pk}/"): lambda p: matter_step(
            actor=p, case_id=report.case_id, matter_id=matter.pk, **step
        ),
        ("offer", f"/admin/moves/{move.pk}/"): lambda p: move_reject(actor=p, move_id=move.pk, at=T0),
        ("originals", f"/admin/handovers/{handover.pk}/"): lambda p: originals_confirm(
            actor=p, handover_id=handover.pk, originals="safe", at=T0
        ),
        ("take_over", "/admin/handovers/"): lambda p: case_take_over(
            actor=p, installation_id=elsewhere, at=T0
        ),
        ("emergency", f"/admin/emergency/{request.pk}/"): lambda p: break_glass_decide(
            actor=p, request_id=request.pk, approve=True, at=T0
        ),
        ("exception", f"/admin/exceptions/{statement.pk}/"): lambda p: exception_decide(
            actor=p, statement_id=statement.pk, decision="withhold"
        ),
        ("policy", f"/admin/policy/changes/{change.pk}/"): lambda p: change_approve(
            actor=p, change_id=change.pk, at=T0
        ),
        ("appointment", f"/admin/staff/appointments/{appointment.pk}/"): lambda p: as_manager(
            p, lambda: appointment_approve(appointment_id=appointment.pk, actor=p, at=T0)
        ),
        ("erasure", f"/admin/erasures/{erasure.pk}/"): lambda p: erasure_approve(
            actor=p, erasure_id=erasure.pk, at=T0
        ),
        ("finer", f"/admin/finer/{words.pk}/"): lambda p: finer_refuse(actor=p, finer_id=words.pk, at=T0),
        ("kit", "/admin/held/"): lambda p: evidence_accept(actor=p, hop_id=hop.pk, **found),
        ("kit_back", f"/admin/cases/{back.case_id}/evidence/{back.pk}/"): lambda p: evidence_accept(
            actor=p, hop_id=returned.pk, **found
        ),
    }
    world.everybody = [
        world.sarc, world.va, world.commander, world.manager, world.manager2, world.stranger, second, third,
        room.custodian, room.agent,
    ]  # fmt: skip
    # A programme manager who came after all of it: no second person to any of it, but for what asks for none.
    then = T0 + timedelta(seconds=1)
    clock.move(then, hold=True)
    late = UserFactory(username="late")
    appointed(world, late, "manager", by=world.manager, at=then)
    world.everybody.append(late)
    world.room, world.third, world.second, world.back = room, third, second, back
    return world


def as_manager(person, step):
    """The page's own verb stands before this service, which asks for none."""
    access.require(person, "manage_staff")
    return step()


def test_every_line_for_me_is_there_exactly_when_the_step_would_be_taken(
    scene, sign_in, django_assert_max_num_queries
):
    assert {kind for kind, _ in scene.steps} == {kind_of(each) for each in FOR_ME} - {"destroy"}
    reached = dict.fromkeys(scene.steps, 0)
    for person in scene.everybody:
        found = shown(FOR_ME, person)
        for line, step in scene.steps.items():
            may = allowed(lambda step=step, person=person: step(person))
            assert (line in found) == may, (person.username, line[0], may)
            reached[line] += may
    assert all(reached.values()), "each step is somebody's"
    for person in (scene.sarc, scene.manager2, scene.commander, scene.room.custodian):
        client = sign_in(person)
        with django_assert_max_num_queries(40):
            page = client.get("/admin/waiting/")
        mine = text(page).split("waiting-for-me")[1].split("asked-by-me")[0]
        assert mine.count('data-test="waits"') == len(shown(FOR_ME, person))
        assert len(page.content) % (32 * 1024) == 0
    what_i_asked_for_waits_on_my_page_and_on_nobody_elses(scene)


def kind_of(source) -> str:
    """The kind that a source's lines are of, by its function."""
    return {
        "releases": "release", "transfers": "transfer", "offers": "offer", "originals": "originals",
        "ownerless": "take_over", "emergencies": "emergency", "exceptions": "exception", "policy_changes": "policy",
        "appointments": "appointment", "erasures": "erasure", "finer_words": "finer", "to_receive": "kit",
        "to_take_back": "kit_back", "to_destroy": "destroy",
    }[source.lines.__name__]  # fmt: skip


def what_i_asked_for_waits_on_my_page_and_on_nobody_elses(scene):
    asked = {person.username: {kind for kind, _ in shown(BY_ME, person)} for person in scene.everybody}
    waits = {name: kinds for name, kinds in asked.items() if kinds}
    assert waits == {
        scene.sarc.username: {"offer", "exception", "erasure", "finer", "kit"},
        scene.third.username: {"emergency"},
        scene.manager.username: {"policy", "appointment"},
        "custodian": {"kit"},
    }
    # A refused request looks like one that waits, until its time is up.
    with access.viewing(scene.third):
        request = BreakGlass.objects.get(asked_by=scene.third)
    break_glass_decide(actor=scene.manager, request_id=request.pk, approve=False, at=T0)
    assert {kind for kind, _ in shown(BY_ME, scene.third)} == {"emergency"}
    clock.move(request.answer_by + timedelta(seconds=1), hold=True)
    assert shown(BY_ME, scene.third) == set()


def test_ev_11_a_kit_to_be_destroyed_waits_for_the_second_person_at_its_post_alone(world):
    room = Room.build(world)
    kit, _ = room.stored()
    clock.move(LATER, hold=True)
    with access.viewing(world.sarc):
        due = Duty.objects.filter(about=kit.pk, kind="tell_kit_expiry", state="open").exists()
    if due:
        endings.kit_expiry_told(actor=world.sarc, case_id=kit.case_id, kit_id=kit.pk, at=LATER)
    propose(room, kit)
    line = ("destroy", f"/admin/held/{kit.card_id}/")
    people = [world.sarc, world.va, world.mcio, world.manager, room.custodian, room.second, room.agent]
    for person in people:
        may = allowed(lambda p=person: endings.destruction_refuse(actor=p, card_id=kit.card_id))
        assert (line in shown(FOR_ME, person)) == may, person.username
    assert ("destroy", f"/admin/cases/{kit.case_id}/evidence/{kit.pk}/") in shown(BY_ME, world.sarc)
    endings.destruction_refuse(actor=room.custodian, card_id=kit.card_id)
    assert line not in shown(FOR_ME, room.second)
    assert shown(BY_ME, world.sarc) == set()
