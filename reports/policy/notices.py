"""How notices go out: when, to whom, in which words. Every number is a dated row."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from .book import Book
from .delays import check_instant, check_zone, local_instant
from .errors import FactsError
from .rows import Rule
from .wording_numbers import CHECKS

# The last ones are what the engine of notifications/anonymity goes by.
PARTS = (
    "slots", "reminders", "chase", "grant", "extended_slots", *CHECKS,
)  # fmt: skip
NEWEST = date.max


class Reminder(NamedTuple):
    """One reminder before the last slot."""

    at: datetime
    roles: tuple[str, ...]


class Chase(NamedTuple):
    """When what is done about a notice that nobody acknowledges; `again_after` a call that reached nobody."""

    nudge_at: datetime
    alternate_at: datetime
    telephone_at: datetime
    again_after: timedelta


class NoticeSpec(NamedTuple):
    """How one kind of notice is addressed. `fields` are the only ones its recipient may be told."""

    kind: str
    rule: str
    recipient: str
    at_once: bool
    fields: tuple[str, ...]
    templates: Mapping[str, str]


class NoticeTable:
    """The notice rows of a book. Part `name` of a day is the row in force that carries it."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._parts: dict[str, list[Rule]] = {name: [] for name in PARTS}
        self._specs: dict[str, list[tuple[Rule, NoticeSpec]]] = {}
        known = {rule.id for rule in book.rules}
        for rule in book.family("notices"):
            if not rule.enabled:
                continue
            for name in PARTS:
                if name in rule.parameters:
                    self._parts[name].append(rule)
            if "notice" in rule.parameters:
                spec = self._spec(rule, known)
                self._specs.setdefault(spec.kind, []).append((rule, spec))
        self._check()

    def _spec(self, rule: Rule, known: set[str]) -> NoticeSpec:
        raw = rule.parameters["notice"]
        try:
            if raw["rule"] not in known:
                raise rule.error(f"dangling reference to {raw['rule']!r}")
            if raw["recipient"] not in self.book.vocabulary["roles"]:
                raise rule.error(f"unknown role {raw['recipient']!r}")
            return NoticeSpec(
                raw["kind"],
                raw["rule"],
                raw["recipient"],
                raw["at_once"],
                tuple(raw["fields"]),
                MappingProxyType(raw["templates"]),
            )
        except KeyError as error:
            raise rule.error(f"{error.args[0]} is missing") from None

    def _check(self) -> None:
        for rule in self._parts["reminders"]:
            for each in rule.parameters["reminders"]:
                for role in each["roles"]:
                    if role not in self.book.vocabulary["roles"]:
                        raise rule.error(f"unknown role {role!r}")
        for rule in self._parts["slots"]:
            hours = rule.parameters["slots"]["hours"]
            if not hours or sorted(set(hours)) != hours or not all(0 <= hour < 24 for hour in hours):
                raise rule.error("the slots are rising hours of the day")
        for name, check in CHECKS.items():
            for rule in self._parts[name]:
                check(rule, rule.parameters[name])

    def part(self, name: str, on: date | None) -> Mapping[str, Any]:
        """The data of that part on that day; None means the newest."""
        day = on or NEWEST
        for rule in self._parts[name]:
            if rule.in_force(day):
                return rule.parameters[name]
        raise FactsError("date_out_of_range", "on", "No notice rules are in force on this date.")

    def wording_numbers(self, part: Any, on: date | None) -> Mapping[str, Any]:
        """See `reports.policy.wording_numbers`."""
        if part not in CHECKS:
            raise FactsError("unknown_value", "part", f"This must be one of: {', '.join(CHECKS)}.")
        return self.part(part, on)

    def instant(self, value: Any, path: str) -> datetime:
        """A checked instant in UTC."""
        return check_instant(value, path, self.book.facts.earliest, self.book.facts.latest)

    def last_slot(self, signed_at: Any, zone: Any, *, extended: bool = False) -> datetime:
        """See `reports.policy.last_slot`."""
        place = check_zone(zone)
        signed = self.instant(signed_at, "signed_at")
        on = signed.astimezone(place).date()
        slots = self.part("slots", on)
        within = self.part("extended_slots", on) if extended else slots
        limit = signed + timedelta(hours=within["last_within_hours"])
        days = (signed.astimezone(place).date(), limit.astimezone(place).date())
        return max(each for each in _slots(*days, slots["hours"], place) if each <= limit)

    def slots_after(self, now: Any, last: Any, zone: Any) -> list[datetime]:
        """See `reports.policy.slots_after`."""
        place = check_zone(zone)
        start, end = self.instant(now, "now"), self.instant(last, "last")
        first_day, last_day = start.astimezone(place).date(), end.astimezone(place).date()
        if last_day < first_day:
            return []
        hours = self.part("slots", first_day)["hours"]
        return [each for each in _slots(first_day, last_day, hours, place) if start < each <= end]

    def chase(self, placed_at: Any, zone: Any) -> Chase:
        """See `reports.policy.chase`."""
        placed, place = self.instant(placed_at, "placed_at"), check_zone(zone)
        on = placed.astimezone(place).date()
        hours = self.part("chase", on)
        nudge, wanted, telephone, again = (
            timedelta(hours=hours[f"{name}_hours"])
            for name in ("nudge_after", "alternate_after", "telephone_after", "again_after")
        )
        day = (placed + wanted).astimezone(place).date()
        slots = _slots(day, day + timedelta(days=1), self.part("slots", on)["hours"], place)
        alternate = next(each for each in slots if each >= placed + wanted)
        return Chase(placed + nudge, alternate, max(placed + telephone, alternate), again)

    def longest_grant(self, on: Any) -> timedelta:
        """See `reports.policy.longest_grant`."""
        day = self.book.facts.check_date(on, "on")
        return timedelta(days=self.part("grant", day)["longest_days"])

    def reminders(self, last: Any) -> list[Reminder]:
        """See `reports.policy.reminders`."""
        end = self.instant(last, "last_slot")
        return [
            Reminder(end - timedelta(hours=each["hours_before"]), tuple(each["roles"]))
            for each in self.part("reminders", end.date())
        ]

    def spec(self, kind: Any, on: date | None) -> NoticeSpec:
        """See `reports.policy.notice_spec`."""
        for rule, spec in self._specs.get(kind, ()) if isinstance(kind, str) else ():
            if rule.in_force(on or NEWEST):
                return spec
        raise FactsError("unknown_value", "kind", f"This must be one of: {', '.join(self._specs)}.")


def _slots(first: date, last: date, hours: list[int], place: Any) -> list[datetime]:
    """Every slot from one local day to another, rising; two that a clock change merges count once."""
    days = (last - first).days + 1
    instants = {
        local_instant(first + timedelta(days=day), time(hour), place) for day in range(days) for hour in hours
    }
    return sorted(each.astimezone(UTC) for each in instants)
