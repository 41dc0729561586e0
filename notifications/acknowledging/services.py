"""Telephoning the addressee of a notice that nobody acknowledged; keeping the alternate apart from who is involved."""

from datetime import datetime
from uuid import UUID

from notifications.acknowledging.models import Acknowledgement, ChaseStep, Outcome
from notifications.addressing import addressees, directory
from notifications.compose import opened
from notifications.models import NoticeState
from notifications.selectors import notice_for
from reports import access, policy
from reports.ledger.services import append
from reports.recording import record
from sapr import clock
from sapr.errors import DomainError


@access.service
def notice_telephone(*, actor, notice_id: UUID, outcome: str, at: datetime) -> Acknowledgement:
    """The SARC telephoned about a notice that waits unacknowledged, and said no more than that it waits (DN-51, DN-52).

    `outcome`: an `Outcome`. Reached: the waiting is over. Otherwise the next task comes after the hours of the policy;
    a call that nobody asked for yet moves nothing.
    `at`: when, after the notice was placed. Refuses a notice that is not placed, or acknowledged or told already.
    """
    notice = notice_for(actor, notice_id, "release_notice")
    if outcome not in Outcome.values:
        raise DomainError("unknown_value", "Choose what came of the call.", path="outcome")
    rows = access.rows(actor, "case_work", Acknowledgement).select_for_update(of=("self",))
    waiting = rows.filter(notice=notice).first()
    if waiting is None or notice.state != NoticeState.PLACED:
        raise DomainError(
            "not_placed", "This notice lies in no inbox yet. There is nothing to telephone about.", status=409
        )
    if waiting.over_at is not None:
        raise DomainError(
            "already_acknowledged", "This notice is acknowledged, or somebody was told already.", status=409
        )
    if at < waiting.placed_at:
        raise DomainError(
            "before_placing", "The call was after the notice was placed. Check the time.", path="at"
        )
    data = {"notice": str(notice.pk), "outcome": outcome}
    record(case=notice.case, kind="notice_telephoned", actor=actor, at=at, data=data, about=notice.pk)
    if outcome == Outcome.REACHED:
        told = {"notice": str(notice.pk)}
        record(case=notice.case, kind="notice_told", actor=actor, at=at, data=told, about=notice.pk)
        waiting.told_at, waiting.over_at, waiting.look_at = at, clock.now(), None
        waiting.save(update_fields=["told_at", "over_at", "look_at"])
    elif waiting.step == ChaseStep.TELEPHONE:
        waiting.telephone_at = waiting.look_at = clock.now() + policy.chase(at, waiting.zone).again_after
        waiting.save(update_fields=["telephone_at", "look_at"])
    return waiting


def on_involved_changed(*, case, actor, at: datetime) -> None:
    """The hook's listener: nobody who is now known to be involved is the alternate of a notice that was placed.

    What is not placed yet is `compose`'s to keep away; its waiting takes that ladder over when it is placed.
    """
    now = clock.now()
    rows = Acknowledgement.objects.filter(
        case=case, placed_at__isnull=False, over_at=None, passed_to=None
    ).select_related("notice")
    waiting = list(rows.select_for_update(of=("self",)))
    if not waiting:
        return
    known = opened(case, actor, now)
    held = directory(case, known, now)
    for each in waiting:
        recipient = policy.notice_spec(each.notice.kind).recipient
        fresh = {str(post.pk) for post in addressees(case, recipient, known, held)}
        ladder = [pk for pk in each.ladder if pk in fresh or pk == str(each.post_id)]
        if ladder != each.ladder:
            Acknowledgement.objects.filter(pk=each.pk).update(ladder=ladder)
            data = {"notice": str(each.notice_id)}
            append(case_id=case.pk, kind="notice_rerouted", actor=actor, at=now, data=data)
