"""What the rules make due in a case of the world, done by the people on it: most of it in time, some of it late."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from notifications.models import NoticeKind
from reports import policy
from reports.casework import services as casework
from reports.casework.events import STEPS
from reports.obligations.models import Duty, DutyState
from reports.obligations.turns import open_of
from sapr.world import custody, history, moving, protection
from sapr.world.life import Life, Step

MINUTES, DAYS = timedelta(minutes=1), timedelta(days=1)
LATE = (1 * DAYS, 5 * DAYS)
# What is done in time in a published share of its own.
IN_TIME = {
    "transfer_decided": "transfer_decided_in_time",
    "transfer_review_decided": "transfer_decided_in_time",
    "transfer_carried_out": "transfer_moved_in_time",
}
# What the rules admit alone (CMG-32, AG-06), and what a victim answers who does not convert; the rest is chance.
ANSWERS = {
    "monthly_update_given": {"by": "commander"},
    "safety_assessed": {"assessor": "trained", "risk": "not_high"},
    "conversion_asked": {"answer": "stay_restricted"},
}


def new(life: Life, now: datetime) -> Iterator[Step]:
    """The steps of what became due since this was asked last. The viewer is the life's SARC."""
    # The group's review is no duty of one case: the month's meeting does it (`sapr.world.meetings`).
    found = [each for each in open_of(life.case.pk) if each.discharged_by != "cmg_held"]
    found.sort(key=lambda each: (each.due_at, each.kind))
    for duty in found:
        if duty.pk in life.known_duties:
            continue
        life.known_duties.add(duty.pk)
        at = _when(life, duty, now)
        if duty.discharged_by == "transfer_carried_out":
            yield now + (at - now) / 2, protection.ordered(duty)
        yield at, _doing(duty)
        if duty.discharged_by == "documents_moved":
            yield from moving.answers(life, at)


def _when(life: Life, duty: Duty, now: datetime) -> datetime:
    """When this duty is done. A notice is never late: nothing of the past may be left for a sweep to find."""
    name = f"{duty.kind}/{duty.due_at.isoformat()}"
    if duty.immediate:
        return now + life.between(name, 10 * MINUTES, 50 * MINUTES)
    if duty.kind == NoticeKind.RESTRICTED:
        slots = policy.slots_after(
            now, policy.last_slot(now, life.place.location.zone), life.place.location.zone
        )
        return life.rng(name).choice(slots) if slots else now
    if duty.discharged_by == "conversion_asked":
        # Not before the day of the mark (EV-13), by the installation's calendar.
        local = duty.due_at.astimezone(life.zone)
        return duty.due_at - life.between(name, 0 * MINUTES, local - local.replace(hour=0, minute=0))
    published = IN_TIME.get(duty.discharged_by)
    in_time = life.figures.shares[published] if published else life.figures.assumed["done_in_time"]
    if duty.kind in NoticeKind.values or life.chance(name, in_time):
        early = life.between(f"{name}/early", 1 * MINUTES, max(2 * MINUTES, (duty.due_at - now) / 4))
        return max(now + 1 * MINUTES, duty.due_at - early)
    return max(now, duty.due_at) + life.between(f"{name}/late", *LATE)


def _doing(duty: Duty) -> Callable[[Life, datetime], None]:
    def act(life: Life, at: datetime) -> None:
        # Closed in the meantime: another step did it, or the case ended.
        if duty.state == DutyState.OPEN:
            duty.case = life.case
            do = DOERS.get(duty.discharged_by) or (_step if duty.discharged_by in STEPS else _undone)
            do(life, duty, at)

    return act


def _step(life: Life, duty: Duty, at: datetime) -> None:
    kind = duty.discharged_by
    answers = ANSWERS.get(kind, {})
    details = {
        name: answers.get(name) or life.rng(f"{kind}/{name}").choice(words)
        for name, words in STEPS[kind].details.items()
    }
    life.recorded(kind, at, about=duty.about, **details)


def _undone(life: Life, duty: Duty, at: datetime) -> None:
    life.undone[duty.discharged_by] += 1


def _va(life: Life, duty: Duty, at: datetime) -> None:
    casework.va_assign(actor=life.sarc, case_id=duty.case_id, va=life.va, at=at)


def _kit(life: Life, duty: Duty, at: datetime) -> None:
    custody.to_mcio(life, at)


def _kit_expiry(life: Life, duty: Duty, at: datetime) -> None:
    life.recorded("kit_expiry_told", at, about=duty.about, kit=str(duty.about))


def _notice(life: Life, duty: Duty, at: datetime) -> None:
    history.placed(duty=duty, actor=life.sarc, at=at)


# By the kind of event that discharges a duty. What is in none of these and is a step of `casework.events` is recorded.
DOERS: dict[str, Callable[[Life, Duty, datetime], None]] = {
    "va_assigned": _va,
    "kit_to_mcio": _kit,
    "kit_expiry_told": _kit_expiry,
    "commander_notice_placed": _notice,
    "commander_details_placed": _notice,
    "move_consent_given": moving.asked,
    "documents_moved": moving.offered,
    "transfer_decided": protection.decided,
    "transfer_review_decided": protection.reviewed,
    "transfer_carried_out": protection.stepped,
    "civil_authorities_told": protection.stepped,
    "civil_authorities_told_of_change": protection.stepped,
}
