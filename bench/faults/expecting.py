"""What falls due in a run, worked out by hand from the signatures: no code of the sweep or of the rules is asked.

One thread, one list, plain arithmetic; the tables are compared with it in `counting`.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from bench.faults.seeding import START

END = START + timedelta(days=33)
# Slots are 00, 06, 12 and 18 h local; the last one is not after T+23 h.
SLOT_HOURS, LAST_WITHIN = (0, 6, 12, 18), timedelta(hours=23)
# Hours before the last slot at which the SARC, then the programme manager too, are reminded.
REMINDED = {9: 1, 4: 2, 1: 2}
# Minutes after the due instant of an open duty at which each step of its ladder comes.
LADDER = (0, 30, 60, 90)
# A notice that nobody acknowledges is asked for by telephone after 36 hours.
TELEPHONE_AFTER = timedelta(hours=36)


class Notice(NamedTuple):
    """One Restricted notice that must stand in an inbox from its slot on, and by its deadline at the latest."""

    case: UUID
    slot: datetime
    deadline: datetime


def notice_of(case: str, signed_at: str, zone: str) -> Notice:
    """The notice of a Restricted report that nobody releases: at its last slot."""
    signed = datetime.fromisoformat(signed_at)
    minute = signed + LAST_WITHIN
    minute = minute.replace(second=0, microsecond=0)
    while True:
        local = minute.astimezone(ZoneInfo(zone))
        if local.hour in SLOT_HOURS and local.minute == 0:
            return Notice(UUID(case), minute.astimezone(UTC), signed + timedelta(hours=24))
        minute -= timedelta(minutes=1)


def reminders_of(notice: Notice) -> list[datetime]:
    """When somebody is reminded of it; two roles at one instant are two."""
    return [notice.slot - timedelta(hours=hours) for hours, roles in REMINDED.items() for _ in range(roles)]


def steps_of(due_at: datetime, until: datetime) -> int:
    """How many steps of its ladder a duty that nobody does has behind it."""
    return sum(due_at + timedelta(minutes=minutes) <= until for minutes in LADDER)
