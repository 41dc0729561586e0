"""What a rehearsal found, as one document. Cases are in it only for the person who asked, and people never."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Role, User
from reports import policy
from reports.rehearsal import people
from reports.rehearsal.load import loads
from reports.rehearsal.reading import HeldKit, Opened
from reports.rehearsal.running import Falling, Rules, run, turns_without

ASSUMED = (
    "Everything is done at the instant at which it is due, no new case comes and none ends, and the rules and policy "
    "settings stay as they are now."
)
MEASURE = "duties of a week, divided by the people who hold the post now; the median is that of all posts of the role"
KIT_ITEMS = {"restricted": "restricted_kit", "unrestricted": "unrestricted_kit"}


@dataclass(frozen=True)
class Span:
    """The time that is rehearsed: read at `now`, told from `begin` to `until`."""

    now: datetime
    begin: datetime
    until: datetime

    @property
    def weeks(self) -> float:
        return (self.until - self.begin) / timedelta(days=7)


def document(opened: Opened, span: Span, viewer: User | None) -> dict[str, Any]:
    """The whole rehearsal as plain JSON values. Without a viewer it holds counts per post and no case or person."""
    where = people.places()
    falling = list(run(opened.duties, now=span.now, until=span.until))
    told = sorted(
        (each for each in falling if span.begin <= each.due_at),
        key=lambda each: (each.due_at, each.kind, each.number),
    )
    ends = people.lapses(span.now, span.until)
    mine = people.own(ends, viewer) if viewer else ends
    found: dict[str, Any] = {
        "now": span.now.isoformat(),
        "from": span.begin.isoformat(),
        "until": span.until.isoformat(),
        "as": viewer.username if viewer else None,
        "assumed": ASSUMED,
        "waiting_now": _by_post((e for e in falling if e.immediate and e.due_at <= span.now), where),
        "late_now": _by_post((e for e in falling if e.late), where),
        "months": _months(told, where),
        "load_measure": MEASURE,
        "load": [
            {
                "role": each.role,
                "installation": where[each.installation_id].name,
                "due": each.due,
                "people": each.people if each.role in Role.values else None,
                "each_week": _rounded(each.each_week),
                "median": _rounded(each.median),
                "times_the_median": _rounded(each.times),
            }
            for each in loads(told, people.holders(span.now), span.weeks)
        ],
        "lapses": [{"at": e.at.isoformat(), "what": e.what, "post": e.title} for e in mine],
        "vacant": [{"from": at.isoformat(), "post": title} for at, title in people.vacated(span.now, mine)],
        "kits": _kits(opened.kits, span, where),
        "missed_if_nothing_is_done": _missed(opened, span, where),
    }
    if viewer:
        found["cases"] = [
            {"due_at": e.due_at.isoformat(), "case": e.number, "kind": e.kind, "rule": e.rule, "role": e.role}
            for e in told
        ]
    return found


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _by_post(falling: Iterable[Falling], where) -> list[dict[str, Any]]:
    """Counts by role, installation and kind."""
    counted = Counter((each.role, where[each.installation_id].name, each.kind) for each in falling)
    return [
        {"role": role, "installation": place, "kind": kind, "due": count}
        for (role, place, kind), count in sorted(counted.items())
    ]


def _months(told: list[Falling], where) -> list[dict[str, Any]]:
    months: dict[str, list[Falling]] = {}
    for each in told:
        months.setdefault(_month(each.due_at, each.zone), []).append(each)
    return [
        {"month": month, "due": len(rows), "posts": _by_post(rows, where)}
        for month, rows in sorted(months.items())
    ]


def _month(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m")


def _kits(kits: list[HeldKit], span: Span, where) -> list[dict[str, Any]]:
    """The kits whose period of keeping ends in that time, by month and installation, by the rules known now."""
    counted: Counter[tuple[str, str]] = Counter()
    rules = Rules(span.now)
    for kit in kits:
        place = ZoneInfo(kit.zone)
        today, signed = span.now.astimezone(place).date(), kit.signed_at.astimezone(place).date()
        found = rules.on(None, today)
        kept = policy.retention(
            KIT_ITEMS[kit.election],
            {},
            started_on=signed,
            on=today,
            profile=found.profile,
            adopted=found.adopted,
        ).keep_until
        if kept and span.begin.astimezone(place).date() <= kept <= span.until.astimezone(place).date():
            counted[kept.strftime("%Y-%m"), where[kit.installation_id].name] += 1
    return [
        {"month": month, "installation": place, "kits": count}
        for (month, place), count in sorted(counted.items())
    ]


def _missed(opened: Opened, span: Span, where) -> list[dict[str, Any]]:
    """What passes its instant in that time when nobody does anything. What is due at once has no such instant."""
    counted = Counter(
        (_month(due, duty.zone), duty.role, where[duty.installation_id].name, duty.kind)
        for duty in opened.duties
        if not duty.immediate
        for due in turns_without(duty, span.until)
        if due >= span.begin
    )
    return [
        {"month": month, "role": role, "installation": place, "kind": kind, "due": count}
        for (month, role, place, kind), count in sorted(counted.items())
    ]
