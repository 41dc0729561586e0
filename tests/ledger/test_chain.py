"""The ledger: chained by the database, append-only, verifiable from its own bytes."""

import json
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from django.db import connection

from reports import access
from reports.ledger.models import Event
from reports.ledger.selectors import case_events, first_bad_event
from reports.ledger.services import append
from tests.times import T0

INSERT = "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) VALUES "


def test_every_event_carries_the_hash_of_the_one_before(world) -> None:
    report = world.signed("restricted")
    with access.viewing(world.sarc):
        events = list(case_events(viewer=world.sarc, case=report.case))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert bytes(events[0].prev_hash) == bytes(32)
    for before, after in pairwise(events):
        assert bytes(after.prev_hash) == bytes(before.hash)
        assert bytes(after.hash) == sha256(bytes(after.canonical)).digest()
    assert first_bad_event(events) is None


def test_the_canonical_bytes_hold_every_other_column(world) -> None:
    report = world.signed("restricted")
    with access.viewing(world.sarc):
        event = Event.objects.get(case_id=report.case_id, kind="report_signed")
    content = json.loads(bytes(event.canonical))
    assert set(content) == {
        "id", "case", "seq", "kind", "occurred_at", "recorded_at", "actor", "data", "prev",
    }  # fmt: skip
    assert content["data"]["election"] == "restricted"
    assert content["recorded_at"] == "2026-03-02T15:00:00.000000Z"


ODD = """
SELECT convert_from(sapr_canonical(e), 'UTF8'), jsonb_build_object(
    'id', e.id, 'case', e.case_id, 'seq', e.seq, 'kind', e.kind, 'actor', e.actor_id, 'data', e.data,
    'prev', encode(e.prev_hash, 'hex'),
    'occurred_at', to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'recorded_at', to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text
FROM jsonb_populate_record(NULL::reports_event, %s) e
"""


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["report_signed", 'a "b" \\ c\n', "é\x1f\u2028", ""])
@pytest.mark.parametrize("actor", [None, str(UUID(int=7))])
@pytest.mark.parametrize("at", ["2005-01-01T00:00:00.000001Z", "-infinity", "0001-01-01T00:00:00Z"])
def test_the_canonical_bytes_are_those_of_a_jsonb_object(kind, actor, at) -> None:
    """They are put together by hand; an event of any version before is verified by them."""
    data = {"b": None, "aa": [1, 2.50, '"é\\\u2028'], "a": {"z": True, "longer": {}}}
    said = {
        "id": str(UUID(int=1)), "case_id": str(UUID(int=2)), "seq": 2**60, "kind": kind, "actor_id": actor,
        "data": data, "prev_hash": "\\x00ff", "occurred_at": at,
        "recorded_at": "8999-12-31T23:59:59.9+05:00",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TimeZone = 'Asia/Tokyo'")
        cursor.execute(ODD, [json.dumps(said)])
        [(text, meant)] = cursor.fetchall()
    assert text == meant
    assert json.loads(text)["kind"] == kind


def test_a_changed_left_out_or_reordered_event_is_found(world) -> None:
    report = world.signed("restricted")
    with access.viewing(world.sarc):
        events = list(case_events(viewer=world.sarc, case=report.case))
    assert first_bad_event(events[:3] + events[4:]) is events[4]
    assert first_bad_event([events[1], events[0], *events[2:]]) is events[1]
    events[5].data = {"forged": True}
    assert first_bad_event(events) is events[5]


@pytest.mark.parametrize(
    ("column", "forged"),
    [
        ("id", UUID(int=1)),
        ("case_id", UUID(int=1)),
        ("kind", "contact_logged"),
        ("actor_id", UUID(int=1)),
        ("actor_id", None),
        ("data", {"forged": True}),
        ("occurred_at", T0 - timedelta(microseconds=1)),
        ("recorded_at", T0 + timedelta(microseconds=1)),
    ],
)
def test_every_column_is_held_against_the_canonical_text(world, column, forged) -> None:
    report = world.signed("restricted")
    with access.viewing(world.sarc):
        events = list(case_events(viewer=world.sarc, case=report.case))
    assert first_bad_event(events) is None
    setattr(events[4], column, forged)
    assert first_bad_event(events) is events[4]


def test_canonical_text_that_is_none_is_a_bad_event_though_its_hash_fits(world) -> None:
    report = world.signed("restricted")
    with access.viewing(world.sarc):
        events = list(case_events(viewer=world.sarc, case=report.case))
    events[4].canonical = b"{"
    events[4].hash = sha256(b"{").digest()
    assert first_bad_event(events) is events[4]


def test_recorded_at_is_the_databases_and_occurred_at_the_callers(world, held_clock) -> None:
    case = world.contact(at=T0 - timedelta(hours=3))
    with access.viewing(world.sarc):
        event = Event.objects.filter(case_id=case.pk, kind="contact_opened").get()
    assert (event.occurred_at, event.recorded_at) == (T0 - timedelta(hours=3), T0)


def test_chains_are_kept_apart(world) -> None:
    one, two = world.contact(), world.contact()
    with access.viewing(world.sarc):
        for case in (one, two, one):
            append(case_id=case.pk, kind="contact_logged", actor=world.sarc, at=T0)
        for case in (one, two):
            assert first_bad_event(case_events(viewer=world.sarc, case=case)) is None


def test_no_event_holds_content(world) -> None:
    from tests.world import CANARIES

    report = world.signed("unrestricted")
    with access.viewing(world.sarc):
        everything = " ".join(
            bytes(event.canonical).decode() for event in case_events(viewer=world.sarc, case=report.case)
        )
    for value in CANARIES.values():
        assert value not in everything


def test_one_statement_with_several_events_is_chained(world) -> None:
    one, two = world.contact(), world.contact()
    with access.viewing(world.sarc), connection.cursor() as cursor:
        chains = [one.pk, two.pk, one.pk, one.pk]
        rows = [value for chain in chains for value in (uuid4(), chain, T0, world.sarc.pk)]
        cursor.execute(INSERT + ", ".join(["(%s, %s, 'contact_logged', %s, %s, '{}')"] * 4), rows)
        append(case_id=one.pk, kind="contact_logged", actor=world.sarc, at=T0)
        for case in (one, two):
            assert first_bad_event(case_events(viewer=world.sarc, case=case)) is None


def test_an_event_left_out_as_a_double_leaves_no_gap(world) -> None:
    """The application's own role cannot break a chain by an insert that does nothing."""
    case = world.contact()
    with access.viewing(world.sarc), connection.cursor() as cursor:
        known = Event.objects.filter(case_id=case.pk).first().pk
        for _ in range(2):
            cursor.execute(
                INSERT + "(%s, %s, 'contact_logged', %s, %s, '{}') ON CONFLICT DO NOTHING",
                [known, case.pk, T0, world.sarc.pk],
            )
        append(case_id=case.pk, kind="contact_logged", actor=world.sarc, at=T0)
        assert first_bad_event(case_events(viewer=world.sarc, case=case)) is None
