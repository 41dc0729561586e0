"""Reads about staff: who holds what now. Directory data, no case content."""

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import Appointment, Location, LocationKind, Post, Role, User


def current(at: datetime) -> Q:
    """Appointments in force at an instant."""
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


def appointments_of(user: User, at: datetime) -> QuerySet[Appointment]:
    """The user's appointments in force; none for a user who may not sign in."""
    if not user.is_active:
        return Appointment.objects.none()
    return Appointment.objects.filter(current(at), user=user).select_related("post", "post__location")


def roles_of(user: User, at: datetime) -> frozenset[str]:
    """The roles the user holds at an instant."""
    return frozenset(appointments_of(user, at).values_list("post__role", flat=True))


def posts_of(user: User, at: datetime) -> list[Post]:
    """The posts whose inbox the user reads at an instant."""
    return [a.post for a in appointments_of(user, at).order_by("post__title")]


def holders_of(post: Post, at: datetime) -> QuerySet[User]:
    """The active people who hold the post at an instant; empty means vacant."""
    held = Appointment.objects.filter(current(at), post=post)
    return User.objects.filter(is_active=True, appointments__in=held).distinct()


def installation_of(location: Location) -> Location:
    """The installation a location belongs to; itself when it is one."""
    while location.kind == LocationKind.UNIT and location.parent_id:
        location = location.parent
    return location


def post_at(location: Location, role: Role) -> Post | None:
    """The post of that role at exactly that location."""
    return Post.objects.filter(location=location, role=role).select_related("location").first()
