"""The wording of a quarter: from strength data alone, for every class, in every reader's eyes (threats 1 and 2)."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import exp, isclose, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.anonymity import (
    Correlation,
    Group,
    Population,
    Rung,
    UnknownWord,
    choose,
    choose_all,
    classes,
    consistent,
    covers,
    k_eff,
    words,
)
from notifications.anonymity.pools import pool_of, told
from notifications.anonymity.reporters import STATUSES, may_report, reporting
from notifications.anonymity.rungs import all_rungs, not_finer
from notifications.anonymity.sizes import Sizes
from notifications.anonymity.trial.exhaustive import agrees
from tests.anonymity.units import SETTINGS, company, groups, none_else, one_unit

SEXES = st.sampled_from(("female", "male"))
GRADES = st.sampled_from(("E2", "E5", "E7", "W2", "O2", "none"))
STATUS = st.sampled_from(("member", "civilian"))
TABLES = st.lists(
    st.builds(Group, st.just("unit"), SEXES, GRADES, st.just("active"), STATUS, st.integers(0, 900)),
    min_size=1,
    max_size=6,
)
SAYS_MORE = choose(one_unit(*company(900)), "unit", (), SETTINGS)


def test_in_a_unit_of_40_the_wording_hides_the_sex_of_men_and_women_alike():
    """Per-victim choice would say “male” of men and nothing of women, so that saying nothing says “female”."""
    population = one_unit(*company(40))
    choice = choose(population, "unit", (), SETTINGS)
    people = [{"sex": sex, "grade": grade} for sex in ("female", "male") for grade in ("E3", "E6")]
    texts = {words(choice.rung, facts, SETTINGS) for facts in people}
    assert len(texts) == 1

    def per_victim(sex):
        """The finest wording for this victim's own class, as nobody may choose it."""
        said = classes(population, {"unit"}, Rung("unit", sex="stated"), SETTINGS)
        of_class = next(held for key, held in said.items() if key[0] == sex)
        return "stated" if sum(group.people for group in of_class) >= 10 else "blank"

    assert (per_victim("male"), per_victim("female")) == ("stated", "blank")


def test_the_choice_takes_nothing_of_a_case_and_is_the_same_each_time():
    table = company(600)
    one, other = (choose(one_unit(*table), "unit", (), SETTINGS) for _ in range(2))
    assert (one.rung, one.k, one.by_prior, one.classes) == (
        other.rung,
        other.k,
        other.by_prior,
        other.classes,
    )


@pytest.mark.parametrize(
    ("people", "confirm", "more"),
    [(15, False, False), (40, False, False), (120, True, True), (900, False, True)],
)
def test_at_25_it_is_released_from_10_the_sarc_confirms_and_below_it_is_minimal(people, confirm, more):
    choice = choose(one_unit(*company(people)), "unit", (), SETTINGS)
    assert choice.confirm is confirm
    assert choice.rung.is_minimal is not more
    if more:
        assert (choice.k < 25) is confirm
        assert choice.k >= 10
        assert choice.k == min(choice.by_prior.values())
        assert choice.smallest_class == sum(group.people for group in choice.examples_basis)


def test_every_prior_counts_and_the_offender_and_the_pair_too():
    found = SAYS_MORE.by_prior
    for prior in SETTINGS.victim_priors:
        assert f"victim:{prior.name}" in found
        assert f"pair:uniform, same unit as a victim:{prior.name}" in found
    assert {"offender:uniform", "offender:mostly_senior_men"} <= set(found)


def test_a_prior_less_makes_the_wording_finer():
    table = one_unit(*company(80))
    uniform = tuple(prior for prior in SETTINGS.victim_priors if prior.name == "uniform")
    careless = replace(SETTINGS, victim_priors=uniform)
    assert choose(table, "unit", (), SETTINGS).rung.is_minimal
    assert not choose(table, "unit", (), careless).rung.is_minimal


def test_a_single_man_among_women_is_not_picked_out_as_the_offender():
    """A victim in a unit of women and one man points at him, large as the class of victims is."""
    table = one_unit(("female", "E3", 600), ("male", "E3", 1), present={"unit": Fraction(1)})
    assert choose(table, "unit", (), SETTINGS).rung.is_minimal
    alone = Sizes(table, {"unit"}, (), SETTINGS).of(Rung("unit"))
    assert min(size for name, size in alone.items() if name.startswith("victim:uniform")) > 300
    assert min(size for name, size in alone.items() if name.startswith("offender:mostly_senior_men")) < 2


def test_a_printed_place_counts_as_the_sex_that_it_gives_away():
    table = one_unit(*company(500))
    given_away = (Correlation("on_installation", {"sex": "female"}),)
    free = choose(table, "unit", (), SETTINGS)
    printed = Sizes(table, {"unit"}, (), SETTINGS, given_away).of(replace(free.rung, sex="blank"))
    stated = Sizes(table, {"unit"}, (), SETTINGS).of(replace(free.rung, sex="stated"))
    assert free.rung.place == "on_off"
    assert printed["victim:uniform"] == stated["victim:uniform"]
    few = one_unit(*company(500, women=12))
    assert choose(few, "unit", (), SETTINGS, correlations=given_away).rung.place != "on_off"


def _known(people):
    return groups("unit", *company(people)) + none_else("unit")


def _command(sizes):
    """A brigade with so many units, each with a commander who is told."""
    parents = {"brigade": None} | dict.fromkeys(sizes, "brigade")
    rows = tuple(group for unit, people in sizes.items() for group in groups(unit, *company(people)))
    rows += tuple(row for unit in parents for row in none_else(unit))
    return Population(rows, parents, frozenset(parents))


def test_too_small_a_unit_is_told_above_among_those_who_are_told_there_only():
    """Everybody of the large unit has a commander of their own: a notice above is not about them."""
    sizes = {"tiny": 30, "small": 90, "large": 900}
    population = _command(sizes)
    assert told(population, "large", SETTINGS) == "large"
    assert told(population, "tiny", SETTINGS) == "brigade"
    assert pool_of(population, "brigade", SETTINGS) == {"brigade", "tiny", "small"}
    found = choose_all(population, (), SETTINGS)
    assert found["tiny"].rung == found["small"].rung
    assert found["tiny"].unit == "brigade"
    alone = choose(_command({"tiny": 30, "large": 900}), "tiny", (), SETTINGS)
    assert (alone.rung.is_minimal, alone.unit) == (True, "tiny")


FULL = tuple(
    Group("unit", sex, grade, "any", status, 60)
    for sex in ("female", "male")
    for grade, status in (
        ("E3", "member"), ("E6", "member"), ("W", "member"), ("O2", "member"),
        ("none", "dependent"), ("none", "civilian"),
    )
)  # fmt: skip


def _of(rows):
    return choose(Population(tuple(rows), {"unit": None}, frozenset({"unit"})), "unit", (), SETTINGS)


def test_where_a_status_that_may_report_is_not_counted_everybody_gets_minimal():
    """Else MINIMAL beside finer words would be about somebody of it."""
    assert SETTINGS.reporting == ("member", "dependent", "civilian")
    assert not _of(FULL).rung.is_minimal
    for status in SETTINGS.reporting:
        lacking = [row for row in FULL if row.status != status]
        assert _of(lacking).rung.is_minimal, status
        # Nobody of it is there: then that is said in the table, and the words are such that a visitor has them too.
        choice = _of([*lacking, Group("unit", "male", "none", "any", status, 0)])
        assert not choice.rung.is_minimal
        assert covers(choice.classes, choice.rung, SETTINGS)


def test_whoever_may_report_is_told_of_in_words_of_somebody_counted():
    """Every sort of people taken out of the table in turn: the words that it would get are those of others."""
    everybody = [(row.sex, row.grade, row.status) for row in FULL]
    told_more = 0
    for out in everybody:
        choice = _of(
            replace(row, people=0) if (row.sex, row.grade, row.status) == out else row for row in FULL
        )
        told_more += not choice.rung.is_minimal
        said = [
            words(choice.rung, dict(zip(("sex", "grade", "status"), who, strict=True)), SETTINGS)
            for who in everybody
        ]
        assert said[everybody.index(out)] in {
            text for who, text in zip(everybody, said, strict=True) if who != out
        }
    assert told_more == len(everybody)


def test_a_place_that_gives_away_a_sex_is_not_named_beside_the_other_sex():
    """“Off the installation, male” would be about somebody of whom no table has a like."""
    given_away = (Correlation("off_installation", {"sex": "female"}),)
    choice = choose(one_unit(*company(3000)), "unit", (), SETTINGS, correlations=given_away)
    assert "blank" in (choice.rung.sex, choice.rung.place) or choice.rung.place == "installation"


def test_where_notices_do_not_climb_a_reader_is_told_of_their_own_people_alone():
    """CN-1: each installation's commander is told. Words about a larger command would be about that place all the same.

    So a place that is too small gets MINIMAL, and its people make no class of the commander above larger.
    """
    sizes = {"tiny": 30, "small": 90, "large": 900}
    population = replace(_command(sizes), climbs=False)
    assert told(population, "tiny", SETTINGS) is None
    assert pool_of(population, "brigade", SETTINGS) == {"brigade"}
    found = choose_all(population, (), SETTINGS)
    assert (found["tiny"].rung.is_minimal, found["tiny"].unit) == (True, "tiny")
    assert found["brigade"].rung.is_minimal
    assert not found["large"].rung.is_minimal


def test_every_status_that_may_report_restricted_has_its_word_in_strength_tables():
    """A rule that lets others report brings a word for them, or nothing could be said anywhere."""
    for day in (date(2013, 1, 1), date(2026, 1, 5), date(2100, 1, 1)):
        assert may_report(day) <= set(STATUSES)
    assert reporting(date(2013, 1, 1)) == ("member", "dependent")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 40)), min_size=1, max_size=5))
def test_the_effective_size_is_the_smaller_of_exp_entropy_and_one_by_the_likeliest(held):
    members = [(Fraction(people), Fraction(weight)) for people, weight in held if people]
    size = k_eff(members)
    if members:
        total = float(sum(people * weight for people, weight in members))
        chances = [(float(people), float(weight) / total) for people, weight in members]
        entropy = -sum(people * each * log(each) for people, each in chances)
        smaller = min(exp(entropy), 1 / max(each for _, each in chances))
        assert isclose(size, smaller, rel_tol=1e-9)
    else:
        assert size == 0


@settings(max_examples=6, deadline=None)
@given(TABLES)
def test_every_class_of_the_chosen_wording_is_large_and_no_finer_wording_is(table):
    """The exhaustive search, figured out the long way round, comes to the same."""
    population = Population((*table, *none_else("unit")), {"unit": None}, frozenset({"unit"}))
    choice = choose(population, "unit", (), SETTINGS)
    for held in classes(population, {"unit"}, choice.rung, SETTINGS).values():
        assert choice.rung.is_minimal or sum(group.people for group in held) >= 10
    if sum(group.people for group in table) <= 400:
        assert agrees(choice, population, {"unit"}, "unit", SETTINGS)


@settings(max_examples=15, deadline=None)
@given(TABLES, st.data())
def test_a_coarser_wording_never_has_a_smaller_class(table, data):
    population = Population(tuple(table), {"unit": None}, frozenset({"unit"}))
    rungs = sorted(all_rungs("unit", SETTINGS.ladders), key=lambda rung: rung.key)
    one, other = (data.draw(st.sampled_from(rungs)) for _ in range(2))
    fewer = replace(one, **{
        name: max(getattr(one, name), getattr(other, name), key=ladder.index)
        for name, ladder in SETTINGS.ladders.items()
    })  # fmt: skip
    assert not_finer(fewer, one, SETTINGS.ladders)
    sizes = Sizes(population, {"unit"}, (), SETTINGS)
    if any(group.people for group in table):
        assert min(sizes.of(fewer).values()) >= min(sizes.of(one).values())


def test_finer_is_always_worth_more_so_the_one_worth_most_is_a_finest():
    rungs = list(all_rungs("unit", SETTINGS.ladders))
    for one in rungs[::7]:
        for other in rungs:
            if one != other and not_finer(one, other, SETTINGS.ladders):
                assert SETTINGS.worth_of(one) < SETTINGS.worth_of(other)


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ([Group("unit", "any", "E3", "active", "member", 50)], None),
        ([Group("unit", "female", "E17", "active", "member", 50)], None),
        ([Group("unit", "female", "E3", "active", "visitor", 50)], None),
        ([Group("unit", "female", "E3", "active", "member", -1)], None),
        ([Group("elsewhere", "female", "E3", "active", "member", 50)], None),
        (_known(900), Correlation("on_installation", {"unit": "elsewhere"})),
        (_known(900), Correlation("on_installation", {"grade": "E3"})),
    ],
)
def test_a_table_with_unknown_words_is_refused_and_never_guessed_at(table, place):
    population = Population(tuple(table), {"unit": None}, frozenset({"unit"}))
    with pytest.raises(UnknownWord):
        choose(population, "unit", (), SETTINGS, correlations=(place,) if place else ())


def test_who_could_be_meant_are_the_groups_of_the_printed_class():
    population = one_unit(*company(900))
    facts = {"sex": "female", "grade": "E3", "status": "member"}
    found = consistent(population, "unit", SAYS_MORE.rung, facts, SETTINGS)
    assert SAYS_MORE.rung.sex == "stated"
    assert {group.sex for group in found} == {"female"}
    assert len(consistent(population, "unit", Rung.minimal(), {}, SETTINGS)) == 4
