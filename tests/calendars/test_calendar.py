"""The calendar of duties: the installation's days, capped cells, late ones on top, one click to the action."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from reports import access, policy
from reports.calendars.admin import _beside, _weeks
from reports.models import Duty
from sapr import clock
from tests.desk.conftest import text
from tests.times import T0

PAGE = "/admin/calendar/"


def cell(page: str, on: date) -> str:
    """The cell of a day."""
    return page.split(f'data-test="day-{on}"')[1].split("</td>")[0]


def test_each_duty_stands_on_its_day_by_the_installations_clock_in_every_view(world, sign_in):
    report = world.signed("unrestricted")
    sarc = sign_in(world.sarc)
    with access.viewing(world.sarc):
        due = list(
            Duty.objects.filter(state="open", due_at__gt=T0)
            .order_by("due_at")
            .values_list("due_at", flat=True)
        )
    zone = ZoneInfo(world.installation.zone)
    days: dict[date, int] = {}
    for at in due:
        on = at.astimezone(zone).date()
        days[on] = days.get(on, 0) + 1
    first = min(days)
    for view, most in (("month", 3), ("week", 8)):
        page = text(sarc.get(PAGE, {"view": view, "of": first.isoformat()}))
        shown = cell(page, first)
        assert shown.count("<li>") == min(days[first], most) + (days[first] > most)
        assert f"{days[first]} dut" in shown
        assert report.case.number in shown
    page = text(sarc.get(PAGE, {"view": "day", "of": first.isoformat()}))
    assert (
        page.count('data-test="duty-row"')
        - page.split('data-test="calendar-day"')[0].count('data-test="duty-row"')
        == days[first]
    )
    assert re.search(r'<abbr title="[^"]+">[A-Z]+-\d+</abbr>', page.split('data-test="calendar-day"')[1])
    # Nobody else's: the other installation's SARC has an empty month, and those without cases no page.
    other = text(sign_in(world.stranger).get(PAGE, {"of": first.isoformat()}))
    assert report.case.number not in other
    assert sign_in(world.commander).get(PAGE).status_code == 403
    # Odd addresses show today; nothing that is typed comes back.
    for odd in (
        {"of": "2026-02-31"},
        {"of": "9999-12-31"},
        {"of": "'><b>"},
        {"view": "'><b>"},
        {"of": "0001-01-01"},
    ):
        answer = sarc.get(PAGE, odd)
        assert answer.status_code == 200
        assert "'><b>" not in text(answer)
        assert 'aria-current="date"' in text(answer)


def test_what_is_late_stands_on_top_and_the_numbers_are_capped_by_ds_21(
    world, sign_in, django_assert_max_num_queries
):
    for _ in range(3):
        world.signed("unrestricted")
    sarc = sign_in(world.sarc)
    with django_assert_max_num_queries(25):
        early = sarc.get(PAGE)
    limits = policy.access_rules(T0.date()).limits
    clock.move(T0 + timedelta(days=9), hold=True)
    sarc = sign_in(world.sarc)
    page = text(sarc.get(PAGE))
    late = page.split('data-test="calendar-late"')[1].split("</section>")[0]
    many = int(re.search(r'class="count">(\d+)', late)[1])
    assert late.count('data-test="duty-row"') == min(many, limits["calendar_late_lines"])
    assert many > limits["calendar_late_lines"]
    assert f"{many - limits['calendar_late_lines']} more" in late
    assert page.index("calendar-late") < page.index('data-test="calendar"')
    for _ in range(3):
        world.signed("unrestricted", at=T0 + timedelta(days=9))
    # As many questions with more rows.
    with django_assert_max_num_queries(25):
        assert len(sarc.get(PAGE).content) < 3 * len(early.content)


@pytest.mark.parametrize(("view", "of", "before", "after"), [
    ("month", "2026-03-31", "2026-02-28", "2026-04-04"),
    ("month", "2026-12-15", "2026-11-30", "2027-01-04"),
    ("week", "2026-03-01", "2026-02-22", "2026-03-08"),
    ("day", "2028-02-28", "2028-02-27", "2028-02-29"),
])  # fmt: skip
def test_before_and_after_are_addresses_of_two_words(view, of, before, after):
    day = date.fromisoformat(of)
    assert [each.isoformat() for each in _beside(view, day)] == [before, after]
    week = _weeks(view, day)
    assert all(len(row) == (1 if view == "day" else 7) for row in week)
    assert day in [each for row in week for each in row]
