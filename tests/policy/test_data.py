"""The data is checked when it is loaded, and every fault names its file and row."""

import json
import subprocess
import sys
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from reports import policy
from reports.policy.loading import read_directory

DATA = files("reports.policy") / "data"
ROOT = Path(__file__).resolve().parents[2]


def row(document, row_id, **wanted):
    for each in document["rows"]:
        if each["id"] == row_id and all(each.get(key) == value for key, value in wanted.items()):
            return each
    raise AssertionError(row_id)


def set_key(file, row_id, key, value, **wanted):
    def change(documents):
        row(documents[file], row_id, **wanted)[key] = value

    return change


def drop_key(file, row_id, key):
    def change(documents):
        del row(documents[file], row_id)[key]

    return change


def in_parameters(file, row_id, change_parameters, **wanted):
    def change(documents):
        change_parameters(row(documents[file], row_id, **wanted)["parameters"])

    return change


def set_in(*path, to):
    def change(parameters):
        for step in path[:-1]:
            parameters = parameters[step]
        parameters[path[-1]] = to

    return change


def twice(documents):
    rows = documents["blocks.json"]["rows"]
    rows.append(dict(rows[0]))


P = "forms_papers.json"
E, B, D, N, F = "eligibility.json", "blocks.json", "duties.json", "notices.json", "forms.json"
OLD = {"valid_to": "2024-07-19", "layer": "dod"}
FAULTS = [
    ("overlap", set_key(E, "EL-08", "valid_to", "2024-07-20", **OLD), E, "EL-08", "overlap"),
    ("gap", set_key(E, "EL-08", "valid_to", "2024-07-18", **OLD), E, "EL-08", "gap"),
    ("the same row twice", twice, B, "BL-01", "overlap"),
    ("ends before it begins", set_key(B, "BL-01", "valid_to", "2004-01-01"), B, "BL-01", "after"),
    ("no date", set_key(B, "BL-01", "valid_from", "soon"), B, "BL-01", "date"),
    ("no such date", set_key(B, "BL-01", "valid_from", "2021-02-30"), B, "BL-01", "day"),
    ("missing key", drop_key(B, "BL-01", "sentence"), B, "BL-01", "sentence"),
    ("empty sentence", set_key(B, "BL-01", "sentence", ""), B, "BL-01", "sentence"),
    ("unknown key", set_key(B, "BL-01", "colour", "red"), B, "BL-01", "colour"),
    ("missing citation", set_key(B, "BL-01", "sources", []), B, "BL-01", "citation"),
    ("no paragraph", set_key(B, "BL-01", "authority", {"document": "x"}), B, "BL-01", "citation"),
    ("unknown source", set_key(B, "BL-01", "sources", ["P99"]), B, "BL-01", "P99"),
    ("unknown rule set", set_key(B, "BL-01", "rule_set", "RS-1999"), B, "BL-01", "RS-1999"),
    ("unknown layer", set_key(B, "BL-01", "layer", "moon"), B, "BL-01", "moon"),
    ("unknown confidence", set_key(B, "BL-01", "confidence", "sure"), B, "BL-01", "sure"),
    ("unverified but on", set_key(B, "BL-01", "confidence", "unverified"), B, "BL-01", "enabled_because"),
    ("dangling replacement", set_key(E, "EL-10a", "replaces", ["EL-99"]), E, "EL-10a", "EL-99"),
    ("dangling lift", in_parameters(E, "EL-06b", set_in("lifts", to=["EL-99"])), E, "EL-06b", "EL-99"),
    ("dangling carrier", in_parameters(D, "CK-01", set_in("carried_by", to=["X"])), D, "CK-01", "'X'"),
    ("unknown effect", in_parameters(B, "BL-01", set_in("effect", to="hint")), B, "BL-01", "hint"),
    ("unknown option", in_parameters(B, "BL-01", set_in("options", to=["both"])), B, "BL-01", "both"),
    ("unknown fact", in_parameters(B, "BL-01", set_in("when", to=[{"x": {"in": [1]}}])), B, "BL-01", "'x'"),
    (
        "unknown value",
        in_parameters(B, "BL-06", set_in("when", to=[{"location": {"in": ["moon"]}}])),
        B,
        "BL-06",
        "moon",
    ),
    (
        "operator that does not fit",
        in_parameters(B, "BL-06", set_in("when", to=[{"age": {"in": [1]}}])),
        B,
        "BL-06",
        "operator",
    ),
    ("no condition", in_parameters(B, "BL-06", set_in("when", to=[])), B, "BL-06", "condition"),
    ("unknown status", in_parameters(E, "EL-11", set_in("status", to="king")), E, "EL-11", "king"),
    (
        "unknown form",
        in_parameters(E, "EL-11", set_in("cases", 0, "form", to="DD 1")),
        E,
        "EL-11",
        "DD 1",
    ),
    (
        "no reason",
        in_parameters(E, "EL-11", set_in("cases", 0, "because", "restricted", to="")),
        E,
        "EL-11",
        "restricted",
    ),
    ("unknown role", in_parameters(D, "R20", set_in("duties", 0, "role", to="cook")), D, "R20", "cook"),
    (
        "unknown event",
        in_parameters(D, "R20", set_in("duties", 0, "opens_on", to=["x"])),
        D,
        "R20",
        "'x'",
    ),
    (
        "unknown delay",
        in_parameters(D, "R20", set_in("duties", 0, "delay", to={"kind": "soon"})),
        D,
        "R20",
        "soon",
    ),
    (
        "delay without amount",
        in_parameters(D, "CK-02", set_in("duties", 0, "delay", to={"kind": "elapsed_hours"})),
        D,
        "CK-02",
        "hours",
    ),
    (
        "dangling see also",
        in_parameters(D, "CN-1", set_in("duties", 0, "see_also", to=["X"]), layer="dod"),
        D,
        "CN-1",
        "'X'",
    ),
    (
        "slots in disorder",
        in_parameters(N, "DN-01", set_in("slots", "hours", to=[6, 0])),
        N,
        "DN-01",
        "slots",
    ),
    (
        "thresholds in disorder",
        in_parameters(N, "DN-03", set_in("thresholds", "confirm_at_least", to=26)),
        N,
        "DN-03",
        "thresholds",
    ),
    (
        "unknown recipient",
        in_parameters(N, "DN-11", set_in("notice", "recipient", to="x")),
        N,
        "DN-11",
        "'x'",
    ),
    (
        "a coarser level worth more",
        in_parameters(N, "DN-20", set_in("ladders", "attributes", "sex", 0, "worth", to=0)),
        N,
        "DN-20",
        "worth more",
    ),
    (
        "a reader for whom women are impossible",
        in_parameters(N, "DN-21", set_in("priors", "victim", 1, "women_percent", to=0)),
        N,
        "DN-21",
        "percentage",
    ),
    (
        "more than everybody",
        in_parameters(N, "DN-22", set_in("presence", "present_percent", to=101)),
        N,
        "DN-22",
        "percentage",
    ),
    (
        "no quarter looked back",
        in_parameters(N, "DN-23", set_in("history", "quarters", to=0)),
        N,
        "DN-23",
        "quarters",
    ),
    (
        "a share that is none",
        in_parameters(N, "DN-25", set_in("coarsening", "percent", to="some")),
        N,
        "DN-25",
        "percentage",
    ),
    (
        "a figure in a notice",
        in_parameters(N, "DN-26", set_in("layout", "first", to="Case 7")),
        N,
        "DN-26",
        "figures",
    ),
    ("dangling notice rule", in_parameters(N, "DN-11", set_in("notice", "rule", to="X")), N, "DN-11", "'X'"),
    ("a form of an unknown code", set_key(P, "DD 2911", "id", "DD 1"), P, "DD 1", "unknown form"),
    *(
        (
            f"a form whose {name} is wrong",
            in_parameters(P, code, set_in("paper", *path, to=to)),
            P,
            code,
            word,
        )
        for name, code, path, to, word in (
            ("place", "DD 2911", ["elections"], ["x"], "'x'"),
            ("signer", "DD 2911", ["signers"], ["x"], "'x'"),
            ("list of signers", "DD 2911", ["signers"], [], "signed by somebody"),
            ("type of answer", "DD 2911", ["questions", 0, "type"], "x", "'x'"),
            ("list of words", "DD 2911", ["questions", 0, "type"], "choice", "values"),
            ("key", "DD 2910-3", ["questions", 0, "key"], "where", "twice"),
            ("ruling", "DD 2910-2", ["asks", "facts"], {"retaliation_reporter": "x"}, "'x'"),
        )
    ),
    (
        "acknowledgement for no option",
        in_parameters(F, "DD 2910-8", set_in("form", "acknowledgements", 0, "options", to=["x"])),
        F,
        "DD 2910-8",
        "'x'",
    ),
]


def write(tmp_path, documents):
    for name, content in documents.items():
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("change", "file", "row_id", "word"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_a_fault_in_the_data_names_file_and_row(tmp_path, change, file, row_id, word):
    documents = read_directory(DATA)
    change(documents)
    with pytest.raises(policy.PolicyDataError) as caught:
        policy.load_policy(write(tmp_path, documents))
    assert caught.value.file == file
    assert caught.value.row.startswith(row_id)
    assert word in caught.value.message


def test_the_data_as_shipped_loads_from_any_directory(tmp_path):
    copy = policy.load_policy(write(tmp_path, read_directory(DATA)))
    assert len(copy.book.rules) == len(policy.rules())


def test_a_file_that_is_not_json_and_a_missing_table_are_named(tmp_path):
    write(tmp_path, read_directory(DATA))
    (tmp_path / "blocks.json").write_text("{", encoding="utf-8")
    with pytest.raises(policy.PolicyDataError, match=r"blocks\.json"):
        policy.load_policy(tmp_path)
    (tmp_path / "blocks.json").unlink()
    (tmp_path / "facts.json").unlink()
    with pytest.raises(policy.PolicyDataError, match=r"facts\.json"):
        policy.load_policy(tmp_path)


def test_a_status_without_a_row_is_noticed(tmp_path):
    documents = read_directory(DATA)
    documents[E]["rows"] = [each for each in documents[E]["rows"] if each["id"] != "EL-14"]
    with pytest.raises(policy.PolicyDataError, match="other_civilian"):
        policy.load_policy(write(tmp_path, documents))


def test_a_later_family_loads_without_a_change_of_code(tmp_path):
    documents = read_directory(DATA)
    later = {**row(documents[D], "CK-01"), "id": "TEA-1", "parameters": {"cups": 2}}
    documents["tea.json"] = {"family": "tea", "rows": [later]}
    book = policy.load_policy(write(tmp_path, documents)).book
    assert [each.id for each in book.active("tea", date(2024, 1, 1), "seed")] == ["TEA-1"]


def test_a_row_that_is_switched_off_decides_nothing(tmp_path):
    documents = read_directory(DATA)
    row(documents[B], "BL-01")["enabled"] = False
    table = policy.load_policy(write(tmp_path, documents)).eligibility
    decision = table.decide(
        {"statuses": ["service_member"], "told": ["friend"]}, date(2024, 1, 1), "seed", True
    )
    assert "BL-01" not in decision.options["restricted"].rules


def test_unverified_rows_say_why_they_are_on():
    for each in policy.rules():
        assert each.confidence != "unverified" or not each.enabled or each.enabled_because


def test_rule_finds_the_row_of_the_profile_and_the_date():
    assert policy.rule("EL-08").rule_set == "RS-SEED"
    assert policy.rule("EL-08", profile="dated").rule_set == "RS-2024"
    assert policy.rule("EL-08", profile="dated", on=date(2024, 7, 18)).rule_set == "RS-2013"
    assert policy.rule("EL-08").sentence
    assert "105.2" in policy.rule("EL-05").authority
    assert policy.rule("EL-10a", profile="dated").layer == "seed"
    with pytest.raises(policy.FactsError):
        policy.rule("EL-99")


def run(code):
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    ).stdout


def test_the_package_imports_nothing_of_django_or_of_the_project():
    out = run(
        "import sys, reports.policy; "
        "print([n for n in sys.modules if n.split('.')[0] in ('django', 'rest_framework', 'celery', 'sapr', "
        "'accounts', 'notifications') or (n.startswith('reports.') and not n.startswith('reports.policy'))])"
    )
    assert out.strip() == "[]"


def test_no_rule_id_stands_in_the_code():
    ids = {each.id for each in policy.rules()} | set(policy.default_policy().book.rule_sets)
    for file in (ROOT / "reports" / "policy").glob("*.py"):
        text = file.read_text(encoding="utf-8").replace("`DD 2910`", "").replace("`DD 2910-8`", "")
        assert not [each for each in ids if f'"{each}"' in text or f"'{each}'" in text], file.name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rules": ["EL-99"]}, "EL-99"),
        ({"resolved": ""}, "resolved"),
        ({"positions": []}, "positions"),
        ({"id": "CX-02"}, "twice"),
    ],
)
def test_a_contradiction_names_what_each_says_how_it_is_settled_and_rules_that_exist(tmp_path, change, said):
    documents = read_directory(DATA)
    documents["contradictions.json"]["rows"][0].update(change)
    with pytest.raises(policy.PolicyDataError, match=said) as caught:
        policy.load_policy(write(tmp_path, documents))
    assert caught.value.file == "contradictions.json"
