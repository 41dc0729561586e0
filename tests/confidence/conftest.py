"""Short ways to the steps of an exception."""

from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from reports import access
from reports.disclosure import services
from reports.disclosure.models import Disclosure, ExceptionStatement
from reports.election.models import Report
from reports.ledger.models import Event
from reports.obligations.models import Duty
from sapr.errors import DomainError
from tests.times import T0

# What each exception's own condition asks, met.
MET: dict[str, dict[str, Any]] = {
    "EX-1": {"authorisation_written": True},
    "EX-2": {"threat_serious": True, "threat_imminent": True},
    "EX-3": {"needed_for_determination": True},
    "EX-4": {"specific_request": True},
    "EX-5": {"order_source": "federal_judge"},
}
TICKED = {"minimum_only": True, "recipient_needs_to_know": True}


def run(sql: str, *args: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)


@contextmanager
def undone():
    """What the block writes is taken back: the same world serves the next try."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def refused_by(rule: str, code: str = ""):
    """A service refuses, citing the rule, and nothing stays."""
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        yield
    assert rule in refusal.value.rule, (refusal.value.code, refusal.value.rule, refusal.value.message)
    assert code in ("", refusal.value.code)


def proposed(world, report: Report, exception: str = "EX-2", **changed: Any) -> Disclosure:
    given = {
        "exception": exception,
        "answers": MET[exception],
        "scope": ["identity", "contact"],
        "recipient": "law_enforcement",
        "at": T0,
    }
    return services.exception_propose(actor=world.sarc, case_id=report.case_id, **given | changed)


def advised(
    world, report: Report, exception: str = "EX-2", advice: str = "agree", **changed: Any
) -> Disclosure:
    row = proposed(world, report, exception, **changed)
    return services.exception_advise(
        actor=world.sarc,
        case_id=report.case_id,
        disclosure_id=row.pk,
        office="staff_judge_advocate",
        advice=advice,
        privilege="excepted",
        at=T0,
    )


def statement_of(world) -> ExceptionStatement:
    """The one that waits for the commander of the world."""
    with access.viewing(world.commander):
        return ExceptionStatement.objects.get(decision="")


def make(world, row: Disclosure, **changed: Any) -> Disclosure:
    given = {"fields": ["identity"], "at": T0} | TICKED | changed
    return services.disclosure_make(actor=world.sarc, case_id=row.case_id, disclosure_id=row.pk, **given)


def duties_about(world, thing) -> list[tuple[str, str, str]]:
    """(kind, rule, state) of the duties about one thing of a case."""
    with access.viewing(world.sarc):
        return list(
            Duty.objects.filter(about=thing).order_by("opened_at").values_list("kind", "rule", "state")
        )


def kinds_of(world, case_id) -> list[str]:
    with access.viewing(world.sarc):
        return list(Event.objects.filter(case_id=case_id).order_by("seq").values_list("kind", flat=True))


@pytest.fixture
def report(world) -> Report:
    return world.signed("restricted")
