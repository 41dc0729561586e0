"""What leaves the system, and when: constant mail, heartbeats, alarms. Every number is a dated row."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from .book import Book
from .delays import check_instant, check_zone, local_instant
from .errors import FactsError
from .rows import Rule

PARTS = ("mail", "outbox", "heartbeat", "alarm", "clearing")
NEWEST = date.max
HOURS_A_DAY = 24
# The database lets nothing go that is younger.
KEPT_DAYS = 30


class Outside(NamedTuple):
    """The numbers of one day; pauses and windows as lengths of time."""

    window: timedelta
    ahead: timedelta
    tries: int
    first_pause: timedelta
    longest_pause: timedelta
    alarm_kept: timedelta
    beat_every: timedelta
    dead_after: timedelta
    alarm_every: timedelta
    cleared_after: timedelta


class OutsideTable:
    """The rows of a book about what leaves the system."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._parts: dict[str, list[Rule]] = {name: [] for name in PARTS}
        slots = []
        for rule in book.family("notices"):
            if not rule.enabled:
                continue
            for name in PARTS:
                if name in rule.parameters:
                    self._parts[name].append(rule)
            slots += rule.parameters.get("slots", {}).get("hours", [])
        for rule in self._parts["mail"]:
            self._check_mail(rule, set(slots))
        for rule in self._parts["clearing"]:
            if rule.parameters["clearing"]["after_days"] < KEPT_DAYS:
                raise rule.error(f"a message is kept for {KEPT_DAYS} days at least")

    def _check_mail(self, rule: Rule, slots: set[int]) -> None:
        mail = rule.parameters["mail"]
        for role, hours in mail["hours"].items():
            if role not in self.book.vocabulary["access_roles"]:
                raise rule.error(f"unknown role {role!r}")
            if not hours or sorted(set(hours)) != hours or not all(0 <= hour < HOURS_A_DAY for hour in hours):
                raise rule.error("the hours of mail are rising hours of the day")
            if slots & set(hours):
                raise rule.error("mail goes out at no hour at which notices are placed")
        every = sorted({hour for hours in mail["hours"].values() for hour in hours})
        gaps = [later - earlier for earlier, later in pairwise([*every, every[0] + HOURS_A_DAY])]
        if timedelta(minutes=mail["window_minutes"] + mail["ahead_minutes"]) >= timedelta(hours=min(gaps)):
            raise rule.error("the window of one mail ends before the next one is made")

    def part(self, name: str, on: date | None) -> Mapping[str, Any]:
        """The data of that part on that day; None means the newest."""
        day = on or NEWEST
        for rule in self._parts[name]:
            if rule.in_force(day):
                return rule.parameters[name]
        raise FactsError("date_out_of_range", "on", "No rules about mail outside are in force on this date.")

    def numbers(self, on: date | None) -> Outside:
        """See `reports.policy.outside`."""
        mail, outbox, beat = (self.part(name, on) for name in ("mail", "outbox", "heartbeat"))
        return Outside(
            window=timedelta(minutes=mail["window_minutes"]),
            ahead=timedelta(minutes=mail["ahead_minutes"]),
            tries=outbox["tries"],
            first_pause=timedelta(seconds=outbox["first_pause_seconds"]),
            longest_pause=timedelta(seconds=outbox["longest_pause_seconds"]),
            alarm_kept=timedelta(hours=outbox["alarm_kept_hours"]),
            beat_every=timedelta(minutes=beat["every_minutes"]),
            dead_after=timedelta(minutes=beat["dead_after_minutes"]),
            alarm_every=timedelta(minutes=self.part("alarm", on)["at_most_every_minutes"]),
            cleared_after=timedelta(days=self.part("clearing", on)["after_days"]),
        )

    def mail_roles(self, at: Any, zone: Any) -> tuple[str, ...]:
        """See `reports.policy.mail_roles`."""
        place = check_zone(zone)
        instant = self._instant(at, "at")
        return tuple(
            role for each, role in self._turns(instant.astimezone(place).date(), place) if each == instant
        )

    def next_mail(self, after: Any, zone: Any, role: Any) -> datetime | None:
        """See `reports.policy.next_mail`."""
        place = check_zone(zone)
        start = self._instant(after, "after")
        first = start.astimezone(place).date()
        found = [
            instant
            for day in range(3)
            for instant, whose in self._turns(first + timedelta(days=day), place)
            if instant > start and role in (None, whose)
        ]
        return min(found, default=None)

    def _instant(self, value: Any, path: str) -> datetime:
        return check_instant(value, path, self.book.facts.earliest, self.book.facts.latest)

    def _turns(self, day: date, place: Any) -> Iterator[tuple[datetime, str]]:
        """Every planned instant of a local day, with the role it is for."""
        for role, hours in self.part("mail", day)["hours"].items():
            for hour in hours:
                yield local_instant(day, time(hour), place).astimezone(UTC), role
