"""Slots, reminders, rungs and wording of notices."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import policy
from reports.policy.delays import local_instant

HOURS = {0, 6, 12, 18}
NAIVE = datetime(2024, 8, 1)  # noqa: DTZ001 - what must be refused
ZONES = st.sampled_from(
    [
        "UTC",
        "Asia/Tokyo",
        "America/New_York",
        "Europe/Berlin",
        "Australia/Lord_Howe",
        "America/Santiago",
        "Pacific/Apia",
        "Asia/Kathmandu",
        "Africa/Cairo",
        "America/St_Johns",
        "Antarctica/Troll",
        "Asia/Beirut",
    ]
)
FIRST, LAST = datetime(2005, 1, 2), datetime(2060, 1, 1)  # noqa: DTZ001 - bounds are naive here
INSTANTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


def on_a_slot(instant, zone):
    """Whether this is a slot hour on the wall, or the first moment after a slot hour that a night skipped."""
    local = instant.astimezone(zone)
    return any(
        local_instant(local.date() - timedelta(days=d), time(h), zone) == instant
        for h in HOURS
        for d in (0, 1)
    )


@settings(max_examples=600, deadline=None)
@given(INSTANTS, ZONES)
def test_the_last_slot_lies_between_15_and_23_hours_after_signing(signed, zone):
    last = policy.last_slot(signed, zone)
    assert timedelta(hours=15) < last - signed <= timedelta(hours=23)
    assert last.tzinfo is UTC
    assert on_a_slot(last, ZoneInfo(zone))


@settings(max_examples=300, deadline=None)
@given(INSTANTS, ZONES)
def test_the_slots_after_signing_end_with_the_last(signed, zone):
    last = policy.last_slot(signed, zone)
    slots = policy.slots_after(signed, last, zone)
    assert slots[-1] == last
    assert slots == sorted(set(slots))
    assert all(signed < each <= last and on_a_slot(each, ZoneInfo(zone)) for each in slots)
    assert 2 <= len(slots) <= 5
    assert policy.slots_after(last, last, zone) == []


@pytest.mark.parametrize(
    ("signed", "last"),
    [
        ("2024-08-01T00:59", "2024-08-01T18:00"),
        ("2024-08-01T01:00", "2024-08-02T00:00"),
        ("2024-08-01T07:00", "2024-08-02T06:00"),
        ("2024-08-01T06:59", "2024-08-02T00:00"),
        ("2024-08-01T12:00", "2024-08-02T06:00"),
        # spring: the night has 23 hours, so the margin ends an hour later on the wall
        ("2024-03-09T12:00", "2024-03-10T12:00"),
        ("2024-03-09T11:59", "2024-03-10T06:00"),
        # autumn: the night has 25 hours, so it ends an hour earlier
        ("2024-11-02T13:00", "2024-11-03T06:00"),
        ("2024-11-02T14:00", "2024-11-03T12:00"),
    ],
)
def test_slots_on_plain_days_and_on_both_clock_changes(signed, last):
    zone = ZoneInfo("America/New_York")
    start = datetime.fromisoformat(signed).replace(tzinfo=zone)
    assert policy.last_slot(start, zone.key).astimezone(zone).isoformat()[:16] == last


def test_a_midnight_that_does_not_exist_is_taken_as_the_first_moment_of_the_day():
    zone = ZoneInfo("America/Santiago")
    start = datetime(2024, 9, 7, 9, 0, tzinfo=zone)
    slots = policy.slots_after(start, policy.last_slot(start, zone.key), zone.key)
    assert [each.astimezone(zone).strftime("%d %H:%M") for each in slots] == [
        "07 12:00",
        "07 18:00",
        "08 01:00",
        "08 06:00",
    ]


def test_no_slots_remain_once_the_last_is_past():
    now = datetime(2024, 8, 3, tzinfo=UTC)
    assert policy.slots_after(now, datetime(2024, 8, 1, tzinfo=UTC), "UTC") == []


def test_reminders_go_to_the_sarc_first_and_then_the_programme_manager_too():
    last = datetime(2024, 8, 1, 18, tzinfo=UTC)
    found = [(last - each.at, each.roles) for each in policy.reminders(last)]
    assert found == [
        (timedelta(hours=9), ("sarc",)),
        (timedelta(hours=4), ("sarc", "programme_manager")),
        (timedelta(hours=1), ("sarc", "programme_manager")),
    ]


@pytest.mark.parametrize(
    ("kind", "rule", "recipient", "at_once"),
    [
        ("commander_notice_restricted", "CN-1", "installation_or_senior_commander", False),
        ("commander_notice_details", "CN-2", "installation_or_senior_commander", True),
        ("mcio_notice", "CN-3", "mcio", True),
        ("unit_commander_notice", "CN-3", "unit_commander", True),
    ],
)
def test_each_notice_has_its_recipient(kind, rule, recipient, at_once):
    spec = policy.notice_spec(kind)
    assert (spec.rule, spec.recipient, spec.at_once) == (rule, recipient, at_once)
    assert bool(spec.fields) is at_once
    assert spec.templates["title"]


def test_only_the_investigators_are_told_how_to_reach_the_victim():
    fields = {kind: policy.notice_spec(kind).fields for kind in ("unit_commander_notice", "mcio_notice")}
    assert "victim_contact" in fields["mcio_notice"]
    assert "victim_contact" not in fields["unit_commander_notice"]
    with pytest.raises(policy.FactsError, match="one of"):
        policy.notice_spec("gossip")
    with pytest.raises(policy.FactsError, match="one of"):
        policy.notice_spec(["mcio_notice"])


def test_naive_times_and_unknown_zones_are_refused():
    for call in (
        lambda: policy.last_slot(NAIVE, "UTC"),
        lambda: policy.last_slot(datetime(2024, 8, 1, tzinfo=UTC), "Nowhere"),
        lambda: policy.slots_after(NAIVE, datetime(2024, 8, 1, tzinfo=UTC), "UTC"),
        lambda: policy.reminders(NAIVE),
    ):
        with pytest.raises(policy.FactsError) as caught:
            call()
        assert caught.value.code in ("naive_time", "unknown_zone")
