"""Releasing a notice; reading and acknowledging what lies in an inbox."""

import secrets
from datetime import datetime
from uuid import UUID

from notifications.decisions import decision, digest_of, superseded
from notifications.finer import standing as finer_words
from notifications.models import DecisionStage, InboxItem, Notice, NoticeKind, NoticeState, Reminder
from notifications.selectors import inbox, notice_for
from notifications.strength.rung_models import MINIMAL
from reports import access, policy
from reports.ledger.services import append, append_system
from reports.vault.services import open_sealed
from sapr.errors import DomainError, NotFoundError
from sapr.written import write_together

# The row with the numbers of people from which words are released, and from which they are confirmed.
CONFIRM_RULE = "DN-03"


@access.service
def notice_release(
    *, actor, notice_id: UUID, minimal: bool, bytes_seen: str, at: datetime, confirmed: bool = False
) -> Notice:
    """The SARC releases the exact bytes seen; a slot is drawn uniformly among those left (threats 5.4).

    `bytes_seen`: SHA-256 hex of the wording on the screen. It must be that of the notice's words, of a coarser wording
    of the ladder, of finer words that two persons approved and that stand (rule DN-27) or, with `minimal`, of MINIMAL;
    anything else is refused. `confirmed`: no local knowledge breaks it, which is needed where few people could be meant
    (rule DN-03); without it only MINIMAL is released.
    """
    notice = notice_for(actor, notice_id, "release_notice")
    if notice.kind != NoticeKind.RESTRICTED or notice.state != NoticeState.COMPOSED:
        raise DomainError("not_waiting", "This notice is not waiting for release.", status=409)
    rung, wording = _seen(notice, minimal, bytes_seen)
    finer = finer_words.require_standing(notice, bytes_seen, at)
    needs = needs_confirmation(notice, rung)
    if needs and not confirmed:
        raise DomainError(
            "confirmation_needed",
            "Few people could be meant. Confirm that no local knowledge breaks it, or release MINIMAL.",
            path="confirmed",
            rule=CONFIRM_RULE,
        )
    slots = policy.slots_after(at, notice.last_slot, notice.case.installation.zone)
    if not slots:
        raise DomainError("no_slot_left", "The last slot has passed; MINIMAL is being placed.", status=409)
    slots = finer_words.slots_before_end(finer, slots)
    slot = secrets.choice(slots)
    composed = notice.decisions.filter(stage=DecisionStage.COMPOSED).first()
    released = decision(
        notice=notice,
        stage=DecisionStage.RELEASED,
        rung=rung,
        text=wording,
        slot=slot,
        approvers=finer_words.behind(actor, finer),
        coarsened=composed is not None and composed.coarsened,
        confirm_rule=CONFIRM_RULE if needs else "",
        at=at,
    )
    write_together(released)
    # Its words too: they may have been made anew since they were read here.
    same = {"pk": notice.pk, "state": NoticeState.COMPOSED, "rung": notice.rung, "wording": notice.wording}
    changed = Notice.objects.filter(**same).update(
        state=NoticeState.RELEASED,
        slot=slot,
        look_at=slot,
        wording=wording,
        rung=rung,
        released_by=actor.pk,
        released_sha256=released.sha256,
    )
    if changed != 1:
        raise DomainError("not_waiting", "This notice is not waiting for release.", status=409)
    Reminder.objects.filter(notice=notice).update(over_at=at)
    append(
        case_id=notice.case_id,
        kind="notice_released",
        actor=actor,
        at=at,
        data={
            "notice": str(notice.pk),
            "sha256": released.sha256,
            "slot": slot.isoformat(),
            "decision": str(released.pk),
        },
    )
    notice.refresh_from_db()
    return notice


def needs_confirmation(notice: Notice, rung: str) -> bool:
    """Whether words of that rung need the SARC's word that no local knowledge breaks them (rule DN-03)."""
    if rung == MINIMAL or notice.unit_rung is None:
        return False
    finer = finer_words.approved(notice)
    if finer is not None and finer.rung == rung:
        return finer.k < policy.wording_numbers("thresholds")["send_at_least"]
    return notice.unit_rung.confirm


def _seen(notice: Notice, minimal: bool, bytes_seen: str) -> tuple[str, str]:
    """(rung, text) of the wording with that digest among those that may be released."""
    if minimal:
        offered = [(MINIMAL, notice.minimal)]
    else:
        offered = [(notice.rung, notice.wording), *((each["rung"], each["text"]) for each in notice.choices)]
        finer = finer_words.approved(notice)
        offered += [(finer.rung, finer.text)] if finer else []
    found = next((each for each in offered if digest_of(each[1]) == bytes_seen), None)
    if found is None:
        raise DomainError(
            "bytes_changed", "The wording changed since you read it. Read it again.", status=409
        )
    if found[0] != MINIMAL and superseded(notice):
        raise DomainError(
            "rung_superseded",
            "A newer strength table no longer carries these words. Release MINIMAL.",
            status=409,
            rule=CONFIRM_RULE,
        )
    return found


@access.service
def inbox_open(*, actor, item_id: UUID, at: datetime) -> tuple[InboxItem, str]:
    """A notice in the viewer's own inbox, in clear. Opening a sealed one is an event of its case."""
    item = _own_item(actor, item_id, at)
    if item.details is None:
        return item, item.body
    access.require_within_limit(actor, at)
    return item, open_sealed(record=item, actor=actor, purpose="inbox", at=at)["details"]


@access.service
def inbox_acknowledge(*, actor, item_id: UUID, at: datetime) -> InboxItem:
    """The holder of the post says: read. Once."""
    item = _own_item(actor, item_id, at)
    changed = InboxItem.objects.filter(pk=item.pk, acknowledged_at=None).update(
        acknowledged_at=at, acknowledged_by=actor.pk
    )
    if changed != 1:
        raise DomainError("already_acknowledged", "This notice is acknowledged already.", status=409)
    # On the system's own chain: a Restricted item knows no case.
    append_system(
        kind="notice_acknowledged",
        actor=actor,
        at=at,
        data={"notice": str(item.pk), "post": str(item.post_id)},
    )
    item.refresh_from_db()
    return item


def _own_item(actor, item_id: UUID, at: datetime) -> InboxItem:
    item = inbox(viewer=actor, at=at).filter(pk=item_id).first()
    if item is None:
        raise NotFoundError
    return item
