"""Protective orders: two orders of one case keep their own duties; civil orders; denials; what is told."""

from datetime import timedelta

import pytest

from reports import access
from reports.casework.told import told
from reports.ledger.models import Event
from tests.casework.duties import duties, refusal_of, states
from tests.casework.steps import begin, take
from tests.times import T0

DAY = timedelta(days=1)


@pytest.fixture
def case(world):
    return world.signed("unrestricted").case


def issued(world, case, at=T0, **given):
    return begin(world, case, "protective_order", at, step="protective_order_issued", **given)


def test_ck_16_ck_17_orders_of_one_case_each_keep_their_own_duties(world, case) -> None:
    ck_17_the_move_of_the_restrained_member_binds_both_commanders(world, case)
    ck_16_change_and_end_are_told_at_once_also_after_the_end(world, case)
    ck_16_seven_days_to_tell_the_civil_authorities_of_each_order(world, case)


def ck_16_seven_days_to_tell_the_civil_authorities_of_each_order(world, case) -> None:
    first, second = issued(world, case), issued(world, case, T0 + DAY)
    ((state, rule, due),) = duties(world, "tell_civil_authorities", first)
    assert (state, rule, int(due // 24)) == ("open", "CK-16", 7)
    take(world, second, "civil_authorities_told", T0 + 2 * DAY)
    assert states(world, "tell_civil_authorities", second) == ["discharged"]
    assert states(world, "tell_civil_authorities", first) == ["open"]
    take(world, first, "civil_authorities_told", T0 + 9 * DAY)
    assert states(world, "tell_civil_authorities", first) == ["missed"]


def ck_16_change_and_end_are_told_at_once_also_after_the_end(world, case) -> None:
    changed, ended = issued(world, case), issued(world, case)
    take(world, changed, "protective_order_changed", T0 + DAY)
    take(world, ended, "protective_order_ended", T0 + DAY)
    for each in (changed, ended):
        assert duties(world, "tell_civil_authorities_of_change", each) == [("open", "CK-16", 24)]
    take(world, ended, "civil_authorities_told_of_change", T0 + 2 * DAY)
    assert states(world, "tell_civil_authorities_of_change", ended) == ["discharged"]
    assert states(world, "tell_civil_authorities_of_change", changed) == ["open"]
    assert refusal_of(take, world, ended, "protective_order_changed", T0 + 2 * DAY)[0] == "no_such_step"


def ck_17_the_move_of_the_restrained_member_binds_both_commanders(world, case) -> None:
    moved, stays = issued(world, case), issued(world, case)
    take(world, moved, "restrained_member_transferred", T0 + DAY)
    assert states(world, "tell_gaining_commander", moved) == ["open"]
    (_, rule, due) = duties(world, "gaining_tells_civil_authorities", moved)[0]
    assert (rule, int(due // 24)) == ("CK-17", 8)
    take(world, moved, "gaining_commander_told", T0 + DAY)
    assert states(world, "tell_gaining_commander", moved) == ["discharged"]
    take(world, moved, "civil_authorities_told_of_transfer", T0 + 2 * DAY)
    assert set(states(world, "gaining_tells_civil_authorities", moved)) == {"discharged"}
    assert states(world, "tell_gaining_commander", stays) == []


def test_po_06_to_po_08_what_is_told_and_what_a_denial_takes(world, case) -> None:
    po_06_that_it_is_not_enforced_off_base_is_told_or_still_to_tell(world, case)
    po_07_po_08_a_denial_has_written_reasons_and_goes_to_the_installation_commander(world, case)


def po_07_po_08_a_denial_has_written_reasons_and_goes_to_the_installation_commander(world, case) -> None:
    order = begin(world, case, "protective_order")
    assert refusal_of(take, world, order, "protective_order_denied", T0, reasons=[])[0] == "missing"
    order = take(world, order, "protective_order_denied", T0, reasons=["no_danger_found"])
    assert (order.state, order.ended_at) == ("denied", None)
    again = take(world, order, "protective_order_issued", T0)
    assert states(world, "tell_civil_authorities", again) == ["open"]
    other = take(world, begin(world, case, "protective_order"), "protective_order_denied", T0)
    assert take(world, other, "protective_order_refused", T0).state == "refused"
    with access.viewing(world.sarc):
        denied = Event.objects.filter(kind="protective_order_denied").order_by("seq")
        assert [event.data["by"] for event in denied] == [
            "unit_commander", "unit_commander", "installation_or_senior_commander",
        ]  # fmt: skip


def po_06_that_it_is_not_enforced_off_base_is_told_or_still_to_tell(world, case) -> None:
    def instant():
        with access.viewing(world.sarc):
            lines = told(case, Event.objects.filter(case_id=case.pk))
        return next(each.at for each in lines if each.item.key == "order_off_base")

    issued(world, case, off_base_told="to_be_told")
    assert instant() is None
    issued(world, case, T0 + DAY, off_base_told="told")
    assert instant() == T0 + DAY
