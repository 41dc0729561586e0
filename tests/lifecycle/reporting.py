"""What people do from first contact to conversion, with the kit and the notice, and while time passes."""

from datetime import timedelta
from hashlib import sha256

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from notifications.models import Notice
from notifications.placing import place
from notifications.services import notice_release
from reports import access
from reports.casework.events import STEPS
from reports.casework.services import step_record, va_assign
from reports.election.contacts import contact_complete, contact_walk_away
from reports.election.services import options_decide, report_sign
from reports.evidence import services as evidence
from reports.models import Report
from sapr import clock
from tests.lifecycle.beginning import CIVILIAN, GUARD, Beginning, cases, hours, people
from tests.times import T0
from tests.world import CANARIES, MEMBER


class Reporting(Beginning):
    """The election and what it sets going."""

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
            notice.refresh_from_db()
            # The database places nothing before its slot.
            self.now = max(self.now, notice.slot or notice.last_slot)
            clock.move(self.now, hold=True)
            self.tried(place, notice=notice, actor=self.world.sarc, at=self.now)

    @rule(passed=st.sampled_from([1, 5, 30, 24 * 9, 24 * 45, 24 * 400]))
    def time_passes(self, passed) -> None:
        self.now += timedelta(hours=passed)
        clock.move(self.now, hold=True)
