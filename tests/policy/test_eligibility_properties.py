"""What holds of every decision, whatever the facts, the day and the settings."""

import json
from datetime import date
from itertools import chain
from random import Random

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from reports import policy
from tests.policy.facts import ADOPTIONS, CONTRACT, DAYS, FACTS, PROFILES, SPECS, answer, decided

LISTS = [name for name, spec in SPECS.items() if spec.type == "list"]


def whatever(examples):
    return settings(max_examples=examples, deadline=None, derandomize=True)


@whatever(200)
@given(FACTS, DAYS, PROFILES, ADOPTIONS)
def test_every_decision_hangs_together(facts, on, profile, adopted):
    decision = decided(facts, on, profile, adopted, explain=True)
    assume(decision is not None)
    restricted, unrestricted, route, form = answer(decision)
    assert not (restricted and not unrestricted)
    assert (restricted or unrestricted) <= (route == "sapr" and form is not None)
    assert (route == "fap") <= (form is None)
    for option in decision.options.values():
        assert option.because.endswith(".")
        assert option.rules or not (decision.statuses or option.allowed)
        assert len(set(option.rules)) == len(option.rules)
    named = {rule for option in decision.options.values() for rule in option.rules}
    named |= {each.rule for each in decision.overridden_by}
    assert {each.rule for each in decision.citations} == named
    assert set(decision.facts_used) <= set(facts)
    assert not {each.fact for each in decision.missing} & {name for name in facts if facts[name] != []}
    assert json.loads(json.dumps(decision.to_dict())) == decision.to_dict()


def alternatives(name):
    """Every value of one fact that a rule could tell from the others."""
    for value in CONTRACT.alternatives(name, None, {"age": frozenset({17, 18})}):
        yield list(value) if isinstance(value, tuple) else value


@whatever(150)
@given(FACTS, DAYS, PROFILES, ADOPTIONS)
@example({"statuses": ["separated"], "prior_election": "none"}, date(2024, 8, 1), "seed", ())
@example({"statuses": ["dod_civilian"], "location": "conus"}, date(2024, 8, 1), "seed", ())
@example({"statuses": ["dod_civilian", "retiree"]}, date(2024, 8, 1), "dated", ())
def test_a_fact_that_was_not_asked_for_changes_neither_option_nor_route_nor_form(facts, on, profile, adopted):
    before = decided(facts, on, profile, adopted)
    assume(before is not None)
    asked = {each.fact for each in before.missing}
    for name in SPECS.keys() - facts.keys():
        for value in alternatives(name):
            after = decided({**facts, name: value}, on, profile, adopted)
            if after is not None and answer(after) != answer(before):
                assert name in asked
                assert name in after.facts_used


def matters(name, facts, missing, on, profile, adopted):
    """Whether this fact changes the answer, alone or once others of the missing facts are known."""
    chance = Random(0)  # noqa: S311 - which of very many combinations are tried, the same every time
    for known in chain([()], (chance.sample(missing, chance.randint(1, len(missing))) for _ in range(400))):
        context = facts | {
            other: chance.choice(list(alternatives(other))) for other in known if other != name
        }
        found = [decided({**context, name: value}, on, profile, adopted) for value in alternatives(name)]
        if len({answer(each) for each in found if each is not None}) > 1:
            return True
    return False


@whatever(100)
@given(FACTS, st.sampled_from(SPECS["statuses"].values), DAYS, PROFILES, ADOPTIONS)
def test_nothing_is_asked_that_could_not_matter(facts, status, on, profile, adopted):
    assume(facts.get("had_earlier_report") is not False)  # then only one answer about an election is possible
    facts = {**facts, "statuses": [status]}
    decision = decided(facts, on, profile, adopted)
    assume(decision is not None)
    missing = [each.fact for each in decision.missing]
    assert [name for name in missing if not matters(name, facts, missing, on, profile, adopted)] == []


@whatever(200)
@given(FACTS, DAYS, PROFILES, ADOPTIONS)
@example({"statuses": ["service_member"], "offender_relationship": "none"}, date(2030, 1, 1), "dated", ())
def test_after_an_unrestricted_report_of_the_incident_restricted_never_opens_again(
    facts, on, profile, adopted
):
    decision = decided(
        {**facts, "prior_election": "unrestricted", "same_incident": True, "had_earlier_report": True},
        on,
        profile,
        adopted,
        explain=True,
    )
    assume(decision is not None)
    assert not decision.allowed("restricted")
    lifted = {each.fact for each in decision.would_change if each.restricted}
    assert lifted <= {"prior_election", "same_incident"}


@whatever(200)
@given(st.data(), FACTS, DAYS, PROFILES, ADOPTIONS)
def test_the_order_of_facts_and_of_list_items_never_matters(data, facts, on, profile, adopted):
    decision = decided(facts, on, profile, adopted, explain=True)
    assume(decision is not None)
    shuffled = dict(data.draw(st.permutations(list(facts.items()))))
    for name in LISTS:
        if name in shuffled:
            shuffled[name] = data.draw(st.permutations([*shuffled[name], *shuffled[name]]))
    other = decided(shuffled, on, profile, tuple(reversed(adopted)), explain=True)

    def without_order(each):
        """`facts_used` and the order of `would_change` follow the order of the facts, as a person gave them."""
        return each._replace(
            facts_used=sorted(each.facts_used), would_change=sorted(map(repr, each.would_change))
        )

    assert without_order(other) == without_order(decision)


@whatever(200)
@given(st.data(), FACTS, DAYS, PROFILES, ADOPTIONS)
def test_an_answer_is_explained_by_what_was_told_of_the_same_facts(data, facts, on, profile, adopted):
    decision = decided(facts, on, profile, adopted, explain=True)
    assume(decision is not None)
    shuffled = dict(data.draw(st.permutations(list(facts.items()))))
    told = json.loads(json.dumps(decided(shuffled, on, profile, adopted, explain=True).to_dict()))
    short = decided(facts, on, profile, adopted)
    assert json.dumps(short.explained_as(told).to_dict()) == json.dumps(decision.to_dict())
    for other in (told | {"route": "elsewhere"}, told | {"facts_used": ["age"] * 20}, {}):
        assert short.explained_as(other) is None


@whatever(200)
@given(FACTS, DAYS, PROFILES, ADOPTIONS)
def test_every_value_in_would_change_really_gives_that_outcome(facts, on, profile, adopted):
    decision = decided(facts, on, profile, adopted, explain=True)
    assume(decision is not None)
    for change in decision.would_change:
        value = list(change.value) if isinstance(change.value, tuple) else change.value
        other = policy.eligibility({**facts, change.fact: value}, on=on, profile=profile, adopted=adopted)
        assert answer(other)[:3] == (change.restricted, change.unrestricted, change.route)
        assert answer(other)[:3] != answer(decision)[:3]


@whatever(200)
@given(FACTS, DAYS, PROFILES, ADOPTIONS)
def test_several_statuses_are_at_least_as_permissive_as_each_alone(facts, on, profile, adopted):
    together = decided(facts, on, profile, adopted)
    assume(together is not None)
    for status in facts.get("statuses", ()):
        alone = decided({**facts, "statuses": [status]}, on, profile, adopted)
        for option in ("restricted", "unrestricted"):
            assert alone.allowed(option) <= together.allowed(option)
    if len(together.statuses) > 1:
        assert {each.status for each in together.statuses} == set(facts["statuses"])


@whatever(300)
@given(FACTS, DAYS, ADOPTIONS)
@example(
    {
        "statuses": ["other_civilian"],
        "offender_relationship": "intimate_partner",
        "shares_home": False,
        "shares_child": False,
        "domestic_abuse": False,
    },
    date(2024, 8, 1),
    (),
)
def test_both_profiles_answer_alike_except_where_overridden_by_says_so(facts, on, adopted):
    seed, dated = decided(facts, on, "seed", adopted), decided(facts, on, "dated", adopted)
    assume(seed is not None)
    assert dated.overridden_by == ()
    told = {each.option: each for each in seed.overridden_by}
    for option in ("restricted", "unrestricted"):
        if seed.allowed(option) != dated.allowed(option):
            each = told[option]
            assert each.would_allow is dated.allowed(option) or each.needs
            assert each.replaced_by == "RS-SEED"
            assert f"{each.rule_set} {each.rule}" in seed.options[option].because
    if answer(seed) != answer(dated):
        assert told
    used = {each.rule for each in seed.citations if each.rule_set == "RS-SEED"}
    assert bool(told) <= bool(used & {"EL-06", "EL-08", "EL-10a"})
