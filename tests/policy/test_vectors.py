"""Dated vectors: each eligibility and block row holding, not holding and at the edge of its validity."""

import json
from datetime import date
from pathlib import Path

import pytest

from reports import policy

FILES = sorted((Path(__file__).parent / "vectors").glob("*.json"))
VECTORS = [vector for file in FILES for vector in json.loads(file.read_text(encoding="utf-8"))]
CASES = [(vector, profile) for vector in VECTORS for profile in vector["profiles"]]


def decide(vector, profile):
    return policy.eligibility(vector["facts"], on=date.fromisoformat(vector["on"]), profile=profile)


@pytest.mark.parametrize(("vector", "profile"), CASES, ids=[f"{v['name']} [{p}]" for v, p in CASES])
def test_the_vector_is_decided_as_written(vector, profile):
    expected, decision = vector["expect"], decide(vector, profile)
    assert decision.allowed("restricted") is expected["restricted"]
    assert decision.allowed("unrestricted") is expected["unrestricted"]
    assert decision.route == expected["route"]
    assert decision.form == expected["form"]
    for option, ids in expected.get("rules", {}).items():
        assert set(ids) <= set(decision.options[option].rules)
    for option, ids in expected.get("absent", {}).items():
        assert not set(ids) & set(decision.options[option].rules)
    for option, words in expected.get("because", {}).items():
        assert all(word in decision.options[option].because for word in words)
    assert set(expected.get("missing", [])) <= {each.fact for each in decision.missing}
    if "overridden" in expected:
        found = [[o.option, o.rule, o.rule_set, o.would_allow] for o in decision.overridden_by]
        assert found == expected["overridden"]
    for rule, rule_set in expected.get("cites", []):
        assert (rule, rule_set) in {(each.rule, each.rule_set) for each in decision.citations}


def test_every_eligibility_and_block_row_decides_some_vector():
    """Each version of each row is cited by a vector; a row that no fact can reach says so by its effect."""
    cited = {
        (each.rule, each.rule_set, each.source)
        for vector, profile in CASES
        for each in decide(vector, profile).citations
    }
    for row in policy.rules():
        if row.family in ("eligibility", "blocks") and row.parameters["effect"] != "statement":
            assert (row.id, row.rule_set, row.sources) in cited, row.name


def test_every_row_has_at_least_three_vectors():
    named = [rule for vector, _ in CASES for rule in vector["decides"]]
    for row in policy.rules():
        if row.family in ("eligibility", "blocks") and row.parameters["effect"] != "statement":
            assert named.count(row.id) >= 3, row.id


def test_each_rule_cited_is_one_the_options_name_and_carries_its_source():
    for vector, profile in CASES:
        decision = decide(vector, profile)
        named = {rule for option in decision.options.values() for rule in option.rules}
        named |= {each.rule for each in decision.overridden_by}
        assert {each.rule for each in decision.citations} == named
        assert all(each.source and each.authority and each.confidence for each in decision.citations)


def test_EL_15_takes_nothing_away_and_is_said_before_the_election():  # noqa: N802
    assert policy.rule("EL-15").parameters["effect"] == "statement"
    assert any("EL-15" in line for line in policy.considerations("restricted").limits)
