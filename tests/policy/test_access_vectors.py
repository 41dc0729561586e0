"""Who may do what: vectors of the access rows, and faults in them. The matrix (tests/access) goes through the doors."""

import copy
from datetime import date
from pathlib import Path

import pytest
import yaml

from reports import policy
from reports.policy.book import Book
from reports.policy.loading import Policy, read_directory

FILES = sorted((Path(__file__).parent / "vectors" / "access").glob("*.yaml"))
VECTORS = [vector for file in FILES for vector in yaml.safe_load(file.read_text(encoding="utf-8"))]


def granted(vector):
    """The rules that the answer to a vector names: the row that grants it, or the rows of its numbers."""
    rules = policy.access_rules(date.fromisoformat(vector["on"]))
    if "limits" in vector:
        held = {name: rules.limits[name] for name in vector["limits"]}
        return [each for each in policy.rules() if held == each.parameters.get("limits")]
    found = rules.find(vector["held"], vector["verb"], vector["object"], vector["state"])
    return [found.rule] if found else []


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_vector(vector):
    wanted = vector["decides"] if "limits" in vector else [vector["rule"]] if vector["rule"] else []
    assert [rule.id for rule in granted(vector)] == wanted


def changed(change):
    documents = copy.deepcopy(read_directory(policy.DATA))
    change({row["id"]: row["parameters"] for row in documents["access.json"]["rows"]})
    return documents


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows["AC-01"]["access"][0]["roles"].append("cook"), "cook"),
        (lambda rows: rows["AC-01"]["access"][0].update(scope="moon"), "moon"),
        (lambda rows: rows["AC-01"]["access"][0]["verbs"].append("eat"), "eat"),
        (lambda rows: rows["AC-01"]["access"][0]["objects"].append("cake"), "cake"),
        (lambda rows: rows["AC-01"]["access"][0]["states"].append("lost"), "lost"),
        (lambda rows: rows["AC-01"]["access"][0].pop("states"), "states go with"),
        (lambda rows: rows["AC-05"]["access"][0].update(states=["contact"]), "states go with"),
        (lambda rows: rows["AC-01"]["access"][0].update(roles=[]), "roles is empty"),
        (lambda rows: rows["AC-01"]["access"][0].pop("scope"), "malformed"),
        (lambda rows: rows["AC-17"]["limits"].update(identity_openings=0), "above zero"),
        (lambda rows: rows["AC-17"]["limits"].update(identity_openings=True), "above zero"),
        (lambda rows: rows["AC-17"].clear(), "grants access or states limits"),
    ],
)
def test_a_fault_in_an_access_row_names_it(change, said):
    with pytest.raises(policy.PolicyDataError, match=said) as caught:
        Policy(Book(changed(change)))
    assert caught.value.file == "access.json"


def test_what_no_row_grants_is_refused_and_a_row_switched_off_grants_nothing():
    documents = read_directory(policy.DATA)
    for row in documents["access.json"]["rows"]:
        row["enabled"] = "limits" in row["parameters"]
    rules = Policy(Book(documents)).access.on(date(2026, 3, 2))
    assert dict(rules.verbs) == {}
    assert rules.find({"assigned": ["sarc"]}, "case_view", "case", "restricted") is None
