"""Today of programme managers: who carries the work and what is late, without any case."""

from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts import selectors as staff
from accounts import staffing
from accounts.admin import certification_lines
from accounts.models import Location, LocationKind, Role
from notifications import selectors as notices
from notifications.finer import selectors as finer
from notifications.lateness import beating
from notifications.outside import selectors as outside
from reports.adoption import selectors as adoption
from reports.erasure import selectors as erasure
from reports.exports import selectors as exports
from reports.ledger.models import Event
from reports.ledger.selectors import alarms
from reports.obligations.selectors import Lateness, lateness
from sapr import clock

STAFF = "admin:staff"


class Load(NamedTuple):
    """One installation: how many people carry each role, and what is late there."""

    place: Location
    people: list[int]
    late: Lateness | None


def programme(viewer, now: datetime) -> dict[str, Any]:
    """What the page shows of the programme."""
    advocates = staffing.advocates_by_place(now)
    late, soon = lateness(viewer=viewer)
    return {
        "programme": True,
        "reminders": notices.reminders_shown(viewer=viewer, at=now),
        "health": beating.health(clock.keyboard_now()),
        "vacant": staffing.vacant_posts(now),
        "lapsing": [line for line in certification_lines(now) if line["soon"]],
        "alarms": _alarms(viewer, now),
        "dead_channels": outside.dead_channels(),
        "soon_everywhere": soon,
        "load": [
            Load(
                place,
                [advocates.get((place.pk, role), 0) for role in (Role.SARC, Role.VA)],
                late.get(place.pk),
            )
            for place in staff.locations().filter(kind=LocationKind.INSTALLATION)
        ],
        "waits": [line for line in _waits(viewer, now) if line[1]],
    }


def _waits(viewer, now: datetime) -> list[tuple[str, int, str]]:
    """What waits for somebody: (words, how much, the page on which it is done)."""
    return [
        (_("Appointments that wait for a second person"), staff.appointments_waiting().count(), STAFF),
        (_("Advocates without a certification in force"), staffing.advocates_without(now).count(), STAFF),
        (_("Policy changes that wait for a second person"), adoption.waiting().count(), "admin:policy"),
        (
            _("Erasures that wait for a second person"),
            erasure.waiting(viewer=viewer).count(),
            "admin:erasures",
        ),
        (
            _("Exports that wait for a second person"),
            exports.waiting(viewer=viewer).count(),
            "admin:exports",
        ),
        (
            _("Finer words that wait for a second person"),
            finer.waiting(viewer=viewer, at=now).count(),
            "admin:finer_list",
        ),
        (
            _("Messages to outside that were given up"),
            outside.letters(viewer=viewer).count(),
            "admin:channels",
        ),
        (_("Notices whose release is being awaited"), notices.reminded_notices(viewer=viewer, at=now), ""),
    ]


def _alarms(viewer, now: datetime) -> list[tuple[Event, str]]:
    """Who looked, or read, more than a relationship explains: (event, name) of the last days."""
    found = list(alarms(viewer=viewer, at=now))
    names = staff.names_of(event.actor_id for event in found)
    return [(event, names[event.actor_id]) for event in found]
