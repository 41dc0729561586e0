"""Reads about staff: who holds what now. Directory data, no case content."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import (
    CERTIFIED_ROLES,
    Appointment,
    AppointmentState,
    Certification,
    Location,
    LocationKind,
    Post,
    Role,
    User,
)
from accounts.places import InstallationOf
from sapr import standing


def certified(at: datetime) -> Q:
    """Certifications in force at an instant."""
    return Q(starts_at__lte=at, ends_at__gt=at) & (Q(revoked_at=None) | Q(revoked_at__gt=at))


def current(at: datetime) -> Q:
    """Appointments in force at an instant: approved, in their time, and certified where the role needs it.

    The database says the same in `sapr_viewer_posts()`.
    """
    certificate = Certification.objects.filter(certified(at), user=OuterRef("user_id"))
    in_time = Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))
    may_act = ~Q(post__role__in=CERTIFIED_ROLES) | Exists(certificate)
    return Q(state=AppointmentState.APPROVED) & in_time & may_act


def appointments_of(user: User, at: datetime) -> QuerySet[Appointment]:
    """The user's appointments in force; none for a user who may not sign in.

    Where an outside system asks in their name, those at the places of its key; `sapr_viewer_posts()` says the same.
    """
    if not user.is_active:
        return Appointment.objects.none()
    rows = Appointment.objects.filter(current(at), user=user).select_related("post", "post__location")
    if user.client_key is None:
        return rows
    return rows.alias(place=InstallationOf(F("post__location_id"))).filter(place__in=user.client_key.places)


@standing.asked_in_a_look
def in_force(user: User, at: datetime) -> list[Appointment]:
    """The same, read: a page asks once for all its lists."""
    return list(appointments_of(user, at))


# `current()` of one person whose account is open, as the database keeps it (accounts/migrations/sql/held.sql).
HELD = """
    FROM accounts_held h WHERE h.user_id = {user} AND h.starts_at <= {at} AND h.ends_at > {at}
"""
_HELD = f"SELECT DISTINCT h.role, h.place {HELD.format(user='%(user)s', at='%(at)s')}"
# The same as one column, for `read_held`.
HELD_IN_WORDS = f"SELECT DISTINCT h.role || ' ' || coalesce(h.place::text, '') {HELD}"


@standing.asked_in_an_act
@standing.asked_once()
def _held(user: User, at: datetime) -> list[tuple[str, UUID]]:
    """`current()` for one user: each role held at an instant, with the installation (or command) at which it counts."""
    if not user.is_active or user.pk is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"user": user.pk, "at": at})
        return _within_key(user, cursor.fetchall())


def _within_key(user: User, held: list[tuple[str, UUID]]) -> list[tuple[str, UUID]]:
    if user.client_key is None:
        return held
    return [(role, place) for role, place in held if place in user.client_key.places]


def held_told(user: User, at: datetime, held: list[tuple[str, UUID]]) -> None:
    """Whoever looks was told on the way what the user holds at that instant: nobody asks for it again."""
    standing.told(_held, user, at, answer=_within_key(user, held))


def held_told_in_an_act(user: User, at: datetime, held: Iterable[str]) -> None:
    """The act that is being done was told the same on the way, in HELD_IN_WORDS."""
    answer = _within_key(user, read_held(held)) if user.is_active else []
    standing.told_in_an_act(_held, user, at, answer=answer)


def read_held(words: Iterable[str]) -> list[tuple[str, UUID | None]]:
    """Each role and its place, of what HELD_IN_WORDS gave."""
    parts = [each.partition(" ") for each in words]
    return [(role, UUID(place) if place else None) for role, _, place in parts]


def roles_of(user: User, at: datetime) -> frozenset[str]:
    """The roles the user holds at an instant."""
    return frozenset(role for role, _ in _held(user, at))


def at_a_command(user: User, at: datetime) -> bool:
    """Whether the user holds a post at a higher command at an instant."""
    return appointments_of(user, at).filter(post__location__kind=LocationKind.COMMAND).exists()


def posts_of(user: User, at: datetime) -> list[Post]:
    """The posts whose inbox the user reads at an instant."""
    return [a.post for a in appointments_of(user, at).order_by("post__title")]


def holders_of(post: Post, at: datetime) -> QuerySet[User]:
    """The active people who hold the post at an instant; empty means vacant."""
    held = Appointment.objects.filter(current(at), post=post)
    return User.objects.filter(is_active=True, appointments__in=held).distinct()


def installation_of(location: Location) -> Location:
    """The installation a location belongs to, however many units lie between; itself when it is one.

    The database says the same in `sapr_installation_of()`.
    """
    while location.kind == LocationKind.UNIT and location.parent_id:
        location = location.parent
    return location


def post_at(location: Location, role: Role) -> Post | None:
    """The post of that role at exactly that location."""
    return Post.objects.filter(location=location, role=role).select_related("location").first()


def names_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names shown for user ids; unknown ids are absent."""
    return dict(User.objects.filter(pk__in={*ids} - {None}).values_list("pk", "display_name"))


def places_by_role(user: User, at: datetime) -> dict[str, set[UUID]]:
    """The installations (or commands) at which the user holds each role at an instant."""
    found: dict[str, set[UUID]] = {}
    for role, place in _held(user, at):
        found.setdefault(role, set()).add(place)
    return found


def installations_of(user: User, at: datetime, roles: Iterable[str]) -> list[Location]:
    """The installations at which the user holds one of the roles, by name."""
    wanted = set(roles)
    found = {installation_of(each.post.location) for each in in_force(user, at) if each.post.role in wanted}
    return sorted(
        (each for each in found if each.kind == LocationKind.INSTALLATION), key=lambda each: each.name
    )


def _places_under(installations: Iterable[Location]) -> set[UUID]:
    """The installations and every unit below them, a unit's own units included: `installation_of` read downwards."""
    found: set[UUID] = set()
    level = {each.pk for each in installations}
    while level:
        found |= level
        units = Location.objects.filter(kind=LocationKind.UNIT, parent_id__in=level)
        level = set(units.values_list("pk", flat=True)) - found
    return found


def posts_under(installations: Iterable[Location], role: Role) -> QuerySet[Post]:
    """The posts of that role at the installations and their units, by title."""
    return (
        Post.objects.filter(location_id__in=_places_under(installations), role=role)
        .select_related("location")
        .order_by("title")
    )


def holders_under(installation: Location, role: Role, at: datetime) -> QuerySet[User]:
    """The active people who hold that role at the installation or one of its units, by name."""
    held = Appointment.objects.filter(current(at), post__in=posts_under([installation], role))
    return User.objects.filter(is_active=True, appointments__in=held).distinct().order_by("display_name")


def user_named(username: str) -> User | None:
    """The account of that user name; None when there is none."""
    return User.objects.filter(username=username).first()


def people() -> QuerySet[User]:
    """Everybody with an account."""
    return User.objects.order_by("display_name", "username")


def linkable(by: User) -> set[UUID]:
    """Whom this programme manager may make an enrolment link for. Asked with them as the viewer, as below."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM accounts_user WHERE is_active AND password LIKE '!%%' AND accounts_links_for(%s, id)",
            [by.pk],
        )
        return {row[0] for row in cursor.fetchall()}


def locations() -> QuerySet[Location]:
    """Every location."""
    return Location.objects.select_related("parent").order_by("name")


def posts() -> QuerySet[Post]:
    """Every post, by location and title."""
    return Post.objects.select_related("location", "next_higher").order_by("location__name", "title")


def appointments(at: datetime) -> QuerySet[Appointment]:
    """Approved appointments that have not ended by the instant, those to come included."""
    open_now = Appointment.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at), state=AppointmentState.APPROVED
    )
    return open_now.select_related("user", "post", "post__location").order_by(
        "post__title", "user__display_name"
    )


def posts_with_inbox(installations: Iterable[Location]) -> QuerySet[Post]:
    """The posts that notices of these installations may be addressed to, the next higher ones included."""
    roles = [Role.SENIOR_COMMANDER, Role.UNIT_COMMANDER, Role.MCIO]
    own = Post.objects.filter(location_id__in=_places_under(installations), role__in=roles)
    above = own.exclude(next_higher=None).values("next_higher_id")
    return Post.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=above)).order_by("title")


def programme_managers(at: datetime) -> QuerySet[User]:
    """The active people who are programme manager at the instant, by user name."""
    held = Appointment.objects.filter(current(at), post__role=Role.PROGRAMME_MANAGER)
    return User.objects.filter(is_active=True, appointments__in=held).distinct().order_by("username")


def programme_manager(at: datetime) -> User | None:
    """One of the programme managers in force at the instant, for checks that read the system's own chain."""
    return programme_managers(at).first()


def appointments_waiting() -> QuerySet[Appointment]:
    """Proposed appointments that wait for a second person, oldest first."""
    rows = Appointment.objects.filter(state=AppointmentState.PROPOSED)
    return rows.select_related("user", "post", "post__location", "proposed_by").order_by("proposed_at", "id")


def is_second_person(proposal, person: User) -> bool:
    """Whether the database lets this person decide what another proposed (`proposed_by_id`, `proposed_at`).

    Asked with a programme manager as the viewer: nobody else sees the chain that tells who stands behind whom.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sapr_second_person(%s, %s, %s)",
            [proposal.proposed_by_id, proposal.proposed_at, person.pk],
        )
        return cursor.fetchone()[0] and person.pk != proposal.proposed_by_id


def may_approve(appointment: Appointment, person: User) -> bool:
    """Whether this person may approve the appointment: a second person, and not for themselves."""
    return person.pk != appointment.user_id and is_second_person(appointment, person)


def proposer_stands(appointment: Appointment, at: datetime) -> bool:
    """Whether whoever proposed it is a programme manager still; else it can only be refused."""
    return Role.PROGRAMME_MANAGER in roles_of(appointment.proposed_by, at)


def zone_of_work(user: User) -> str:
    """The zone of the first installation at which the user has a post, certified or not; else UTC."""
    held = Appointment.objects.filter(user=user, state=AppointmentState.APPROVED).select_related(
        "post__location"
    )
    for row in held.order_by("starts_at"):
        place = installation_of(row.post.location)
        if place.kind == LocationKind.INSTALLATION:
            return place.zone
    return "UTC"
