"""Which duties an event opens, spares and ends, and when each is due."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import policy
from reports.policy.delays import DELAYS, local_instant

AT = datetime(2024, 8, 1, 13, 30, tzinfo=UTC)
ZONE = "Asia/Tokyo"
NAIVE = datetime(2024, 8, 1)  # noqa: DTZ001 - what must be refused
MEMBER = {"statuses": ["service_member"], "election": "unrestricted"}
UNRESTRICTED = {
    "commander_notice_details",
    "mcio_notice",
    "unit_commander_notice",
    "dsaid_entry",
    "monthly_update",
}


def plan(event, facts=None, at=AT, zone=ZONE, profile="seed"):
    return policy.duties(event, facts or {}, at=at, zone=zone, profile=profile)


def by_kind(result):
    return {each.kind: each for each in result.opened}


def test_R20_a_referral_has_an_advocate_assigned_at_once():  # noqa: N802
    [duty] = plan("referral_received").opened
    assert (duty.rule, duty.kind, duty.role, duty.due_at) == ("R20", "assign_va", "sarc", AT)
    assert plan("va_assigned").discharged == ("assign_va",)


@pytest.mark.parametrize("profile", ["seed", "dated"])
def test_CN_1_and_the_rest_of_a_restricted_report(profile):  # noqa: N802
    result = plan("report_signed", {"election": "restricted"}, profile=profile)
    duties = by_kind(result)
    assert set(duties) == {"commander_notice_restricted", "dsaid_entry", "ask_once_about_converting"}
    notice = duties["commander_notice_restricted"]
    assert (notice.rule, notice.role, notice.due_at) == ("CN-1", "sarc", AT + timedelta(hours=24))
    assert notice.late_reason_needed
    assert notice.discharged_by == "commander_notice_placed"
    assert duties["dsaid_entry"].rule == "CK-02"
    assert duties["dsaid_entry"].due_at == AT + timedelta(hours=48)
    asked = duties["ask_once_about_converting"]
    assert (asked.rule, asked.due_at.astimezone(ZoneInfo(ZONE)).date()) == ("CK-18", date(2025, 8, 1))
    assert (result.not_applicable, result.discharged) == ((), ())


@pytest.mark.parametrize("profile", ["seed", "dated"])
def test_CN_2_CN_3_CK_07_of_an_unrestricted_report(profile):  # noqa: N802
    duties = by_kind(plan("report_signed", MEMBER, profile=profile))
    assert set(duties) == UNRESTRICTED
    assert duties["commander_notice_details"].rule == "CN-2"
    assert duties["commander_notice_details"].due_at == AT + timedelta(hours=24)
    for kind in ("mcio_notice", "unit_commander_notice"):
        assert (duties[kind].rule, duties[kind].due_at) == ("CN-3", AT)
    assert duties["mcio_notice"].see_also == ("CK-03",)
    update = duties["monthly_update"]
    assert (update.rule, update.repeats, update.role) == ("CK-07", "monthly", "unit_commander")
    assert update.due_at.astimezone(ZoneInfo(ZONE)).date() == date(2024, 9, 1)


@pytest.mark.parametrize("status", ["dod_civilian", "military_dependent", "contractor", "retiree"])
def test_CN_3_the_unit_commander_is_for_members_only(status):  # noqa: N802
    result = plan("report_signed", {**MEMBER, "statuses": [status]})
    assert set(by_kind(result)) == UNRESTRICTED - {"unit_commander_notice"}
    [spared] = result.not_applicable
    assert (spared.rule, spared.kind) == ("CN-3", "unit_commander_notice")
    assert spared.because


def test_CN_3_opens_for_guard_and_reserve_and_when_the_status_is_not_recorded():  # noqa: N802
    for statuses in (["guard_reserve", "dod_civilian"], []):
        assert "unit_commander_notice" in by_kind(plan("report_signed", {**MEMBER, "statuses": statuses}))


def test_conversion_opens_the_unrestricted_duties_and_ends_the_question():
    result = plan("report_converted", {"statuses": ["service_member"]})
    assert set(by_kind(result)) == UNRESTRICTED
    assert {each.opened_by for each in result.opened} == {"report_converted"}
    assert result.discharged == ("ask_once_about_converting",)


@pytest.mark.parametrize(
    ("event", "kinds"),
    [
        ("commander_notice_placed", ("commander_notice_restricted",)),
        ("commander_details_placed", ("commander_notice_details",)),
        ("mcio_notice_placed", ("mcio_notice",)),
        ("unit_commander_notice_placed", ("unit_commander_notice",)),
        ("dsaid_entered", ("dsaid_entry",)),
        ("conversion_asked", ("ask_once_about_converting",)),
        ("monthly_update_given", ("monthly_update",)),
        ("final_disposition_decided", ("monthly_update",)),
    ],
)
def test_what_each_event_ends(event, kinds):
    assert plan(event).discharged == kinds


def test_every_duty_can_be_discharged_by_an_event_that_discharges_it():
    for event, facts in (("referral_received", {}), ("report_signed", MEMBER), ("report_converted", {})):
        for duty in plan(event, facts).opened:
            assert duty.kind in plan(duty.discharged_by).discharged


def test_the_extension_is_data_in_dated_and_absent_in_the_seed():
    for rule in ("CN-1", "CN-2"):
        [dated] = policy.rule(rule, profile="dated").parameters["duties"]
        [seed] = policy.rule(rule, profile="seed").parameters["duties"]
        assert dated["extension"]["delay"]["hours"] == 48
        assert seed["extension"] is None


BAD = [
    ({"event": "unknown"}, "unknown_value", "event"),
    ({"event": None}, "unknown_value", "event"),
    ({"at": NAIVE}, "naive_time", "at"),
    ({"at": date(2024, 8, 1)}, "wrong_type", "at"),
    ({"at": datetime(2004, 12, 31, tzinfo=UTC)}, "date_out_of_range", "at"),
    ({"at": datetime(9999, 12, 31, 23, tzinfo=UTC)}, "date_out_of_range", "at"),
    ({"zone": "Mars/Olympus"}, "unknown_zone", "zone"),
    ({"zone": "../etc/passwd"}, "unknown_zone", "zone"),
    ({"zone": "localtime"}, "unknown_zone", "zone"),
    ({"zone": ""}, "unknown_zone", "zone"),
    ({"zone": None}, "unknown_zone", "zone"),
    ({"zone": "America"}, "unknown_zone", "zone"),
    ({"facts": {}}, "missing_fact", "election"),
    ({"facts": {"election": "maybe"}}, "unknown_value", "election"),
    ({"facts": {"election": "restricted", "signed": False}}, "impossible_facts", "signed"),
    ({"event": "report_converted", "facts": {"election": "restricted"}}, "impossible_facts", "election"),
    ({"profile": "other"}, "unknown_value", "profile"),
]


@pytest.mark.parametrize(("change", "code", "path"), BAD)
def test_bad_input_is_refused(change, code, path):
    arguments = {"event": "report_signed", "facts": MEMBER, "at": AT, "zone": ZONE, **change}
    event, facts = arguments.pop("event"), arguments.pop("facts")
    with pytest.raises(policy.FactsError) as caught:
        policy.duties(event, facts, **arguments)
    assert (caught.value.code, caught.value.path) == (code, path)


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


@settings(max_examples=200, deadline=None)
@given(INSTANTS, ZONES, st.sampled_from(sorted(DELAYS)), st.integers(0, 20))
def test_a_due_instant_never_precedes_its_trigger(at, zone, kind, amount):
    assert DELAYS[kind][1](at, ZoneInfo(zone), amount) >= at


def test_24_hours_are_elapsed_hours_through_both_clock_changes():
    for at in (datetime(2024, 3, 10, 5, 30, tzinfo=UTC), datetime(2024, 11, 3, 4, 30, tzinfo=UTC)):
        duty = by_kind(plan("report_signed", {"election": "restricted"}, at=at, zone="America/New_York"))
        assert duty["commander_notice_restricted"].due_at - at == timedelta(hours=24)


def test_calendar_days_end_at_local_midnight():
    zone = ZoneInfo("America/New_York")
    at = datetime(2024, 3, 8, 23, 0, tzinfo=zone).astimezone(UTC)
    due = DELAYS["calendar_days"][1](at, zone, 5)
    assert due == datetime(2024, 3, 14, tzinfo=zone).astimezone(UTC)


def test_a_year_after_the_leap_day_is_the_last_of_february():
    due = DELAYS["years"][1](datetime(2024, 2, 29, 12, tzinfo=UTC), ZoneInfo("UTC"), 1)
    assert due == datetime(2025, 2, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize("day", [28, 29, 30, 31])
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"])
def test_monthly_duties_over_30_years_hit_every_month_once(day, zone):
    place = ZoneInfo(zone)
    anchor = local_instant(date(2024, 1, day), time(2, 30), place)
    due, seen = anchor, []
    for _ in range(360):
        due = policy.next_monthly(due, anchor, zone)
        seen.append(due.astimezone(place).date())
    months = [(each.year, each.month) for each in seen]
    assert months == [((2024 * 12 + n) // 12, (2024 * 12 + n) % 12 + 1) for n in range(1, 361)]
    for each in seen:
        last = (each.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        assert each.day == min(day, last.day)


@settings(max_examples=300, deadline=None)
@given(INSTANTS, INSTANTS, ZONES)
def test_next_monthly_is_the_first_recurrence_after_both(after, anchor, zone):
    due = policy.next_monthly(after, anchor, zone)
    assert due > after
    assert due > anchor
    assert due - max(after, anchor) <= timedelta(days=32)


def test_next_monthly_refuses_naive_times_and_unknown_zones():
    with pytest.raises(policy.FactsError, match="offset"):
        policy.next_monthly(NAIVE, AT, ZONE)
    with pytest.raises(policy.FactsError, match="offset"):
        policy.next_monthly(AT, NAIVE, ZONE)
    with pytest.raises(policy.FactsError, match="zone"):
        policy.next_monthly(AT, AT, "Nowhere")
