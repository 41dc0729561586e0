"""Dated vectors of the clocks: what an event opens, for whom and by when, what it spares and what it ends."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from reports import policy

FILES = sorted((Path(__file__).parent / "vectors" / "duties").glob("*.yaml"))
VECTORS = [vector for file in FILES for vector in yaml.safe_load(file.read_text(encoding="utf-8"))]
CASES = [(vector, profile) for vector in VECTORS for profile in vector.get("profiles", ["seed", "dated"])]


def plan(vector, profile):
    return policy.duties(
        vector["event"],
        vector["facts"],
        at=datetime.fromisoformat(vector["at"]),
        zone=vector["zone"],
        profile=profile,
        adopted=vector.get("adopted", ()),
    )


def check_duty(duty, wanted):
    for name, value in wanted.items():
        if name == "due":
            assert duty.due_at == datetime.fromisoformat(value)
        elif name == "see_also":
            assert set(value) <= set(duty.see_also)
        elif name == "extension" and value is not None:
            assert duty.extension.due_at == datetime.fromisoformat(value["due"])
            assert duty.extension.granted is value["granted"]
        else:
            assert getattr(duty, name) == value, name


@pytest.mark.parametrize(("vector", "profile"), CASES, ids=[f"{v['name']} [{p}]" for v, p in CASES])
def test_the_clock_runs_as_written(vector, profile):
    expected, answer = vector["expect"], plan(vector, profile)
    opened = {duty.kind: duty for duty in answer.opened}
    assert len(opened) == len(answer.opened)
    for kind, wanted in expected.get("opened", {}).items():
        check_duty(opened[kind], wanted)
    assert not opened.keys() & set(expected.get("absent", ()))
    assert set(expected.get("discharged", ())) <= set(answer.discharged)
    if "not_applicable" in expected:
        assert {each.kind for each in answer.not_applicable} == set(expected["not_applicable"])


def duty_rows():
    return [row for row in policy.rules() if row.family == "duties" and row.enabled]


def test_every_version_of_every_clock_is_cited_by_a_vector():
    answers = [plan(vector, profile) for vector, profile in CASES]
    said = [each for answer in answers for each in (*answer.opened, *answer.not_applicable)]
    cited = {(each.rule, each.layer, each.rule_set) for each in said}
    for row in duty_rows():
        if row.parameters["duties"]:
            assert (row.id, row.layer, row.rule_set) in cited, row.name


def test_every_clock_has_at_least_three_vectors():
    decided = Counter(rule for vector in VECTORS for rule in vector["decides"])
    for row in duty_rows():
        if row.parameters["duties"]:
            assert decided[row.id] >= 3, row.name


def test_a_row_without_a_clock_of_its_own_names_who_carries_it():
    carried = {
        row.id: row.parameters.get("carried_by") for row in duty_rows() if not row.parameters["duties"]
    }
    assert carried == {"CK-01": ["CN-1", "CN-2"], "CK-03": ["CN-3"], "CK-25": ["RT-1", "RT-2", "RT-4"]}
    seen = {
        rule for vector, profile in CASES for duty in plan(vector, profile).opened for rule in duty.see_also
    }
    assert {"CK-01", "CK-03"} <= seen


def test_every_duty_can_be_discharged_by_the_event_that_it_names():
    """Whatever opens a duty, the event that it names ends it in the same layers."""
    for vector, profile in CASES:
        facts = {key: value for key, value in vector["facts"].items() if key == "service"}
        for duty in plan(vector, profile).opened:
            done = {**vector, "event": duty.discharged_by, "facts": facts}
            assert duty.kind in plan(done, profile).discharged, (vector["name"], duty.kind)


def test_each_name_is_used_once():
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)
