"""What the sweep does about notices that were placed: settles those acknowledged, and goes one step further with the
others. In the worker's role, which sees neither case nor content: ids, instants and words of lists.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Appointment, Post
from accounts.selectors import current
from notifications.acknowledging.models import Acknowledgement, ChaseStep, Receipt
from notifications.acknowledging.waiting import planned
from notifications.models import InboxItem
from notifications.placing import nudge
from reports.election.models import Case
from reports.ledger.services import append
from reports.obligations.services import close_planned, open_planned

ACKNOWLEDGED, UNACKNOWLEDGED = "notice_acknowledged", "notice_unacknowledged"


def due_receipts(now: datetime) -> QuerySet[Receipt]:
    """What was acknowledged and does not stand in its case yet, oldest first."""
    return Receipt.objects.filter(settled_at=None, at__lte=now).order_by("at")


def settle(receipt: Receipt, now: datetime) -> None:
    """The case says when the notice was acknowledged; its duty is done as of then, however late we look."""
    Receipt.objects.filter(pk=receipt.pk).update(settled_at=now)
    found = Acknowledgement.objects.select_for_update(of=("self",)).filter(
        Q(notice_id=receipt.pk) | Q(pk=receipt.pk)
    )
    waiting = found.first()
    if waiting is None:
        return
    event = append(
        case_id=waiting.case_id,
        kind=ACKNOWLEDGED,
        actor=None,
        at=receipt.at,
        data={"notice": str(waiting.notice_id), "post": str(receipt.post_id), "user": str(receipt.by)},
    )
    close_planned(
        case=Case(pk=waiting.case_id),
        plan=planned(ACKNOWLEDGED, receipt.at, waiting.zone),
        event=event,
        about=waiting.notice_id,
        actor=None,
        at=receipt.at,
    )
    if waiting.acknowledged_at is None:
        Acknowledgement.objects.filter(pk=waiting.pk).update(
            acknowledged_at=receipt.at,
            acknowledged_post=receipt.post_id,
            over_at=waiting.over_at or now,
            look_at=None,
        )


def due_chases(now: datetime) -> QuerySet[Acknowledgement]:
    """What nobody acknowledged and is to go one step further, the longest due first."""
    read = Receipt.objects.filter(Q(pk=OuterRef("notice_id")) | Q(pk=OuterRef("pk")))
    found = Acknowledgement.objects.filter(look_at__lte=now)
    return found.exclude(Exists(read)).order_by("look_at")


def chase(waiting: Acknowledgement, now: datetime) -> None:
    """Take the highest step that is due, and that one alone: after downtime nobody is stormed (DN-52)."""
    if waiting.telephone_at <= now:
        _telephone(waiting, now)
    elif waiting.alternate_at <= now:
        _pass_on(waiting, now)
    else:
        _nudge(waiting, now)


def put_off(waiting: Acknowledgement, until: datetime) -> None:
    """Look again at that instant: it failed."""
    Acknowledgement.objects.filter(pk=waiting.pk, over_at=None).update(look_at=until)


def _goes_on(waiting: Acknowledgement, step: ChaseStep, look_at: datetime | None, **more) -> None:
    Acknowledgement.objects.filter(pk=waiting.pk).update(step=step, look_at=look_at, **more)


def _say(waiting: Acknowledgement, kind: str, now: datetime, **more: str):
    data = {"notice": str(waiting.notice_id), **more}
    return append(case_id=waiting.case_id, kind=kind, actor=None, at=now, data=data)


def _nudge(waiting: Acknowledgement, now: datetime) -> None:
    _goes_on(waiting, ChaseStep.NUDGED, waiting.alternate_at)
    nudge(Post(pk=waiting.post_id), key=f"{waiting.notice_id}:{ChaseStep.NUDGED}", at=now)
    _say(waiting, "notice_nudged", now, post=str(waiting.post_id))


def _pass_on(waiting: Acknowledgement, now: datetime) -> None:
    """The alternate finds the notice too: MINIMAL when it is Restricted, for the words were chosen for another post."""
    post = alternate(waiting, now)
    if post is None:
        _goes_on(waiting, ChaseStep.PASSED_ON, waiting.telephone_at)
        return
    notice = waiting.notice
    sealed = waiting.details is not None
    InboxItem(
        id=waiting.pk,
        post=post,
        kind=notice.kind,
        slot=waiting.alternate_at,
        body=notice.minimal,
        details=waiting.details,
        case_id=waiting.case_id if sealed else None,
    ).save(force_insert=True)
    _goes_on(waiting, ChaseStep.PASSED_ON, waiting.telephone_at, passed_to=post.pk)
    nudge(post, key=str(waiting.pk), at=now)
    _say(waiting, "notice_passed_on", now, post=str(post.pk), slot=waiting.alternate_at.isoformat())


def alternate(waiting: Acknowledgement, now: datetime) -> Post | None:
    """The next post of the ladder held by somebody who held it when the notice was composed and not the first as well.

    Who came since was not checked against the people involved, and who holds both posts has it already.
    """
    held = Appointment.objects.filter(current(now), user__is_active=True)
    first = held.filter(post_id=waiting.post_id).values("user_id")
    others = held.filter(starts_at__lte=waiting.notice.composed_at).exclude(user_id__in=first)
    later = waiting.ladder
    if str(waiting.post_id) in later:
        later = later[later.index(str(waiting.post_id)) + 1 :]
    posts = {str(each.pk): each for each in Post.objects.filter(pk__in=later)}
    return next((posts[pk] for pk in later if others.filter(post_id=pk).exists()), None)


def _telephone(waiting: Acknowledgement, now: datetime) -> None:
    """A task for the SARC; the next one is made when a call has reached nobody (`services.notice_telephone`)."""
    _goes_on(waiting, ChaseStep.TELEPHONE, None)
    event = _say(waiting, UNACKNOWLEDGED, now)
    open_planned(
        case=Case(pk=waiting.case_id),
        plan=planned(UNACKNOWLEDGED, now, waiting.zone),
        event=event,
        about=waiting.notice_id,
        actor=None,
        at=now,
    )
