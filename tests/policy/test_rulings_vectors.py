"""Dated vectors of the rulings: each says what the rules answer on a topic for stated facts on a day.

`expect`: `allowed`; ids that must hold; ids that must not (`absent`); and, when given, exactly the facts `missing`,
what rows do (`effects`, by id) and which versions are cited (`cites`, as [id, rule set]). Without `profiles` a vector
counts under both.
"""

import json
from datetime import date
from pathlib import Path

import pytest
import yaml

from reports import policy

FOLDER = Path(__file__).parent / "vectors" / "rulings"
KEYS = {"name", "decides", "topic", "on", "profiles", "adopted", "facts", "expect"}
EXPECTED = {"allowed", "holds", "absent", "missing", "effects", "cites"}


def read(file):
    """The vectors of one file. In YAML a bare `on` is a truth value, so the key is put back."""
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [{"on" if key is True else key: value for key, value in each.items()} for each in found]


VECTORS = [vector for file in sorted(FOLDER.glob("*.yaml")) for vector in read(file)]
CASES = [(vector, profile) for vector in VECTORS for profile in vector.get("profiles", ["seed", "dated"])]


def rule_on(vector, profile):
    return policy.ruling(
        vector["topic"],
        vector["facts"],
        on=date.fromisoformat(vector["on"]),
        profile=profile,
        adopted=vector.get("adopted", ()),
    )


@pytest.mark.parametrize(("vector", "profile"), CASES, ids=[f"{v['name']} [{p}]" for v, p in CASES])
def test_the_vector_is_answered_as_written(vector, profile):
    expected, answer = vector["expect"], rule_on(vector, profile)
    assert answer.allowed is expected["allowed"]
    assert set(expected.get("holds", ())) <= set(answer.rules)
    assert not set(expected.get("absent", ())) & set(answer.rules)
    if "missing" in expected:
        assert set(answer.missing) == set(expected["missing"])
    effects = {each.rule: each.effect for each in answer.says}
    assert effects.items() >= expected.get("effects", {}).items()
    cited = {(each.rule, each.rule_set) for each in answer.citations}
    assert {tuple(each) for each in expected.get("cites", ())} <= cited
    assert tuple(each.rule for each in answer.citations) == answer.rules
    json.dumps(answer.to_dict())


def test_every_vector_is_well_formed_and_named_once():
    known = {row.id for row in policy.rules() if "topic" in row.parameters}
    for vector in VECTORS:
        assert vector.keys() <= KEYS, vector["name"]
        assert vector["expect"].keys() <= EXPECTED, vector["name"]
        named = {*vector["decides"], *vector["expect"].get("holds", ()), *vector["expect"].get("absent", ())}
        assert named <= known, vector["name"]
        # a rule that a vector decides is one whose holding it asserts or denies
        about = {*vector["expect"].get("holds", ()), *vector["expect"].get("absent", ())}
        assert set(vector["decides"]) <= about, vector["name"]
    names = [vector["name"] for vector in VECTORS]
    assert len(names) == len(set(names))
