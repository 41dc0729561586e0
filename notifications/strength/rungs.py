"""Choosing the rung of a location for a quarter, and reading the one that stands."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from accounts.models import Location, Role
from notifications.strength.engine import Chosen, Engine
from notifications.strength.rung_models import MINIMAL, RungClock, UnitRung
from reports.ledger.services import append_system


def quarter_of(location: Location, at: datetime) -> date:
    """The first day of the quarter that runs at the location at that instant."""
    today = at.astimezone(ZoneInfo(location.zone)).date()
    return date(today.year, today.month - (today.month - 1) % 3, 1)


def next_quarter(location: Location, at: datetime) -> datetime:
    """The instant at which the location's next quarter begins."""
    first = quarter_of(location, at)
    month = first.month + 3
    following = date(first.year + month // 12, month % 12, 1) if month > 12 else date(first.year, month, 1)
    return datetime(following.year, following.month, 1, tzinfo=ZoneInfo(location.zone))


def standing(location: Location, at: datetime) -> UnitRung | None:
    """The rung that stands for the location in the quarter of that instant; None while none was chosen."""
    rungs = UnitRung.objects.filter(location=location, quarter=quarter_of(location, at))
    return rungs.order_by("-turn").first()


def rung_of(location: Location, *, actor, at: datetime) -> UnitRung | None:
    """The rung that stands now; chosen first when the quarter has none yet. `at`: now.

    None while no table of today speaks of the location: a notice is MINIMAL then, and the first table chooses at once.
    """
    engine = Engine(location, at)
    if not engine.speaks_of(location):
        return None
    return standing(location, at) or _choose(location, engine, actor, at)


def clock_due(now: datetime):
    """The clocks of locations whose rung is to be chosen, earliest first."""
    return RungClock.objects.filter(look_at__lte=now).order_by("look_at")


def quarter_begin(clock: RungClock, now: datetime) -> None:
    """Choose the rung of the quarter that began, and wait for the next quarter. Runs in the worker role."""
    # Of the worker's few columns of a place.
    location = Location.objects.defer("name").get(pk=clock.location_id)
    rung_of(location, actor=None, at=now)
    clock.look_at = next_quarter(location, now)
    clock.save(update_fields=["look_at"])


def choose_anew(location: Location, *, actor, at: datetime) -> list[UnitRung]:
    """After a newer strength table of the location: replace every standing rung that it no longer carries.

    Where none stands yet, one is chosen. A rung that the new numbers still carry stays, also when they would carry a
    finer one: that waits for the next quarter. What replaces one says nothing that it did not say. Returns the rungs
    chosen.
    """
    engine, found = Engine(location, at), []
    near = {*engine.tree.subtree(location.pk), *engine.tree.chain(location.pk)}
    for place in Location.objects.filter(pk__in=near, posts__role=Role.SENIOR_COMMANDER).order_by("pk"):
        rung = standing(place, at)
        if rung is None:
            if engine.speaks_of(place):
                found.append(_choose(place, engine, actor, at))
        elif not engine.carries(rung):
            chosen = engine.choose(place, previous=rung.rung, quarter=rung.quarter)
            found.append(_kept(place, engine.within(chosen, rung.rung), actor, at, turn=rung.turn + 1))
    return found


def _choose(location: Location, engine: Engine, actor, at: datetime) -> UnitRung:
    """The quarter's own choice, which leaves the rung of the quarter before only for good reason (rule DN-24)."""
    quarter = quarter_of(location, at)
    earlier = UnitRung.objects.filter(location=location, quarter__lt=quarter).order_by("-quarter", "-turn")
    previous = earlier.values_list("rung", flat=True).first()
    chosen = engine.choose(location, previous=previous, quarter=quarter)
    return _kept(location, chosen, actor, at, turn=0)


def _kept(location: Location, chosen: Chosen, actor, at: datetime, *, turn: int) -> UnitRung:
    """Keep a choice. Somebody who chose at the same moment was first: theirs stands."""
    quarter = quarter_of(location, at)
    if chosen.rung == MINIMAL:
        chosen = chosen._replace(k=None, numbers={}, smallest=None, examples=[], classes=[], confirm=False)
    row = UnitRung(location=location, quarter=quarter, turn=turn, chosen_at=at, **chosen._asdict())
    UnitRung.objects.bulk_create([row], ignore_conflicts=True)
    stands = UnitRung.objects.get(location=location, quarter=quarter, turn=turn)
    if stands.pk == row.pk:
        append_system(
            kind="rung_chosen",
            actor=actor,
            at=at,
            data={
                "choice": str(row.pk),
                "location": str(location.pk),
                "quarter": quarter.isoformat(),
                "rung": row.rung,
                "tables": row.tables,
            },
        )
    return stands


def rungs_of(locations: Iterable, *, quarter_from: date):
    """The rungs chosen for these locations since a quarter, newest first."""
    found = UnitRung.objects.filter(location__in=list(locations), quarter__gte=quarter_from)
    return found.select_related("location").order_by("location__name", "-quarter", "-turn")
