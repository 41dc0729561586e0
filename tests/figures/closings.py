"""Duties closed at random about a quarter, in three calendars, and the same counted by hand."""

import os
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg

from reports import access
from reports.jobs.models import Job
from reports.statistics import quarters
from sapr import clock
from tests.factories import InstallationFactory, PostFactory
from tests.stage import in_database
from tests.world import World

QUARTER = date(2026, 1, 1)
# The first day on which it may be counted everywhere on earth.
RIPE = datetime(2026, 5, 1, 12, tzinfo=UTC)
DUTY = (
    "INSERT INTO reports_duty (id, case_id, rule, layer, rule_set, kind, role, state, opened_event, opened_at, due_at,"
    " discharged_by, closed_event, closed_at, reason, repeats, immediate, occurrence)"
    " SELECT gen_random_uuid(), %s, 'R01', '', '', 'invented', 'sarc', %s, gen_random_uuid(), %s, %s,"
    " 'sarc_advised', gen_random_uuid(), %s, '', '', false, 1"
)


class Scene:
    """A copy of the database with duties closed at random instants about the quarter, in three zones."""

    def __init__(self, copy) -> None:
        self.copy, self.world = copy, World.build()
        parent = self.world.installation.parent
        zones = ("Asia/Tokyo", "Pacific/Kiritimati")
        places = [InstallationFactory(name=f"Camp {zone}", zone=zone, parent=parent) for zone in zones]
        for each in places:
            PostFactory(location=each, role="senior_commander", next_higher=self.world.posts["higher"])
        case = self.world.contact()
        chance, closed = Random(7), []  # noqa: S311  the same every time
        cases = {self.world.installation: case.pk}
        with psycopg.connect(in_database(os.environ["ADMIN_DATABASE_URL"], copy.names["default"])) as admin:
            admin.execute("SET session_replication_role = replica")
            for place in places:
                cases[place] = uuid4()
                admin.execute(
                    "INSERT INTO reports_case (id, number, installation_id, opened_by_id, opened_at, state,"
                    " informed_by, unclaimed) SELECT %s, %s, %s, opened_by_id, opened_at, state, informed_by, unclaimed"
                    " FROM reports_case WHERE id = %s",
                    [cases[place], place.name, place.pk, case.pk],
                )
            for place, pk in cases.items():
                for _ in range(chance.randrange(30, 60)):
                    # Thick about both ends, where calendars differ.
                    near = chance.choice([datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)])
                    at = near + timedelta(hours=chance.uniform(-40, 40))
                    if chance.random() < 0.3:
                        at = near + timedelta(days=chance.uniform(0, 80))
                    state = chance.choice(["discharged", "discharged", "missed", "ended"])
                    admin.execute(DUTY, [pk, state, at, at, at])
                    closed.append((place, state, at))
        self.by_hand = Counter(
            (place.name, state)
            for place, state, at in closed
            if state != "ended" and QUARTER <= at.astimezone(ZoneInfo(place.zone)).date() < date(2026, 4, 1)
        )

    def exact(self) -> dict[str, tuple[int, int]]:
        """What stands in the table, as its owner sees it."""
        with psycopg.connect(
            in_database(os.environ["ADMIN_DATABASE_URL"], self.copy.names["default"])
        ) as admin:
            rows = admin.execute(
                "SELECT l.name, f.in_time, f.late FROM reports_quarterfigure f JOIN accounts_location l"
                " ON l.id = f.installation_id WHERE f.quarter = %s",
                [QUARTER],
            ).fetchall()
        return {name: (in_time, late) for name, in_time, late in rows}

    def ask(self) -> Job:
        return quarters.quarter_figures_ask(actor=self.world.manager, quarter=QUARTER, at=clock.now())

    def job(self, job: Job) -> Job:
        with access.viewing(self.world.manager):
            return Job.objects.get(pk=job.pk)
