"""What an Unrestricted report brings for some: a transfer, a protective order, retaliation. All by the services."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from reports.casework.matters.kinds import KINDS
from reports.casework.matters.services import matter_open, matter_step
from reports.obligations.models import Duty
from sapr.world.life import Act, Life, Step

DAYS = timedelta(days=1)
# Asked for, issued, reported so long after the report; every one is over before the final disposition.
TRANSFER, ORDER, RETALIATION = (2 * DAYS, 20 * DAYS), (1 * DAYS, 8 * DAYS), (15 * DAYS, 35 * DAYS)


def transfer(life: Life) -> Iterator[Step]:
    """Some members ask for an expedited transfer; what follows is due by the rules (`DOERS` of `duties`)."""
    if life.unrestricted and not life.civilian and life.chance("transfer", life.figures.assumed["transfer"]):
        yield life.unrestricted_at + life.between("transfer/at", *TRANSFER), _asked


def _asked(life: Life, at: datetime) -> None:
    rng = life.rng("transfer/kind")
    details = {
        "applicant": "victim",
        "term": rng.choice(("temporary", "permanent")),
        "reach": rng.choice(("within_installation", "outside_installation")),
    }
    matter_open(
        actor=life.sarc,
        case_id=life.case.pk,
        kind="expedited_transfer",
        step="transfer_requested",
        at=at,
        details=details,
    )


def decided(life: Life, duty: Duty, at: datetime) -> None:
    """The commanding officer approves, in the published share, or denies."""
    weighed = _words("transfer_approved", "weighed")
    if life.chance("transfer/approved", life.figures.shares["transfer_approved"]):
        details = {
            "transfer_kind": life.rng("transfer/move").choice(("local", "pcs")),
            "credible_report": "yes",
            "weighed": weighed,
            "counselled": _words("transfer_approved", "counselled"),
        }
        stepped(life, duty, at, "transfer_approved", **details)
    else:
        stepped(
            life, duty, at, "transfer_denied", credible_report="yes", weighed=weighed, reasons=weighed[2:3]
        )


def reviewed(life: Life, duty: Duty, at: datetime) -> None:
    """Who was denied asks for a review, which approves or not, or wants none."""
    answer = life.rng("transfer/review").choice(("none", "approved", "denied"))
    if answer == "none":
        stepped(life, duty, at, "transfer_withdrawn", why="no_review_wanted")
        return
    stepped(life, duty, at, "transfer_review_requested")
    if answer == "approved":
        stepped(life, duty, at, "transfer_review_approved", transfer_kind="pcs")
    else:
        stepped(life, duty, at, "transfer_review_denied", reasons=_words("transfer_approved", "weighed")[:1])


def ordered(duty: Duty) -> Act:
    """Orders come before the move."""

    def act(life: Life, at: datetime) -> None:
        stepped(life, duty, at, "transfer_orders_issued")

    return act


def stepped(life: Life, duty: Duty, at: datetime, step: str = "", **details: object) -> None:
    """The step of the duty's own matter; the one that is named as the event that discharges it, unless said."""
    matter_step(
        actor=life.sarc,
        case_id=duty.case_id,
        matter_id=duty.about,
        step=step or duty.discharged_by,
        at=at,
        details=details,
    )


def order(life: Life) -> Iterator[Step]:
    """A military protective order for some, which ends before the final disposition."""
    if life.unrestricted and life.chance("order", life.figures.assumed["protective_order"]):
        yield life.unrestricted_at + life.between("order/at", *ORDER), _issued
        yield life.final_at - 4 * DAYS, _order_ended


def _issued(life: Life, at: datetime) -> None:
    rng = life.rng("order/kind")
    told = rng.choice(("yes", "no"))
    life.order = matter_open(
        actor=life.sarc,
        case_id=life.case.pk,
        kind="protective_order",
        step="protective_order_issued",
        at=at,
        details={
            "mpo_verbal": "no",
            "any_party_off_base": told,
            "copies": ["victim", "restrained"],
            "off_base_told": "told",
        },
        sealed={"name": life.names.person("men", rng)},
    )


def _order_ended(life: Life, at: datetime) -> None:
    matter_step(
        actor=life.sarc,
        case_id=life.case.pk,
        matter_id=life.order.pk,
        step="protective_order_ended",
        at=at,
        details={"how": "lifted"},
    )


def retaliation(life: Life) -> Iterator[Step]:
    """A few report retaliation, which is referred and ends with a finding."""
    if life.unrestricted and life.chance("retaliation", life.figures.assumed["retaliation"]):
        begin = life.unrestricted_at + life.between("retaliation/at", *RETALIATION)
        yield begin, _reported
        yield begin + 3 * DAYS, _followed("retaliation_referred", "channel")
        yield life.final_at - 6 * DAYS, _followed("retaliation_ended", "finding")


def _reported(life: Life, at: datetime) -> None:
    rng = life.rng("retaliation/kind")
    life.retaliation = matter_open(
        actor=life.sarc,
        case_id=life.case.pk,
        kind="retaliation",
        at=at,
        details={
            "retaliation_type": rng.choice(("reprisal", "ostracism", "maltreatment")),
            "retaliation_reporter": rng.choice(("victim", "victim", "witness")),
        },
    )


def _followed(step: str, asked: str) -> Act:
    def act(life: Life, at: datetime) -> None:
        words = list(KINDS["retaliation"].step(step).asks("unrestricted")[0].words)
        matter_step(
            actor=life.sarc,
            case_id=life.case.pk,
            matter_id=life.retaliation.pk,
            step=step,
            at=at,
            details={asked: life.rng(step).choice(words)},
        )

    return act


def _words(step: str, name: str) -> list[str]:
    asked = KINDS["expedited_transfer"].step(step).asks("unrestricted")
    return list(next(each for each in asked if each.name == name).words)
