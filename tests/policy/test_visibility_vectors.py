"""Who may see what (19.2): vectors, and what holds for every role and field whatever else is stated."""

import copy
from datetime import date
from itertools import product
from pathlib import Path

import pytest
import yaml

from reports import policy
from reports.policy import FactsError, PolicyDataError
from reports.policy.book import Book
from reports.policy.loading import Policy, read_directory

FILES = sorted((Path(__file__).parent / "vectors" / "visibility").glob("*.yaml"))
VECTORS = [vector for file in FILES for vector in yaml.safe_load(file.read_text(encoding="utf-8"))]
CASES = [(vector, profile) for vector in VECTORS for profile in vector["profiles"]]
BOOK = policy.default_policy().book
ROLES = tuple(BOOK.vocabulary["visibility_roles"])
FIELDS = tuple(BOOK.vocabulary["record_fields"])
CONDITIONS = (
    "need_to_know",
    "victim_consents",
    "own_case",
    "own_record",
    "case_closed",
    "same_service",
    "responsible_for_location",
)
EVERY_COMBINATION = [
    dict(zip(CONDITIONS, values, strict=True)) for values in product((True, False), repeat=len(CONDITIONS))
]
NEVER_RESTRICTED = (
    "unit_commander",
    "offender_commander",
    "mcio",
    "cmg_member",
    "legal_officer",
    "safe_helpline",
)
# 19.2 itself: the number stands for the name on evidence, and the commander's notice exists only for Restricted
ONLY_RESTRICTED = {("evidence_holder", "evidence_number"), ("installation_commander", "notice_facts")}
# 19.2 gives these more of a Restricted report than of an Unrestricted one that they have no need to know
UNCONDITIONAL = {("lod_official", "report_fact"), ("lod_official", "duty_status")}
SHIPPED = read_directory(policy.DATA)
DAY = date(2024, 8, 1)


def see(role, facts, on=DAY, profile="dated"):
    return policy.visibility(role, facts, on=on, profile=profile)


@pytest.mark.parametrize(("vector", "profile"), CASES, ids=[f"{v['name']} [{p}]" for v, p in CASES])
def test_the_vector_is_answered_as_written(vector, profile):
    expected = vector["expect"]
    seen = see(vector["role"], vector["facts"], date.fromisoformat(vector["on"]), profile)
    assert seen.level == expected["level"]
    assert [field for field in expected["shows"] if not seen.shows(field)] == []
    assert [field for field in expected["hides"] if seen.shows(field)] == []
    assert list(seen.rules) == expected["rules"]
    assert list(seen.missing) == expected["missing"]
    assert seen.because


def test_every_role_has_its_row_and_its_vectors():
    assert {row.parameters["role"] for row in BOOK.family("visibility")} == set(ROLES)
    assert len(ROLES) == 17
    for role in ROLES:
        own = [vector for vector in VECTORS if vector["role"] == role]
        assert {vector["facts"].get("election") for vector in own} >= {"restricted", "unrestricted"}, role


@pytest.mark.parametrize("role", NEVER_RESTRICTED)
@pytest.mark.parametrize("service", [None, "army", "navy", "usmc", "air_force", "guard_bureau"])
def test_these_see_nothing_of_a_restricted_report_whatever_is_stated(role, service):
    own = {"service": service} if service else {}
    for facts in EVERY_COMBINATION:
        for profile in BOOK.profiles:
            seen = see(role, {"election": "restricted", **facts, **own}, profile=profile)
            assert seen.level == "none"
            assert seen.fields == ()


@pytest.mark.parametrize("role", ROLES)
def test_restricted_never_shows_more_than_unrestricted_except_where_the_matrix_says(role):
    for facts in EVERY_COMBINATION:
        restricted = see(role, {"election": "restricted", **facts})
        unrestricted = see(role, {"election": "unrestricted", **facts})
        more = {
            (role, field) for field in FIELDS if restricted.shows(field) and not unrestricted.shows(field)
        }
        excused = ONLY_RESTRICTED | (set() if facts["need_to_know"] else UNCONDITIONAL)
        assert more <= excused


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("election", [{"election": "restricted"}, {"election": "unrestricted"}, {}])
def test_a_fact_that_nobody_stated_shows_nothing_that_its_statement_would_not(role, election):
    """Leaving facts out hides; it never shows a field that some full statement of them would hide."""
    for facts in EVERY_COMBINATION:
        whole = see(role, {**election, **facts})
        for left_out in CONDITIONS:
            part = {name: value for name, value in facts.items() if name != left_out}
            assert set(see(role, {**election, **part}).fields) <= set(whole.fields)


@pytest.mark.parametrize("role", ROLES)
def test_without_an_election_nothing_is_shown_and_the_election_is_asked_for(role):
    for facts in EVERY_COMBINATION:
        assert see(role, facts).fields == ()
    assert "election" in see(role, EVERY_COMBINATION[0]).missing


def test_privileged_talk_stays_with_those_who_carry_the_case():
    for role, facts, election in product(ROLES, EVERY_COMBINATION, ("restricted", "unrestricted")):
        if see(role, {"election": election, **facts}).shows("narrative"):
            assert role not in (*NEVER_RESTRICTED, "installation_commander", "evidence_holder", "healthcare")


def test_the_answer_as_plain_values():
    answer = see("mcio", {"election": "restricted"}).to_dict()
    assert answer["level"] == "none"
    assert answer["fields"] == []
    assert answer["rules"] == ["VIS-10"]
    assert answer["citations"][0]["rule"] == "VIS-10"
    assert answer["on"] == "2024-08-01"
    assert "known_fields" not in answer


@pytest.mark.parametrize(
    ("role", "facts", "on", "profile", "path"),
    [
        ("neighbour", {}, DAY, "dated", "role"),
        (None, {}, DAY, "dated", "role"),
        ("mcio", {"shoe_size": 43}, DAY, "dated", "shoe_size"),
        ("mcio", {"need_to_know": "yes"}, DAY, "dated", "need_to_know"),
        ("mcio", {}, "2024-08-01", "dated", "on"),
        ("mcio", {}, date(2004, 12, 31), "dated", "on"),
        ("mcio", {}, DAY, "moon", "profile"),
    ],
)
def test_wrong_questions_are_refused_with_their_path(role, facts, on, profile, path):
    with pytest.raises(FactsError) as refused:
        see(role, facts, on, profile)
    assert refused.value.path == path


def test_an_unknown_field_is_refused_not_hidden():
    with pytest.raises(FactsError) as refused:
        see("mcio", {}).shows("shoe_size")
    assert refused.value.code == "unknown_value"


def parameters(documents, row_id="VIS-10"):
    rows = documents["visibility.json"]["rows"]
    return next(row["parameters"] for row in rows if row["id"] == row_id)


def twin(documents):
    rows = documents["visibility.json"]["rows"]
    rows.append({**copy.deepcopy(rows[0]), "id": "VIS-99"})


def in_view(key, value):
    return lambda documents: parameters(documents)["views"][1].update({key: value})


FAULTS = {
    "unknown role": (lambda d: parameters(d).update(role="neighbour"), "VIS-10", "neighbour"),
    "unknown level": (in_view("level", "some"), "VIS-10", "some"),
    "unknown field": (in_view("fields", ["shoe_size"]), "VIS-10", "shoe_size"),
    "a level without fields": (in_view("fields", []), "VIS-10", "level"),
    "fields at level none": (in_view("level", "none"), "VIS-10", "level"),
    "no reason": (in_view("because", ""), "VIS-10", "because"),
    "unknown fact": (in_view("when", [{"shoe_size": {"in": [True]}}]), "VIS-10", "shoe_size"),
    "granting on silence": (
        in_view("when", [{"need_to_know": {"in": [True], "if_missing": True}}]),
        "VIS-10",
        "nobody stated",
    ),
    "no views": (lambda d: parameters(d).pop("views"), "VIS-10", "views is missing"),
    "two rows for one role": (twin, "VIS-99", "same role"),
}


@pytest.mark.parametrize(("change", "row", "word"), FAULTS.values(), ids=FAULTS)
def test_a_fault_in_a_row_is_named_when_the_data_is_loaded(change, row, word):
    documents = copy.deepcopy(SHIPPED)
    change(documents)
    with pytest.raises(PolicyDataError) as fault:
        Policy(Book(documents))
    assert fault.value.file == "visibility.json"
    assert row in fault.value.row
    assert word in fault.value.message


def test_a_service_layer_speaks_before_the_departments_row():
    documents = copy.deepcopy(SHIPPED)
    row = copy.deepcopy(next(each for each in documents["visibility.json"]["rows"] if each["id"] == "VIS-10"))
    row.update(id="VIS-10-navy", layer="navy")
    row["parameters"]["views"] = row["parameters"]["views"][1:]
    row["parameters"]["views"][0].update(level="name", fields=["evidence_name"])
    documents["visibility.json"]["rows"].append(row)
    table = Policy(Book(documents)).visibility
    sailor = {"election": "unrestricted", "service": "navy"}
    assert table.see("mcio", sailor, DAY, "dated").fields == ("evidence_name",)
    assert table.see("mcio", {**sailor, "service": "army"}, DAY, "dated").level == "case"
