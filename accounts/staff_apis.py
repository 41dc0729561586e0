"""REST: staff, posts, places, appointments by two persons, certifications. For programme managers; no case is here.

What is left to the desk and to the command line, and why, stands in docs/api.md.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet

from accounts import selectors, services, staffing
from accounts.models import LocationKind, Role, User
from accounts.staff_outputs import (
    AppointmentOutput,
    CertificationOutput,
    EnrolmentCodeOutput,
    LocationOutput,
    SessionsEndedOutput,
    StaffPersonOutput,
    StaffPostOutput,
    StaffPostRow,
    WaitingAppointmentOutput,
)
from reports.policy.delays import check_instant
from reports.validation import text
from sapr.acts import act
from sapr.errors import DomainError, NotFoundError
from sapr.fields import DayField, InstantField, StatedField, TextField, UuidField, WordField
from sapr.reads import listing

VERB = "manage_staff"
Given = Mapping[str, Any]
# Days beyond these are a slip of the hand, and no calendar counts on from the last one.
FIRST_YEAR, LAST_YEAR = 2005, 9000
LAST_DAY = date(LAST_YEAR, 1, 1)


def said(name: str, limit: int) -> Callable[[Any, Given], str]:
    """Finds what stands in the body: a line of text that a column takes."""
    return lambda viewer, given: text(given[name], name, limit=limit, required=True)


def _person(viewer: Any, given: Given) -> User:
    found = selectors.user_named(text(given["user"], "user", required=True))
    if found is None or not found.is_active:
        raise DomainError("unknown_value", "user: nobody who may sign in has this user name.", path="user")
    return found


def of_address(name: str, rows: Callable[[datetime], QuerySet]) -> Callable[[Any, Given], Model]:
    """Finds the row that the address names."""

    def find(viewer: Any, given: Given) -> Model:
        found = rows(given["at"]).filter(pk=given[name]).first()
        if found is None:
            raise NotFoundError
        return found

    return find


def of_body(name: str, rows: Callable[[], QuerySet]) -> Callable[[Any, Given], Model | None]:
    """Finds the row that the body names; None where it names none."""

    def find(viewer: Any, given: Given) -> Model | None:
        wanted: UUID | None = given.get(name)
        found = rows().filter(pk=wanted).first() if wanted else None
        if wanted and found is None:
            raise DomainError("unknown_value", f"{name}: there is none of this id.", path=name)
        return found

    return find


def _now(viewer: Any, given: Given) -> datetime:
    return given["at"]


def _ends_at(viewer: Any, given: Given) -> datetime | None:
    ends_at = given.get("ends_at")
    return check_instant(ends_at, "ends_at", latest=LAST_DAY) if ends_at else None


def _span(part: int) -> Callable[[Any, Given], datetime]:
    def find(viewer: Any, given: Given) -> datetime:
        for name in ("starts_on", "ends_on"):
            if not FIRST_YEAR <= given[name].year < LAST_YEAR:
                raise DomainError("date_out_of_range", f"{name}: check the year.", path=name)
        if given["ends_on"] < given["starts_on"]:
            raise DomainError("wrong_order", "ends_on: the last day is before the first.", path="ends_on")
        return services.span_of_days(given["user"], given["starts_on"], given["ends_on"])[part]

    return find


def posts_of(*, at: datetime) -> QuerySet:
    """Every post, and whether nobody holds it."""
    empty = Q(pk__in=staffing.vacant_posts(at).values("pk"))
    return selectors.posts().annotate(vacant=ExpressionWrapper(empty, output_field=BooleanField()))


def _may_approve(row: Any, *, viewer, at: datetime) -> Any:
    row.may_approve = selectors.proposer_stands(row, at) and selectors.may_approve(row, viewer)
    return row


_account = of_address("user_id", lambda at: selectors.people())
UNDERSTOOD = {
    "understood": StatedField(help_text="It ends access at once; what the person works on needs somebody.")
}
LINE = {"user": TextField(help_text="The person's user name.")}
OPERATIONS = [
    listing(
        "staff/people", selectors.people, name="person_list", verb=VERB,
        says="List everybody with an account", item=StaffPersonOutput, page="StaffPerson",
    ),
    listing(
        "staff/uncertified", staffing.advocates_without, name="uncertified_list", verb=VERB,
        says="List SARCs and SAPR VAs without a certification in force", item=StaffPersonOutput, page="StaffPerson",
    ),
    listing(
        "staff/locations", selectors.locations, name="location_list", verb=VERB,
        says="List installations, units and commands", item=LocationOutput, page="Location",
    ),
    listing(
        "staff/posts", posts_of, name="post_list", verb=VERB, says="List posts", item=StaffPostRow,
        page="StaffPostRow",
    ),
    listing(
        "staff/appointments", selectors.appointments, name="appointment_list", verb=VERB,
        says="List the appointments in force and to come", item=AppointmentOutput, page="Appointment",
        by="starts_at", newest_first=True,
    ),
    listing(
        "staff/appointments/waiting", selectors.appointments_waiting, name="appointment_waiting", verb=VERB,
        says="List the appointments that wait for a second person", item=WaitingAppointmentOutput,
        page="WaitingAppointment", by="proposed_at", show=_may_approve,
    ),
    listing(
        "staff/certifications", staffing.certifications, name="certification_list", verb=VERB,
        says="List certifications, those that lapse first in front", item=CertificationOutput, page="Certification",
        by="ends_at",
    ),
    act(
        "staff/people/add", services.user_create, verb=VERB, says="Add a member of staff",
        takes={
            "username": TextField(help_text="What the person types to sign in."),
            "display_name": TextField(help_text="The name shown."),
            "email": TextField(help_text="It only ever receives a message that says: please sign in."),
        },
        finds={"username": said("username", 60), "display_name": said("display_name", 120),
               "email": said("email", 254)},
        answers=StaffPersonOutput, status=201, refusals=[409],
    ),
    act(
        "staff/people/<uuid:user_id>/link", services.enrolment_create, verb=VERB,
        says="Make a one-time enrolment code", finds={"user": _account}, answers=EnrolmentCodeOutput, status=201,
        show=lambda code: {"code": code},
    ),
    act(
        "staff/people/<uuid:user_id>/close", services.user_deactivate, verb=VERB, says="Close an account",
        takes=UNDERSTOOD, finds={"user": _account}, answers=StaffPersonOutput,
    ),
    act(
        "staff/people/<uuid:user_id>/sessions/end", services.sessions_end, verb=VERB,
        says="End every session of somebody", finds={"user": _account}, answers=SessionsEndedOutput,
        show=lambda count: {"ended": count},
    ),
    act(
        "staff/locations/add", services.location_create, verb=VERB, says="Add a place",
        takes={
            "kind": WordField(LocationKind, help_text="What it is."),
            "name": TextField(help_text="Its name."),
            "zone": TextField(help_text="The IANA zone its people live by, such as America/New_York."),
            "parent": UuidField(required=False, allow_null=True, help_text="What it belongs to."),
        },
        finds={"name": said("name", 120), "zone": said("zone", 60),
               "parent": of_body("parent", lambda: selectors.locations())},
        answers=LocationOutput, status=201, refusals=[409],
    ),
    act(
        "staff/posts/add", services.post_create, verb=VERB, says="Add a post with its inbox",
        takes={
            "location": UuidField(help_text="Where it is."),
            "role": WordField(Role, help_text="What its holder is."),
            "title": TextField(help_text="As it stands on the door, without a person's name."),
            "next_higher": UuidField(required=False, allow_null=True, help_text="The next higher post."),
        },
        finds={"location": of_body("location", selectors.locations), "title": said("title", 120),
               "next_higher": of_body("next_higher", selectors.posts)},
        answers=StaffPostOutput, status=201, refusals=[409],
    ),
    act(
        "staff/appointments/propose", services.appointment_create, verb=VERB, says="Propose somebody for a post",
        takes=LINE | {
            "post": UuidField(help_text="The post."),
            "ends_at": InstantField(required=False, allow_null=True, help_text="Left out: until further notice."),
        },
        finds={"user": _person, "post": of_body("post", selectors.posts), "starts_at": _now,
               "ends_at": _ends_at},
        answers=AppointmentOutput, status=201, refusals=[409],
    ),
    act("staff/appointments/<uuid:appointment_id>/approve", services.appointment_approve, verb=VERB,
        says="Approve an appointment as the second person", answers=AppointmentOutput),
    act("staff/appointments/<uuid:appointment_id>/refuse", services.appointment_refuse, verb=VERB,
        says="Refuse an appointment", answers=AppointmentOutput),
    act(
        "staff/appointments/<uuid:appointment_id>/end", services.appointment_end, verb=VERB,
        says="End an appointment now", takes=UNDERSTOOD, answers=AppointmentOutput,
        finds={"appointment": of_address("appointment_id", selectors.appointments)},
    ),
    act(
        "staff/certifications/record", services.certification_record, verb=VERB, says="Record a certification",
        takes=LINE | {
            "starts_on": DayField(help_text="First day, by the calendar where the person works."),
            "ends_on": DayField(help_text="Last day; it is renewed every two years."),
        },
        finds={"user": _person, "starts_at": _span(0), "ends_at": _span(1)},
        answers=CertificationOutput, status=201, refusals=[409],
    ),
    act(
        "staff/certifications/<uuid:certification_id>/end", services.certification_end, verb=VERB,
        says="Revoke a certification now", takes=UNDERSTOOD, answers=CertificationOutput,
        finds={"certification": of_address("certification_id", staffing.certifications)},
    ),
]  # fmt: skip
