"""Whatever people do with cases, in whatever order: three promises hold after every step.

Each rule is one service with arguments that may or may not fit. A refusal is as good an outcome as any other; what
must never be is a broken promise afterwards.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from psycopg import sql

from notifications.models import InboxItem, Notice
from notifications.placing import place
from notifications.services import notice_release
from reports import access
from reports.casework.closing import case_close, case_reopen
from reports.casework.events import STEPS
from reports.casework.matters.kinds import KINDS
from reports.casework.matters.services import matter_open, matter_step
from reports.casework.moves.leaving import advocate_change
from reports.casework.participation import participation_decline
from reports.casework.services import step_record, va_assign
from reports.catch.services import catch_join
from reports.disclosure.services import exception_advise, exception_propose
from reports.election.contacts import contact_complete, contact_walk_away
from reports.election.inquiries import inquiry_log, limited_case_open
from reports.election.papers.copies import copy_request
from reports.election.services import options_decide, report_sign
from reports.evidence import services as evidence
from reports.models import Case, Duty, Matter, Report
from reports.policy import FactsError
from sapr import clock
from sapr.errors import DomainError
from tests.casework.steps import answers
from tests.database.test_row_level_security import CASE_TABLES, OWN_ROWS
from tests.election.way import STATED
from tests.lifecycle.replay import from_events, from_tables
from tests.meeting.ways import called, held
from tests.times import T0
from tests.world import CANARIES, MEMBER, World

CIVILIAN = MEMBER | {"statuses": ["dod_civilian"]}
GUARD = MEMBER | {"statuses": ["guard_reserve"]}
# Who reads Unrestricted reports by a notice, and nothing of a Restricted one.
OUTSIDE = ("commander", "unit_commander", "mcio", "higher", "stranger")
hours = st.integers(0, 40)
cases = st.integers(0, 1)
people = st.sampled_from(["sarc", "va"])


class LifeOfCases(RuleBasedStateMachine):
    """Up to two cases of one installation. `world` is set by the test that runs it."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.undone = [transaction.atomic(using=name) for name in ("default", "keys")]
        for each in self.undone:
            each.__enter__()
        clock.move(T0, hold=True)
        self.now: datetime = T0
        self.cases: list = []
        self.numbers: list[str] = []

    def teardown(self) -> None:
        for name, each in zip(("keys", "default"), reversed(self.undone), strict=True):
            transaction.set_rollback(True, using=name)
            each.__exit__(None, None, None)

    def tried(self, service, **given):
        """The service's answer, or None when it refused; a refusal leaves nothing behind."""
        try:
            with transaction.atomic():
                return service(**given)
        except (DomainError, FactsError):
            return None

    def on(self, number: int):
        return self.cases[number % len(self.cases)].pk

    def who(self, name: str):
        return getattr(self.world, name)

    # what people do
    @initialize(
        first=st.sampled_from(["nothing", "asked", "restricted", "unrestricted", "converted"]), by=people
    )
    def a_case_that_came_this_far(self, first, by) -> None:
        """Where the story begins: deep states are rare when every case begins at nothing."""
        actor = self.who(by)
        if first == "asked":
            self.cases.append(self.world.decided(actor=actor, at=self.now))
        elif first != "nothing":
            option = "restricted" if first == "converted" else first
            report = self.world.signed(option, actor=actor, at=self.now)
            self.cases.append(report.case)
            if first == "converted":
                self.world.converted(report, at=self.now)

    @precondition(lambda self: len(self.cases) < 2)
    @rule(by=people)
    def somebody_comes(self, by) -> None:
        self.cases.append(self.world.contact(actor=self.who(by), at=self.now))

    @precondition(lambda self: self.cases)
    @rule(case=cases, by=people, facts=st.sampled_from([MEMBER, CIVILIAN, GUARD]))
    def the_rules_are_asked(self, case, by, facts) -> None:
        self.tried(options_decide, actor=self.who(by), case_id=self.on(case), facts=facts, at=self.now)

    @precondition(lambda self: self.cases)
    @rule(case=cases, by=people, option=st.sampled_from(["restricted", "unrestricted"]), ago=hours)
    def an_election_is_signed(self, case, by, option, ago) -> None:
        at = max(self.now - timedelta(hours=ago), T0)
        paper = self.world.paper(self.cases[case % len(self.cases)], option, at)
        self.tried(report_sign, actor=self.who(by), late_reason="care_first", **paper)

    @precondition(lambda self: self.cases)
    @rule(case=cases, by=people)
    def somebody_leaves_unsigned(self, case, by) -> None:
        self.tried(contact_walk_away, actor=self.who(by), case_id=self.on(case), at=self.now)

    @precondition(lambda self: self.cases)
    @rule(case=cases)
    def a_report_is_converted(self, case) -> None:
        with access.viewing(self.world.sarc):
            report = Report.objects.filter(case_id=self.on(case)).first()
        if report is not None:
            self.tried(self.world.converted, report=report, at=self.now)

    @precondition(lambda self: self.cases)
    @rule(case=cases, by=people, kind=st.sampled_from(sorted(STEPS)), answer=st.integers(0, 3))
    def a_step_is_recorded(self, case, by, kind, answer) -> None:
        details = {name: values[answer % len(values)] for name, values in STEPS[kind].details.items()}
        self.tried(
            step_record, actor=self.who(by), case_id=self.on(case), kind=kind, at=self.now, details=details
        )

    @precondition(lambda self: self.cases)
    @rule(case=cases, kind=st.sampled_from(sorted(KINDS)), way=st.integers(0, 2))
    def a_matter_is_opened(self, case, kind, way) -> None:
        first = KINDS[kind].open_steps()
        step = first[way % len(first)]
        with access.viewing(self.world.sarc):
            parent = Matter.objects.filter(case_id=self.on(case), kind="subject", ended_at=None).first()
        self.tried(
            matter_open, actor=self.world.sarc, case_id=self.on(case), kind=kind, step=step.step, at=self.now,
            details=answers(step), late_reason="care_first",
            parent_id=parent.pk if parent and kind == "action" else None,
        )  # fmt: skip

    @precondition(lambda self: self.cases)
    @rule(case=cases, which=st.integers(0, 5), way=st.integers(0, 4))
    def a_matter_takes_a_step(self, case, which, way) -> None:
        with access.viewing(self.world.sarc):
            found = list(
                Matter.objects.filter(case_id=self.on(case), ended_at=None).order_by("opened_at", "id")
            )
        if not found:
            return
        matter = found[which % len(found)]
        steps = [each for each in KINDS[matter.kind].steps if matter.state in each.before and each.by_hand]
        if steps:
            step = steps[way % len(steps)]
            self.tried(
                matter_step, actor=self.world.sarc, case_id=matter.case_id, matter_id=matter.pk, step=step.step,
                at=self.now, details=answers(step), late_reason="care_first",
            )  # fmt: skip

    @precondition(lambda self: self.cases)
    @rule(
        case=cases,
        move=st.sampled_from([inquiry_log, case_close, case_reopen, participation_decline, catch_join]),
    )
    def a_case_goes_its_way(self, case, move) -> None:
        given = {
            case_close: {"answers": STATED},
            case_reopen: {"reason": "new_information"},
            catch_join: {
                "answers": {"entry_names_victim": False},
                "form_signed": False,
                "consents": True,
                "details": "By letter.",
            },
        }
        self.tried(move, actor=self.world.sarc, case_id=self.on(case), at=self.now, **given.get(move, {}))

    @precondition(lambda self: len(self.cases) < 2)
    @rule()
    def the_mcio_tells_of_a_case(self) -> None:
        found = self.tried(limited_case_open, actor=self.world.sarc, at=self.now)
        if found is not None:
            self.cases.append(found)

    @rule()
    def the_group_meets(self) -> None:
        meeting = self.tried(called, world=self.world, at=self.now)
        if meeting is not None:
            self.tried(held, world=self.world, meeting=meeting, at=self.now)

    @precondition(lambda self: self.cases)
    @rule(case=cases)
    def an_advocate_leaves(self, case) -> None:
        self.tried(
            advocate_change, actor=self.world.sarc, case_id=self.on(case), role="sapr_va", leaves=self.world.va,
            follows=self.world.other_va, at=self.now,
        )  # fmt: skip

    @precondition(lambda self: self.cases)
    @rule(case=cases)
    def something_is_to_be_disclosed(self, case) -> None:
        threat = {"threat_serious": True, "threat_imminent": True}
        row = self.tried(
            exception_propose, actor=self.world.sarc, case_id=self.on(case), exception="EX-2", answers=threat,
            scope=["identity"], recipient="medical", at=self.now,
        )  # fmt: skip
        if row is not None:
            self.tried(
                exception_advise, actor=self.world.sarc, case_id=self.on(case), disclosure_id=row.pk,
                office="judge_advocate", advice="agree", privilege="covered", at=self.now,
            )  # fmt: skip

    @precondition(lambda self: self.cases)
    @rule(case=cases)
    def a_copy_is_asked_for(self, case) -> None:
        self.tried(
            copy_request, actor=self.world.sarc, case_id=self.on(case), form="DD 2910", delivery="in_person",
            at=self.now,
        )  # fmt: skip

    @precondition(lambda self: self.cases)
    @rule(case=cases, va=st.sampled_from(["va", "other_va", "mcio"]))
    def an_advocate_is_assigned(self, case, va) -> None:
        self.tried(
            va_assign, actor=self.world.sarc, case_id=self.on(case), va=getattr(self.world, va), at=self.now
        )

    @precondition(lambda self: self.cases)
    @rule(case=cases, by=people)
    def more_is_told(self, case, by) -> None:
        self.tried(
            contact_complete, actor=self.who(by), case_id=self.on(case), at=self.now,
            identity={"phone": CANARIES["phone"]}, narrative={},
        )  # fmt: skip

    @precondition(lambda self: self.cases)
    @rule(case=cases, by=people)
    def a_kit_gets_its_number(self, case, by) -> None:
        found = self.tried(evidence.kit_number_issue, actor=self.who(by), case_id=self.on(case), at=self.now)
        if found:
            self.numbers.append(found[1])

    @precondition(lambda self: self.numbers)
    @rule(case=cases, kit=st.integers(0, 3), move=st.sampled_from(["kit_seal", "kit_hand_to_mcio"]))
    def a_kit_moves(self, case, kit, move) -> None:
        number = self.numbers[kit % len(self.numbers)]
        self.tried(
            getattr(evidence, move), actor=self.world.sarc, case_id=self.on(case), number=number, at=self.now
        )

    @rule()
    def a_notice_goes_out(self) -> None:
        with access.viewing(self.world.sarc):
            notice = Notice.objects.exclude(state="placed").order_by("composed_at", "id").first()
            if notice is None:
                return
            if notice.state == "composed":
                self.tried(
                    notice_release, actor=self.world.sarc, notice_id=notice.pk, minimal=True,
                    bytes_seen=sha256(notice.minimal.encode()).hexdigest(), at=self.now,
                )  # fmt: skip
            self.tried(place, notice=Notice.objects.get(pk=notice.pk), actor=self.world.sarc, at=self.now)

    @rule(passed=st.sampled_from([1, 5, 30, 24 * 9, 24 * 45, 24 * 400]))
    def time_passes(self, passed) -> None:
        self.now += timedelta(hours=passed)
        clock.move(self.now, hold=True)

    # what holds whatever they did
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
