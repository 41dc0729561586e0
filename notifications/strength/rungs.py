"""Choosing the rung of a location for a quarter, and reading the one that stands."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from accounts.models import Location, Role
from notifications.strength.chosen import Chosen
from notifications.strength.engine import Engine
from notifications.strength.rung_models import RungClock, UnitRung
from notifications.strength.unchanged import stands, stands_ahead
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
    """The rung that stands now; chosen first when the quarter has none yet or the tables say something else since.

    None while no table of today speaks of the location: a notice is MINIMAL then, and the first table chooses at once.
    `at`: now.
    """
    found = stands(location.pk, quarter_of(location, at), at)
    if not found.speaks:
        return None
    return found.rung if found.same else _looked_at(location, Engine(location, at), actor, at)


def rung_ahead(location: Location, at: datetime) -> None:
    """Send the question that `rung_of` will ask in an act (`sapr.sending`)."""
    stands_ahead(location.pk, quarter_of(location, at), at)


def clock_due(now: datetime):
    """The clocks of locations whose rung is to be looked at, earliest first."""
    return RungClock.objects.filter(look_at__lte=now).order_by("look_at")


def look(clock: RungClock, now: datetime) -> None:
    """Choose the rung of a quarter that began, or look whether it outlived its tables. Runs in the worker role.

    Then wait for the next quarter, or for the next day on which a period of the tables begins or is over.
    """
    # Of the worker's few columns of a place.
    location = Location.objects.defer("name").get(pk=clock.location_id)
    engine = Engine(location, now)
    _looked_at(location, engine, None, now)
    change = engine.next_change(location)
    quarter = next_quarter(location, now)
    clock.look_at = min(quarter, change) if change else quarter
    clock.save(update_fields=["look_at"])


def choose_anew(location: Location, *, actor, at: datetime) -> list[UnitRung]:
    """After a newer strength table of the location: look at every rung that it could concern. Returns those chosen."""
    engine, found = Engine(location, at), []
    near = {*engine.tree.subtree(location.pk), *engine.tree.chain(location.pk)}
    for place in Location.objects.filter(pk__in=near, posts__role=Role.SENIOR_COMMANDER).order_by("pk"):
        before = standing(place, at)
        after = _looked_at(place, engine, actor, at)
        if after is not None and after != before:
            found.append(after)
    return found


def _looked_at(location: Location, engine: Engine, actor, at: datetime) -> UnitRung | None:
    """The rung of the quarter by the tables of today.

    Where they say of its people what they said when it was chosen, it stands. Where they say something else, it is kept
    with its new numbers if they carry it, also when they would carry a finer one: that waits for the next quarter.
    Otherwise another is chosen, which says nothing that this one did not say.
    """
    rung = standing(location, at)
    if rung is None:
        return _choose(location, engine, actor, at) if engine.speaks_of(location) else None
    if engine.same_words(rung):
        return rung
    if engine.carries(location, rung):
        chosen = engine.counted(location, rung.rung, rung.quarter)
    else:
        finest = engine.choose(location, previous=rung.rung, quarter=rung.quarter)
        chosen = engine.within(location, finest, rung)
    return _kept(location, chosen, actor, at, turn=rung.turn + 1)


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
