"""Expedited transfers: who may ask, in how much time each office answers, and that no date is lost."""

from datetime import timedelta

import pytest

from reports import access
from reports.casework.matters.kinds import KINDS
from reports.casework.matters.services import matter_open, matter_step
from reports.ledger.models import Event
from tests.casework.duties import duties, refusal_of, states
from tests.casework.steps import answers, begin, take
from tests.times import T0
from tests.world import MEMBER

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def case(world):
    return world.signed("unrestricted").case


def test_ck_13_ck_14_ck_15_each_transfer_of_a_case_keeps_its_own_time(world, case) -> None:
    ck_15_a_local_move_in_a_week_a_change_of_station_in_thirty_days(world, case)
    ck_14_a_denial_starts_the_review_and_it_ends_with_its_decision_or_without_the_wish(world, case)
    ck_13_five_calendar_days_from_the_request_each_request_on_its_own(world, case)


def ck_13_five_calendar_days_from_the_request_each_request_on_its_own(world, case) -> None:
    first = begin(world, case, "expedited_transfer")
    second = begin(world, case, "expedited_transfer", T0 + DAY)
    (one,) = duties(world, "decide_transfer", first)
    (two,) = duties(world, "decide_transfer", second)
    assert (one[:2], two[2] > one[2]) == (("open", "CK-13"), True)
    assert 5 * 24 <= one[2] < 6 * 24  # until midnight after the fifth day, where the installation is
    take(world, second, "transfer_approved", T0 + 2 * DAY)
    assert states(world, "decide_transfer", second) == ["discharged"]
    assert states(world, "decide_transfer", first) == ["open"]


def ck_14_a_denial_starts_the_review_and_it_ends_with_its_decision_or_without_the_wish(world, case) -> None:
    asked, unasked = (begin(world, case, "expedited_transfer") for _ in range(2))
    for each in (asked, unasked):
        take(world, each, "transfer_denied", T0 + HOUR)
        assert duties(world, "decide_transfer_review", each)[0][:2] == ("open", "CK-14")
    take(world, asked, "transfer_review_requested", T0 + DAY)
    assert states(world, "decide_transfer_review", asked) == ["open"]
    take(world, unasked, "transfer_withdrawn", T0 + DAY, why="no_review_wanted")
    assert states(world, "decide_transfer_review", unasked) == ["ended"]
    assert take(world, asked, "transfer_review_denied", T0 + 2 * DAY).state == "refused"
    assert states(world, "decide_transfer_review", asked) == ["discharged"]
    for each in (asked, unasked):
        assert states(world, "carry_out_transfer", each) == []


def ck_15_a_local_move_in_a_week_a_change_of_station_in_thirty_days(world, case) -> None:
    for kind, days, after_review in (("local", 7, False), ("pcs", 30, True)):
        move = begin(world, case, "expedited_transfer")
        if after_review:
            take(world, move, "transfer_denied", T0)
            take(world, move, "transfer_review_requested", T0)
            take(world, move, "transfer_review_approved", T0, transfer_kind=kind)
        else:
            take(world, move, "transfer_approved", T0, transfer_kind=kind)
        ((state, rule, due),) = duties(world, "carry_out_transfer", move)
        assert (state, rule, int(due // 24)) == ("open", "CK-15", days)
        take(world, move, "transfer_orders_issued", T0 + HOUR)
        move = take(world, move, "transfer_carried_out", T0 + 2 * HOUR)
        assert (move.state, move.ended_at) == ("departed", T0 + 2 * HOUR)
        assert states(world, "carry_out_transfer", move) == ["discharged"]


def test_et_14_et_17_what_a_decision_takes_and_that_no_date_is_lost(world, case) -> None:
    et_14_the_commander_weighs_all_ten_points(world, case)
    et_17_every_date_is_given_or_excused_and_in_order(world, case)


def et_17_every_date_is_given_or_excused_and_in_order(world, case) -> None:
    ask = {"actor": world.sarc, "case_id": case.pk, "kind": "expedited_transfer"}
    details = answers(KINDS["expedited_transfer"].open_steps()[0])
    assert refusal_of(matter_open, details=details, **ask) == ("date_needed", "ET-17")
    assert refusal_of(matter_open, details=details, excuse="lazy", **ask) == ("date_needed", "ET-17")
    assert refusal_of(matter_open, details=details, at=T0, excuse="not_told", **ask)[0] == "date_and_excuse"
    move = begin(world, case, "expedited_transfer", T0)
    assert refusal_of(take, world, move, "transfer_carried_out", T0) == ("no_such_step", "")
    take(world, move, "transfer_approved", T0 + 2 * DAY)
    assert refusal_of(take, world, move, "transfer_orders_issued", T0 + DAY)[0] == "before_the_step_before"
    step = {"actor": world.sarc, "case_id": case.pk, "matter_id": move.pk}
    assert refusal_of(matter_step, step="transfer_orders_issued", **step) == ("date_needed", "ET-17")
    take(world, move, "transfer_orders_issued", T0 + 4 * DAY, excuse="papers_lost")
    # What is not known holds nothing up: the departure may lie between the last date known and now.
    take(world, move, "transfer_carried_out", T0 + 3 * DAY)
    unknown = begin(world, case, "expedited_transfer", T0 + 4 * DAY, excuse="not_recorded")
    assert take(world, unknown, "transfer_approved", T0 + DAY).state == "approved"
    with access.viewing(world.sarc):
        excused = Event.objects.get(kind="transfer_orders_issued").data["not_dated"]
    assert excused == "papers_lost"


def et_14_the_commander_weighs_all_ten_points(world, case) -> None:
    move = begin(world, case, "expedited_transfer")
    assert refusal_of(take, world, move, "transfer_approved", T0, weighed=["A", "B"])[0] == "missing"
    assert refusal_of(take, world, move, "transfer_approved", T0, weighed=["Z"])[0] == "unknown_value"
    assert refusal_of(take, world, move, "transfer_approved", T0, transfer_kind="moon")[0] == "unknown_value"
    assert states(world, "decide_transfer", move) == ["open"]


def test_r15_et_01_to_et_08_who_may_ask_and_that_a_move_for_safety_is_another_thing(world, case) -> None:
    for applicant in ("commander", "somebody_else"):
        asked = refusal_of(begin, world, case, "expedited_transfer", applicant=applicant)
        assert asked == ("rule_refuses", "ET-03")
    assert refusal_of(begin, world, case, "expedited_transfer", applicant="sponsor")[0] == "rule_refuses"
    retired = MEMBER | {"statuses": ["retiree"]}
    other = world.signed("unrestricted", facts=retired).case
    assert "ET-01" in refusal_of(begin, world, other, "expedited_transfer")[1]
    begin(world, case, "safety_move")
    assert states(world, "decide_transfer") == []


def test_ck_13_a_request_entered_when_its_time_is_over_already_says_why(world) -> None:
    old = T0 - 20 * DAY
    case = world.signed("unrestricted", at=old, late_reason="found_late").case
    ask = {
        "actor": world.sarc, "case_id": case.pk, "kind": "expedited_transfer", "at": old + DAY,
        "details": answers(KINDS["expedited_transfer"].open_steps()[0]),
    }  # fmt: skip
    assert refusal_of(matter_open, **ask) == ("late_reason_needed", "CK-13")
    move = matter_open(late_reason="paper_delayed", **ask)
    assert states(world, "decide_transfer", move) == ["open"]
