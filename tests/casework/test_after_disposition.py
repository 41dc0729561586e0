"""After the final disposition: another alleged offender opens it again, and retaliation is reviewed and asked about."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

from django.db import DatabaseError, connection, connections

from reports import access, policy
from reports.casework.closing import case_close, case_reopen
from reports.casework.matters.kinds import KINDS
from reports.casework.matters.services import matter_step
from reports.casework.services import step_record
from reports.election.inquiries import limited_case_open
from reports.models import AgendaLine, Duty, Event
from sapr.errors import DomainError
from tests.casework.duties import duties, refusal_of, states
from tests.casework.steps import all_closed, begin, reach, take
from tests.casework.test_database import EVENT, insert, run
from tests.casework.test_disposition import step
from tests.database.refusals import refused
from tests.election.way import STATED
from tests.meeting.ways import another, called, duties_of, held
from tests.signed_in import signed_in
from tests.times import T0
from tests.world import MEMBER

DAY = timedelta(days=1)
MONTHLY = ("cmg_review", "monthly_update", "safety_assessment")
TOLD = ("tell_disposition", "disposition_papers", "tell_mcio_disposition", "disposition_report")


def kinds(world, case) -> list[str]:
    with access.viewing(world.sarc):
        return list(Event.objects.filter(case_id=case.pk).order_by("seq").values_list("kind", flat=True))


def disposed(world, case, at=T0) -> None:
    all_closed(world, case, at)
    step(world, case, "final_disposition_decided", at)


def close(world, case, at):
    return case_close(actor=world.sarc, case_id=case.pk, at=at, answers=STATED)


def test_ck_05_ck_07_cd_04_another_alleged_offender_brings_the_monthly_duties_back(world) -> None:
    """They go on by the day of the report, and the second decision ends them and is told anew (CK-08, CK-09, CK-26)."""
    case = world.signed("unrestricted", facts=MEMBER | {"service": "usmc"}).case
    disposed(world, case, T0 + 10 * DAY)
    late = T0 + 45 * DAY
    added = begin(world, case, "subject", late)
    # Entered as known of long before: the question is open again from now on, not from then.
    begin(world, case, "subject", T0 + 5 * DAY)
    assert kinds(world, case).count("disposition_reopened") == 1
    with access.viewing(world.sarc):
        said = Event.objects.get(kind="disposition_reopened")
    assert (said.occurred_at, said.data) == (late, {"matter": str(added.pk), "matter_kind": "subject"})
    for kind in MONTHLY:
        (_, _, before), (state, _, due) = duties(world, kind)
        assert (state, before, due) == ("open", 31 * 24 - 1, 61 * 24 - 1)  # the summer hour came in between
    for kind in TOLD:
        assert states(world, kind) == ["open"]
    action = begin(world, case, "action", late, parent_id=added.pk)
    assert refusal_of(step, world, case, "final_disposition_decided", late) == ("rule_refuses", "FD-15")
    take(world, action, "action_closed", late)
    with access.viewing(world.sarc):
        other = case.matters.get(kind="subject", ended_at=None, opened_at=T0 + 5 * DAY)
    take(world, begin(world, case, "action", late, parent_id=other.pk), "action_closed", late)
    step(world, case, "final_disposition_decided", late + DAY)
    for kind in MONTHLY:
        assert states(world, kind) == ["ended", "ended"]
    # The first decision was not told yet: each owes its own.
    for kind in TOLD:
        assert states(world, kind) == ["open", "open"]
    for done in (
        "disposition_told",
        "disposition_submitted",
        "mcio_told_of_disposition",
        "disposition_report_sent",
    ):
        step(world, case, done, late + DAY)
    assert states(world, "tell_disposition") == ["missed", "discharged"]
    assert states(world, "tell_mcio_disposition") == ["discharged", "discharged"]


def test_cl_2_fd_18_cmg_11_a_case_is_not_closed_with_an_alleged_offender_or_retaliation_open(world) -> None:
    case = world.signed("unrestricted").case
    disposed(world, case)
    held(world, called(world))
    subject = begin(world, case, "subject")
    code, rule = refusal_of(close, world, case, T0)
    assert (code, rule) == ("not_ready_to_close", "CL-2, FD-18")
    claim = begin(world, case, "retaliation")
    assert refusal_of(close, world, case, T0) == ("not_ready_to_close", "CL-2, CMG-11, FD-18")
    page = signed_in(world.sarc).get(f"/admin/cases/{case.pk}/close/").content.decode()
    assert (
        "An alleged offender has no final disposition yet. The case stays open until then (rule FD-18)"
        in page
    )
    with access.viewing(world.sarc):
        with refused("while an alleged offender has no final disposition"):
            run(EVENT, uuid4(), case.pk, "case_closed", T0, world.sarc.pk)
        with refused("when every alleged offender has one"):
            run(EVENT, uuid4(), case.pk, "final_disposition_decided", T0, world.sarc.pk)
    take(world, begin(world, case, "action", parent_id=subject.pk), "action_closed", T0)
    step(world, case, "final_disposition_decided")
    assert refusal_of(close, world, case, T0) == ("not_ready_to_close", "CL-2, CMG-11")
    with access.viewing(world.sarc), refused("while retaliation that was reported is unsettled"):
        run(EVENT, uuid4(), case.pk, "case_closed", T0, world.sarc.pk)
    take(world, claim, "retaliation_ended", T0)
    close(world, case, T0)
    # Of a closed case neither begins, with the service or round it; opened again and over, an offender opens it.
    for kind in ("subject", "retaliation"):
        assert refusal_of(begin, world, case, kind) == ("case_closed", "ST-08")
        with access.viewing(world.sarc), refused("opened again first"):
            insert(case, kind)
    case_reopen(actor=world.sarc, case_id=case.pk, at=T0, reason="new_information")
    assert states(world, "monthly_update") == ["ended", "ended"]
    with access.viewing(world.sarc), refused("opens the final disposition again"):
        insert(case, "subject")
        run("SET CONSTRAINTS disposition_is_open IMMEDIATE")
    begin(world, case, "subject")
    assert sorted(states(world, "monthly_update")) == ["ended", "ended", "open"]


def test_the_database_keeps_a_case_open_for_the_kinds_that_the_data_name(world) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM sapr_keeps_open")
        assert {kind for (kind,) in cursor.fetchall()} == {
            name for name, kind in KINDS.items() if kind.keeps_open
        }
    rules = {rule.id for rule in policy.rules()}
    assert {kind.keeps_open.rule for kind in KINDS.values() if kind.keeps_open} <= rules


def test_cmg_08_cmg_10_cmg_11_the_group_reviews_what_is_open_again_and_nothing_that_is_over(world) -> None:
    over, again, two = (world.signed("unrestricted").case for _ in range(3))
    limited = limited_case_open(actor=world.sarc, at=T0)
    for case in (over, again, limited, two):
        disposed(world, case)
    case_reopen(actor=world.sarc, case_id=close(world, over, T0).pk, at=T0, reason="closed_in_error")
    for case in (again, limited):
        begin(world, case, "subject", T0 + DAY)
    first, second = (begin(world, two, "retaliation", T0 + n * DAY) for n in (1, 2))
    take(world, second, "retaliation_ended", T0 + 3 * DAY)
    begin(world, two, "retaliation", T0 + 3 * DAY)
    reach(T0 + 4 * DAY)
    meeting = called(world, at=T0 + 4 * DAY)
    with access.viewing(world.commander):
        since = dict(AgendaLine.objects.filter(meeting=meeting).values_list("case_id", "since"))
    assert since == {again.pk: T0 + DAY, limited.pk: T0 + DAY, two.pk: T0 + DAY}
    assert first.state == "reported"


def test_cmg_11_cd_30_re_05_cd_31_retaliation_after_the_end_is_reviewed_and_asked_about_every_month(
    world,
) -> None:
    colleague = another(world)
    case = world.signed("unrestricted", actor=colleague).case
    given = {"actor": colleague}

    def of(kind):
        return [state for state, _ in duties_of(colleague, case.pk, kind)]

    subject = begin(world, case, "subject", **given)
    action = begin(world, case, "action", parent_id=subject.pk, **given)
    asked = {"actor": colleague, "case_id": case.pk, "at": T0}
    matter_step(matter_id=action.pk, step="action_closed", details={"outcome": "carried_out"}, **asked)
    step_record(kind="final_disposition_decided", **asked)
    first, second = (begin(world, case, "retaliation", T0 + n * DAY, **given) for n in (1, 2))
    # What runs until the final disposition does not come back; what retaliation brings is each claim's own.
    for kind in ("cmg_review", "monthly_update"):
        assert of(kind) == ["ended"]
    for kind in ("retaliation_review", "ask_about_retaliation"):
        assert of(kind) == ["open", "open"]
    # The meeting is held by somebody who is on another case, and reviews both.
    reach(T0 + 3 * DAY)
    meeting = called(world, at=T0 + 3 * DAY)
    held(world, meeting, at=T0 + 3 * DAY)
    assert of("retaliation_review") == ["discharged", "discharged", "open", "open"]
    assert of("update_after_cmg") == ["open"]
    at = {"actor": colleague, "case_id": case.pk, "at": T0 + 3 * DAY}
    matter_step(matter_id=first.pk, step="retaliation_asked", details={"answer": "none"}, **at)
    assert of("ask_about_retaliation") == ["discharged", "open", "open"]
    # The victim who is asked without a claim being named is asked about all: here the one that still waits.
    step_record(kind="retaliation_asked", details={"answer": "nothing"}, **at)
    assert of("ask_about_retaliation") == ["discharged", "discharged", "open", "open"]
    matter_step(matter_id=second.pk, step="retaliation_ended", details={"finding": "substantiated"}, **at)
    for kind in ("retaliation_review", "ask_about_retaliation"):
        with access.viewing(colleague):
            waiting = Duty.objects.filter(kind=kind, state="open")
            assert [duty.about for duty in waiting] == [first.pk]


def test_an_offender_entered_while_the_case_is_closed_is_on_neither_side(stage) -> None:
    """Either the offender comes first and the case stays open, or finds it closed."""
    world = stage.world
    case = world.signed("unrestricted").case
    disposed(world, case)
    gate, ends = Barrier(2), {}

    def go(name, call) -> None:
        gate.wait()
        try:
            call()
            ends[name] = "done"
        except (DomainError, DatabaseError) as refusal:
            ends[name] = getattr(refusal, "code", type(refusal).__name__)
        finally:
            connections.close_all()

    calls = {"added": lambda: begin(world, case, "subject"), "closed": lambda: close(world, case, T0)}
    threads = [Thread(target=go, args=each) for each in calls.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends in (
        {"added": "done", "closed": "not_ready_to_close"},
        {"added": "case_closed", "closed": "done"},
    )
