"""Against everything the reader holds already: a year of wordings and of changing tables (threat 4)."""

from dataclasses import replace

import pytest

from notifications.anonymity import Correlation, Group, Population, Released, Rung, choose, classes, covers
from notifications.anonymity.cells import Hint
from notifications.anonymity.choosing import needed
from notifications.anonymity.history import Timeline, linkable
from notifications.anonymity.rungs import BLANK, all_rungs
from notifications.anonymity.sizes import Sizes
from tests.anonymity.units import SETTINGS, company, earlier, groups, one_unit

SEX, GRADE = Rung("unit", sex="stated"), Rung("unit", grade="class")
# 160 women and 148 officers, but only 8 women who are officers
MIXED = (("female", "E3", 152), ("female", "O2", 8), ("male", "E3", 800), ("male", "O2", 140))
FAMILIES = tuple(
    Group("unit", sex, "none", "any", status, 200)
    for sex in ("female", "male")
    for status in ("dependent", "civilian")
)


def _smallest(population, rung, *held):
    """In the eyes of a reader who thinks every victim as likely, which keeps the sums plain."""
    sizes = Sizes(population, {"unit"}, tuple(held), SETTINGS).of(rung)
    return sizes["victim:uniform"]


def _fits_anybody(population, rung):
    return covers(classes(population, {"unit"}, rung, SETTINGS), rung, SETTINGS)


def test_two_wordings_about_one_person_count_as_both_together():
    population = one_unit(*MIXED)
    assert min(_smallest(population, SEX), _smallest(population, GRADE)) >= 10
    assert _smallest(population, GRADE, Released("unit", "unit", SEX, 1, population)) < 10


def test_the_next_wording_keeps_k_against_the_last_and_is_the_finest_that_does():
    """Every wording tried, against what the reader holds: grade on top of an earlier sex would be too much."""
    population = one_unit(*MIXED)
    population = replace(population, groups=population.groups + FAMILIES)
    held = Released("unit", "unit", replace(SEX, period="month"), 1, population)
    choice = choose(population, "unit", (held,), SETTINGS)
    sizes = Sizes(population, {"unit"}, (held,), SETTINGS)
    found = {rung: min(sizes.of(rung).values()) for rung in all_rungs("unit", SETTINGS.ladders)}
    bar = next(bar for bar in (25, 10) if max(found.values()) >= bar)
    passing = {rung for rung, size in found.items() if size >= bar and _fits_anybody(population, rung)}
    assert choice.rung in passing
    assert SETTINGS.worth_of(choice.rung) == max(map(SETTINGS.worth_of, passing))
    assert all(rung.grade in ("member", BLANK) for rung in passing)


def test_whoever_came_later_is_nobody_of_whom_an_earlier_wording_spoke():
    """Ten women then, a hundred now: one who was meant both times is among the ten."""
    then, now = one_unit(*company(600, women=10)), one_unit(*company(700, women=100))
    alone = _smallest(now, SEX)
    assert alone >= 10
    assert _smallest(now, SEX, Released("unit", "unit", Rung("unit"), 1, then)) < 10


def test_what_a_place_gave_away_then_counts_as_it_did_then():
    """Said of women's quarters then, closed since: who was meant both times is a woman still."""
    population = one_unit(*company(600, women=60))
    given_away = (Correlation("on_installation", {"sex": "female"}),)
    place = replace(Rung("unit"), place="on_off")
    then = Released("unit", "unit", place, 1, population, given_away)
    free = _smallest(population, Rung("unit"), replace(then, correlations=()))
    assert _smallest(population, Rung("unit"), then) < 60 < free
    assert len(linkable(population, "unit", (then, replace(then, correlations=())), SETTINGS)) == 2


def _last_view(population, held):
    return Sizes(population, {"unit"}, tuple(held), SETTINGS)._views[-1]


def test_two_earlier_notices_may_name_two_places_of_one_person():
    population = one_unit(*company(600, women=60))
    given_away = (
        Correlation("on_installation", {"sex": "female"}), Correlation("off_installation", {"unit": "unit"}),
    )  # fmt: skip
    place = replace(Rung("unit"), place="on_off")
    held = [Released("unit", "unit", place, ago, population, given_away) for ago in (1, 2)]
    hints = Sizes(population, {"unit"}, tuple(held), SETTINGS)._hints(
        Rung("unit"), _last_view(population, held)
    )
    assert Hint(frozenset({"unit"}), "female") in hints


def test_a_wording_older_than_a_year_no_longer_counts():
    then, now = one_unit(*company(600, women=10)), one_unit(*company(700, women=100))
    old = Released("unit", "unit", SEX, SETTINGS.quarters + 1, then)
    assert linkable(now, "unit", (old,), SETTINGS) == ()
    assert len(linkable(now, "unit", (replace(old, quarters_ago=SETTINGS.quarters),), SETTINGS)) == 1


def test_readers_above_and_below_share_what_they_hold_and_other_branches_do_not():
    parents = {"brigade": None, "unit": "brigade", "other": "brigade"}
    population = Population(groups("unit", *company(900)), parents, frozenset(parents))
    held = [Released(each, each, SEX, 1, population) for each in sorted(parents)]
    assert {each.unit for each in linkable(population, "unit", held, SETTINGS)} == {"unit", "brigade"}
    assert {each.unit for each in linkable(population, "brigade", held, SETTINGS)} == set(parents)


def test_people_who_can_have_stayed_are_those_not_shown_gone_less_the_replaced():
    tables = [one_unit(("male", "E3", people)) for people in (100, 80, 100)]
    held = [Released("unit", "unit", SEX, 2 - place, table) for place, table in enumerate(tables)]
    timeline = Timeline(tables[2], held, SETTINGS)
    cells = list(timeline._points[0][1])
    # 20 are gone by the second table; of 80 each quarter 8 in a hundred may be others
    assert timeline.remaining(cells, held[0]) == 100 - 20 - 2 * 80 * SETTINGS.replaced
    assert timeline.remaining(cells, held[2]) == 100


def test_one_table_that_stands_for_a_year_still_loses_people():
    table = one_unit(("male", "E3", 100))
    timeline = Timeline(table, (held := Released("unit", "unit", SEX, 4, table),), SETTINGS)
    assert timeline.remaining(list(timeline._points[0][1]), held) == 100 - 4 * 8


@pytest.mark.parametrize(("women", "keeps"), [(110, True), (106, True), (12, False)])
def test_hysteresis_a_standing_wording_stays_while_it_passes_and_goes_when_it_fails(women, keeps):
    first = one_unit(*company(700, women=110))
    before = choose(first, "unit", (), SETTINGS)
    later = one_unit(*company(700, women=women))
    after = choose(later, "unit", (earlier(first, before),), SETTINGS, {"unit": before.rung})
    assert before.rung.sex == "stated"
    assert (after.rung == before.rung) is keeps
    assert after.rung.is_minimal or after.k >= 10


def test_hysteresis_only_a_finer_wording_needs_a_fifth_more():
    assert needed(SEX, 25, SEX, SETTINGS) == 25
    assert needed(Rung("unit"), 25, SEX, SETTINGS) == 25
    assert needed(SEX, 25, Rung("unit"), SETTINGS) == 30
    assert needed(SEX, 25, None, SETTINGS) == 25


def test_minimal_before_and_people_who_came_since_is_held_against_a_finer_wording():
    then, now = one_unit(*company(20)), one_unit(*company(900))
    held = Released("unit", "unit", Rung.minimal(), 1, then)
    assert choose(now, "unit", (held,), SETTINGS).rung.is_minimal
    assert not choose(now, "unit", (), SETTINGS).rung.is_minimal
