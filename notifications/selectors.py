"""Reads of notices, reminders and inboxes, as seen by a viewer."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.selectors import posts_of
from notifications.models import InboxItem, Notice, NoticeState, Reminder
from reports import access
from sapr.errors import NotFoundError


def notices(*, viewer) -> QuerySet[Notice]:
    """The notices of the viewer's cases, those that wait longest first."""
    found = Notice.objects.filter(case_id__in=access.case_ids(viewer))
    return found.select_related("case", "case__installation", "post").order_by("last_slot", "id")


def notices_waiting(*, viewer) -> QuerySet[Notice]:
    """The notices of the viewer's cases that still need a release."""
    return notices(viewer=viewer).filter(state=NoticeState.COMPOSED)


def notice_for(viewer, notice_id: UUID, verb: str = "case_view") -> Notice:
    """One notice of the viewer's cases, for a verb; NotFoundError otherwise."""
    notice = notices(viewer=viewer).filter(pk=notice_id).first()
    if notice is None:
        raise NotFoundError
    access.require_on(viewer, notice.case, verb)
    return notice


def inbox(*, viewer, at: datetime) -> QuerySet[InboxItem]:
    """What lies in the inboxes of the posts the viewer holds now, newest slot first."""
    held = [post.pk for post in posts_of(viewer, at)]
    found = InboxItem.objects.filter(post_id__in=held).select_related("post", "post__location")
    return found.order_by("-slot", "id")


def reminders_shown(*, viewer, at: datetime) -> QuerySet[Reminder]:
    """Reminders that came due for the viewer's posts and whose notice still waits."""
    held = [post.pk for post in posts_of(viewer, at)]
    return Reminder.objects.filter(post_id__in=held, shown=True, over_at=None).order_by("due_at")


def reminded_notices(*, viewer, at: datetime) -> int:
    """How many notices the viewer's posts are being reminded of; no more is known about them here."""
    return reminders_shown(viewer=viewer, at=at).values("notice_id").distinct().count()


def case_notices(*, viewer, case) -> QuerySet[Notice]:
    """The notices of one of the viewer's cases."""
    return notices(viewer=viewer).filter(case=case)
