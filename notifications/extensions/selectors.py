"""Reads of deployed places and standing grants: a commander's own, and those a SARC may use."""

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import Post, Role
from accounts.selectors import posts_of
from notifications.extensions.models import Deployment, Extension, ExtensionGrant
from notifications.models import Notice, NoticeKind, NoticeState
from reports import access


def deployed(at: datetime) -> Q:
    """Deployments in force at an instant."""
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


def deployments() -> QuerySet[Deployment]:
    """Every place that is or was deployed, those in force first. Directory data."""
    return Deployment.objects.select_related("location").order_by("ends_at", "-starts_at", "id")


def is_deployed(location, at: datetime) -> bool:
    """Whether the place was deployed at that instant."""
    return Deployment.objects.filter(deployed(at), location=location).exists()


def own_grants(*, viewer, at: datetime) -> QuerySet[ExtensionGrant]:
    """The grants of the viewer's own posts, newest first; ended ones too. Nothing in them tells of a use."""
    found = access.rows(viewer, "grant_extension", ExtensionGrant, at).select_related("post", "location")
    return found.order_by("-starts_at", "id")


def granting_posts(viewer, at: datetime) -> list[Post]:
    """The posts in whose name the viewer may grant."""
    return [post for post in posts_of(viewer, at) if post.role == Role.SENIOR_COMMANDER]


def grant_in_force(*, viewer, location, at: datetime, now: datetime) -> ExtensionGrant | None:
    """The grant that stood for the place at an instant (the report's), as a SARC of the place sees it."""
    rows = access.rows(viewer, "use_extension", ExtensionGrant, now)
    stood = Q(granted_at__lte=at, starts_at__lte=at, ends_at__gt=at) & (
        Q(revoked_at=None) | Q(revoked_at__gt=at)
    )
    return rows.filter(stood, location=location).first()


def extension_of(*, viewer, notice: Notice) -> Extension | None:
    """That a grant was used for a notice of the viewer's cases."""
    return access.rows(viewer, "case_view", Extension).filter(notice=notice).first()


def may_extend(*, viewer, notice: Notice, at: datetime) -> bool:
    """Whether the page offers to use a grant: the notice waits, and one stood when the report was made."""
    if notice.kind != NoticeKind.RESTRICTED or notice.state != NoticeState.COMPOSED:
        return False
    signed, place = notice.case.report.signed_at, notice.case.installation
    return (
        grant_in_force(viewer=viewer, location=place, at=signed, now=at) is not None
        and extension_of(viewer=viewer, notice=notice) is None
    )
