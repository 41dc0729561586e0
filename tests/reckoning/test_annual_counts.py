"""R12: both kinds and the conversions of a fiscal year, counted by the database, against counting by hand."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Certification, Role
from reports import access
from reports.election.contacts import contact_walk_away
from reports.ledger.selectors import system_events
from reports.statistics.services import annual_counts
from sapr import clock
from sapr.errors import DomainError
from tests.command_line import manage, sentence
from tests.database.refusals import refused
from tests.erasure.conftest import agreed
from tests.factories import AppointmentFactory, InstallationFactory, PostFactory
from tests.times import T0


class Made(NamedTuple):
    """One report: where, first election, when signed and converted (UTC)."""

    here: bool
    election: str
    signed: datetime
    converted: datetime | None = None


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


# The year ends at 04:00 UTC in New York (here) and nine hours before UTC's midnight in Tokyo (there).
MADE = [
    Made(True, "restricted", utc(2026, 3, 2, 15), utc(2026, 5, 1, 12)),
    Made(True, "unrestricted", utc(2026, 4, 1, 12)),
    Made(True, "restricted", utc(2026, 9, 20, 12), utc(2026, 10, 1, 4, 10)),
    Made(True, "restricted", utc(2026, 9, 21, 12), utc(2026, 10, 1, 3, 50)),
    Made(False, "restricted", utc(2026, 9, 30, 14, 59)),
    Made(False, "restricted", utc(2026, 9, 30, 15, 0)),
    Made(True, "unrestricted", utc(2026, 10, 1, 3, 59)),
    Made(True, "unrestricted", utc(2026, 10, 1, 4, 0)),
]


def by_hand(world, fy: int) -> dict[str, int]:
    """The same counts, one report after the other."""
    zone = {True: ZoneInfo(world.installation.zone), False: ZoneInfo("Asia/Tokyo")}
    found = dict.fromkeys(("restricted", "unrestricted", "remaining", "converted"), 0)
    for made in MADE:
        year_of = {
            name: _fiscal_year(at.astimezone(zone[made.here]).date()) if at else None
            for name, at in (("signed", made.signed), ("converted", made.converted))
        }
        found["converted"] += year_of["converted"] == fy
        if year_of["signed"] == fy:
            found[made.election] += 1
            found["remaining"] += made.election == "restricted" and year_of["converted"] != fy
    return found


def _fiscal_year(day: date) -> int:
    return day.year + (day.month >= 10)


def tell(world) -> None:
    """Every report at its instant, under the held clock; contacts without a signature between them."""
    other = InstallationFactory(name="Camp Far", zone="Asia/Tokyo", parent=world.installation.parent)
    PostFactory(location=other, role=Role.SENIOR_COMMANDER, next_higher=world.posts["higher"])
    far = AppointmentFactory(post=PostFactory(location=other, role=Role.SARC)).user
    steps = [(made.signed, made, False) for made in MADE]
    steps += [(made.converted, made, True) for made in MADE if made.converted]
    reports = {}
    for at, made, converts in sorted(steps, key=lambda step: step[0]):
        clock.move(at, hold=True)
        if converts:
            world.converted(reports[made], at=at)
        else:
            actor = world.sarc if made.here else far
            reports[made] = world.signed(made.election, at=at, actor=actor)
    world.contact(at=at)
    contact_walk_away(actor=world.sarc, case_id=world.contact(at=at).pk, at=at)


def test_r12_the_counts_of_a_year_are_those_of_counting_one_by_one(world):
    tell(world)
    # Somewhere on earth the year goes on until noon of 1 October in UTC.
    assert annual_counts(actor=world.manager, fy=2026, at=clock.now()).complete is False
    clock.move(utc(2026, 10, 2), hold=True)
    for fy in (2025, 2026, 2027):
        found, expected = annual_counts(actor=world.manager, fy=fy, at=clock.now()), by_hand(world, fy)
        assert (found.restricted_initial, found.unrestricted_initial) == (
            expected["restricted"],
            expected["unrestricted"],
        )
        assert (found.restricted_remaining, found.conversions) == (
            expected["remaining"],
            expected["converted"],
        )
        assert found.unrestricted + found.restricted_remaining == found.to_dict()["total"]
        assert found.complete is (fy < 2027)
    assert by_hand(world, 2026) == {"restricted": 4, "unrestricted": 2, "remaining": 2, "converted": 2}
    with access.viewing(world.manager):
        looks = [e for e in system_events(viewer=world.manager) if e.kind == "annual_counts_compiled"]
    assert [(each.actor_id, each.data) for each in looks] == [
        (world.manager.pk, {"fy": fy}) for fy in (2026, 2025, 2026, 2027)
    ]


def test_r12_only_a_programme_manager_counts_a_year_also_past_the_service(world):
    for person in (world.sarc, world.va, world.commander, world.mcio):
        with pytest.raises(DomainError) as refusal:
            annual_counts(actor=person, fy=2026, at=T0)
        assert refusal.value.code == "not_your_role"
        with access.viewing(person), connection.cursor() as cursor, refused("programme manager"):
            cursor.execute("SELECT * FROM sapr_annual_counts(2026)")
    for year in (2004, 2027, "2026"):
        with pytest.raises(DomainError) as refusal:
            annual_counts(actor=world.manager, fy=year, at=T0)
        assert refusal.value.code == "no_such_year"


def told(world, *words: str) -> dict:
    out, err = StringIO(), StringIO()
    call_command(
        "annual_counts", *words, "--manager", world.manager.username, "--json", stdout=out, stderr=err
    )
    assert "not for publication" in err.getvalue()
    return json.loads(out.getvalue())


def test_r12_the_command_asks_for_a_programme_manager_and_refuses_in_a_sentence(world):
    world.signed("restricted")
    assert told(world, "--fy", "2026")["restricted_initial"] == 1
    for fy, name, said in (
        ("2026", world.sarc.username, "does not include this step"),
        ("2026", "nobody", "no account"),
        ("3000", world.manager.username, "Choose a fiscal year"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("annual_counts", "--fy", fy, "--manager", name)


@pytest.mark.slow
def test_r12_an_erasure_leaves_the_totals_as_they_are(stage):
    world = stage.world
    case = world.signed("restricted").case
    world.signed("unrestricted")
    before = told(world, "--fy", "2026")
    assert (before["total"], before["restricted_initial"], before["unrestricted_initial"]) == (2, 1, 1)
    erase(stage, case)
    assert told(world, "--fy", "2026") == before | {"complete": True}
    refusal = manage("annual_counts", "--fy", "2026", "--manager", "nobody", env=stage.env)
    assert (refusal.returncode, sentence(refusal)) == (1, "There is no account of that user name.")


def erase(stage, case) -> None:
    """The keys of a case are destroyed once its time is over, as in life."""
    clock.move(T0 + timedelta(days=366 * 52), hold=True)
    now = clock.now()
    Certification.objects.create(
        user=stage.world.sarc, starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=600)
    )
    agreed(stage.world, case, now)
    done = manage("erase", "--case", case.number, "--confirm", case.number, env=stage.env)
    assert done.returncode == 0, done.stderr
