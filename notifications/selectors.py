"""Reads of notices, reminders and inboxes, as seen by a viewer."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Location, Post
from notifications.models import (
    DecisionStage,
    InboxItem,
    Notice,
    NoticeDecision,
    NoticeKind,
    NoticeState,
    Reminder,
)
from reports import access, policy
from sapr.desk import even
from sapr.errors import NotFoundError

# The id of a row that is only drawn.
NOTHING = UUID(int=0)


def notices(*, viewer) -> QuerySet[Notice]:
    """The notices of the cases the viewer works on, those that wait longest first."""
    return _notices(viewer, "case_work", few=False)


def _notices(viewer, verb: str, *, few: bool = True) -> QuerySet[Notice]:
    return _shown(access.rows(viewer, verb, Notice, few=few))


def _shown(found: QuerySet[Notice]) -> QuerySet[Notice]:
    found = found.select_related("case", "case__installation", "post").order_by("last_slot", "id")
    return found.defer("choices")  # a page long; only who reviews one notice reads them


def notices_waiting(*, viewer) -> QuerySet[Notice]:
    """The notices of the viewer's cases that still need a release."""
    return _notices(viewer, "case_work").filter(state=NoticeState.COMPOSED)


def taken_back(*, viewer, at: datetime) -> QuerySet[Notice]:
    """The notices whose released words a correction took back: those that wait for their slot, and of the last days.

    As many days as an alarm is shown; for whoever releases notices, the newest slot first.
    """
    days = policy.access_rules(at.date()).limits["alarm_shown_days"]
    found = _notices(viewer, "release_notice").filter(recomposings__takes_back=True)
    lately = Q(placed_at=None) | Q(placed_at__gt=at - timedelta(days=days))
    return found.filter(lately).distinct().order_by("-slot", "id")


def notice_for(viewer, notice_id: UUID, verb: str = "case_view") -> Notice:
    """One notice of the viewer's cases, for a verb; NotFoundError otherwise."""
    notice = _notices(viewer, "case_view").filter(pk=notice_id).first()
    if notice is None:
        raise NotFoundError
    access.require_on(viewer, notice, verb)
    return notice


def inbox(*, viewer, at: datetime) -> QuerySet[InboxItem]:
    """What lies in the inboxes of the posts the viewer holds now, newest slot first."""
    found = access.rows(viewer, "read_inbox", InboxItem, at).select_related("post", "post__location")
    return found.order_by("-slot", "id")


def inbox_page(*, viewer, at: datetime, first: int, posts: list[Post]) -> list[InboxItem]:
    """`even.ROWS` rows of the inbox from the one of that number on, blank ones among them, without what they hold.

    A list shows none of that, and takes as long for whatever it is: the posts are not read with each item. `posts`:
    those the viewer holds.
    """
    held = {post.pk: post for post in posts}
    found = inbox(viewer=viewer, at=at).select_related(None).defer("body", "details")
    items = list(found[first : first + even.ROWS])
    for item in items:
        item.post = held[item.post_id]
    post = posts[0] if posts else Post(location=Location(zone="UTC"))
    return even.rows(items, lambda: InboxItem(id=NOTHING, kind=NoticeKind.RESTRICTED, slot=at, post=post))


def reminders_shown(*, viewer, at: datetime) -> QuerySet[Reminder]:
    """Reminders that came due for the viewer's posts and whose notice still waits."""
    found = access.rows(viewer, "see_reminders", Reminder, at)
    return found.filter(shown=True, over_at=None).order_by("due_at")


def reminded_notices(*, viewer, at: datetime) -> int:
    """How many notices the viewer's posts are being reminded of; no more is known about them here."""
    return reminders_shown(viewer=viewer, at=at).values("notice_id").distinct().count()


def case_notices(*, viewer, case) -> QuerySet[Notice]:
    """The notices of one of the viewer's cases."""
    return _shown(access.of_case(viewer, "case_view", Notice, case))


def last_decisions(told: Iterable[Notice]) -> dict[UUID, NoticeDecision]:
    """What was last decided about the words of each of these notices, by the notice's id (Restricted ones alone)."""
    wanted = [each.pk for each in told if each.kind == NoticeKind.RESTRICTED]
    rows = list(NoticeDecision.objects.filter(notice__in=wanted)) if wanted else []
    in_order = (DecisionStage.COMPOSED, DecisionStage.RELEASED, DecisionStage.PLACED)
    return {row.notice_id: row for row in sorted(rows, key=lambda row: in_order.index(row.stage))}
