"""Whatever people do with cases, in whatever order: three promises hold after every step.

Each rule is one service with arguments that may or may not fit. A refusal is as good an outcome as any other; what
must never be is a broken promise afterwards.
"""

from django.db import connection
from hypothesis.stateful import invariant
from psycopg import sql

from notifications.models import InboxItem
from reports import access
from reports.models import Case, Duty, Report
from reports.obligations.known import disposed_at
from tests.database.test_row_level_security import CASE_TABLES, OWN_ROWS
from tests.lifecycle.beginning import OUTSIDE
from tests.lifecycle.replay import from_events, from_tables
from tests.lifecycle.reporting import Reporting
from tests.lifecycle.working import Working
from tests.world import CANARIES

REVIEWED = ("UNRESTRICTED_OPEN", "CONVERTED", "OPEN_LIMITED_INFO")


class LifeOfCases(Reporting, Working):
    """Everything people do, and what holds whatever they did."""

    @invariant()
    def nobody_outside_sees_anything_of_a_restricted_report(self) -> None:
        if not self.cases:
            return
        with access.viewing(self.world.sarc):
            told = set(Report.objects.filter(election="unrestricted").values_list("case_id", flat=True))
            # What the MCIO tells of is reviewed by the group, and holds nothing that a victim said in confidence.
            told |= set(Case.objects.filter(informed_by="mcio").values_list("pk", flat=True))
        confidential = [case.pk for case in self.cases if case.pk not in told]
        for person in OUTSIDE:
            viewer = self.who(person)
            with access.viewing(viewer):
                for table in sorted(set(CASE_TABLES) - OWN_ROWS):
                    assert _rows(table, confidential) == 0, f"{person} sees {table} of a Restricted report"
                for item in InboxItem.objects.all():
                    linked = item.case_id in confidential
                    assert not linked, f"what {person} was sent leads to a Restricted report"
                    named = [value for value in CANARIES.values() if value in item.body]
                    assert not named, f"a notice in the inbox of {person} names {named}"

    @invariant()
    def every_open_duty_has_an_owner_and_an_instant(self) -> None:
        with access.viewing(self.world.sarc):
            for duty in Duty.objects.filter(state="open"):
                assert duty.role, f"{duty.kind} is nobody's"
                assert duty.due_at is not None
                assert duty.case.assignments.filter(ended_at=None).exists(), (
                    f"{duty.kind} of an unattended case"
                )

    @invariant()
    def the_group_reviews_what_is_not_over_and_nothing_else(self) -> None:
        with access.viewing(self.world.sarc):
            for case in Case.objects.filter(pk__in=[case.pk for case in self.cases]):
                waiting = Duty.objects.filter(case=case, state="open")
                runs = case.state in REVIEWED and disposed_at(case) is None
                assert waiting.filter(kind="cmg_review").exists() == runs, case.state
                claims = case.matters.filter(kind="retaliation", ended_at=None)
                reviewed = waiting.filter(kind="retaliation_review").values_list("about", flat=True)
                assert set(reviewed) == set(claims.values_list("pk", flat=True))
                if case.state == "CLOSED":
                    assert not case.matters.filter(kind="subject", ended_at=None).exists()

    @invariant()
    def the_events_alone_tell_the_same_state(self) -> None:
        with access.viewing(self.world.sarc):
            for case in self.cases:
                assert from_events(case.pk) == from_tables(case.pk)


def _rows(table: str, cases: list) -> int:
    column = "id" if table == "reports_case" else "case_id"
    if table == "notifications_reminder":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT count(*) FROM {} WHERE {} = ANY (%s)")
            .format(sql.Identifier(table), sql.Identifier(column))
            .as_string(None),
            [cases],
        )
        return cursor.fetchone()[0]
