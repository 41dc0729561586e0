"""The format is data, says what the rules say, and its page shows it as it is."""

import json
import re

import jsonschema

from reports.legacy.problems import CODES
from reports.legacy.shapes import leaves, schema
from reports.obligations.models import DutyState
from reports.policy import default_policy
from sapr import clock
from tests.legacy.old import CUTOVER, row
from tests.test_docs import ROOT

PAGE = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")


def test_the_schema_is_one_and_takes_our_rows() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(row(), schema())


def test_what_it_asks_of_a_person_is_what_the_rules_ask() -> None:
    # That it is signed the row says by being one.
    every = default_policy().book.facts.specs.items()
    specs = {name: spec for name, spec in every if "eligibility" in spec.uses and name != "signed"}
    facts = schema()["properties"]["facts"]["properties"]
    assert set(facts) == set(specs)
    for name, spec in specs.items():
        words = facts[name].get("enum") or facts[name].get("items", {}).get("enum") or []
        assert tuple(words) == spec.values, name


def test_its_duties_are_duties_of_the_rules() -> None:
    kinds = {
        each["kind"] for rule in default_policy().book.rules for each in _duties(rule.parameters)
    }  # fmt: skip
    assert set(leaves()["duties.#.kind"]["enum"]) <= kinds
    ended = {f"legacy_{word}" for word in leaves()["duties.#.ended"]["enum"]}
    assert ended == {each.value for each in DutyState if each.value.startswith("legacy_")}


def _duties(parameters):
    found = parameters.get("duties", ()) if hasattr(parameters, "get") else ()
    return [each for each in found if hasattr(each, "get") or isinstance(each, dict)]


def test_the_page_lists_every_column_and_every_code() -> None:
    assert [name for name in leaves() if f"`{name}`" not in PAGE] == []
    table = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|$", PAGE, flags=re.M))
    assert {code: table.get(code) for code in CODES} == CODES


def test_the_examples_of_the_page_are_rows(world, tmp_path) -> None:
    from reports.legacy.services import legacy_import

    lines, table = re.findall(r"```(?:json|csv)\n(.*?)```", PAGE, flags=re.S)
    for name, body in (("page.jsonl", " ".join(lines.split())), ("page.csv", table)):
        path = tmp_path / name
        path.write_text(body, encoding="utf-8")
        found = legacy_import(path=path, cutover=CUTOVER, source="page", dry_run=True, processes=1)
        assert (found.imported, found.errors) == (1, []), name
    assert json.loads(lines)["source_id"]
    assert clock.now() > CUTOVER
