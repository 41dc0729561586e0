"""What is read once for an import: the cut-over, the clock, installations with their SARCs, units with their posts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.models import Location, LocationKind, Post, Role
from accounts.selectors import holders_under
from reports.legacy.deciding import Answers


@dataclass(frozen=True)
class Place:
    """One installation: its id, its zone, and its SARCs' ids by user name."""

    id: str
    zone: str
    sarcs: dict[str, str]


@dataclass(frozen=True)
class Directory:
    """`cutover`: until then the earlier system was the record. `commanders`: a unit's commander's post by its name.

    `answers`: what the rules were asked for rows of this import, and answered.
    """

    cutover: datetime
    now: datetime
    places: dict[str, Place]
    commanders: dict[str, str]
    answers: Answers = field(default_factory=dict, repr=False)

    @property
    def tomorrow(self) -> str:
        """The calendar day after today's, by UTC."""
        return (self.now + timedelta(days=1)).date().isoformat()


def directory(*, cutover: datetime, now: datetime) -> Directory:
    """Read at that instant: who holds a post then has the cases from then on."""
    places = {
        each.name: Place(
            str(each.pk),
            each.zone,
            {user.username: str(user.pk) for user in holders_under(each, Role.SARC, now)},
        )
        for each in Location.objects.filter(kind=LocationKind.INSTALLATION)
    }
    posts = Post.objects.filter(role=Role.UNIT_COMMANDER, location__kind=LocationKind.UNIT)
    commanders = {name: str(pk) for name, pk in posts.values_list("location__name", "pk")}
    return Directory(cutover, now, places, commanders)
