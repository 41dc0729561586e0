"""Reads of people who move, as seen by a viewer: offers, hand-overs, who is about to leave, cases without a SARC."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from accounts.models import Location, LocationKind, Role, User
from accounts.selectors import holders_under, locations, names_of
from reports import access, policy
from reports.casework.models import Assignment, CaseRole
from reports.casework.moves.models import HandOver, Move, MoveState, Offer
from reports.ledger.selectors import case_events
from sapr.errors import NotFoundError

CONSENT = ("victim_relocated", "move_consent_given", "move_consent_refused", "documents_moved")


def consent_stands(*, viewer, case) -> str:
    """The last word on the victim's moving: one of CONSENT, or '' while nobody said that the victim moves."""
    said = [each.kind for each in case_events(viewer=viewer, case=case) if each.kind in CONSENT]
    return said[-1] if said else ""


def moves_of(*, viewer, case) -> QuerySet[Move]:
    """The offers of one of the viewer's cases, the latest first."""
    rows = access.of_case(viewer, "case_view", Move, case)
    return rows.select_related("to_installation", "offered_to", "decided_by").order_by("-offered_at", "id")


def offers(*, viewer) -> QuerySet[Offer]:
    """What waits for the viewer's answer, oldest first: from where and what kind of report, and no more."""
    return _offers(viewer).filter(state=MoveState.OFFERED).order_by("offered_at", "id")


def offer_get(*, viewer, move_id: UUID) -> Offer:
    """One offer that was made to the viewer, answered or not; NotFoundError otherwise."""
    found = _offers(viewer).filter(pk=move_id).first()
    if found is None:
        raise NotFoundError
    return found


def _offers(viewer) -> QuerySet[Offer]:
    rows = access.rows(viewer, "move_answer", Offer)
    return rows.select_related("from_installation", "to_installation", "offered_by")


def gaining(*, at: datetime, case) -> list[tuple[Location, User]]:
    """Every SARC with a certificate in force at another installation: to whom the case may be offered."""
    places = locations().filter(kind=LocationKind.INSTALLATION).exclude(pk=case.installation_id)
    return [(place, person) for place in places for person in holders_under(place, Role.SARC, at)]


def handovers_of(*, viewer, case) -> QuerySet[HandOver]:
    """Who followed whom on one of the viewer's cases, the latest first."""
    rows = access.of_case(viewer, "case_view", HandOver, case)
    return rows.select_related("leaves", "follows", "confirmed_by").order_by("-changed_at", "id")


def on_case(*, viewer, case) -> QuerySet[Assignment]:
    """The open assignments of one of the viewer's cases, SARCs first."""
    rows = access.of_case(viewer, "case_view", Assignment, case).filter(ended_at=None)
    return rows.select_related("user").order_by("role", "started_at", "id")


def to_confirm(*, viewer) -> QuerySet[HandOver]:
    """Hand-overs by a SARC whose originals nobody has confirmed, that the viewer may see; oldest first."""
    rows = access.rows(viewer, "confirm_originals", HandOver).filter(role=CaseRole.SARC, confirmed_at=None)
    return rows.select_related("leaves", "follows", "installation").order_by("changed_at", "id")


def handover_get(*, viewer, handover_id: UUID) -> HandOver:
    """One hand-over by a SARC that the viewer may confirm, or of a case of theirs; NotFoundError otherwise."""
    seen = (access.rows(viewer, each, HandOver).values("pk") for each in ("case_view", "confirm_originals"))
    rows = HandOver.objects.filter(pk__in=next(seen).union(next(seen)), pk=handover_id, role=CaseRole.SARC)
    found = rows.select_related("leaves", "follows", "installation", "confirmed_by").first()
    if found is None:
        raise NotFoundError
    return found


class Leaving(NamedTuple):
    """Somebody who stops being SARC or SAPR VA somewhere soon, and how many open cases they hold there."""

    user_id: UUID
    name: str
    role: str
    place: Location
    lapses_at: datetime
    cases: int


def leaving(*, viewer, at: datetime) -> list[Leaving]:
    """Whose appointment or certification lapses within the policy's days, soonest first: one's own, and where the
    viewer is SARC or programme manager everybody's. Numbers of cases, never which."""
    days = policy.access_rules(at.date()).limits["handover_days"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person, held, place, lapses, cases FROM sapr_leaving(%s)", [at + timedelta(days=days)]
        )
        found = cursor.fetchall()
    if not found:
        return []
    names = names_of(row[0] for row in found)
    places = {each.pk: each for each in locations()}
    lines = [
        Leaving(person, names[person], role, places[place], when, cases)
        for person, role, place, when, cases in found
    ]
    return sorted(lines, key=lambda line: (line.lapses_at, line.name, line.role))


class Ownerless(NamedTuple):
    """How many open cases of an installation no SARC holds."""

    place: Location
    cases: int


def without_sarc(*, viewer) -> list[Ownerless]:
    """Open cases that no SARC holds, where the viewer is SARC; everywhere for a programme manager. Never which."""
    access.require(viewer, "see_handovers")
    with connection.cursor() as cursor:
        cursor.execute("SELECT place, cases FROM sapr_without_sarc()")
        found = dict(cursor.fetchall())
    return [Ownerless(place, found[place.pk]) for place in locations().filter(pk__in=found)] if found else []
