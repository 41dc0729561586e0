"""Whether the posts are filled: vacancies, certifications, how many SARCs and SAPR VAs each installation has."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from accounts.models import CERTIFIED_ROLES, Appointment, AppointmentState, Certification, Post, User
from accounts.places import InstallationOf
from accounts.selectors import certified, current, posts


def vacant_posts(at: datetime) -> QuerySet[Post]:
    """Posts that nobody active holds at the instant."""
    held = Appointment.objects.filter(current(at), user__is_active=True).values("post_id")
    return posts().exclude(pk__in=held)


def certifications(at: datetime) -> QuerySet[Certification]:
    """Certifications that stand at the instant or will, those that lapse first in front."""
    rows = Certification.objects.filter(revoked_at=None, ends_at__gt=at)
    return rows.select_related("user").order_by("ends_at", "user__display_name")


def certification_of(user: User, at: datetime) -> Certification | None:
    """The certification in force; None when there is none or it was revoked."""
    return Certification.objects.filter(certified(at), user=user).order_by("-ends_at").first()


def advocates_without(at: datetime) -> QuerySet[User]:
    """Active people who are appointed SARC or SAPR VA at the instant and have no certification in force."""
    held = Appointment.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at),
        state=AppointmentState.APPROVED,
        starts_at__lte=at,
        post__role__in=CERTIFIED_ROLES,
    )
    rows = User.objects.filter(is_active=True, appointments__in=held).distinct()
    return rows.exclude(pk__in=Certification.objects.filter(certified(at)).values("user_id")).order_by(
        "display_name"
    )


def advocates_by_place(at: datetime) -> dict[tuple[UUID, str], int]:
    """How many active people hold each certified role at each installation or its units at an instant.

    Keys are (id of the installation, role); who nobody holds has no key.
    """
    held = Appointment.objects.filter(current(at), post__role__in=CERTIFIED_ROLES, user__is_active=True)
    rows = held.values_list(InstallationOf(F("post__location_id")), "post__role")
    counted = rows.annotate(people=Count("user_id", distinct=True)).order_by()
    return {(place, role): people for place, role, people in counted}
