"""What happened in a case, a page at a time: grouped by day, narrowed to a group of kinds, older by keyset."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from reports.ledger.models import Event
from sapr.desk.spoken import worded
from sapr.knowing.reading import book
from sapr.knowing.words import GROUPS

SHOWN = 20
SAME = timedelta(minutes=1)
# Bookkeeping of the house itself: shown on request, out of the way of what happened.
BOOKKEEPING = frozenset(
    {
        "sealed_opened",
        "knowledge_shown",
        "duty_opened",
        "duty_discharged",
        "duty_ended",
        "notice_composed",
        "sarc_assigned",
    }
)
# Plain vocabulary of an event's data that is worth a reader's time; ids and digests are not.
TOLD = (
    "kind",
    "rule",
    "from",
    "answer",
    "care",
    "means",
    "by",
    "election",
    "form",
    "edition",
    "purpose",
    "reason",
    "letter",
    "service",
    "outcome",
    "updater",
    "topic",
    "category",
    "reported",
)
# What the list can be narrowed to, beside the groups of kinds that a case has.
HAPPENED, EVERYTHING = "", "all"
CHOICES = {
    HAPPENED: _("What happened"),
    **{name: words for name, words in GROUPS.items() if name != "system"},
    EVERYTHING: _("Every record"),
}


@dataclass(frozen=True)
class Row:
    """One event as people read it."""

    event: Event
    who: str
    told: str
    recorded_later: bool


@dataclass(frozen=True)
class Timeline:
    """One page. `older`: the number of the event before which it goes on; None at the end. `later`: not the first."""

    days: list[tuple[date, list[Row]]]
    show: str
    older: int | None
    later: bool
    choices: Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """Which page is asked for: a group of kinds, and the number of the event before which it begins."""

    show: str
    before: int | None

    def page(self, rows: QuerySet[Event]) -> QuerySet[Event]:
        """The events of the page and one more, of a case's events, newest first."""
        if self.before is not None:
            rows = rows.filter(seq__lt=self.before)
        if self.show == HAPPENED:
            rows = rows.exclude(kind__in=BOOKKEEPING)
        elif self.show != EVERYTHING:
            rows = rows.filter(kind__in=book().grouped(self.show))
        return rows.order_by("-seq")[: SHOWN + 1]

    def among(self, events: Iterable[Event]) -> list[Event]:
        """The same out of events that hold the page, and others."""
        found = (each for each in events if self._holds(each))
        return sorted(found, key=lambda event: -event.seq)[: SHOWN + 1]

    def _holds(self, event: Event) -> bool:
        if self.before is not None and event.seq >= self.before:
            return False
        if self.show == HAPPENED:
            return event.kind not in BOOKKEEPING
        return self.show == EVERYTHING or book().kinds[event.kind].group == self.show


def asked_for(given: Mapping[str, str]) -> Asked:
    """What an address asks for; what it does not know counts as not asked."""
    show, before = given.get("show", HAPPENED), given.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
    return Asked(show if show in CHOICES else HAPPENED, number)


def drawn(asked: Asked, events: list[Event], zone: str, name: Callable[[UUID], str], system: str) -> Timeline:
    """The page in words. `events`: the page and one more; `name`: of a user; `system`: what the system is called."""
    rows = [_row(each, name(each.actor_id) if each.actor_id else system) for each in events[:SHOWN]]
    place = ZoneInfo(zone)
    days = groupby(rows, key=lambda row: row.event.occurred_at.astimezone(place).date())
    return Timeline(
        days=[(day, list(of_day)) for day, of_day in days],
        show=asked.show,
        older=events[SHOWN - 1].seq if len(events) > SHOWN else None,
        later=asked.before is not None,
        choices=CHOICES,
    )


def _row(event: Event, who: str) -> Row:
    told = ", ".join(worded(event.data[key], key) for key in TOLD if event.data.get(key))
    return Row(event, who, told, event.recorded_at - event.occurred_at >= SAME)
