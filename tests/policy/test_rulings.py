"""The engine of rulings, shown on a made-up topic: what each effect does, and what is refused on load."""

import copy
from datetime import date

import pytest

from reports import policy
from reports.policy import PolicyDataError
from reports.policy.book import Book
from reports.policy.loading import Policy, read_directory

SHIPPED = read_directory(policy.DATA)
DAY = date(2024, 8, 1)


def row(row_id, effect, when, **more):
    return {
        "id": row_id,
        "layer": "dod",
        "rule_set": "RS-2013",
        "valid_from": "2005-01-01",
        "valid_to": None,
        "selected_by": "none",
        "authority": {"document": "made up", "paragraph": "1"},
        "sources": ["P01"],
        "confidence": "public",
        "enabled": True,
        "sentence": f"{row_id} says something.",
        "parameters": {
            "topic": "tea",
            "effect": effect,
            "when": when,
            "because": f"{row_id} speaks.",
            **more,
        },
    }


DEPLOYED = [{"deployed": {"in": [True]}}]
ALWAYS = [{}]


def table(*rows):
    documents = copy.deepcopy(SHIPPED)
    documents["made_up.json"] = {"family": "made_up", "rows": list(rows)}
    documents["words.json"] = {"table": "vocabulary", "topics": {"tea": "Tea"}}
    return Policy(Book(documents)).rulings


def ask(rows, facts, **how):
    given = {"on": DAY, "profile": "dated", "adopted": ()} | how
    return table(*rows).rule_on("tea", facts, given["on"], given["profile"], given["adopted"])


def test_an_allowing_row_allows_only_while_it_holds():
    rows = [row("T-1", "allow", DEPLOYED)]
    assert ask(rows, {"deployed": True}).allowed is True
    assert ask(rows, {"deployed": False}).allowed is False
    unstated = ask(rows, {})
    assert unstated.allowed is False
    assert unstated.missing == ("deployed",)


def test_a_refusal_beats_every_permission():
    rows = [row("T-1", "allow", ALWAYS), row("T-2", "refuse", DEPLOYED)]
    assert ask(rows, {"deployed": True}).allowed is False
    assert ask(rows, {"deployed": False}).allowed is True


def test_a_topic_with_refusals_only_is_open_until_one_holds():
    rows = [row("T-2", "refuse", DEPLOYED)]
    assert ask(rows, {"deployed": False}).allowed is True
    assert ask(rows, {"deployed": True}).allowed is False


def test_advice_alone_neither_allows_nor_refuses():
    answer = ask(
        [row("T-3", "require", ALWAYS, who="sarc"), row("T-4", "tell", DEPLOYED)], {"deployed": True}
    )
    assert answer.allowed is None
    assert [(each.rule, each.effect, each.who) for each in answer.says] == [
        ("T-3", "require", "sarc"),
        ("T-4", "tell", None),
    ]


def test_a_row_speaks_only_on_its_days_and_while_switched_on():
    dated = row("T-1", "allow", ALWAYS) | {"valid_from": "2024-08-01", "rule_set": "RS-2024"}
    assert ask([dated], {}).allowed is True
    assert ask([dated], {}, on=date(2024, 7, 31)).allowed is None
    off = row("T-1", "allow", ALWAYS) | {"enabled": False, "confidence": "unverified"}
    assert ask([off], {}).allowed is None
    assert ask([off], {}).citations == ()


def test_a_service_layer_speaks_for_its_own_service_only():
    rows = [row("T-1", "tell", ALWAYS), row("T-2", "tell", ALWAYS) | {"layer": "usmc", "replaces": ["T-1"]}]
    assert ask(rows, {"service": "usmc"}).rules == ("T-2",)
    assert ask(rows, {"service": "navy"}).rules == ("T-1",)
    assert ask(rows, {}).rules == ("T-1",)


def test_a_row_of_the_seed_layer_yields_to_a_set_that_the_service_adopted():
    rows = [
        row("T-1", "allow", ALWAYS),
        row("T-2", "refuse", ALWAYS) | {"layer": "seed", "replaces": ["T-1"], "yields_to": ["RS-2024"]},
    ]
    assert ask(rows, {}, profile="seed").allowed is False
    assert ask(rows, {}, profile="seed").rules == ("T-2",)
    assert ask(rows, {}, profile="seed", adopted=["RS-2024"]).rules == ("T-1",)
    assert ask(rows, {}, profile="seed", adopted=["RS-2022A"]).rules == ("T-2",)


def test_each_row_that_holds_is_cited_and_the_answer_is_plain_json():
    answer = ask([row("T-1", "allow", DEPLOYED, data={"cups": 2})], {"deployed": True, "told": ["friend"]})
    assert [each.rule for each in answer.citations] == ["T-1"]
    assert answer.facts_used == ("deployed",)
    assert answer.to_dict()["says"][0]["data"] == {"cups": 2}
    assert answer.to_dict()["on"] == "2024-08-01"


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"topic": "coffee"}, "unknown_value", "topic"),
        ({"topic": None}, "unknown_value", "topic"),
        ({"facts": {"colour": "red"}}, "unknown_fact", "colour"),
        ({"facts": []}, "wrong_type", ""),
        ({"on": date(2004, 12, 31)}, "date_out_of_range", "on"),
        ({"on": "2024-08-01"}, "wrong_type", "on"),
        ({"profile": "moon"}, "unknown_value", "profile"),
        ({"adopted": ["RS-1999"]}, "unknown_value", "adopted"),
        ({"adopted": "RS-2024"}, "wrong_type", "adopted"),
        ({"facts": {"statuses": ["service_member", "contractor"], "age": 17}}, "impossible_facts", "age"),
    ],
)
def test_wrong_input_is_a_typed_error_with_its_path(given, code, path):
    ask_with = {"topic": "tea", "facts": {}, "on": DAY, "profile": "dated", "adopted": ()} | given
    with pytest.raises(policy.FactsError) as caught:
        table(row("T-1", "allow", ALWAYS)).rule_on(*ask_with.values())
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"topic": "coffee"}, "topic"),
        ({"effect": "maybe"}, "effect"),
        ({"who": "cook"}, "role"),
        ({"because": ""}, "because"),
        ({"when": []}, "condition"),
        ({"when": [{"age": {"in": [1]}}]}, "operator"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_row_is_named_with_its_file_when_it_is_loaded(change, said):
    wrong = row("T-1", "allow", ALWAYS)
    wrong["parameters"].update(change)
    with pytest.raises(PolicyDataError, match=said) as caught:
        table(wrong)
    assert caught.value.file == "made_up.json"
    assert "T-1" in caught.value.row


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("a.json", {"table": "vocabulary", "topics": {"tea": "Tea again"}}, "stands in another file"),
        ("a.json", {"table": "vocabulary", "roles": ["sarc"]}, "stands in another file"),
        ("a.json", {"table": "sources", "rows": [{"id": "P01"}]}, "twice"),
        ("a.json", {"table": "facts", "earliest": "1990-01-01"}, "stands in another file"),
        ("a.json", {"table": "teapots", "rows": []}, "no table"),
        ("a.json", [], "names its table or its family"),
    ],
)
def test_files_laid_together_may_add_words_and_never_change_one(file, content, said):
    documents = copy.deepcopy(SHIPPED)
    documents["words.json"] = {"table": "vocabulary", "topics": {"tea": "Tea"}}
    documents["zz_" + file] = content
    with pytest.raises(PolicyDataError, match=said) as caught:
        Book(documents)
    assert caught.value.file == "zz_" + file
