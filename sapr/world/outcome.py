"""How a case ends: investigated, the final disposition decided, and closed by its tests."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from reports.casework.closing import case_close
from reports.casework.matters import disposition
from reports.casework.matters.kinds import KINDS
from reports.casework.matters.models import Matter
from reports.casework.matters.services import move
from reports.recording import record
from sapr.world.life import Life, Step

HOURS, DAYS = timedelta(hours=1), timedelta(days=1)
# Nothing more is due by then; the one question of a Restricted report was asked.
A_YEAR = 366 * DAYS
# Of the categories of FD-19: an action on evidence (`evidence_to_act`), and none.
ACTED = ("court_martial", "article_15", "administrative_separation", "other_adverse_administrative")
NOT_ACTED = ("action_precluded", "outside_authority", "no_action")


def final(life: Life) -> Iterator[Step]:
    """Investigation, and some months later the final disposition, with which the monthly duties end."""
    if life.unrestricted:
        yield life.unrestricted_at + 1 * DAYS, _investigated("investigation_opened")
        for number in range(_offenders(life)):
            yield life.final_at - (40 - number) * DAYS, _subject
            yield life.final_at - (20 - number) * DAYS, _action
            yield life.final_at - (5 - number) * DAYS, _action_ended
        yield life.final_at - 2 * DAYS, _investigated("investigation_closed")
        yield life.final_at, _decided


def closing(life: Life) -> Iterator[Step]:
    """A case is closed when nothing of it runs any more; a Restricted one with a kit stays open for the kit."""
    if life.end == "report" and (life.unrestricted_at or not life.has_kit):
        over = life.final_at if life.unrestricted_at else life.signed_at + A_YEAR
        first, last = life.figures.assumed["closing_days"]
        yield over + life.between("closing", first * DAYS, last * DAYS), _closed


def _offenders(life: Life) -> int:
    """How many alleged offenders there are: one, in some cases two or three."""
    several = life.chance("offenders", life.figures.assumed["several_offenders"])
    return life.rng("offenders/number").choice((2, 2, 3)) if several else 1


def _investigated(kind: str):
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
    case_close(actor=life.sarc, case_id=life.case.pk, at=at, answers={"referrals_complete": True})
