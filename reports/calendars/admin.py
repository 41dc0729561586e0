"""The calendar of one's duties by month, week and day; and the addresses for a calendar program."""

from calendar import SUNDAY, Calendar
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import policy
from reports.calendars import selectors, services
from reports.obligations.admin import DutyLine
from reports.obligations.admin import lines as in_words
from sapr import clock
from sapr.desk.acts import Acts
from sapr.desk.demo import zone_of
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, render

VIEWS = ("month", "week", "day")
# A calendar beyond these years is a slip of the hand.
YEARS = range(2005, 2100)
MADE = gettext_lazy("The address is made. It is shown this once.")
# How many a cell says; beyond that: more.
MOST_SAID = 99


class Day(NamedTuple):
    """One cell. `other`: of the month before or after the one that is shown."""

    on: date
    many: int
    lines: list[DutyLine]
    today: bool
    other: bool

    @property
    def further(self) -> int:
        """How many of the day the cell does not show."""
        return self.many - len(self.lines)

    @property
    def said(self) -> str:
        """The number as it is shown."""
        return f"{MOST_SAID}+" if self.many > MOST_SAID else str(self.many)


@page("discharge_duty")
def duty_calendar(request: HttpRequest) -> HttpResponse:
    """The viewer's open duties in a month, a week or a day. `view` and `of` (a day) say which; nothing else is read."""
    now, zone = clock.now(), zone_of(request.user)
    today = now.astimezone(ZoneInfo(zone)).date()
    view = request.GET.get("view", "month")
    view = view if view in VIEWS else "month"
    of = _day(request.GET.get("of", ""), today)
    limits = policy.access_rules(today).limits
    lines = limits[f"calendar_{view}_lines"]
    weeks = _weeks(view, of)
    found = selectors.due_by_day(
        viewer=request.user, first=weeks[0][0], last=weeks[-1][-1], at=now, lines=lines
    )
    late, oldest = selectors.overdue(viewer=request.user, at=now, lines=limits["calendar_late_lines"])
    cells = _cells(weeks, found, now, today, of if view == "month" else None)
    before, after = _beside(view, of)
    context = {
        "now": now,
        "zone": zone,
        "view": view,
        "views": [("month", _("Month")), ("week", _("Week")), ("day", _("Day"))],
        "of": of,
        "first": weeks[0][0],
        "last": weeks[-1][-1],
        "today": today,
        "before": before,
        "after": after,
        "weeks": cells,
        "rows": cells[0][0].lines if view == "day" else [],
        "day": cells[0][0],
        "late": late,
        "late_rows": in_words(oldest, now),
        "late_further": late - len(oldest),
    }
    return render(request, "desk/calendar.html", _("Calendar"), context)


def _day(text: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if found.year in YEARS else otherwise


def _weeks(view: str, of: date) -> list[list[date]]:
    """The days that a view shows, row by row; weeks begin on Sunday."""
    if view == "day":
        return [[of]]
    if view == "week":
        first = of - timedelta(days=(of.weekday() + 1) % 7)
        return [[first + timedelta(days=each) for each in range(7)]]
    return Calendar(SUNDAY).monthdatescalendar(of.year, of.month)


def _beside(view: str, of: date) -> tuple[date, date]:
    """A day in the stretch before and in the one after."""
    if view == "month":
        return of.replace(day=1) - timedelta(days=1), of.replace(day=28) + timedelta(days=7)
    step = timedelta(days=7 if view == "week" else 1)
    return of - step, of + step


def _cells(
    weeks: list[list[date]], found: dict[date, selectors.Due], now: datetime, today: date, month: date | None
) -> list[list[Day]]:
    """The cells, row by row; the words of all duties are looked up together."""
    words = {
        line.duty.pk: line for line in in_words((duty for due in found.values() for duty in due.first), now)
    }

    def cell(day: date) -> Day:
        due = found.get(day, selectors.Due(0, []))
        other = month is not None and day.month != month.month
        return Day(day, due.many, [words[duty.pk] for duty in due.first], day == today, other)

    return [[cell(day) for day in week] for week in weeks]


@page("discharge_duty")
def feeds(request: HttpRequest) -> HttpResponse:
    """The addresses for one's calendar program: made, made anew, revoked. An address is shown this once."""
    viewer, now, here = request.user, clock.now(), reverse("admin:calendar_feeds")
    own, acts, shown = selectors.own_feeds(viewer=viewer, at=now), Acts(request, here), []

    def make(appointment_id: UUID) -> None:
        token = services.feed_make(actor=viewer, appointment_id=appointment_id, at=now)
        shown.append(request.build_absolute_uri(reverse("calendar_feed", args=[token])))

    rows: list[dict[str, Any]] = []
    for each in own:
        key = each.appointment.pk
        row: dict[str, Any] = {"appointment": each.appointment, "feed": each.feed}
        row["make"] = acts.add("make", DeskForm, lambda given, key=key: make(key), MADE, thing=key)
        if each.feed is not None:
            row["revoke"] = acts.add(
                "revoke",
                DeskForm,
                lambda given, key=key: services.feed_revoke(actor=viewer, appointment_id=key, at=now),
                _("The address is revoked. Whoever has it finds nothing there any more."),
                thing=key,
            )
        rows.append(row)
    done = acts.run()
    if shown:
        return render(request, "desk/calendar_address.html", _("Calendar address"), {"address": shown[0]})
    if done is not None:
        return done
    context = {"rows": rows, "limits": policy.access_rules(now.date()).limits, "zone": zone_of(viewer)}
    return render(request, "desk/calendar_feeds.html", _("Calendar addresses"), context, status=acts.status)


urls = [
    path("calendar/", duty_calendar, name="calendar"),
    path("calendar/address/", feeds, name="calendar_feeds"),
]
