"""Staff in many zones, and reports whose clocks run out during the run."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.faults.signing import sign
from bench.faults.state import State

# Slots at every hour and some halves and quarters, by UTC.
ZONES = (
    "UTC", "Europe/Berlin", "Africa/Cairo", "Asia/Riyadh", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata",
    "Asia/Kathmandu", "Asia/Dhaka", "Asia/Bangkok", "Asia/Tokyo", "Australia/Darwin", "Pacific/Guam",
    "Pacific/Auckland", "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver",
    "America/Chicago", "America/New_York", "America/Halifax", "America/Sao_Paulo", "Atlantic/Azores",
)  # fmt: skip
START = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)
# Each report opens more than one duty that falls due in the run: the notice, or its entry, reports and updates.
SHARE_RESTRICTED = 0.4


def staff() -> list[tuple[object, object, str]]:
    """One installation in each zone, with a SARC, a unit and its commander: (SARC, unit commander's post, zone)."""
    from accounts.models import Appointment, Certification, Location, LocationKind, Post, Role, User

    before = START - timedelta(days=60)

    def held(post: Post) -> User:
        user = User.objects.create(
            username=f"u{post.pk.hex[:12]}", display_name="Invented", email="u@staff.invalid", password="!"
        )
        Appointment.objects.create(user=user, post=post, starts_at=before)
        if post.role in (Role.SARC, Role.VA):
            Certification.objects.create(user=user, starts_at=before, ends_at=START + timedelta(days=900))
        return user

    command = Location.objects.create(kind=LocationKind.COMMAND, name="Command", zone="UTC")
    higher = Post.objects.create(location=command, role=Role.SENIOR_COMMANDER, title="Higher")
    manager = Post.objects.create(location=command, role=Role.PROGRAMME_MANAGER, title="Manager")
    held(higher)
    held(manager)
    found: list[tuple[object, object, str]] = []
    for zone in ZONES:
        camp = Location.objects.create(
            kind=LocationKind.INSTALLATION, name=f"Camp {zone}", zone=zone, parent=command
        )
        unit = Location.objects.create(kind=LocationKind.UNIT, name=f"Unit {zone}", zone=zone, parent=camp)
        posts = [
            Post.objects.create(location=place, role=role, title=f"{role} {zone}", next_higher=above)
            for place, role, above in (
                (camp, Role.SARC, None),
                (camp, Role.SENIOR_COMMANDER, higher),
                (camp, Role.MCIO, None),
                (unit, Role.UNIT_COMMANDER, higher),
            )
        ]
        people = [held(post) for post in posts]
        found.append((people[0], posts[3], zone))
    return found


def fill(state: State, ask: Callable[..., list[tuple]], tick: Callable[[], None]) -> None:
    """Sign reports until at least `state.due` duties fall due in the run. Their instants go into the state."""
    dice = random.Random(state.seed)
    rooms = staff()
    hours = state.window_hours
    fallen = 0
    while fallen < state.due:
        restricted = dice.random() < SHARE_RESTRICTED
        sarc, unit_post, zone = dice.choice(
            [room for room in rooms if not restricted or _slots(room[2], hours)]
        )
        at = START - timedelta(minutes=dice.randint(1, 300))
        if restricted:
            # Later than 17 h before its slot, so that no later one fits into 23 h.
            slot = dice.choice(_slots(zone, hours))
            at = slot - timedelta(minutes=dice.randint(17 * 60 + 10, 23 * 60 - 10))
        option = "restricted" if restricted else "unrestricted"
        case = sign(sarc=sarc, unit_post=unit_post, option=option, at=at)
        state.signed.append({"case": case, "option": option, "at": at.isoformat(), "zone": zone})
        fallen += sum(1 for _ in _falling(ask, case))
        tick()


def _slots(zone: str, hours: int) -> list[datetime]:
    """The slots of a zone in the first hours of the run."""
    found = (START + timedelta(minutes=minute) for minute in range(15, hours * 60 + 1, 15))
    return [
        each
        for each in found
        if (local := each.astimezone(ZoneInfo(zone))).minute == 0 and local.hour % 6 == 0
    ]


def _falling(ask: Callable[..., list[tuple]], case: str) -> list[tuple]:
    """The case's duties whose instants pass before the run's end."""
    from bench.faults.expecting import END

    return ask(
        "SELECT id FROM reports_duty WHERE case_id = %s AND NOT immediate AND due_at <= %s"
        " AND (state = 'open' OR kind = 'commander_notice_restricted')",
        [case, END],
    )
