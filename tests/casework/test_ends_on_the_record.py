"""What keeps a case open ends on its record, and a later beginning hides no earlier one."""

from datetime import timedelta
from uuid import uuid4

from reports import access
from reports.casework.closing import case_close
from tests.casework.duties import duties, refusal_of, states
from tests.casework.steps import all_closed, begin, reach, take
from tests.casework.test_database import EVENT, run
from tests.casework.test_disposition import step
from tests.database.refusals import refused
from tests.election.way import STATED
from tests.meeting.ways import called, held, line_of
from tests.times import T0

DAY = timedelta(days=1)
ENDS = "UPDATE reports_matter SET state = %s, moved_at = %s, ended_at = %s WHERE id = %s"
AT_COMMIT = "SET CONSTRAINTS end_is_said IMMEDIATE"


def test_fd_15_cmg_11_an_offender_and_retaliation_end_by_what_is_said_of_them_and_not_by_their_rows(
    world,
) -> None:
    case = world.signed("unrestricted").case
    subject, claim = all_closed(world, case), begin(world, case, "retaliation")

    def raw(kind: str) -> None:
        run(EVENT, uuid4(), case.pk, kind, T0, world.sarc.pk)

    with access.viewing(world.sarc):
        for row, state in ((claim, "ended"), (subject, "disposed")):
            with refused("ends on the record of its case"):
                run(ENDS, state, T0, T0, row.pk)
                run(AT_COMMIT)
        with refused("a finding is one on retaliation"):
            raw("retaliation_ended")
        with refused("opened again by another alleged offender"):
            raw("disposition_reopened")
    step(world, case, "final_disposition_decided")
    with access.viewing(world.sarc), refused("opened again by another alleged offender"):
        raw("disposition_reopened")
    added = begin(world, case, "subject")
    take(world, begin(world, case, "action", parent_id=added.pk), "action_closed", T0)
    with access.viewing(world.sarc):
        with refused("opened again by another alleged offender"):
            raw("disposition_reopened")
        # The decision before is not that on the one who was entered since.
        with refused("ends on the record of its case"):
            run(ENDS, "disposed", T0, T0, added.pk)
            run(AT_COMMIT)
    step(world, case, "final_disposition_decided")
    take(world, claim, "retaliation_ended", T0)
    with access.viewing(world.sarc):
        run(AT_COMMIT)
    held(world, called(world))
    case_close(actor=world.sarc, case_id=case.pk, at=T0, answers=STATED)


def test_cmg_11_cd_30_a_meeting_reviewed_retaliation_that_was_reported_before_it_whatever_came_after(
    world,
) -> None:
    case = world.signed("unrestricted").case
    all_closed(world, case)
    step(world, case, "final_disposition_decided")
    begin(world, case, "retaliation", T0 + DAY)
    reach(T0 + 10 * DAY)
    meeting = called(world, at=T0 + 10 * DAY)
    # Entered after the meeting, and before it is written down.
    begin(world, case, "subject", T0 + 12 * DAY)
    held(world, meeting, at=T0 + 11 * DAY)
    line = line_of(world, meeting, case.pk)
    assert (line.outcome, line.since) == ("reviewed", T0 + DAY)
    assert states(world, "retaliation_review") == ["discharged", "open"]
    assert states(world, "cmg_review") == ["ended", "open"]


def test_fd_15_ck_07_a_second_disposition_is_not_dated_before_the_first_was_opened_again(world) -> None:
    case = world.signed("unrestricted").case
    all_closed(world, case, T0 + 10 * DAY)
    step(world, case, "final_disposition_decided", T0 + 10 * DAY)
    reach(T0 + 45 * DAY)
    added = begin(world, case, "subject", T0 + 5 * DAY)
    take(world, begin(world, case, "action", T0 + 6 * DAY, parent_id=added.pk), "action_closed", T0 + 6 * DAY)
    reach(T0 + 130 * DAY)
    early = refusal_of(step, world, case, "final_disposition_decided", T0 + 7 * DAY)
    assert early == ("before_the_step_before", "FD-15")
    step(world, case, "final_disposition_decided", T0 + 130 * DAY)
    assert [state for state, _, _ in duties(world, "monthly_update")] == ["ended", "missed"]
