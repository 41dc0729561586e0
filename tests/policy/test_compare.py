"""What one rule set changed against another."""

import copy
from datetime import date

import pytest

from reports import policy
from reports.policy.book import Book
from reports.policy.compare import compare, view
from reports.policy.loading import read_directory

BOOK = policy.default_policy().book


def between(first, second):
    return {each.id: each for each in compare(BOOK, first, second)}


def test_from_the_seed_to_2024():
    found = between("RS-SEED", "RS-2024")
    civilian = found["EL-08"]
    assert (civilian.change, civilian.family, civilian.layer) == ("changed", "eligibility", "dod")
    assert (civilian.before.rule_set, civilian.after.rule_set) == ("RS-SEED", "RS-2024")
    assert "sentence" in civilian.differs
    assert found["EL-10a"].change == "removed"
    assert found["EL-10b"].change == "added"
    assert found["EL-06b"].change == "added"
    assert found["BL-02"].after.rule_set == "RS-2021C"
    assert "EL-01" not in found


def test_between_two_dated_sets_only_what_began_or_ended_meanwhile():
    found = between("RS-2022B", "RS-2024")
    assert "EL-08" in found
    assert "BL-02" not in found
    assert all(each.after.valid_from > date(2022, 9, 6) for each in found.values() if each.after)
    assert all(each.before.valid_to <= date(2024, 7, 19) for each in found.values() if each.before)


def test_the_other_way_round_is_the_opposite():
    there, back = between("RS-SEED", "RS-2024"), between("RS-2024", "RS-SEED")
    assert set(there) == set(back)
    opposite = {"added": "removed", "removed": "added", "changed": "changed"}
    assert {key: opposite[each.change] for key, each in there.items()} == {
        key: each.change for key, each in back.items()
    }


@pytest.mark.parametrize("rule_set", BOOK.rule_sets)
def test_a_set_does_not_differ_from_itself(rule_set):
    assert compare(BOOK, rule_set, rule_set) == ()


@pytest.mark.parametrize("rule_set", BOOK.rule_sets)
def test_every_set_has_a_view_in_which_each_rule_stands_once(rule_set):
    held = view(BOOK, rule_set)
    assert held
    assert all(key[1] == rule.id for key, rule in held.items())
    assert any(rule.layer == "seed" for rule in held.values()) is (rule_set == "RS-SEED")


def test_the_seed_stands_right_after_2014b():
    """Nothing later than its place in the register, and its own rows over those they stand in for."""
    held = view(BOOK, "RS-SEED")
    later = {"RS-2016", "RS-2019B", "RS-2019C", "RS-2021C", "RS-2024"}
    assert not later & {rule.rule_set for rule in held.values()}
    assert ("dod", "EL-10b") not in held
    assert held["dod", "EL-10a"].layer == "seed"


def test_a_service_layer_is_named_by_itself():
    documents = copy.deepcopy(read_directory(policy.DATA))
    rows = documents["blocks.json"]["rows"]
    rows.append({**rows[0], "layer": "navy", "valid_from": "2020-01-01"})
    found = compare(Book(documents), "RS-2019C", "RS-2021A")
    assert [(each.id, each.layer, each.change) for each in found if each.layer == "navy"] == [
        ("BL-01", "navy", "added")
    ]


def test_an_unknown_set_is_told_which_there_are():
    with pytest.raises(policy.FactsError) as caught:
        compare(BOOK, "RS-SEED", "RS-1999")
    assert (caught.value.code, caught.value.path) == ("unknown_value", "after")
    assert "RS-2021C" in caught.value.message


def test_a_difference_is_plain_json():
    told = compare(BOOK, "RS-SEED", "RS-2024")[0].to_dict()
    assert set(told) == {"id", "change", "family", "layer", "differs", "before", "after"}
    assert set(told["after"]) == {
        "rule_set", "sentence", "authority", "sources", "confidence", "enabled", "valid_from", "valid_to",
    }  # fmt: skip
