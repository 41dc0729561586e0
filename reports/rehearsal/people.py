"""Who holds the posts, and whose appointment or certification ends on the way. Directory data, no case."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from accounts.models import (
    CERTIFIED_ROLES,
    Appointment,
    AppointmentState,
    Certification,
    Location,
    Role,
    User,
)
from accounts.selectors import current, installation_of

# The policy's word for a role, where the post's is called otherwise.
POST_ROLES = {"installation_or_senior_commander": Role.SENIOR_COMMANDER.value}


class Held(NamedTuple):
    """Somebody on a post, by the installation it belongs to."""

    user_id: UUID
    role: str
    installation_id: UUID
    title: str


class Lapse(NamedTuple):
    """An end that is known already. `what`: `appointment` or `certification`; `user_id` is told to that person only."""

    at: datetime
    what: str
    title: str
    user_id: UUID


def places() -> dict[UUID, Location]:
    """Every location by its id."""
    return {place.pk: place for place in Location.objects.select_related("parent")}


def holders(at: datetime) -> list[Held]:
    """Everybody who holds a post at an instant, by what is appointed and certified now."""
    rows = Appointment.objects.filter(current(at), user__is_active=True).select_related("post__location")
    return [
        Held(row.user_id, row.post.role, installation_of(row.post.location).pk, row.post.title)
        for row in rows.order_by("post__title", "user_id")
    ]


def lapses(now: datetime, until: datetime) -> list[Lapse]:
    """The appointments and certifications that end in that time and that nothing recorded follows, soonest first."""
    approved = Appointment.objects.filter(state=AppointmentState.APPROVED, user__is_active=True)
    ending = approved.filter(ends_at__gt=now, ends_at__lte=until).select_related("post")
    found = [
        Lapse(row.ends_at, "appointment", row.post.title, row.user_id)
        for row in ending
        if not approved.filter(_standing(row.ends_at), user=row.user_id, post=row.post_id).exists()
    ]
    certified = Certification.objects.filter(revoked_at=None, user__is_active=True)
    for row in certified.filter(ends_at__gt=now, ends_at__lte=until):
        if certified.filter(_standing(row.ends_at), user=row.user_id).exists():
            continue
        held = approved.filter(_standing(row.ends_at), user=row.user_id, post__role__in=CERTIFIED_ROLES)
        titles = held.order_by("post__title").values_list("post__title", flat=True)
        found += [Lapse(row.ends_at, "certification", title, row.user_id) for title in titles]
    return sorted(found, key=lambda each: (each.at, each.what, each.title))


def _standing(at: datetime) -> Q:
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


def vacated(now: datetime, ends: Iterable[Lapse]) -> list[tuple[datetime, str]]:
    """(instant, title) of each post held now that nobody holds any more from that lapse on."""
    held_now = {each.title for each in holders(now)}
    found: dict[str, datetime] = {}
    for end in ends:
        if end.title in held_now and end.title not in found:
            left = {each.title for each in holders(end.at)}
            if end.title not in left:
                found[end.title] = end.at
    return sorted((at, title) for title, at in found.items())


def own(ends: Iterable[Lapse], user: User) -> list[Lapse]:
    """Those of one person."""
    return [each for each in ends if each.user_id == user.pk]
