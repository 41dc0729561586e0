"""Short ways to a case in each state, and what a refusal says."""

from typing import Any

import pytest

from reports import access
from reports.casework.closing import case_close
from reports.casework.services import step_record
from reports.election.inquiries import inquiry_log, limited_case_open
from reports.election.models import Case
from reports.ledger.models import Event
from reports.obligations.models import Duty
from sapr.errors import DomainError
from tests.casework.steps import all_closed
from tests.meeting.ways import called, held
from tests.times import T0

STATED = {"referrals_complete": True, "under_cmg_review": False, "investigation_complete": True}


def refusal(call, **arguments: Any) -> DomainError:
    """How a service refuses."""
    with pytest.raises(DomainError) as found:
        call(**arguments)
    return found.value


def state(world, case_id) -> str:
    """The state as the database has it."""
    with access.viewing(world.sarc):
        return Case.objects.values_list("state", flat=True).get(pk=case_id)


def kinds(world, case_id) -> list[str]:
    """The case's events, in order."""
    with access.viewing(world.sarc):
        return list(Event.objects.filter(case_id=case_id).order_by("seq").values_list("kind", flat=True))


def duties(world, case_id) -> dict[str, str]:
    """Each kind of duty that the case had: `open` while one of them is, else how it ended."""
    with access.viewing(world.sarc):
        rows = list(Duty.objects.filter(case_id=case_id).values_list("kind", "state"))
    return dict(sorted(rows, key=lambda row: row[1] == "open"))


def inquiry(world) -> Case:
    """A contact of which the victim left no more than an inquiry."""
    return inquiry_log(actor=world.sarc, case_id=world.decided().pk, at=T0)


def limited(world, **identity: str) -> Case:
    """A case that only the MCIO tells of."""
    told = {"text": "What the agents wrote down."}
    return limited_case_open(actor=world.sarc, at=T0, identity=identity, narrative=told)


def closed(world, case_id, **answers: bool | None) -> Case:
    """The case, closed on what the SARC states where the case does not say it."""
    return case_close(actor=world.sarc, case_id=case_id, at=T0, answers=STATED | answers)


def step(world, case_id, kind: str, **details: str) -> None:
    """One step recorded by the SARC, what it stands on first: a meeting that is held, an action that is closed."""
    if kind == "cmg_held":
        held(world, called(world))
        return
    if kind == "final_disposition_decided":
        with access.viewing(world.sarc):
            case = Case.objects.get(pk=case_id)
        all_closed(world, case)
    step_record(actor=world.sarc, case_id=case_id, kind=kind, at=T0, details=details)
