"""The description of the REST door: as it is kept, complete, and never taken back in silence."""

import json
from copy import deepcopy

import pytest
from django.core.management import CommandError, call_command
from drf_spectacular.drainage import GENERATOR_STATS, get_override
from jsonschema import Draft202012Validator

from sapr import api_urls
from sapr.contract import frozen
from sapr.contract.promises import compared
from sapr.errors import DomainError
from sapr.fields import WordField


@pytest.fixture(scope="module")
def made() -> dict:
    return frozen.document()


def operations(document: dict):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_the_kept_description_is_the_one_that_is_served(made):
    changes = compared(frozen.frozen(), made)
    unknown = [each for each in changes.breaking if each not in frozen.excused()]
    assert unknown == [], f"These break programs. Give a reason: {frozen.COMMAND} --because '…'"
    assert frozen.FROZEN.read_text() == frozen.written(made), f"The REST door changed. Run {frozen.COMMAND}"


def test_the_kept_description_is_the_one_that_was_locked():
    """Changed by hand together with the code, it would agree with the code: the lock says what stood there."""
    assert frozen.changed_by_hand() == []


def test_no_two_types_share_a_name(made):
    """What the generator says of serializers, and the lists of words, which it takes as they are called."""
    assert dict(GENERATOR_STATS._warn_cache) == {}
    lists: dict[str, set[tuple[str, ...]]] = {}
    views = [each.callback.view_class for each in api_urls.urlpatterns]
    parts = [getattr(view, f"{part}Serializer", None) for view in views for part in ("Input", "Output")]
    fields = [part() for part in parts if part]
    for field in fields:
        fields += [field.child] if hasattr(field, "child") else []
        fields += list(getattr(field, "fields", {}).values())
        if isinstance(field, WordField):
            lists.setdefault(get_override(field, "field_component_name"), set()).add(tuple(field.words))
    assert [name for name, words in lists.items() if name and len(words) > 1] == []
    assert set(lists) - {""} <= set(made["components"]["schemas"])


def test_every_breaking_change_has_its_reason():
    for change, reason in frozen.excused().items():
        assert len(reason) >= frozen.SHORTEST_REASON, change


def test_every_operation_says_what_it_does_and_how_it_refuses(made):
    names = [operation["operationId"] for _, operation in operations(made)]
    assert len(set(names)) == len(names)
    for name, operation in operations(made):
        for word in ("operationId", "summary", "description", "tags"):
            assert operation.get(word), (name, word)
        answers, headers = operation["responses"], _parameters(operation, "header")
        assert any(status.startswith("2") for status in answers), name
        for status in ("401", "403", "422", "429", "503"):
            assert "application/problem+json" in answers[status]["content"], (name, status)
        for status in ("429", "503"):
            assert "Retry-After" in answers[status]["headers"], (name, status)
        if name.startswith("GET"):
            queries = _parameters(operation, "query")
            listed = "next" in _answer(made, operation).get("properties", {})
            assert ({"cursor", "limit"} <= set(queries)) is listed, name
            assert ("ETag" in answers["200"].get("headers", {})) is not listed, name
            assert ("If-None-Match" in headers) is not listed, name
            assert "fields" in queries, name
        else:
            assert "Idempotency-Key" in headers, name
            assert ("If-Match" in headers) is ("412" in answers), name
            if "{case_id}" in name:
                assert "If-Match" in headers, name
        for each in operation.get("parameters", []):
            assert each.get("description"), (name, each["name"])
        assert not any(headers[each].get("required") for each in headers), name


def _parameters(operation: dict, where: str) -> dict:
    return {each["name"]: each for each in operation.get("parameters", []) if each["in"] == where}


def _answer(document: dict, operation: dict) -> dict:
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema


def test_every_value_has_a_type_and_every_input_its_meaning(made):
    """An object with keys that nobody listed, and a value of any type, say why that is so."""
    for name, schema in made["components"]["schemas"].items():
        for prop, value in schema.get("properties", {}).items():
            typed = {"type", "$ref", "oneOf", "anyOf", "allOf", "enum"} & set(value)
            free = value.get("type") == "object" and not value.get("properties")
            if free:
                assert isinstance(value.get("additionalProperties"), dict), (name, prop)
            if "Request" in name or free or not typed:
                assert value.get("description"), (name, prop)


def test_no_component_is_there_for_nothing_and_every_example_fits(made):
    text = json.dumps(made)
    for kind, named in made["components"].items():
        if kind != "securitySchemes":
            for name in named:
                assert f'"#/components/{kind}/{name}"' in text, name
    whole = {"components": made["components"]}
    for name, operation in operations(made):
        for each in operation.get("parameters", []):
            if "example" in each:
                Draft202012Validator(each["schema"] | whole).validate(each["example"])
        for content in operation.get("requestBody", {}).get("content", {}).values():
            for example in content.get("examples", {}).values():
                errors = list(Draft202012Validator(content["schema"] | whole).iter_errors(example["value"]))
                assert errors == [], name


def _changed(document: dict, **steps) -> dict:
    changed = deepcopy(document)
    for change in steps.values():
        change(changed)
    return changed


def _part(document: dict, *paths: str) -> dict:
    """The description of a few addresses, with the components that they need: as quickly compared as it is small."""
    part, named = (
        {"paths": {path: document["paths"][path] for path in paths}},
        document["components"]["schemas"],
    )
    schemas, before = {}, None
    while before != (before := json.dumps([part, schemas])):
        schemas |= {name: named[name] for name in named if f'schemas/{name}"' in before}
    return part | {"components": {"schemas": schemas}}


def test_what_breaks_a_program_is_told_from_what_adds(made):
    case = "/api/v1/cases/{case_id}"
    made = _part(made, "/api/v1/cases", "/api/v1/counts", f"{case}/steps", f"{case}/sealed")
    schemas = lambda document: document["components"]["schemas"]  # noqa: E731
    case_list = lambda document: document["paths"]["/api/v1/cases"]["get"]  # noqa: E731
    order = lambda document: _parameters(case_list(document), "query")["order"]["schema"]  # noqa: E731
    breaking = {
        "operation": lambda d: d["paths"].pop("/api/v1/counts"),
        "name": lambda d: case_list(d).update(operationId="cases"),
        "parameter": lambda d: case_list(d)["parameters"].pop(0),
        "word taken": lambda d: order(d)["enum"].remove("oldest"),
        "word given": lambda d: schemas(d)["CaseSummary"]["properties"]["state"]["enum"].remove("contact"),
        "property": lambda d: schemas(d)["CaseSummary"]["properties"].pop("number"),
        "not always": lambda d: schemas(d)["CaseSummary"]["required"].remove("number"),
        "type": lambda d: schemas(d)["CaseSummary"]["properties"]["number"].update(type="integer"),
        "may be null": lambda d: schemas(d)["CaseSummary"]["properties"]["number"].update(
            type=["string", "null"]
        ),
        "status": lambda d: case_list(d)["responses"].pop("422"),
        "input": lambda d: schemas(d)["StepRecordRequest"]["properties"].pop("details"),
        "needed": lambda d: schemas(d)["StepRecordRequest"]["required"].append("details"),
        "shorter": lambda d: schemas(d)["StepRecordRequest"]["properties"]["kind"].update(maxLength=3),
        "header": lambda d: case_list(d)["parameters"][-1].update(required=True),
    }
    for what, change in breaking.items():
        assert compared(made, _changed(made, change=change)).breaking, what
    adding = {
        "operation": lambda d: d["paths"].update(
            {"/api/v1/more": {"get": case_list(d) | {"operationId": "more"}}}
        ),
        "word": lambda d: order(d)["enum"].append("random"),
        "property": lambda d: schemas(d)["CaseSummary"]["properties"].update(more={"type": "string"}),
        "input": lambda d: schemas(d)["StepRecordRequest"]["properties"].update(
            more={"type": "string", "maxLength": 3}
        ),
        "needed no more": lambda d: schemas(d)["StepRecordRequest"].pop("required"),
        "always": lambda d: schemas(d)["SealedOpen"].update(required=["identity"]),
    }
    for what, change in adding.items():
        changes = compared(made, _changed(made, change=change))
        assert (changes.breaking, bool(changes.additive)) == ([], True), what
    words = _changed(made, change=lambda d: case_list(d).update(summary="Otherwise"))
    assert compared(made, words) == ([], [])


def test_a_breaking_change_is_not_kept_without_a_reason(made, monkeypatch, tmp_path, capsys):
    made = _part(made, "/api/v1/counts")
    kept, breaks = tmp_path / "openapi.json", tmp_path / "breaks.json"
    monkeypatch.setattr(frozen, "FROZEN", kept)
    monkeypatch.setattr(frozen, "BREAKS", breaks)
    monkeypatch.setattr(frozen, "LOCK", tmp_path / "openapi.lock")
    monkeypatch.setattr(frozen, "document", lambda: made)
    before = _changed(made, more=lambda d: d["paths"].update({"/api/v1/gone": d["paths"]["/api/v1/counts"]}))
    kept.write_text(frozen.written(before))
    with pytest.raises(CommandError, match="differs"):
        call_command("schema")
    assert "breaks programs: gone: GET /api/v1/gone" in capsys.readouterr().out
    for reason in ("", "because"):
        with pytest.raises(DomainError, match="/api/v1/gone") as refusal:
            frozen.freeze(reason)
        assert refusal.value.code == "breaks_programs"
    assert kept.read_text() == frozen.written(before)
    frozen.freeze("It was never served outside of a test.")
    assert kept.read_text() == frozen.written(made)
    assert set(json.loads(breaks.read_text()).values()) == {"It was never served outside of a test."}
    # Listed once, it may be made again.
    kept.write_text(frozen.written(before))
    (tmp_path / "openapi.lock").unlink()
    call_command("schema", write=True, as_json=True)
    assert json.loads(capsys.readouterr().out)["kept"] is True


def test_a_change_by_hand_of_both_the_code_and_what_is_kept_is_seen(made, monkeypatch, tmp_path):
    part = _part(made, "/api/v1/counts")
    more = _changed(part, more=lambda d: d["paths"].update({"/api/v1/gone": d["paths"]["/api/v1/counts"]}))
    for name in ("FROZEN", "BREAKS", "LOCK"):
        monkeypatch.setattr(frozen, name, tmp_path / name)
    monkeypatch.setattr(frozen, "document", lambda: more)
    frozen.freeze()
    assert frozen.changed_by_hand() == []
    # A promise less and a demand more, each in the code and in the file.
    needs = {"in": "query", "name": "x", "required": True, "schema": {"type": "string"}}
    dear = _changed(more, dear=lambda d: d["paths"]["/api/v1/gone"]["get"]["parameters"].append(needs))
    for by_hand in (part, dear):
        frozen.FROZEN.write_text(frozen.written(by_hand))
        monkeypatch.setattr(frozen, "document", lambda by_hand=by_hand: by_hand)
        assert compared(frozen.frozen(), by_hand) == ([], [])
        assert "/api/v1/gone" in {each.split()[1] for each in frozen.changed_by_hand()}
        with pytest.raises(DomainError) as refusal:
            frozen.freeze("It was never served outside of a test.")
        assert refusal.value.code == "changed_by_hand"
    # By the command, with its reason, it is locked as it is.
    frozen.FROZEN.write_text(frozen.written(more))
    monkeypatch.setattr(frozen, "document", lambda: part)
    frozen.freeze("It was never served outside of a test.")
    assert frozen.changed_by_hand() == []
