"""Figures of a SARC's own cases, all of which they may see anyway: nothing is hidden, and nobody else is shown them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import QuerySet

from accounts.models import Role
from accounts.selectors import places_by_role
from reports import access
from reports.casework.models import Assignment
from reports.election.models import STILL_OPEN, Case
from reports.evidence.custody_models import Custody, HopState, KitStage, Purpose, Stage
from reports.evidence.models import Kit
from reports.ledger.models import Event

VERB = "figures"
MONTHS = 12
KINDS_SHOWN = 12


class Load(NamedTuple):
    """One person and their open cases, by the report that is in them."""

    name: str
    restricted: int
    unrestricted: int
    other: int


class Done(NamedTuple):
    """Duties of one month, or of one kind, that were done: in time and late."""

    name: str
    in_time: int
    late: int


class Figures(NamedTuple):
    """What the charts show. Ages in days; `to_store` in hours and `laboratory` in days, each by the name of its way."""

    load: list[Load]
    months: list[Done]
    kinds: list[Done]
    ages: dict[str, list[int]]
    to_store: dict[str, list[int]]
    laboratory: dict[str, list[int]]


def own_cases(*, viewer) -> QuerySet[Case]:
    """The cases that the figures are of (AC-73): those the viewer is SARC of, without contacts that ended."""
    return access.rows(viewer, VERB, Case)


def figures(*, viewer, at: datetime, zone: str) -> Figures:
    """Everything of the page, in a handful of questions. `zone`: whose months; `at`: now.

    None of them goes through the viewer's cases: what was done is counted as it is done, and what is shown one by one
    (open cases, kits of the last twelve months) is found by its place.
    """
    access.require(viewer, VERB)
    months = _months(at, zone)
    places = places_by_role(viewer, at).get(Role.SARC, set())
    done = _done(places, months[0], zone)
    running = list(_running(own_cases(viewer=viewer)))
    ways = _ways(viewer, places, since=months[0])
    return Figures(
        load=_load(viewer, running),
        months=_by_month(done, months),
        kinds=_by_kind(done),
        ages=_ages(running, at),
        to_store={name: ways[name] for name in TO_STORE},
        laboratory={name: [hours // 24 for hours in ways[name]] for name in LABORATORY},
    )


def _months(at: datetime, zone: str) -> list[datetime]:
    """The first instants of this month and those before it, the oldest first."""
    first = at.astimezone(ZoneInfo(zone)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = [first]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


class _Running(NamedTuple):
    """An open case: its id, the election of its report if it has one, and its first day."""

    case: UUID
    election: str | None
    opened_at: datetime


def _running(cases: QuerySet[Case]) -> Iterator[_Running]:
    rows = cases.filter(STILL_OPEN).values_list("pk", "report__election", "opened_at")
    return (_Running(*row) for row in rows)


def _load(viewer, running: list[_Running]) -> list[Load]:
    election = {each.case: each.election or "other" for each in running}
    rows = (
        access.rows(viewer, "case_view", Assignment, few=True)
        .filter(ended_at=None, case__in=list(election))
        .order_by("user__display_name", "user")
        .values_list("user", "user__display_name", "case")
    )
    # Somebody may be in a case in two roles: it is one of theirs.
    theirs: dict[UUID, tuple[str, set[UUID]]] = {}
    for user, name, case in rows:
        theirs.setdefault(user, (name, set()))[1].add(case)
    found = []
    for name, cases in theirs.values():
        counted = Counter(election[case] for case in cases)
        found.append(Load(name, counted["restricted"], counted["unrestricted"], counted["other"]))
    return found


class _Closed(NamedTuple):
    """How many duties of a month (2026-05) and a kind were done, in time or late."""

    month: str
    kind: str
    late: bool
    duties: int


def _done(places: Collection[UUID], since: datetime, zone: str) -> list[_Closed]:
    """What the database counted of cases at these places that the viewer is SARC of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place, month, kind, late, duties FROM sapr_done_counted(%s, %s)", [since, zone]
        )
        return [_Closed(*row) for place, *row in cursor.fetchall() if place in places]


def _summed(done: list[_Closed], by: str) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for each in done:
        name = getattr(each, by)
        in_time, late = found.get(name, (0, 0))
        found[name] = (in_time, late + each.duties) if each.late else (in_time + each.duties, late)
    return found


def _by_month(done: list[_Closed], months: list[datetime]) -> list[Done]:
    found = _summed(done, "month")
    return [Done(name, *found.get(name, (0, 0))) for name in (each.strftime("%Y-%m") for each in months)]


def _by_kind(done: list[_Closed]) -> list[Done]:
    """The kinds of duties with the most late ones first, then the most of all; as many as are shown."""
    found = [Done(name, *counts) for name, counts in _summed(done, "kind").items()]
    found.sort(key=lambda each: (-each.late, -each.in_time, each.name))
    return found[:KINDS_SHOWN]


def _ages(running: list[_Running], at: datetime) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {"restricted": [], "unrestricted": [], "other": []}
    for each in running:
        found[each.election or "other"].append((at - each.opened_at).days)
    return found


TO_STORE = ("issued_sealed", "sealed_stored", "sealed_mcio")
LABORATORY = ("held_laboratory", "laboratory_result")


def _ways(viewer, places: Collection[UUID], *, since: datetime) -> dict[str, list[int]]:
    """How many whole hours each kit was under way between two stages, of the kits numbered since an instant."""
    here = access.rows(viewer, "case_view", Kit, few=True).filter(place__in=places, issued_at__gte=since)
    kits = list(here.values_list("id", "card_id", "issued_at", "case_id"))
    own = set(
        own_cases(viewer=viewer).filter(pk__in={case for *_, case in kits}).values_list("pk", flat=True)
    )
    kits = [each for each in kits if each[-1] in own]
    sealed = _sealed(viewer, {case for *_, case in kits})
    cards = [card for _, card, *_ in kits if card]
    hops: dict[UUID, list[Custody]] = defaultdict(list)
    for hop in Custody.objects.filter(card__in=cards, state=HopState.ACCEPTED).order_by("hop"):
        hops[hop.card_id].append(hop)
    results = dict(
        KitStage.objects.filter(card__in=cards, stage=Stage.LAB_REPORTED)
        .order_by("-at")
        .values_list("card_id", "at")
    )
    found: dict[str, list[int]] = {name: [] for name in (*TO_STORE, *LABORATORY)}

    def add(name: str, start: datetime | None, end: datetime | None) -> None:
        if start is not None and end is not None and end >= start:
            found[name].append(int((end - start) / timedelta(hours=1)))

    for kit, card, issued, _ in kits:
        stored, taken, tested = (
            _first(hops[card], purpose) for purpose in (Purpose.STORE, Purpose.INVESTIGATE, Purpose.TEST)
        )
        add("issued_sealed", issued, sealed.get(str(kit)))
        add("sealed_stored", sealed.get(str(kit)), stored)
        add("sealed_mcio", sealed.get(str(kit)), taken)
        held = min((each for each in (stored, taken) if each), default=None)
        add("held_laboratory", held, tested)
        add("laboratory_result", tested, results.get(card))
    return found


def _first(hops: list[Custody], purpose: Purpose) -> datetime | None:
    return next((hop.answered_at for hop in hops if hop.purpose == purpose), None)


def _sealed(viewer, case_ids: set[UUID]) -> dict[str, datetime]:
    """When each kit was sealed, as its case's record says."""
    said = access.rows(viewer, "case_view", Event, few=True).filter(kind="kit_sealed", case_id__in=case_ids)
    return {
        event.data["kit"]: event.occurred_at for event in said.only("data", "occurred_at").order_by("seq")
    }
