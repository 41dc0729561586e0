"""What one writer has at hand of a case is what the database holds; a real database has no such writer."""

from datetime import timedelta

import pytest

from reports import access
from reports.casework.services import step_record
from reports.obligations.models import Duty, DutyState
from reports.obligations.turns import layers_of, look_up, open_of
from sapr import clock, standing
from sapr.errors import DomainError
from sapr.models import Kind
from tests.times import T0

DAYS = timedelta(days=1)


def facts_of(duties) -> list[tuple]:
    look_up(duties)
    return sorted((each.due_at, each.kind, each.pk, each.reason, each.turn) for each in duties)


def test_ck_07_the_open_duties_at_hand_are_those_of_the_database_after_every_step(world):
    with standing.by_one_writer(clock.kind()) as stand:
        stand.move(T0)
        report = world.signed("unrestricted", at=T0)
        steps = (
            ("dsaid_entered", 1, {}),
            ("monthly_update_given", 20, {"by": "commander"}),
            ("monthly_update_given", 45, {"by": "commander"}),
            ("monthly_update_given", 110, {"by": "commander"}),
        )
        for kind, days, details in steps:
            at = T0 + days * DAYS
            clock.move(at, hold=True)
            stand.move(at)
            step_record(actor=world.sarc, case_id=report.case_id, kind=kind, at=at, details=details)
            with access.viewing(world.sarc):
                kept = list(Duty.objects.filter(case=report.case_id, state=DutyState.OPEN))
                layers = set(Duty.objects.filter(case=report.case_id).values_list("layer", flat=True))
                assert facts_of(open_of(report.case_id)) == facts_of(kept)
                assert layers_of(report.case_id) == layers
    assert standing.instant() is None


def test_what_is_asked_at_one_instant_is_asked_once_and_again_at_the_next():
    asked = []

    @standing.asked_once()
    def ask(what: str) -> int:
        asked.append(what)
        return len(asked)

    assert (ask("a"), ask("a")) == (1, 2)
    with standing.by_one_writer(Kind.REHEARSAL) as stand:
        stand.move(T0)
        assert (ask("a"), ask("a"), ask("b")) == (3, 3, 4)
        stand.move(T0 + DAYS)
        assert ask("a") == 5
    assert ask("a") == 6


def test_in_a_real_database_nothing_is_at_hand():
    with pytest.raises(DomainError, match="In a real database"), standing.by_one_writer(Kind.REAL):
        pass
