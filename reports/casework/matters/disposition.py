"""Final disposition (CX-16): every action of every alleged offender is kept, final means that all are closed, and the
most serious one carried out is the one reported."""

from datetime import datetime
from typing import NamedTuple

from reports.casework.asking import require_allowed
from reports.casework.matters.kinds import KINDS
from reports.casework.matters.models import Matter
from reports.casework.matters.services import move
from reports.election.contacts import locked
from reports.election.models import Case
from reports.ledger.models import Event
from reports.obligations.known import REOPENED
from sapr.errors import DomainError

NO_ACTION = "no_action"


class Standing(NamedTuple):
    """How dispositions stand. `unfinished`: subjects with an open action, or with none kept at all."""

    subjects: int
    unfinished: int
    reported: str


def standing(case: Case) -> Standing:
    """How the dispositions of a case stand now, over the subjects not yet disposed of."""
    subjects = list(Matter.objects.filter(case=case, kind="subject", ended_at=None))
    actions = list(Matter.objects.filter(parent__in=subjects))
    closed_for = {each.parent_id for each in actions} - {
        each.parent_id for each in actions if not each.ended_at
    }
    return Standing(len(subjects), len(subjects) - len(closed_for), _most_serious(actions))


def _most_serious(actions: list[Matter]) -> str:
    """The category of the most serious action carried out; given-up ones count as none."""
    order = list(
        next(each for each in KINDS["action"].open_steps()[0].details if each.name == "category").words
    )
    outcomes = _outcomes(actions)
    carried_out = [each.what for each in actions if outcomes.get(str(each.pk)) == "carried_out"]
    return min(carried_out, key=order.index, default=NO_ACTION)


def _outcomes(actions: list[Matter]) -> dict[str, str]:
    case_ids = {each.case_id for each in actions}
    rows = Event.objects.filter(case_id__in=case_ids, kind="action_closed").values_list("data", flat=True)
    return {data["matter"]: data["outcome"] for data in rows}


def decide(case: Case, at: datetime) -> dict[str, str]:
    """Close the course of every subject and say what the event of the final disposition holds (FD-15 to FD-18).

    Refuses while no subject is entered, one has no action (none is an action too: FD-16) or one that is open.
    """
    # Locked: an offender or an action that is entered at this moment comes before this or finds it decided.
    locked(case)
    subjects = list(Matter.objects.select_for_update().filter(case=case, kind="subject", ended_at=None))
    found = standing(case)
    if not found.subjects:
        raise DomainError(
            "no_subject",
            "Enter the alleged offender first, known by name or not, and what was done.",
            status=409,
            rule="FD-18",
        )
    require_allowed(
        case,
        "final_disposition",
        {"all_actions_closed": not found.unfinished, "subjects": found.subjects},
        at,
    )
    reopened = Event.objects.filter(case_id=case.pk, kind=REOPENED).order_by("-seq").first()
    if reopened is not None and at < reopened.occurred_at:
        # What fell due since would pass for ended in time.
        raise DomainError(
            "before_the_step_before",
            "The final disposition was opened again later than this. Check the date.",
            path="at",
            rule="FD-15",
        )
    kind = KINDS["subject"]
    for row in subjects:
        last = max([row.moved_at, *row.parts.values_list("ended_at", flat=True)])
        if at < last:
            raise DomainError(
                "before_the_step_before",
                "The last action was closed later than this. Check the date.",
                path="at",
            )
        move(row, kind, kind.step("disposed"), at)
    return {"reported": found.reported, "subjects": str(found.subjects)}
