"""The plan of a world: published proportions, exact years, nothing that depends on chance twice. No database."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from sapr.errors import DomainError
from sapr.world import lives
from sapr.world.figures import FILES, Figures, source, spread
from sapr.world.lives import LIFE
from sapr.world.places import Names
from sapr.world.seeding import LARGEST, LONGEST, Wanted, planned

BEGIN, UNTIL = datetime(2015, 10, 1, tzinfo=UTC), datetime(2025, 10, 5, tzinfo=UTC)
FIGURES = Figures()


def plan(reports: int, seed: int = 7):
    place = SimpleNamespace(location=SimpleNamespace(zone="UTC"), sarcs=["s1", "s2"], vas=["v1"])
    ground = SimpleNamespace(figures=FIGURES, places=[place], names=Names(source(0)))
    return list(planned(Wanted(reports, 10, seed), BEGIN, UNTIL, ground))


def test_r12_the_published_proportions_come_out():
    reports = [life for life in plan(10_000) if life.end == "report"]
    restricted = [life for life in reports if life.election == "restricted"]

    def share(wanted, among) -> float:
        return sum(map(wanted, among)) / len(among)

    shares = FIGURES.shares
    assert len(reports) == 10_000
    for found, published, off in (
        (len(restricted) / len(reports), shares["initial_restricted"], 0.02),
        (share(lambda life: life.converts, restricted), shares["converted"], 0.02),
        (share(lambda life: life.sex == "women", reports), shares["women"], 0.02),
        (share(lambda life: life.civilian, reports), shares["civilian_victim"], 0.01),
        (share(lives.before_service, reports), shares["before_service"], 0.01),
    ):
        assert abs(found - published) < off


def test_the_years_have_their_published_parts_to_the_report():
    last = datetime(2024, 10, 1, tzinfo=UTC)
    years = range(2016, 2025)
    total = sum(FIGURES.totals[fy] for fy in years)
    days = {fy: (date(fy, 10, 1) - date(fy - 1, 10, 1)).days for fy in years}
    found = Counter(
        (at - timedelta(minutes=1)).year + ((at - timedelta(minutes=1)).month >= 10)
        for at in spread(total, BEGIN, last, FIGURES, source(1))
    )
    # A leap year is a day longer, nothing else moves the parts.
    for fy in years:
        assert abs(found[fy] - FIGURES.totals[fy] * days[fy] / 365.25) < FIGURES.totals[fy] * 0.005
    assert sum(found.values()) == total
    assert FIGURES.weight(2030) == FIGURES.totals[2024]


def test_published_totals_add_up_where_both_parts_are_published():
    for row in json.loads((FILES / "proportions.json").read_text())["years"]:
        if row["unrestricted"] is not None:
            assert row["unrestricted"] + row["restricted_remaining"] == row["total"]


def test_every_state_is_planned_and_what_is_no_report_is_not_counted_among_them():
    lives_ = plan(10_000)
    ends = Counter(life.end for life in lives_)
    assert ends["report"] == 10_000
    done = Counter(act.__name__ for life in lives_ for part in LIFE for at, act in part(life) if at <= UNTIL)
    # CONTACT, SRI, SRI_CATCH, OPEN_LIMITED_INFO, the two options, CONVERTED, CLOSED; and opened again.
    for step in ("_open", "_logged", "_joined", "_informed", "_sign", "_convert", "_closed", "_reopened"):
        assert done[step], step
    for life in lives_:
        if life.end == "inquiry":
            assert life.contact_at.date() > date(2021, 11, 10)
        if life.informed_at is not None:
            assert BEGIN < life.informed_at <= life.contact_at
            assert life.informed_at.date() > date(2016, 9, 27)
    signed_later = [life for life in lives_ if life.end == "report" and life.informed_at]
    assert signed_later
    assert {life.election for life in signed_later} == {"unrestricted"}


def facts_of(life) -> tuple:
    steps = [(at, act.__name__) for part in LIFE for at, act in part(life)]
    return life.contact_at, life.end, life.election, life.victim, life.sarc, life.opener, steps


def test_the_same_seed_gives_the_same_facts_and_another_seed_others():
    one, again, other = plan(60), plan(60), plan(60, seed=8)
    assert [facts_of(life) for life in one] == [facts_of(life) for life in again]
    assert [facts_of(life) for life in one] != [facts_of(life) for life in other]


def test_a_life_draws_each_choice_from_a_source_of_its_own():
    asked, unasked = plan(20), plan(20)
    for life in asked:
        life.chance("something that a later room asks", 0.5)
    assert [facts_of(life) for life in asked] == [facts_of(life) for life in unasked]


def test_a_world_of_no_size_is_refused():
    for wanted in (Wanted(0, 1, 7), Wanted(LARGEST + 1, 1, 7), Wanted(1, 0, 7), Wanted(1, LONGEST + 1, 7)):
        with pytest.raises(DomainError) as refusal:
            wanted.check()
        assert refusal.value.code == "bad_size"


def test_tr_06_nobody_of_the_staff_is_called_like_a_victim():
    names = Names(source(0))
    staff = {names.staff(sex) for sex in ("women", "men") for _ in range(1000)}
    victims = {life.victim for life in plan(2000)}
    assert len(staff) > 100
    assert len(victims) > 100
    assert not staff & victims
