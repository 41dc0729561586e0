"""Dated vectors of notices and forms: each calls one public function, as its file writes it.

The answers name no row, so whether a row decides is shown by switching it off: then some vector that names it fails.
"""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest
import yaml

from reports import policy
from reports.policy import loading
from reports.policy.book import Book

FILES = sorted((Path(__file__).parent / "vectors" / "notices").glob("*.yaml"))
VECTORS = [vector for file in FILES for vector in yaml.safe_load(file.read_text(encoding="utf-8"))]
FAMILIES = ("notices", "forms")
SHIPPED = loading.read_directory(policy.DATA)
ROWS = [row for row in policy.rules() if row.family in FAMILIES]


def argument(value):
    """Dates and instants are written as text; everything else is what it is."""
    if isinstance(value, str) and value[:1].isdigit():
        return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return value


def agrees(found, expected):
    """Whether the answer is what the file says; of a record only the parts it names count."""
    if isinstance(expected, dict):
        part = found.get if isinstance(found, Mapping) else partial(getattr, found)
        return all(agrees(part(name), value) for name, value in expected.items())
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(agrees, found, expected))
    return found == (argument(expected) if isinstance(found, date) else expected)


def holds(vector):
    call = getattr(policy, vector["call"])
    arguments = {name: argument(value) for name, value in vector["arguments"].items()}
    try:
        found = call(**arguments)
    except policy.FactsError as error:
        return error.code == vector.get("refused")
    return "expect" in vector and agrees(found, vector["expect"])


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_the_call_answers_as_written(vector):
    assert holds(vector)


def switched_off(row):
    """The shipped rules without this version of the row."""
    documents = deepcopy(SHIPPED)
    for each in documents[row.file]["rows"]:
        if (each["id"], each["valid_from"]) == (row.id, row.valid_from.isoformat()):
            each["enabled"] = False
    return loading.Policy(Book(documents))


@pytest.mark.parametrize("row", [row for row in ROWS if row.enabled], ids=lambda row: row.name)
def test_without_the_row_some_vector_that_names_it_fails(row, monkeypatch):
    monkeypatch.setattr(loading._Current, "policy", switched_off(row))
    assert [vector["name"] for vector in VECTORS if row.id in vector["decides"] and not holds(vector)]


def test_every_vector_is_well_formed_and_named_once():
    known = {row.id for row in ROWS}
    for vector in VECTORS:
        assert vector.keys() - {"expect", "refused"} == {"name", "decides", "call", "arguments"}, vector[
            "name"
        ]
        assert ("expect" in vector) is not ("refused" in vector), vector["name"]
        assert vector["decides"], vector["name"]
        assert set(vector["decides"]) <= known, vector["name"]
    names = [vector["name"] for vector in VECTORS]
    assert len(names) == len(set(names))
