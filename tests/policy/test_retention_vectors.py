"""Dated vectors of keeping: how long an item is kept, by which rule, and whether it may be destroyed."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml

from reports import policy

FILES = sorted((Path(__file__).parent / "vectors" / "retention").glob("*.yaml"))
VECTORS = [vector for file in FILES for vector in yaml.safe_load(file.read_text(encoding="utf-8"))]
CASES = [(vector, profile) for vector in VECTORS for profile in vector.get("profiles", ["seed", "dated"])]


def keep(vector, profile):
    return policy.retention(
        vector["item"],
        vector["facts"],
        started_on=date.fromisoformat(vector["started_on"]),
        on=date.fromisoformat(vector["on"]),
        profile=profile,
    )


@pytest.mark.parametrize(("vector", "profile"), CASES, ids=[f"{v['name']} [{p}]" for v, p in CASES])
def test_it_is_kept_as_written(vector, profile):
    expected, answer = vector["expect"], keep(vector, profile)
    told = answer.to_dict()
    for name in ("keep_until", "rules", "may_destroy", "held", "missing"):
        if name in expected:
            assert told[name] == expected[name], name
    assert set(expected.get("see_also", ())) <= set(answer.see_also)
    assert [each.rule for each in answer.citations] == list(answer.rules)
    if "rule_set" in expected:
        assert [each.rule_set for each in answer.citations] == [expected["rule_set"]]
    assert all(word in answer.because for word in expected.get("because", ()))
    assert answer.because


def rows():
    return [row for row in policy.rules() if row.family == "retention"]


def test_every_version_of_every_period_decides_a_vector_and_none_that_is_off():
    cited = {
        (each.rule, each.rule_set) for vector, profile in CASES for each in keep(vector, profile).citations
    }
    for row in rows():
        assert ((row.id, row.rule_set) in cited) is row.enabled, row.name


def test_every_period_has_at_least_three_vectors():
    named = Counter(rule for vector in VECTORS for rule in vector["decides"])
    for row in rows():
        assert named[row.id] >= (3 if row.enabled else 1), row.name
    assert named["CK-25"] >= 3


BAD = [
    ({"item": "diary"}, "unknown_value", "item"),
    ({"item": None}, "unknown_value", "item"),
    ({"started_on": date(2004, 12, 31)}, "date_out_of_range", "started_on"),
    ({"started_on": date(2024, 8, 2)}, "date_out_of_range", "started_on"),
    ({"started_on": "2024-08-01"}, "wrong_type", "started_on"),
    ({"on": date(9999, 1, 1)}, "date_out_of_range", "on"),
    ({"facts": {"colour": "red"}}, "unknown_fact", "colour"),
    ({"facts": {"open_matters": ["weather"]}}, "unknown_value", "open_matters[0]"),
    ({"profile": "other"}, "unknown_value", "profile"),
    ({"adopted": ["RS-1999"]}, "unknown_value", "adopted"),
]


@pytest.mark.parametrize(("change", "code", "path"), BAD)
def test_bad_input_is_refused(change, code, path):
    day = date(2024, 8, 1)
    arguments = {"item": "restricted_kit", "facts": {}, "started_on": day, "on": day, **change}
    item, facts = arguments.pop("item"), arguments.pop("facts")
    with pytest.raises(policy.FactsError) as caught:
        policy.retention(item, facts, **arguments)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_each_name_is_used_once():
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)
