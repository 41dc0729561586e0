"""The Case Management Group of every installation, every month: called and held by its services (CK-05)."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from reports import access
from reports.casework.cmg import selectors
from reports.casework.cmg.minutes import cmg_minutes_keep
from reports.casework.cmg.models import AgendaLine, Outcome
from reports.casework.cmg.services import cmg_call, cmg_hold
from sapr.world.figures import source
from sapr.world.life import Life
from sapr.world.places import Place

# Called and held at one instant; returns the lines that were reviewed, by case.
Meets = Callable[[datetime], dict[UUID, AgendaLine]]


def steps(
    places: list[Place], begin: datetime, until: datetime, seed: int
) -> Iterator[tuple[datetime, Meets]]:
    """One meeting a month for each installation, from its first whole day on, always on the same day of the month.

    So each month of a case holds exactly one meeting, and its review is never late.
    """
    for number, place in enumerate(places):
        rng = source(seed, "meetings", number)
        day, hour, zone = rng.randrange(3, 27), rng.randrange(8, 16), ZoneInfo(place.location.zone)
        sarcs = [rng.choice(place.sarcs) for _ in range(12)]
        first = begin.astimezone(zone).date() + timedelta(days=1)
        for month in range(first.year * 12 + first.month - 1, until.year * 12 + until.month + 1):
            at = datetime(month // 12, month % 12 + 1, day, hour, tzinfo=zone)
            if at.date() >= first and at <= until:
                yield at, _meets(place, sarcs[month % 12])


def _meets(place: Place, sarc) -> Meets:
    def act(at: datetime) -> dict[UUID, AgendaLine]:
        row = cmg_call(actor=sarc, installation_id=place.location.pk, scheduled_at=at, at=at)
        cmg_hold(
            actor=sarc,
            meeting_id=row.pk,
            at=at,
            chair=selectors.may_chair(row, at)[0],
            chair_seat="installation_commander",
            delegated=False,
            member_or_dod_civilian=True,
            present=place.sarcs,
            members=("victims_va", "mcio", "legal_representative"),
        )
        with access.viewing(sarc):
            lines = AgendaLine.objects.filter(meeting=row, outcome=Outcome.REVIEWED)
            return {
                line.case_id: line
                for line in lines.select_related("meeting__installation", "meeting__co_chair")
            }

    return act


def minuted(life: Life, line: AgendaLine, at: datetime) -> None:
    """The minutes of a case that was reviewed, by the co-chair, who may keep them (DB-09, CMG-26)."""
    cmg_minutes_keep(
        actor=line.meeting.co_chair,
        line_id=line.pk,
        answers={
            each.rule: life.rng(f"minutes/{line.meeting.month}/{each.rule}").choice(("done", "done", "open"))
            for each in selectors.questions(line, at)
        },
        # In a case with limited information the SARC's side brings nothing (CMG-16).
        told_by="mcio" if line.limited else "victims_va",
        privileged=False,
        present=("victims_va", "mcio"),
        at=at,
    )
