"""How a case ends: investigated, the final disposition decided, and closed by its tests."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from reports.casework.closing import case_close, case_reopen
from reports.casework.matters import disposition
from reports.casework.matters.kinds import KINDS
from reports.casework.matters.models import Matter
from reports.casework.matters.services import move
from reports.recording import record
from sapr.world.life import Act, Life, Step

HOURS, DAYS = timedelta(hours=1), timedelta(days=1)
# Nothing more is due by then; the one question of a Restricted report was asked.
A_YEAR = 366 * DAYS
# After a closing a case is opened again, and after that closed again.
REOPENED, CLOSED_AGAIN = (10 * DAYS, 90 * DAYS), (20 * DAYS, 60 * DAYS)
REASONS, INVESTIGATED_REASONS = ("new_information", "closed_in_error"), ("investigation_resumed",)
# Of the categories of FD-19: an action on evidence (`evidence_to_act`), and none.
ACTED = ("court_martial", "article_15", "administrative_separation", "other_adverse_administrative")
NOT_ACTED = ("action_precluded", "outside_authority", "no_action")


def final(life: Life) -> Iterator[Step]:
    """Investigation, and some months later the final disposition, with which the monthly duties end."""
    if life.unrestricted:
        if life.informed_at is None:
            yield life.unrestricted_at + 1 * DAYS, investigated("investigation_opened")
        for number in range(_offenders(life)):
            yield life.final_at - (40 - number) * DAYS, _subject
            yield life.final_at - (20 - number) * DAYS, _action
            yield life.final_at - (5 - number) * DAYS, _action_ended
        yield life.final_at - 2 * DAYS, investigated("investigation_closed")
        yield life.final_at, _decided


def closing(life: Life) -> Iterator[Step]:
    """A case is closed when nothing of it runs any more."""
    at = closes_at(life)
    if at is not None:
        yield at, _closed


def closes_at(life: Life) -> datetime | None:
    """When the case is closed. A Restricted one with a kit stays open for the kit, a contact or inquiry is no case to
    close, and of some cases with limited information the investigation goes on."""
    assumed = life.figures.assumed
    if life.end == "limited" and life.chance("limited/closed", assumed["limited_closed"]):
        first, last = assumed["limited_days"]
        return life.contact_at + life.between("limited/closing", first * DAYS, last * DAYS)
    if life.end == "report" and (life.unrestricted_at or not life.has_kit):
        over = life.final_at if life.unrestricted_at else life.signed_at + A_YEAR
        first, last = assumed["closing_days"]
        return over + life.between("closing", first * DAYS, last * DAYS)
    return None


def reopening(life: Life) -> Iterator[Step]:
    """A few closed cases are opened again for a reason (TR-26); most of these are closed once more."""
    closed_at, assumed = closes_at(life), life.figures.assumed
    if closed_at is not None and life.chance("reopened", assumed["reopened"]):
        at = closed_at + life.between("reopened/at", *REOPENED)
        yield at, _reopened
        if life.chance("reopened/closed", assumed["closed_again"]):
            yield at + life.between("reopened/closing", *CLOSED_AGAIN), _closed


def _reopened(life: Life, at: datetime) -> None:
    reasons = REASONS + (() if life.end == "report" and not life.unrestricted_at else INVESTIGATED_REASONS)
    reason = life.rng("reopened/reason").choice(reasons)
    case_reopen(actor=life.sarc, case_id=life.case.pk, reason=reason, at=at)
    life.look_again()


def _offenders(life: Life) -> int:
    """How many alleged offenders there are: one, in some cases two or three."""
    several = life.chance("offenders", life.figures.assumed["several_offenders"])
    return life.rng("offenders/number").choice((2, 2, 3)) if several else 1


def investigated(kind: str) -> Act:
    """The step by which an investigation begins or ends."""

    def act(life: Life, at: datetime) -> None:
        life.recorded(kind, at)

    return act


def _subject(life: Life, at: datetime) -> None:
    words, number = list(KINDS["subject"].open_steps()[0].details[0].words), len(life.subjects)
    standing = life.rng(f"subject/{number}").choices(words, [8, 1, 1, 1, 1, 4])[0]
    life.subjects.append(_opened(life, "subject", standing, at))


def _action(life: Life, at: datetime) -> None:
    """The one action on an offender, in the published shares; where nothing is done, that is entered too (FD-16).

    The shares are of cases, so a further offender has the first one's kind of outcome.
    """
    number, shares = len(life.actions), life.figures.shares
    rng = life.rng(f"category/{number}")
    if life.chance("unfounded", shares["unfounded"]):
        category = "unfounded"
    else:
        category = rng.choice(ACTED if life.chance("acted", shares["evidence_to_act"]) else NOT_ACTED)
    life.actions.append(_opened(life, "action", category, at, parent=life.subjects[number]))


def _opened(life: Life, kind: str, what: str, at: datetime, parent: Matter | None = None) -> Matter:
    """What `matter_open` does once it is decided that the step may be taken."""
    first = KINDS[kind].open_steps()[0]
    row = Matter(
        case=life.case, kind=kind, what=what, state=first.to, parent=parent, opened_at=at, moved_at=at
    )
    row.save(force_insert=True)
    said = {KINDS[kind].what: what} | ({"parent": str(parent.pk)} if parent else {})
    _said(life, row, first.event, at, said)
    return row


def _said(life: Life, row: Matter, event: str, at: datetime, said: dict[str, str]) -> None:
    data = {"matter": str(row.pk), "matter_kind": row.kind} | said
    record(case=life.case, kind=event, actor=life.sarc, at=at, data=data, about=row.pk)


def _action_ended(life: Life, at: datetime) -> None:
    kind, row = KINDS["action"], next(each for each in life.actions if each.ended_at is None)
    move(row, kind, kind.step("action_closed"), at)
    row.ended_at = at
    _said(life, row, "action_closed", at, {"outcome": "carried_out"})


def _decided(life: Life, at: datetime) -> None:
    life.recorded("final_disposition_decided", at, **disposition.decide(life.case, at))


def _closed(life: Life, at: datetime) -> None:
    # The group has no say in a case with limited information but its reviews, which the closing ends.
    stated = {"referrals_complete": True} | ({"under_cmg_review": False} if life.end == "limited" else {})
    case_close(actor=life.sarc, case_id=life.case.pk, at=at, answers=stated)
    life.look_again()
