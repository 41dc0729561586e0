"""The decision as a record: its JSON, its reasons, and what would have changed it."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import policy

KEYS = [
    "on",
    "rule_set",
    "profile",
    "route",
    "form",
    "options",
    "statuses",
    "missing",
    "would_change",
    "citations",
    "overridden_by",
    "facts_used",
]
MEMBER = {"statuses": ["service_member"], "age": 22, "offender_relationship": "none"}


def answer(decision):
    return decision.allowed("restricted"), decision.allowed("unrestricted"), decision.route


def test_the_json_has_exactly_the_agreed_keys():
    plain = policy.eligibility({**MEMBER, "told": ["friend"]}, on=date(2024, 8, 1)).to_dict()
    assert list(plain) == KEYS
    assert set(plain["options"]) == {"restricted", "unrestricted"}
    assert set(plain["options"]["restricted"]) == {"allowed", "rules", "because"}
    assert {"rule", "authority", "source", "confidence"} <= set(plain["citations"][0])
    assert json.loads(json.dumps(plain)) == plain


@pytest.mark.parametrize(
    ("on", "rule_set"),
    [
        (date(2008, 11, 12), "RS-2005"),
        (date(2008, 11, 13), "RS-2008"),
        (date(2015, 6, 1), "RS-2014B"),
        (date(2021, 11, 9), "RS-2021B"),
        (date(2021, 11, 10), "RS-2021C"),
        (date(2024, 7, 18), "RS-2022B"),
        (date(2024, 7, 19), "RS-2024"),
        (date(2026, 1, 1), "RS-2024P"),
    ],
)
def test_the_rule_set_is_the_newest_in_force_under_either_profile(on, rule_set):
    for profile in ("seed", "dated"):
        decision = policy.eligibility(MEMBER, on=on, profile=profile)
        assert (decision.rule_set, decision.profile) == (rule_set, profile)


def test_the_seed_rule_set_is_never_selected_by_date():
    book = policy.default_policy().book
    assert "RS-SEED" not in {name for _, name in book._dated_sets}


def test_would_change_names_the_block_first():
    decision = policy.eligibility({**MEMBER, "told": ["chain_of_command"]}, on=date(2020, 1, 1))
    first = decision.would_change[0]
    assert (first.fact, first.value, first.restricted) == ("told", (), True)


def test_explain_false_leaves_out_only_would_change():
    facts = {**MEMBER, "told": ["chain_of_command"]}
    long = policy.eligibility(facts, on=date(2020, 1, 1)).to_dict()
    short = policy.eligibility(facts, on=date(2020, 1, 1), explain=False).to_dict()
    assert short.pop("would_change") == [] != long.pop("would_change")
    assert short == long


def test_nothing_is_asked_that_cannot_matter():
    asked = {each.fact for each in policy.eligibility(MEMBER, on=date(2024, 8, 1)).missing}
    assert asked == {"victim_reported_to_law_enforcement", "prior_election", "same_incident"}


def test_a_person_told_of_missing_facts_hears_which():
    decision = policy.eligibility({"statuses": ["contractor"]}, on=date(2024, 8, 1), profile="dated")
    assert "stationed or employed" in decision.options["unrestricted"].because


def test_several_statuses_are_each_reported():
    decision = policy.eligibility(
        {"statuses": ["retiree", "dod_civilian"], "age": 60, "component_has_sapr": True},
        on=date(2024, 8, 1),
        profile="dated",
    )
    assert [(each.status, each.restricted) for each in decision.statuses] == [
        ("dod_civilian", True),
        ("retiree", False),
    ]


CONTRACT = policy.default_policy().book.facts


def values(spec):
    if spec.type == "boolean":
        return st.booleans()
    if spec.type == "choice":
        return st.sampled_from(spec.values)
    if spec.type == "integer":
        return st.integers(spec.minimum, spec.maximum)
    return st.lists(st.sampled_from(spec.values), max_size=3)


FACTS = st.fixed_dictionaries(
    {}, optional={spec.id: values(spec) for spec in CONTRACT.specs.values() if "eligibility" in spec.uses}
)
DAYS = st.dates(date(2005, 1, 1), date(2030, 1, 1))


def decided(facts, on, profile):
    try:
        return policy.eligibility(facts, on=on, profile=profile)
    except policy.FactsError as error:
        if error.code != "impossible_facts":
            raise
        return None


@settings(max_examples=300, deadline=None)
@given(FACTS, DAYS, st.sampled_from(["seed", "dated"]))
def test_any_facts_are_answered_and_the_answer_hangs_together(facts, on, profile):
    decision = decided(facts, on, profile)
    if decision is None:
        return
    open_now = decision.allowed("restricted") or decision.allowed("unrestricted")
    assert not (decision.route == "fap" and open_now)
    assert not (open_now and decision.form is None)
    assert not (decision.allowed("restricted") and not decision.allowed("unrestricted"))
    for option in decision.options.values():
        assert option.because
        assert not (option.allowed and not option.rules)
        assert len(set(option.rules)) == len(option.rules)
    json.dumps(decision.to_dict())


@settings(max_examples=200, deadline=None)
@given(FACTS, DAYS, st.sampled_from(["seed", "dated"]))
def test_would_change_tells_the_truth(facts, on, profile):
    decision = decided(facts, on, profile)
    for change in decision.would_change if decision else ():
        value = list(change.value) if isinstance(change.value, tuple) else change.value
        other = policy.eligibility({**facts, change.fact: value}, on=on, profile=profile)
        assert answer(other) == (change.restricted, change.unrestricted, change.route) != answer(decision)


@settings(max_examples=300, deadline=None)
@given(FACTS, FACTS, DAYS, st.sampled_from(["seed", "dated"]))
def test_a_fact_that_was_not_asked_for_changes_nothing_by_itself(facts, more, on, profile):
    decision = decided(facts, on, profile)
    if decision is None:
        return
    asked = {each.fact for each in decision.missing}
    for name, value in more.items():
        if name not in facts and name not in asked:
            other = decided({**facts, name: value}, on, profile)
            assert other is None or answer(other) == answer(decision)


@settings(max_examples=200, deadline=None)
@given(FACTS, DAYS)
def test_the_seed_layer_never_answers_about_others(facts, on):
    seed, dated = decided(facts, on, "seed"), decided(facts, on, "dated")
    if seed is not None and answer(seed) != answer(dated):
        used = {each.rule for each in seed.citations if each.rule_set == "RS-SEED"}
        assert used & {"EL-06", "EL-08", "EL-10a"}
        assert seed.overridden_by or dated.missing or seed.missing


@settings(max_examples=200, deadline=None)
@given(FACTS, DAYS, st.sampled_from(["seed", "dated"]))
def test_after_an_unrestricted_election_of_the_incident_restricted_never_opens(facts, on, profile):
    facts = {**facts, "prior_election": "unrestricted", "same_incident": True}
    facts.pop("had_earlier_report", None)
    decision = decided(facts, on, profile)
    assert decision is None or not decision.allowed("restricted")
