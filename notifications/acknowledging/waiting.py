"""The waiting for an acknowledgement, from composing to placing: in whichever role composes and places."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import Post
from notifications.acknowledging.models import Acknowledgement
from reports import policy
from reports.adoption.selectors import basis
from reports.election.models import Case
from reports.obligations.services import open_planned
from sapr.making import made


def expected(notice, posts: list[Post]) -> Acknowledgement:
    """The waiting for a notice that is being composed; to be saved after it. The alternate's text is sealed with it.

    `notice`: not saved yet, its details in clear; `posts`: its ladder, the best first.
    """
    later = posts[posts.index(notice.post) + 1 :] or posts[-1:]
    return made(
        Acknowledgement,
        notice_id=notice.pk,
        case_id=notice.case_id,
        details=notice.details,
        ladder=notice.ladder,
        zone=later[0].location.zone,
    )


def begin(*, notice, post: Post, event: UUID, kind: str, actor, at: datetime) -> None:
    """The notice stands in that post's inbox: its addressee is to acknowledge it (DN-50), and is chased (DN-52).

    `event`, `kind`: that it was placed. Part of placing it, in the same transaction.
    """
    waiting = Acknowledgement.objects.filter(notice=notice).first()
    if waiting is None:
        # Made by other hands than the composer's: it stands in the inbox all the same.
        return
    due = policy.chase(at, waiting.zone)
    Acknowledgement.objects.filter(pk=waiting.pk).update(
        ladder=notice.ladder,
        post_id=post.pk,
        placed_at=at,
        nudge_at=due.nudge_at,
        alternate_at=due.alternate_at,
        telephone_at=due.telephone_at,
        look_at=due.nudge_at,
    )
    plan = planned(kind, at, waiting.zone)
    case = Case(pk=notice.case_id)
    open_planned(case=case, plan=plan, event=event, about=notice.pk, actor=actor, at=at)


def planned(kind: str, at: datetime, zone: str) -> policy.DutyPlan:
    """What such an event opens and ends, by the settings in force then; nothing of the case is read for it."""
    found = basis(service=None, on=at.astimezone(ZoneInfo(zone)).date(), at=at)
    return policy.duties(kind, {}, at=at, zone=zone, profile=found.profile, adopted=found.adopted)
