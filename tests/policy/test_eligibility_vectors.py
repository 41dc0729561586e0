"""Dated vectors of eligibility: each row of who may report, holding, not holding and at the edge of its validity.

`on` may list several days on which the answer is the same. `holds` and `absent` are ids that some option names and
that none names; `missing` facts that must be asked for; `cites` pairs of id and rule set; `overridden` exactly the
later answers named, as [option, id, rule set, would allow]; `because` words in the reason of an option.
"""

from datetime import date
from pathlib import Path

import pytest
import yaml

from reports import policy

FILES = sorted((Path(__file__).parent / "vectors" / "eligibility").glob("*.yaml"))
KEYS = {"name", "decides", "on", "profiles", "adopted", "facts", "expect"}
EXPECTED = {
    "restricted",
    "unrestricted",
    "route",
    "form",
    "holds",
    "absent",
    "missing",
    "cites",
    "overridden",
    "because",
}
WRITTEN = [vector for file in FILES for vector in yaml.safe_load(file.read_text(encoding="utf-8"))]


def each_day(vector):
    """The vector once for each of its days."""
    days = vector["on"] if isinstance(vector["on"], list) else [vector["on"]]
    return [{**vector, "on": day} for day in days]


VECTORS = [each for vector in WRITTEN for each in each_day(vector)]
CASES = [(vector, profile) for vector in VECTORS for profile in vector["profiles"]]


def decide(vector, profile):
    return policy.eligibility(
        vector["facts"],
        on=date.fromisoformat(vector["on"]),
        profile=profile,
        adopted=vector.get("adopted", ()),
    )


@pytest.mark.parametrize(("vector", "profile"), CASES, ids=[f"{v['name']} {v['on']} [{p}]" for v, p in CASES])
def test_the_vector_is_decided_as_written(vector, profile):
    expected, decision = vector["expect"], decide(vector, profile)
    assert decision.allowed("restricted") is expected["restricted"]
    assert decision.allowed("unrestricted") is expected["unrestricted"]
    assert decision.route == expected["route"]
    assert decision.form == expected["form"]
    named = {rule for option in decision.options.values() for rule in option.rules}
    assert set(expected.get("holds", ())) <= named
    assert not set(expected.get("absent", ())) & named
    assert set(expected.get("missing", ())) <= {each.fact for each in decision.missing}
    cited = {(each.rule, each.rule_set) for each in decision.citations}
    assert {tuple(each) for each in expected.get("cites", ())} <= cited
    if "overridden" in expected:
        found = [[o.option, o.rule, o.rule_set, o.would_allow] for o in decision.overridden_by]
        assert found == expected["overridden"]
    for option, words in expected.get("because", {}).items():
        assert all(word in decision.options[option].because for word in words)


def test_every_vector_is_well_formed_and_named_once():
    known = {row.id for row in policy.rules() if row.family in ("eligibility", "blocks")}
    for vector in WRITTEN:
        assert vector.keys() <= KEYS, vector["name"]
        assert vector["expect"].keys() <= EXPECTED, vector["name"]
        # a rule that a vector decides is one whose holding it asserts or denies
        about = {*vector["expect"].get("holds", ()), *vector["expect"].get("absent", ())}
        assert set(vector["decides"]) <= about <= known, vector["name"]
    names = [vector["name"] for vector in WRITTEN]
    assert len(names) == len(set(names))


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
