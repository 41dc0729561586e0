"""Working days: federal holidays as the government lists them, kept on the day on which it keeps them."""

from datetime import date

import pytest

from reports import policy
from reports.policy.duty_words import read_calendars

FEDERAL = read_calendars(policy.default_policy().book)["federal"]

# month-day on which each holiday was kept, year by year
KEPT = {
    2010: ["01-01", "01-18", "02-15", "05-31", "07-05", "09-06", "10-11", "11-11", "11-25", "12-24", "12-31"],
    2011: ["01-17", "02-21", "05-30", "07-04", "09-05", "10-10", "11-11", "11-24", "12-26"],
    2012: ["01-02", "01-16", "02-20", "05-28", "07-04", "09-03", "10-08", "11-12", "11-22", "12-25"],
    2020: ["01-01", "01-20", "02-17", "05-25", "07-03", "09-07", "10-12", "11-11", "11-26", "12-25"],
    2021: [
        "01-01",
        "01-18",
        "02-15",
        "05-31",
        "06-18",
        "07-05",
        "09-06",
        "10-11",
        "11-11",
        "11-25",
        "12-24",
        "12-31",
    ],
    2022: ["01-17", "02-21", "05-30", "06-20", "07-04", "09-05", "10-10", "11-11", "11-24", "12-26"],
    2023: ["01-02", "01-16", "02-20", "05-29", "06-19", "07-04", "09-04", "10-09", "11-10", "11-23", "12-25"],
    2024: ["01-01", "01-15", "02-19", "05-27", "06-19", "07-04", "09-02", "10-14", "11-11", "11-28", "12-25"],
}


@pytest.mark.parametrize("year", KEPT)
def test_the_holidays_of_a_year_are_kept_when_the_government_keeps_them(year):
    assert sorted(FEDERAL.closed(year)) == [date.fromisoformat(f"{year}-{day}") for day in KEPT[year]]


def test_no_holiday_is_kept_on_a_weekend_and_each_year_has_them_all():
    for year in range(2005, 2105):
        closed = FEDERAL.closed(year)
        assert all(day.weekday() < 5 for day in closed)
        assert len(closed) in ((9, 10, 11) if year < 2021 else (10, 11, 12))


def test_working_days_are_counted_over_weekends_and_holidays():
    assert FEDERAL.working_day_after(date(2024, 11, 27), 2) == date(2024, 12, 2)
    assert FEDERAL.working_day_after(date(2024, 11, 30), 1) == date(2024, 12, 2)
    assert FEDERAL.working_day_after(date(2021, 12, 30), 1) == date(2022, 1, 3)
    assert FEDERAL.working_day_after(date(2024, 11, 28), 0) == date(2024, 11, 28)


def test_the_day_on_which_presidents_take_office_is_a_working_day():
    assert FEDERAL.is_working(date(2017, 1, 20))
    # in 2025 it fell on Martin Luther King's birthday
    assert not FEDERAL.is_working(date(2025, 1, 20))
