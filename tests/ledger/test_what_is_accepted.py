"""Whatever the database accepts as an event, the verifier reads: no account can spoil the ledger by one insert."""

import json
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reports.ledger import checkpoints
from reports.ledger.verifier import Verifier
from tests.ledger.inspecting import export
from tests.stage import in_database

INSERT = (
    "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) "
    "VALUES (%s, %s, 'contact_logged', %s, %s, %s::jsonb)"
)
NOW = "2026-03-02T15:00:00Z"
# Ours, a CHECK, a missing value, and what PostgreSQL itself takes for no JSON or no number.
REFUSALS = {"SA002", "23514", "23502", "22P02", "22P05", "22003", "54001"}

numbers = st.from_regex(r"-?(0|[1-9][0-9]{0,20})([.][0-9]{1,20})?(e[+-]?[0-9]{1,4})?", fullmatch=True)
texts = st.text(max_size=12).map(json.dumps) | st.sampled_from(['"\\ud83d"', '"\\u0000"', '"\\u2028\\n"'])
leaves = numbers | texts | st.sampled_from(["null", "true", "false", "[]", "{}"])


def inside(parts):
    members = st.tuples(texts, parts).map(": ".join)
    many = {"max_size": 3}
    return st.lists(parts, **many).map(lambda each: f"[{', '.join(each)}]") | st.lists(members, **many).map(
        lambda each: f"{{{', '.join(each)}}}"
    )


values = st.recursive(leaves, inside, max_leaves=8)
data = values | values.map(lambda value: f'{{"of": {value}}}')
instants = st.sampled_from([NOW] * 9 + ["infinity"])


@pytest.fixture(scope="module")
def insert(whole_scene):
    """One event by the web process's own account, as the SARC on the case; the state it was refused with, or ''."""
    scene = whole_scene
    web = in_database(scene.stage.env["DATABASE_URL"], scene.stage.names["default"])
    with psycopg.connect(web, autocommit=True) as session:
        session.execute("SELECT set_config('sapr.viewer', %s, false)", [str(scene.world.sarc.pk)])

        def insert(data: str | None, at: str = NOW) -> str:
            try:
                session.execute(INSERT, [uuid4(), scene.case.pk, at, scene.world.sarc.pk, data])
            except psycopg.DatabaseError as error:
                return error.sqlstate or "?"
            return ""

        yield insert
    scene.attacker.put_back("whole")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=data, at=instants)
@example(data='{"a": "\\ud83d\\ude00\\u2028 \\" , \\"kind\\": \\"x\\", \\"prev\\""}', at=NOW)
@example(data='{"data": {"kind": "x", "prev": "y"}, "kind": "x"}', at=NOW)
def test_an_event_is_refused_or_verifies(whole_scene, insert, tmp_path_factory, data, at) -> None:
    state = insert(data, at)
    if state:
        assert state in REFUSALS
        return
    file = tmp_path_factory.mktemp("accepted") / "all"
    found = Verifier([checkpoints.public_key()])
    try:
        with export(file).open("rb") as lines:
            assert found.read(lines).bad == []
    finally:
        file.unlink()
        whole_scene.attacker.put_back("whole")


@pytest.mark.parametrize(
    ("data", "at"),
    {
        "a list": ("[]", NOW),
        "a text": ('"x"', NOW),
        "null": ("null", NOW),
        "nothing": (None, NOW),
        "too large": (json.dumps({"a": "x" * 16_384}), NOW),
        "too deep": ('{"a":' * 9 + "1" + "}" * 9, NOW),
        "far too deep": ('{"a":' * 1_500 + "1" + "}" * 1_500, NOW),
        "lists too deep": ('{"a":' + "[" * 8 + "]" * 8 + "}", NOW),
        "a huge number": ('{"a": 1e5000}', NOW),
        "a large number": ('{"a": [-1000000000000001]}', NOW),
        "a long fraction": ('{"a": {"b": 1e-16}}', NOW),
        "before all time": ("{}", "-infinity"),
        "before our era": ("{}", "0044-01-01 BC"),
        "before 2005": ("{}", "2004-12-31T23:59:59Z"),
        "after all time": ("{}", "infinity"),
    }.values(),
)
def test_what_could_spoil_the_ledger_is_refused(insert, data, at) -> None:
    assert insert(data, at) in {"SA002", "23514"}


def test_what_is_at_the_bounds_is_accepted(insert) -> None:
    for data in (
        "{}",
        '{"a":' * 8 + "1" + "}" * 8,
        '{"a": [1e15, -1e15, 1e-15, 0.1]}',
        json.dumps({"a": "x" * 16_300}),
    ):
        assert insert(data) == ""
    assert insert("{}", "2005-01-01T00:00:00Z") == ""
