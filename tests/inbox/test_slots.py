"""CN-1, DN-01, DN-52, DN-54: there always is a last slot, whatever zone and night; the alternate's is a slot too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reports import policy

HOUR = timedelta(hours=1)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
INSTANTS = st.datetimes(datetime(2005, 2, 1), datetime(2036, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
LEAP_DAYS = st.sampled_from([2008, 2012, 2016, 2020, 2024, 2028]).flatmap(
    lambda year: st.datetimes(datetime(year, 2, 28), datetime(year, 3, 1, 23), timezones=st.just(UTC))  # noqa: DTZ001
)
SHIFTS = st.sampled_from(
    [(3, 8), (3, 29), (4, 5), (10, 4), (10, 25), (11, 1)]  # where clocks of the world change in 2026
).flatmap(
    lambda day: st.datetimes(
        datetime(2026, *day) - timedelta(days=2), datetime(2026, *day) + timedelta(days=1), timezones=st.just(UTC)  # noqa: DTZ001
    )
)  # fmt: skip


@pytest.mark.parametrize(("extended", "within"), [(False, 23), (True, 47)])
def test_a_last_slot_lies_within_the_margin_and_six_hours_of_it(extended, within) -> None:
    """T+17 to T+23 (extended: T+41 to T+47). Slots between which clocks go back lie that much further apart."""

    @settings(max_examples=400, deadline=None)
    @given(INSTANTS | LEAP_DAYS | SHIFTS, st.sampled_from(ZONES))
    @example(datetime(2026, 10, 31, 14, 59, tzinfo=UTC), "America/New_York")
    @example(datetime(2028, 2, 28, 23, 0, tzinfo=UTC), "Pacific/Kiritimati")
    def holds(signed, zone) -> None:
        last = policy.last_slot(signed, zone, extended=extended)
        limit, place = signed + within * HOUR, ZoneInfo(zone)
        following = min(each for each in policy.slots_after(last, last + 2 * 24 * HOUR, zone) if each > last)
        assert last <= limit < following
        # Six hours on the wall; by the sun as much more as the clocks went back between the two.
        back = last.astimezone(place).utcoffset() - following.astimezone(place).utcoffset()
        assert following - last <= 6 * HOUR + max(back, timedelta())
        if back <= timedelta():
            assert last > limit - 6 * HOUR
        assert last.astimezone(place).hour in (0, 6, 12, 18) or _skipped(last, place)

    holds()


def test_the_last_slot_over_ten_years_of_nights_in_every_zone() -> None:
    """T+17 to T+23; less by what the clocks go back that night: T+16 where by an hour, T+15 where by two (Troll).

    Slots lie six hours apart wherever clocks do not change, so the nights in which they do are all there is to look at,
    at both edges of every slot.
    """
    days = [datetime(2026, 1, 1, tzinfo=UTC) + 24 * HOUR * n for n in range(3653)]
    alike = {tuple(day.astimezone(ZoneInfo(zone)).utcoffset() for day in days[::7]): zone for zone in ZONES}
    found: dict[timedelta, set[str]] = {}
    for zone in alike.values():
        place = ZoneInfo(zone)
        ahead = [day.astimezone(place).utcoffset() for day in days]
        changes = [n for n in range(2, len(days) - 2) if n == 2 or ahead[n] != ahead[n + 1]]
        for n in changes:
            back = max(ahead[n] - ahead[n + 1], timedelta())
            for slot in policy.slots_after(days[n] - 24 * HOUR, days[n] + 48 * HOUR, zone):
                assert policy.last_slot(slot - 23 * HOUR, zone) == slot
                before = slot - 23 * HOUR - timedelta.resolution
                margin = policy.last_slot(before, zone) - before
                assert 17 * HOUR - back < margin < 23 * HOUR
                if margin < 17 * HOUR:
                    found.setdefault(back, set()).add(zone)
    assert len(alike) > 50
    assert set(found) >= {HOUR, HOUR / 2}
    assert set(found) - {HOUR, HOUR / 2, 2 * HOUR} == set()
    assert found.get(2 * HOUR, set()) <= {"Antarctica/Troll"}


def _skipped(slot: datetime, place: ZoneInfo) -> bool:
    """A slot that the clocks jumped over is the first moment after the jump."""
    return (slot - HOUR * 3).astimezone(place).utcoffset() != slot.astimezone(place).utcoffset()


@settings(max_examples=200, deadline=None)
@given(INSTANTS | LEAP_DAYS | SHIFTS, st.sampled_from(ZONES))
def test_what_follows_a_placed_notice_comes_in_order_and_the_alternates_at_a_slot(placed, zone) -> None:
    due = policy.chase(placed, zone)
    assert placed < due.nudge_at < due.alternate_at <= due.telephone_at
    assert due.alternate_at in policy.slots_after(placed, due.alternate_at, zone)
