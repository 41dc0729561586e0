"""What people do with a case that is there: matters, meetings, exceptions, copies, closing, advocates who leave."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from reports import access
from reports.casework.closing import case_close, case_reopen
from reports.casework.matters.kinds import KINDS
from reports.casework.matters.services import matter_open, matter_step
from reports.casework.moves.leaving import advocate_change
from reports.casework.participation import participation_decline
from reports.casework.services import step_record
from reports.catch.services import catch_join
from reports.disclosure.services import exception_advise, exception_propose
from reports.election.inquiries import inquiry_log, limited_case_open
from reports.election.papers.copies import copy_request
from reports.models import Matter
from tests.casework.steps import all_closed, answers, begin
from tests.election.way import STATED
from tests.lifecycle.beginning import Beginning, cases
from tests.meeting.ways import called, held


class Working(Beginning):
    """Casework after the election, and cases that begin otherwise."""

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

    @precondition(lambda self: self.cases)
    @rule(case=cases)
    def a_final_disposition_is_decided(self, case) -> None:
        found = self.cases[case % len(self.cases)]
        if self.tried(all_closed, world=self.world, case=found, at=self.now):
            self.tried(
                step_record,
                actor=self.world.sarc,
                case_id=found.pk,
                kind="final_disposition_decided",
                at=self.now,
            )

    @precondition(lambda self: self.cases)
    @rule(case=cases)
    def another_offender_is_named(self, case) -> None:
        self.tried(
            begin, world=self.world, case=self.cases[case % len(self.cases)], kind="subject", at=self.now
        )

    @precondition(lambda self: self.cases)
    @rule(case=cases)
    def a_case_is_closed_and_opened_again(self, case) -> None:
        given = {"actor": self.world.sarc, "case_id": self.on(case), "at": self.now}
        if self.tried(case_close, answers=STATED, **given):
            self.tried(case_reopen, reason="victim_asked", **given)

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
