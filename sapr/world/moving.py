"""Victims who move: asked at once whether the file follows, and offered to a SARC of where they go (MV-01 to MV-03)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from reports import access
from reports.casework.moves.services import (
    REASONS,
    move_accept,
    move_consent_record,
    move_offer,
    move_reject,
    victim_relocate,
)
from reports.obligations.models import Duty
from sapr.world.life import Act, Life, Step
from sapr.world.places import Place

HOURS, DAYS = timedelta(hours=1), timedelta(days=1)
# After the report; whatever comes of it is over before the case can be closed.
RELOCATED = (35 * DAYS, 50 * DAYS)
ANSWERED, AGAIN = (2 * HOURS, 10 * DAYS), (1 * HOURS, 2 * DAYS)


def relocated(life: Life) -> Iterator[Step]:
    """Some victims move. Who converts stays, so that what hangs on the conversion is at one place."""
    if life.end == "report" and not life.converts and life.chance("move", life.figures.assumed["moves"]):
        yield life.signed_at + life.between("move/at", *RELOCATED), _relocated


def _relocated(life: Life, at: datetime) -> None:
    reason = life.rng("move/reason").choice(list(REASONS))
    victim_relocate(actor=life.sarc, case_id=life.case.pk, reason=reason, at=at)


def asked(life: Life, duty: Duty, at: datetime) -> None:
    """The victim agrees that the file follows, in most cases."""
    agrees = life.chance("move/consent", life.figures.assumed["move_consent"])
    move_consent_record(actor=life.sarc, case_id=duty.case_id, consents=agrees, at=at)


def offered(life: Life, duty: Duty, at: datetime) -> None:
    """The case is offered to the first SARC of where the victim goes."""
    _offer(life, 0, at)


def answers(life: Life, at: datetime) -> Iterator[Step]:
    """What becomes of an offer of that instant: taken; rejected and taken by another; or withdrawn with the consent."""
    shares = life.figures.assumed["move_answers"]
    answer = life.rng("move/answer").choices(list(shares), list(shares.values()))[0]
    at += life.between("move/answered", *ANSWERED)
    if answer == "withdrawn":
        yield at, _withdrawn
    elif answer == "rejected":
        yield at, _rejected
        at += life.between("move/again", *AGAIN)
        yield at, _again
        yield at + life.between("move/taken", *ANSWERED), _accepted(1)
    else:
        yield at, _accepted(0)


def _gaining(life: Life) -> Place:
    return life.rng("move/to").choice([each for each in life.places if each is not life.place])


def _offer(life: Life, which: int, at: datetime) -> None:
    to = _gaining(life)
    life.offer = move_offer(
        actor=life.sarc, case_id=life.case.pk, to=to.sarcs[which], installation_id=to.location.pk, at=at
    ).pk


def _again(life: Life, at: datetime) -> None:
    _offer(life, 1, at)


def _rejected(life: Life, at: datetime) -> None:
    move_reject(actor=_gaining(life).sarcs[0], move_id=life.offer, at=at)


def _withdrawn(life: Life, at: datetime) -> None:
    """With the consent goes the offer (MV-03)."""
    move_consent_record(actor=life.sarc, case_id=life.case.pk, consents=False, at=at)


def _accepted(which: int) -> Act:
    def act(life: Life, at: datetime) -> None:
        """From now on the case is the gaining SARC's; where its kit lies does not change (`life.place`)."""
        to = _gaining(life)
        move_accept(actor=to.sarcs[which], move_id=life.offer, at=at)
        life.sarc, life.va = to.sarcs[which], life.rng("move/va").choice(to.vas)
        life.zone = ZoneInfo(to.location.zone)
        with access.viewing(life.sarc):
            life.look_again()

    return act
