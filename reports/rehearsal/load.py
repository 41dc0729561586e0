"""How much falls on each post: the duties of a week divided by the people who hold it, beside the median of its kind.

No rule says how many duties are too many, so nothing here says it either: the measure is a comparison.
"""

from collections import Counter
from collections.abc import Iterable
from statistics import median
from typing import NamedTuple
from uuid import UUID

from reports.rehearsal.people import POST_ROLES, Held
from reports.rehearsal.running import Falling


class Load(NamedTuple):
    """One role at one installation. `each_week` is None while nobody holds it; `times` compares it with `median`."""

    role: str
    installation_id: UUID
    due: int
    people: int
    each_week: float | None
    median: float | None
    times: float | None


def loads(falling: Iterable[Falling], held: Iterable[Held], weeks: float) -> list[Load]:
    """Every role that something falls on: those nobody holds first, then by how far they stand above the median."""
    due = Counter((POST_ROLES.get(each.role, each.role), each.installation_id) for each in falling)
    people = Counter(
        (role, place) for role, place, _ in {(h.role, h.installation_id, h.user_id) for h in held}
    )
    weekly = {key: count / weeks / people[key] for key, count in due.items() if people[key]}
    middle = {
        role: median(value for (each, _), value in weekly.items() if each == role) for role, _ in weekly
    }
    found = [
        Load(
            role, place, count, people[role, place], weekly.get((role, place)), middle.get(role),
            weekly[role, place] / middle[role] if (role, place) in weekly else None,
        )
        for (role, place), count in due.items()
    ]  # fmt: skip
    return sorted(
        found,
        key=lambda load: (
            load.each_week is not None,
            -(load.times or 0),
            load.role,
            str(load.installation_id),
        ),
    )
