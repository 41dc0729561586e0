"""Figures of a SARC's own cases, all of which they may see anyway: nothing is hidden, and nobody else is shown them."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from reports import access
from reports.casework.models import Assignment
from reports.election.models import Case, CaseState
from reports.evidence.custody_models import Custody, HopState, KitStage, Purpose, Stage
from reports.evidence.models import Kit
from reports.ledger.models import Event
from reports.obligations.models import Duty, DutyState

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
    """Everything of the page, in a handful of questions. `zone`: whose months; `at`: now."""
    access.require(viewer, VERB)
    cases = own_cases(viewer=viewer)
    months = _months(at, zone)
    done = access.rows(viewer, "case_view", Duty).filter(
        case__in=cases, state__in=[DutyState.DISCHARGED, DutyState.MISSED], closed_at__gte=months[0]
    )
    ways = _ways(viewer, cases, since=months[0])
    return Figures(
        load=_load(viewer, cases),
        months=_by_month(done, months, zone),
        kinds=_by_kind(done),
        ages=_ages(cases, at),
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


def _still_open(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.exclude(state=CaseState.CLOSED)


def _load(viewer, cases: QuerySet[Case]) -> list[Load]:
    rows = (
        access.rows(viewer, "case_view", Assignment)
        .filter(ended_at=None, case__in=_still_open(cases))
        .values("user", "user__display_name")
        .annotate(
            restricted=Count("case", distinct=True, filter=Q(case__report__election="restricted")),
            unrestricted=Count("case", distinct=True, filter=Q(case__report__election="unrestricted")),
            other=Count("case", distinct=True, filter=Q(case__report=None)),
        )
        .order_by("user__display_name", "user")
    )
    return [
        Load(row["user__display_name"], row["restricted"], row["unrestricted"], row["other"]) for row in rows
    ]


def _counted() -> dict[str, Count]:
    return {
        "in_time": Count("id", filter=Q(state=DutyState.DISCHARGED)),
        "late": Count("id", filter=Q(state=DutyState.MISSED)),
    }


def _by_month(done: QuerySet[Duty], months: list[datetime], zone: str) -> list[Done]:
    rows = done.annotate(month=TruncMonth("closed_at", tzinfo=ZoneInfo(zone))).values("month").order_by()
    found = {
        (row["month"].year, row["month"].month): (row["in_time"], row["late"])
        for row in rows.annotate(**_counted())
    }
    return [Done(month.strftime("%Y-%m"), *found.get((month.year, month.month), (0, 0))) for month in months]


def _by_kind(done: QuerySet[Duty]) -> list[Done]:
    """The kinds of duties with the most late ones first, then the most of all; as many as are shown."""
    rows = done.values("kind").order_by().annotate(**_counted())
    found = [Done(row["kind"], row["in_time"], row["late"]) for row in rows]
    found.sort(key=lambda each: (-each.late, -each.in_time, each.name))
    return found[:KINDS_SHOWN]


def _ages(cases: QuerySet[Case], at: datetime) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {"restricted": [], "unrestricted": [], "other": []}
    for election, opened in _still_open(cases).values_list("report__election", "opened_at"):
        found[election or "other"].append((at - opened).days)
    return found


TO_STORE = ("issued_sealed", "sealed_stored", "sealed_mcio")
LABORATORY = ("held_laboratory", "laboratory_result")


def _ways(viewer, cases: QuerySet[Case], *, since: datetime) -> dict[str, list[int]]:
    """How many whole hours each kit was under way between two stages, of the kits numbered since an instant."""
    kits = access.rows(viewer, "case_view", Kit).filter(case__in=cases, issued_at__gte=since)
    kits = list(kits.values_list("id", "card_id", "issued_at", "case_id"))
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
    said = access.rows(viewer, "case_view", Event).filter(kind="kit_sealed", case_id__in=case_ids)
    return {
        event.data["kit"]: event.occurred_at for event in said.only("data", "occurred_at").order_by("seq")
    }
