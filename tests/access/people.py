"""Everybody who can stand towards a case, and one case in each state."""

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.test import Client

from accounts.models import Appointment, Role, User
from notifications.extensions.services import deployment_record, extension_grant
from notifications.models import (
    Acknowledgement,
    Escalation,
    Extension,
    ExtensionGrant,
    FinerWording,
    InboxItem,
    Notice,
    Recomposing,
    Reminder,
)
from notifications.placing import place
from notifications.services import notice_release
from reports import access
from reports.breakglass.models import BreakGlass
from reports.breakglass.services import break_glass_ask, break_glass_decide, break_glass_end
from reports.casework.matters.services import matter_open
from reports.casework.services import va_assign
from reports.election.contacts import contact_walk_away
from reports.erasure.services import erasure_propose, hold_place
from reports.evidence.services import item_add, kit_number_issue
from reports.models import (
    AgendaLine,
    Assignment,
    Attendance,
    Case,
    CatchContact,
    CatchCredentials,
    CatchEntry,
    CopyRequest,
    Custody,
    Decision,
    Disclosure,
    Duty,
    Erasure,
    Event,
    ExceptionStatement,
    HandOut,
    HandOver,
    Hold,
    Identity,
    Kit,
    KitCard,
    KitItem,
    Matter,
    Meeting,
    Minutes,
    Move,
    Narrative,
    Offer,
    Paper,
    Report,
    SignedForm,
)  # fmt: skip
from sapr import clock
from tests.factories import AppointmentFactory, PostFactory, UserFactory
from tests.forms import one_of_each
from tests.meeting.ways import called, held, line_of, minutes_kept, offered
from tests.signed_in import passed
from tests.times import T0
from tests.world import World

STATES = ("contact", "walked_away", "restricted", "unrestricted", "converted")
# Each table and what the access rows call its rows.
TABLES = {
    "case": Case, "report": Report, "assignment": Assignment, "identity": Identity, "narrative": Narrative,
    "decision": Decision, "form": SignedForm, "kit": Kit, "duty": Duty, "notice": Notice, "reminder": Reminder,
    "escalation": Escalation,
    "event": Event, "inbox_item": InboxItem, "break_glass": BreakGlass, "hold": Hold, "erasure": Erasure,
    "paper": Paper, "hand_out": HandOut, "copy_request": CopyRequest,
    "matter": Matter,
    "meeting": Meeting, "attendance": Attendance, "agenda_line": AgendaLine, "minutes": Minutes, "move": Move,
    "handover": HandOver, "offer": Offer,
    "disclosure": Disclosure, "exception_statement": ExceptionStatement, "catch_entry": CatchEntry,
    "catch_contact": CatchContact, "catch_credentials": CatchCredentials,
    "kit_item": KitItem, "kit_card": KitCard, "custody": Custody,
    "acknowledgement": Acknowledgement, "extension": Extension, "extension_grant": ExtensionGrant,
    "recomposing": Recomposing,
    "finer_wording": FinerWording,
}  # fmt: skip

# The column with the post that a row lies at, where it lies at one.
POSTS = {
    "inbox_item": "post_id", "reminder": "post_id", "exception_statement": "post_id", "kit_card": "at_post_id",
    "custody": "to_post_id", "escalation": "post_id", "extension_grant": "post_id",
}  # fmt: skip


@dataclass
class Person:
    """`scopes`: the roles held now, by scope towards the scene's case; `posts`: the roles by post held.

    `here`: the roles held now at the case's installation; an assignment counts in no others.
    """

    name: str
    user: User | None
    roles: set[str] = field(default_factory=set)
    assigned: set[str] = field(default_factory=set)
    here: set[str] = field(default_factory=set)
    granted: bool = False
    at_installation: set[str] = field(default_factory=set)
    posts: dict[Any, str] = field(default_factory=dict)

    def scopes(self, thing: str, row: Any = None) -> dict[str, set[str]]:
        """The roles that count in each scope towards one row of the scene."""
        own = {"any": self.roles, "assigned": self.here & self.assigned if thing != "inbox_item" else set()}
        if self.granted and thing not in ("inbox_item", "break_glass", "exception_statement"):
            own["granted"] = self.roles
        if thing == "break_glass":
            own |= {"any_installation": self.roles, "installation": self.at_installation}
            if row is not None and self.user and row.asked_by_id == self.user.pk:
                own["own"] = self.roles
        if thing in ("meeting", "attendance", "handover", "extension_grant"):
            own |= {"any_installation": self.roles, "installation": self.here}
        if thing == "offer" and row is not None and self.user and row.offered_to_id == self.user.pk:
            own["own"] = self.roles
        if thing == "agenda_line" and row is not None and self.user:
            if row.meeting.co_chair_id == self.user.pk:
                own["own"] = self.roles
            if row.meeting.chair_post_id in self.posts:
                own["own_post"] = self.roles & {self.posts[row.meeting.chair_post_id]}
        if thing in POSTS and row is not None:
            here = getattr(row, POSTS[thing])
            own["own_post"] = self.roles & {self.posts[here]} if here in self.posts else set()
        return own


@dataclass
class Scene:
    """The case, who stands how towards it, and every row of it by kind."""

    world: World
    state: str
    case: Case = None
    people: list[Person] = field(default_factory=list)
    rows: dict[str, list[Any]] = field(default_factory=dict)
    number: str = "0000-0000-0000-0"

    @property
    def policy_state(self) -> str:
        return "unrestricted" if self.state == "converted" else self.state

    def state_of(self, thing: str, row: Any) -> str:
        """The state in which the row's case counts: what lies in an inbox says it by its own kind."""
        if thing == "inbox_item":
            return "restricted" if row.kind == "commander_notice_restricted" else "unrestricted"
        return self.policy_state


def client_of(person: Person) -> Client:
    """A browser signed in as the person; of nobody, one that is not."""
    client = Client(raise_request_exception=False)
    if person.user is not None:
        passed(client, person.user)
    return client


def build(world: World, state: str) -> Scene:
    """A case that was opened two hours ago and has come as far as the state says."""
    scene, at = Scene(world, state), T0 - timedelta(hours=2)
    second_sarc = AppointmentFactory(post=world.posts["sarc"], user=UserFactory(username="second_sarc"))
    two_hats = AppointmentFactory(post=world.posts["va"], user=UserFactory(username="two_hats")).user
    AppointmentFactory(post=world.posts["stranger"], user=two_hats)
    ended = AppointmentFactory(post=world.posts["va"], user=UserFactory(username="ended"))
    moved = AppointmentFactory(post=world.posts["va"], user=UserFactory(username="moved"))
    elsewhere = PostFactory(location=world.posts["stranger"].location, role=Role.VA)
    AppointmentFactory(post=elsewhere, user=moved.user)
    removed = AppointmentFactory(post=world.posts["va"], user=UserFactory(username="removed")).user
    granted = AppointmentFactory(post=world.posts["stranger"], user=UserFactory(username="granted")).user
    lapsed = AppointmentFactory(post=world.posts["stranger"], user=UserFactory(username="lapsed")).user

    scene.case = world.decided(at=at)
    matter_open(
        actor=world.sarc,
        case_id=scene.case.pk,
        kind="consent",
        at=at,
        details={"service": "medical", "given": "by_word"},
    )
    for va in (world.va, two_hats, ended.user, moved.user, removed):
        va_assign(actor=world.sarc, case_id=scene.case.pk, va=va, at=at)
    with access.viewing(world.sarc):
        Assignment.objects.filter(user=removed).update(ended_at=T0)
    for gone in (ended, moved):
        gone.ends_at = T0 - timedelta(minutes=1)
        gone.save(update_fields=["ends_at"])
    _come_to(scene, at)
    if state == "walked_away":
        erasure_propose(actor=world.sarc, case_id=scene.case.pk, at=at)
    if state in ("unrestricted", "converted"):
        _meet_and_move(scene, second_sarc.user)
    hold_place(actor=world.sarc, case_id=scene.case.pk, reason="investigation", at=at)
    for asker in (granted, lapsed):
        request = break_glass_ask(actor=asker, case=scene.case.number, reason="Invented.", at=T0)
        break_glass_decide(actor=world.manager, request_id=request.pk, approve=True, at=T0)
    break_glass_end(actor=lapsed, request_id=request.pk, at=T0)
    # One that still waits, by somebody who was on the case.
    break_glass_ask(actor=removed, case=scene.case.number, reason="Invented.", at=T0)

    sarc, va, pm = {Role.SARC.value}, {Role.VA.value}, {Role.PROGRAMME_MANAGER.value}
    scene.people = [
        Person("nobody", None),
        Person("sarc", world.sarc, sarc, assigned=sarc, at_installation=sarc),
        Person("va", world.va, va, assigned=va),
        Person("two_hats", two_hats, sarc | va, assigned=va),
        Person("second_sarc", second_sarc.user, sarc, at_installation=sarc),
        Person("other_va", world.other_va, va),
        Person("removed", removed, va),
        Person("ended", ended.user, set(), assigned=va),
        Person("moved", moved.user, va, assigned=va),
        Person("stranger", world.stranger, sarc),
        Person("granted", granted, sarc, granted=True),
        Person("lapsed", lapsed, sarc),
        Person("commander", world.commander, {Role.SENIOR_COMMANDER.value}),
        Person("unit_commander", world.unit_commander, {Role.UNIT_COMMANDER.value}),
        Person("mcio", world.mcio, {Role.MCIO.value}),
        Person("manager", world.manager, pm),
    ]
    for appointment in Appointment.objects.filter(ends_at=None).select_related("post"):
        for person in scene.people:
            if person.user is not None and person.user.pk == appointment.user_id:
                person.posts[appointment.post_id] = appointment.post.role
                if appointment.post.location_id == scene.case.installation_id:
                    person.here.add(appointment.post.role)
    _collect(scene)
    return scene


def _come_to(scene: Scene, at) -> None:
    world, case = scene.world, scene.case
    if scene.state == "walked_away":
        contact_walk_away(actor=world.sarc, case_id=case.pk, at=at)
    if scene.state in ("contact", "walked_away"):
        return
    from reports.election.services import report_sign

    option = "restricted" if scene.state == "converted" else scene.state
    if option == "restricted":
        world.strength(900)
    report = report_sign(actor=world.sarc, late_reason="", **world.paper(case, option, at))
    if option == "restricted":
        deployment_record(actor=world.manager, location_id=case.installation_id, at=T0)
        extension_grant(
            actor=world.commander, post_id=world.posts["commander"].pk, starts_at=T0, ends_at=T0 + timedelta(days=1),
            reason="operations", at=T0,
        )  # fmt: skip
        with access.viewing(world.sarc):
            notice = Notice.objects.get()
            said_otherwise(world, notice)
        notice_release(
            actor=world.sarc, notice_id=notice.pk, minimal=True,
            bytes_seen=sha256(notice.minimal.encode()).hexdigest(), at=T0,
        )  # fmt: skip
        with access.viewing(world.sarc):
            notice = Notice.objects.get()
            clock.move(notice.slot, hold=True)
            place(notice=notice, actor=world.sarc, at=T0)
            clock.move(T0, hold=True)
    if scene.state == "converted":
        world.converted(report, at=at + timedelta(hours=1))
    if scene.state == "restricted":
        confided(world, case, at=T0)
    kit, scene.number = kit_number_issue(actor=world.sarc, case_id=case.pk, at=T0)
    item_add(actor=world.sarc, case_id=case.pk, kit_id=kit.pk, kind="clothing", at=T0)
    with access.viewing(world.sarc):
        one_of_each(world, Case.objects.get(pk=case.pk))


def _meet_and_move(scene: Scene, co_chair: User) -> None:
    """The group met on the case, co-chaired by somebody who is not on it; and the case is offered elsewhere."""
    world, case = scene.world, scene.case.pk
    meeting = held(world, called(world, actor=co_chair), actor=co_chair)
    minutes_kept(world, line_of(world, meeting, case))
    offered(world, case)


def said_otherwise(world: World, notice: Notice, *, consent: str = "{}") -> FinerWording:
    """Words of the notice's size put before a second person, which nobody decides."""
    text = notice.minimal.replace("not given", "withheld ", 1)
    return FinerWording.objects.create(
        notice=notice, case_id=notice.case_id, rung="unit.stated.band.week.on_off.stated.stated", text=text,
        sha256=sha256(text.encode()).hexdigest(), reason="safety", ground="consent", consent=consent,
        consent_signed_at=T0, expires_at=T0 + timedelta(hours=9), k_before=20, numbers_before={}, k=10, numbers={},
        tables=[], proposed_by=world.sarc, proposed_at=T0,
    )  # fmt: skip


def confided(world: World, case: Case, at) -> None:
    """An exception on which the commander is to decide, and the victim's part in CATCH."""
    from reports.catch.credentials import catch_credentials_issue
    from reports.catch.services import catch_join
    from reports.disclosure.services import exception_advise, exception_propose

    on: dict[str, Any] = {"actor": world.sarc, "case_id": case.pk, "at": at}
    threat = {"threat_serious": True, "threat_imminent": True}
    row = exception_propose(**on, exception="EX-2", answers=threat, scope=["identity"], recipient="medical")
    exception_advise(**on, disclosure_id=row.pk, office="judge_advocate", advice="doubt", privilege="covered")
    catch_join(
        **on, answers={"entry_names_victim": False}, form_signed=False, consents=True, details="By the aunt."
    )
    catch_credentials_issue(**on, user_name="invented-entry")


def _collect(scene: Scene) -> None:
    """Every row of the scene, gathered as those who see it: the case's people and the holders of the posts."""
    for thing, model in TABLES.items():
        found: dict[Any, Any] = {}
        for person in scene.people:
            if person.user is None:
                continue
            with access.viewing(person.user):
                rows = model.objects.all()
                if thing == "agenda_line":
                    rows = rows.select_related("meeting")
                if thing == "event":
                    rows = rows.filter(case_id=scene.case.pk)
                found |= {row.pk: row for row in rows}
        scene.rows[thing] = list(found.values())
