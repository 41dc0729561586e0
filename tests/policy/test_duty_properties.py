"""What holds of every clock, every turn and every period, whatever the day, the zone and the rules."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import policy
from reports.policy.book import Book
from reports.policy.delays import REPEATS, add_months, end_of, local_instant, start_of
from reports.policy.loading import DATA, read_directory
from reports.policy.retention import RetentionTable

steady = settings(derandomize=True, deadline=None, max_examples=200)

ZONES = [
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
    "America/Havana",
    "Antarctica/Troll",
    "Asia/Beirut",
]
zones = st.sampled_from(ZONES)
FIRST, LAST = datetime(2005, 1, 2), datetime(2060, 1, 1)  # noqa: DTZ001 - bounds are naive here
instants = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
days = st.dates(date(2005, 1, 1), date(2060, 1, 1))

events = st.sampled_from(sorted(policy.duty_events()))
FACTS = {
    "election": st.sampled_from(["restricted", "unrestricted"]),
    "service": st.sampled_from(["army", "navy", "usmc", "air_force", "guard_bureau"]),
    "deployed": st.booleans(),
    "extenuating_circumstances": st.booleans(),
    "extension_granted": st.booleans(),
    "no_internet": st.booleans(),
    "transfer_kind": st.sampled_from(["local", "pcs"]),
    "review_requested": st.booleans(),
    "decided_on": days,
    "signed_on": days,
    "age": st.integers(18, 60),
    "statuses": st.lists(st.sampled_from(["guard_reserve", "dod_civilian", "retiree"]), max_size=2),
}
facts = st.fixed_dictionaries({}, optional=FACTS)


@settings(steady, max_examples=1500)
@given(events, facts, instants, zones, st.sampled_from(["seed", "dated"]))
def test_a_due_instant_never_precedes_its_trigger_and_an_extension_never_its_duty(
    event, stated, at, zone, profile
):
    """Over every event, every row and every fact of the duty rows. Only a FactsError may come instead."""
    try:
        answer = policy.duties(event, stated, at=at, zone=zone, profile=profile)
    except policy.FactsError:
        return
    for duty in answer.opened:
        assert duty.due_at >= at
        assert duty.due_at.utcoffset() == timedelta(0)
        if duty.extension is not None:
            assert duty.extension.due_at >= duty.due_at >= at
    assert len({duty.kind for duty in answer.opened}) == len(answer.opened)


@pytest.mark.parametrize("repeats", sorted(REPEATS))
@pytest.mark.parametrize(
    "zone", ["UTC", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia"]
)
@pytest.mark.parametrize(
    "day", [date(2003, 11, 28), date(2004, 2, 29), date(2003, 12, 30), date(2004, 1, 31)]
)
def test_repeating_duties_over_30_years_hit_every_month_or_week_exactly_once(repeats, zone, day):
    """From 02:30, the hour of the nights on which clocks change; 29 February and the 31st included."""
    place = ZoneInfo(zone)
    anchor = local_instant(day, time(2, 30), place)
    due, seen = anchor, []
    while len(seen) < (360 if repeats == "monthly" else 1566):
        due = policy.next_turn(repeats, due, anchor, zone)
        seen.append(due)
    if repeats == "weekly":
        wanted = [
            local_instant(day + timedelta(weeks=n), time(2, 30), place) for n in range(1, len(seen) + 1)
        ]
        assert seen == wanted
        return
    local = [each.astimezone(place).date() for each in seen]
    # Samoa left out 30 December 2011: what falls on it comes on the 31st
    left_out = {date(2011, 12, 30)} if zone == "Pacific/Apia" else set()
    first = day.year * 12 + day.month - 1
    for n, each in enumerate(local, start=1):
        year, month = divmod(first + n, 12)
        assert (each.year, each.month) == (year, month + 1)
        last = (each.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        wanted = each.replace(day=min(day.day, last.day))
        assert each == (wanted + timedelta(days=1) if wanted in left_out else wanted)


@steady
@given(st.sampled_from(sorted(REPEATS)), instants, instants, zones)
def test_the_next_turn_is_the_first_after_both_and_on_the_same_wall_clock(repeats, after, anchor, zone):
    due = policy.next_turn(repeats, after, anchor, zone)
    assert due > max(after, anchor)
    longest = timedelta(days=32 if repeats == "monthly" else 8)
    assert due - max(after, anchor) <= longest
    place = ZoneInfo(zone)
    local = anchor.astimezone(place)
    step = add_months if repeats == "monthly" else lambda day, n: day + timedelta(weeks=n)
    turns = [local_instant(step(local.date(), n), local.time(), place) for n in range(1, 2900)]
    assert due == next(turn for turn in turns if turn > after)


def test_the_next_turn_refuses_naive_times_unknown_zones_and_unknown_words():
    at = datetime(2024, 8, 1, tzinfo=UTC)
    for arguments, path in (
        (("monthly", at.replace(tzinfo=None), at, "UTC"), "after"),
        (("monthly", at, at.replace(tzinfo=None), "UTC"), "anchor"),
        (("weekly", at, at, "Nowhere"), "zone"),
        (("daily", at, at, "UTC"), "repeats"),
        ((None, at, at, "UTC"), "repeats"),
        (("weekly", at, datetime(1, 1, 1, tzinfo=UTC), "UTC"), "anchor"),
        (("weekly", datetime(9999, 12, 31, 23, tzinfo=UTC), at, "UTC"), "after"),
    ):
        with pytest.raises(policy.FactsError) as caught:
            policy.next_turn(*arguments)
        assert caught.value.path == path


@steady
@given(instants, zones)
def test_calendar_days_end_at_local_midnight_in_every_zone(at, zone):
    place = ZoneInfo(zone)
    [duty] = policy.duties("commander_assumed", {}, at=at, zone=zone).opened
    last = at.astimezone(place).date() + timedelta(days=30)
    assert duty.due_at == start_of(last + timedelta(days=1), place)
    before, after = duty.due_at - timedelta(microseconds=1), duty.due_at
    # the instant before still belongs to the last day (or to the day before it, where a zone left it out)
    assert before.astimezone(place).date() <= last < after.astimezone(place).date()


@pytest.mark.parametrize(
    ("zone", "at", "due"),
    [
        ("Asia/Kathmandu", "2024-08-01T23:59:59+05:45", "2024-09-01T00:00:00+05:45"),
        ("Australia/Lord_Howe", "2024-09-15T10:00:00+10:30", "2024-10-16T00:00:00+11:00"),
        ("America/St_Johns", "2024-10-20T10:00:00-02:30", "2024-11-20T00:00:00-03:30"),
        # the thirtieth day is the one that Samoa left out: its end is the start of the 31st
        ("Pacific/Apia", "2011-11-30T10:00:00-10:00", "2011-12-31T00:00:00+14:00"),
        ("Pacific/Apia", "2011-12-01T10:00:00-10:00", "2012-01-01T00:00:00+14:00"),
        # midnight itself is skipped: the day begins an hour later by the wall
        ("Africa/Cairo", "2024-03-26T10:00:00+02:00", "2024-04-26T01:00:00+03:00"),
        # midnight comes twice: the day ends with the first
        ("America/Havana", "2024-10-03T10:00:00-04:00", "2024-11-03T00:00:00-04:00"),
    ],
)
def test_calendar_days_end_at_local_midnight_in_odd_zones(zone, at, due):
    [duty] = policy.duties("commander_assumed", {}, at=datetime.fromisoformat(at), zone=zone).opened
    assert duty.due_at == datetime.fromisoformat(due)


@steady
@given(days, zones)
def test_a_local_day_ends_where_the_next_begins(day, zone):
    place = ZoneInfo(zone)
    assert end_of(day, place) == start_of(day + timedelta(days=1), place)


ITEMS = sorted(policy.retention_items())
KEEPING = st.fixed_dictionaries(
    {},
    optional={
        "asked_for_50_years": st.booleans(),
        "catch_opted_out": st.booleans(),
        "sheet_captured": st.booleans(),
        "open_matters": st.lists(
            st.sampled_from(["legal_proceeding", "appeal", "hold", "catch_entry"]), unique=True
        ),
    },
)


def longer_or_same(later, earlier):
    """Whether the later answer keeps at least as long as the earlier one."""
    if earlier.may_destroy:
        return True
    if earlier.keep_until is None:
        return not later.may_destroy or later.keep_until is not None
    return later.keep_until is not None and later.keep_until >= earlier.keep_until


@settings(steady, max_examples=600)
@given(st.sampled_from(ITEMS), KEEPING, days, st.integers(0, 20000), st.integers(0, 20000))
def test_retention_is_never_shortened_as_time_goes_on(item, stated, started, first, more):
    one, two = started + timedelta(days=first), started + timedelta(days=first + more)
    earlier = policy.retention(item, stated, started_on=started, on=one, profile="dated")
    later = policy.retention(item, stated, started_on=started, on=two, profile="dated")
    assert longer_or_same(later, earlier)
    if later.may_destroy and later.keep_until is not None:
        assert later.keep_until < two


DOCUMENTS = read_directory(DATA)
ROWS = DOCUMENTS["retention.json"]["rows"]
PERIOD = st.one_of(
    st.integers(1, 80).map(lambda years: {"kind": "years", "years": years}), st.just({"kind": "none"})
)
MADE_UP = st.lists(st.tuples(st.sampled_from(ITEMS), days, PERIOD, st.booleans()), min_size=1, max_size=4)


def with_later_rows(made_up):
    documents = deepcopy({**DOCUMENTS, "retention.json": {**DOCUMENTS["retention.json"], "rows": list(ROWS)}})
    for number, (item, since, period, extends) in enumerate(made_up):
        documents["retention.json"]["rows"].append(
            {
                **json.loads(json.dumps(ROWS[0])),
                "id": f"XX-{number}",
                "valid_from": since.isoformat(),
                "parameters": {
                    "item": item,
                    "when": [{}],
                    "period": period,
                    "also_until": [],
                    "extends_unexpired": extends,
                },
            }
        )
    return RetentionTable(Book(documents))


@settings(steady, max_examples=60)
@given(MADE_UP, st.sampled_from(ITEMS), KEEPING, days, st.integers(0, 20000))
def test_retention_is_never_shortened_by_any_rule_that_comes_later(made_up, item, stated, started, span):
    """Rows made up at random, shorter and longer and `none`, that begin after the item did."""
    table = with_later_rows([row for row in made_up if row[1] > started])
    on = started + timedelta(days=span)
    changed = table.answer(item, stated, started, on, "dated", ())
    shipped = policy.retention(item, stated, started_on=started, on=on, profile="dated")
    assert longer_or_same(changed, shipped)
