"""Placing a notice: the inbox row, the event and the discharged duty, in one transaction."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Appointment, Post, User
from accounts.selectors import current
from notifications.acknowledging.waiting import begin
from notifications.decisions import decision, superseded, taken_back, unlooked
from notifications.finer.standing import stands
from notifications.lateness.beating import reason as why_late
from notifications.models import DecisionStage, InboxItem, Notice, NoticeKind, NoticeState, Reminder
from notifications.strength.rung_models import MINIMAL
from reports import policy
from reports.ledger.services import append
from reports.obligations.models import Duty, DutyState
from reports.obligations.services import discharge
from sapr.written import write_together

PLACED_EVENT = {
    NoticeKind.RESTRICTED: "commander_notice_placed",
    NoticeKind.DETAILS: "commander_details_placed",
    NoticeKind.MCIO: "mcio_notice_placed",
    NoticeKind.UNIT: "unit_commander_notice_placed",
}


@transaction.atomic(savepoint=False)
def place(*, notice: Notice, actor, at: datetime) -> InboxItem:
    """Put the notice into its addressee's inbox and discharge its duty: both or neither, once.

    What was released is placed; without a release, MINIMAL (Restricted) or the details (Unrestricted, at
    once). It goes to the first post of its ladder with a holder who held it when the notice was composed: who
    came since was not checked against the people involved. Another post than the one the words were chosen for
    gets MINIMAL, and so does everybody once the strength tables no longer carry the words, what they drew on was
    corrected, or finer words stand no longer. `at`: now. Safe in the worker: a sealed text is moved, never opened.
    """
    slot = notice.slot if notice.state == NoticeState.RELEASED else notice.last_slot
    if notice.kind != NoticeKind.RESTRICTED:
        slot = at
    post = first_held([Post(pk=UUID(pk)) for pk in notice.ladder], at, since=notice.composed_at)
    released = notice.state == NoticeState.RELEASED and post.pk == notice.post_id
    # Nobody is left who could be told when it was composed: whoever comes next gets MINIMAL.
    released = released and held(post, at, since=notice.composed_at)
    body = notice.minimal
    if notice.kind == NoticeKind.RESTRICTED:
        released = released and not (superseded(notice) or unlooked(notice, at) or taken_back(notice))
        released = released and stands(notice, notice.released_sha256, at)
        body, rung = (notice.wording, notice.rung) if released else (notice.minimal, MINIMAL)
        _decided(notice, rung=rung, text=body, slot=slot, at=at)
    item = InboxItem(
        id=notice.pk,
        post=post,
        kind=notice.kind,
        slot=slot,
        body=body,
        details=notice.details,
        case_id=None if notice.kind == NoticeKind.RESTRICTED else notice.case_id,
    )
    # The primary key is the notice's: a second placing fails here, and nothing of it remains.
    item.save(force_insert=True)
    Notice.objects.filter(pk=notice.pk).update(state=NoticeState.PLACED, placed_at=at, look_at=None)
    Reminder.objects.filter(notice=notice, over_at=None).update(over_at=at)
    data = {"notice": str(notice.pk), "post": str(post.pk), "slot": slot.isoformat()}
    if notice.kind == NoticeKind.RESTRICTED:
        data["rung"] = rung
    event = append(
        case_id=notice.case_id,
        kind=PLACED_EVENT[NoticeKind(notice.kind)],
        actor=actor,
        at=at,
        data=data,
    )
    duty = Duty.objects.get(pk=notice.duty_id)
    if duty.state == DutyState.OPEN:
        reason = duty.reason or (
            "" if duty.immediate or at <= duty.due_at else why_late(notice.last_slot, at)
        )
        discharge(duty=duty, event=event, actor=actor, at=at, reason=reason)
    begin(
        notice=notice, post=post, event=event, kind=PLACED_EVENT[NoticeKind(notice.kind)], actor=actor, at=at
    )
    return item


def _decided(notice: Notice, *, rung: str, text: str, slot: datetime, at: datetime) -> None:
    """The decision of the placing: what was released, by whom and confirmed how, where that is what is placed."""
    release = notice.decisions.filter(stage=DecisionStage.RELEASED).first() if rung != MINIMAL else None
    placed = decision(
        notice=notice,
        stage=DecisionStage.PLACED,
        rung=rung,
        text=text,
        slot=slot,
        approvers=tuple(User(pk=pk) for pk in release.approvers) if release else (),
        coarsened=release.coarsened if release else False,
        confirm_rule=release.confirm_rule if release else "",
        at=at,
    )
    write_together(placed)


def first_held(posts: list[Post], at: datetime, *, since: datetime | None = None) -> Post:
    """The first of the posts that somebody holds, and held at `since`; the first of all when there is none."""
    known = set(_held(posts, at, since))
    return next((post for post in posts if post.pk in known), posts[0])


def held(post: Post, at: datetime, *, since: datetime | None = None) -> bool:
    """Whether somebody holds the post, and held it at `since`."""
    return _held([post], at, since).exists()


def _held(posts: list[Post], at: datetime, since: datetime | None):
    """The ids of those posts."""
    found = Appointment.objects.filter(current(at), post__in=posts, user__is_active=True)
    return found.filter(starts_at__lte=since or at).values_list("post_id", flat=True)


def nudge(post: Post, *, key: str, at: datetime) -> datetime | None:
    """When the post's holders are next asked to sign in; None while the post is vacant or its role gets no mail.

    Nothing goes out because of this: a mail that came for a reason would tell that there was one (threat T02). The
    constant mail is the nudge, and what is urgent stands on *Today*. `key` names the occasion and leaves nothing.
    """
    if not Appointment.objects.filter(current(at), post=post, user__is_active=True).exists():
        return None
    # The worker's callers know no more of a post than its id, and may read no more of a place than its zone.
    role, zone = Post.objects.values_list("role", "location__zone").get(pk=post.pk)
    return policy.next_mail(at, zone, role=role)
