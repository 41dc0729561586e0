"""Which duties an event opens, spares and ends, how they are told, and what is refused. The clocks: the vectors."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reports import policy

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
    "cmg_review",
    "sairo",
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
    assert set(result.discharged) == {"ask_once_about_converting", "tell_kit_expiry"}


@pytest.mark.parametrize(
    ("event", "kinds"),
    [
        ("commander_notice_placed", ("commander_notice_restricted",)),
        ("commander_details_placed", ("commander_notice_details",)),
        ("mcio_notice_placed", ("mcio_notice",)),
        ("unit_commander_notice_placed", ("unit_commander_notice",)),
        ("dsaid_entered", ("dsaid_entry",)),
        ("conversion_asked", ("ask_once_about_converting",)),
        ("monthly_update_given", ("monthly_update", "update_after_cmg")),
        ("cmg_held", ("cmg_review", "retaliation_review")),
        ("final_disposition_decided", ("monthly_update", "cmg_review")),
        ("case_closed", ("monthly_update", "cmg_review")),
    ],
)
def test_what_each_event_ends(event, kinds):
    assert plan(event).discharged == kinds


EXTENSION = ("deployed", "extenuating_circumstances", "extension_granted")


def notice(profile="dated", **facts):
    return by_kind(plan("report_signed", {"election": "restricted", **facts}, profile=profile))[
        "commander_notice_restricted"
    ]


def test_an_extension_is_offered_until_a_fact_rules_it_out_and_granted_when_all_are_true():
    offered = notice(deployed=True)
    assert offered.extension == (
        AT + timedelta(hours=48),
        EXTENSION,
        "installation_or_senior_commander",
        False,
    )
    assert offered.due_at == AT + timedelta(hours=24)
    for fact in EXTENSION:
        assert notice(**{fact: False}).extension is None
    granted = notice(**dict.fromkeys(EXTENSION, True))
    assert granted.extension.granted
    assert granted.due_at == granted.extension.due_at == AT + timedelta(hours=48)


def test_CX_11_the_seed_has_no_extension_whatever_is_stated():  # noqa: N802
    stated = notice("seed", **dict.fromkeys(EXTENSION, True))
    assert (stated.extension, stated.due_at) == (None, AT + timedelta(hours=24))


def test_a_notice_reminds_at_the_hours_of_the_reminders_and_tells_in_order_when_missed():
    duty = notice()
    [reminders] = [row for row in policy.rules() if "reminders" in row.parameters]
    hours = [(each["hours_before"], tuple(each["roles"])) for each in reminders.parameters["reminders"]]
    assert [*hours, (0, ("sarc",))] == [tuple(step) for step in duty.escalation]
    assert duty.missed_tells == ("sarc", "programme_manager")


def test_any_other_duty_reminds_the_responsible_role_when_it_is_due():
    [duty] = plan("hrrt_started").opened[:1]
    assert duty.escalation == ((0, ("high_risk_team",)),)
    assert duty.missed_tells == ("sarc", "programme_manager")


def test_a_duty_as_plain_values_tells_the_instant_in_utc_and_on_the_local_clock():
    told = notice().to_dict(ZONE)
    assert {key: told[key] for key in ("id", "rule", "role", "due_utc", "due_local", "discharged_by")} == {
        "id": "commander_notice_restricted",
        "rule": "CN-1",
        "role": "sarc",
        "due_utc": "2024-08-02T13:30:00Z",
        "due_local": "2024-08-02T22:30:00+09:00",
        "discharged_by": "commander_notice_placed",
    }
    assert told["extension"] == {
        "due_utc": "2024-08-03T13:30:00Z",
        "due_local": "2024-08-03T22:30:00+09:00",
        "needs": list(EXTENSION),
        "granted_by": "installation_or_senior_commander",
        "granted": False,
    }
    assert (told["rule_set"], told["layer"], told["confidence"]) == ("RS-2013", "dod", "public")
    assert (told["see_also"], told["repeats"], told["immediate"]) == (["CK-01"], None, False)
    assert told["escalation"][-1] == {"hours_before": 0, "roles": ["sarc"]}


def test_a_plan_as_plain_values_is_json_and_names_what_was_asked():
    told = plan("report_signed", {**MEMBER, "statuses": ["dod_civilian"]}, profile="dated").to_dict()
    assert json.loads(json.dumps(told)) == told
    assert {key: told[key] for key in ("event", "at", "zone", "rule_set", "profile", "discharged")} == {
        "event": "report_signed",
        "at": "2024-08-01T13:30:00Z",
        "zone": ZONE,
        "rule_set": "RS-2024",
        "profile": "dated",
        "discharged": [],
    }
    [spared] = told["not_applicable"]
    assert (spared["kind"], spared["rule"]) == ("unit_commander_notice", "CN-3")
    assert len(told["opened"]) == len(UNRESTRICTED) - 1
    assert plan("report_signed", MEMBER).to_dict("UTC")["opened"][0]["due_local"].endswith("+00:00")


def test_what_a_rule_set_adopted_by_the_service_changes_no_clock():
    for adopted in ([], ["RS-2024"], frozenset({"RS-2021A"})):
        answer = policy.duties("report_signed", MEMBER, at=AT, zone=ZONE, adopted=adopted)
        assert answer == plan("report_signed", MEMBER)


def test_a_kit_without_a_known_end_has_no_notice_before_it(monkeypatch):
    table = policy.default_policy().retention
    monkeypatch.setattr(table, "keep_until", lambda *asked: None)
    answer = plan("kit_sealed")
    assert (answer.opened, [each.kind for each in answer.not_applicable]) == ((), ["tell_kit_expiry"])
    assert answer.not_applicable[0].because


def test_an_event_of_the_vocabulary_that_no_rule_in_force_knows_opens_nothing():
    early = plan("catch_credentials_issued", at=datetime(2010, 1, 1, tzinfo=UTC))
    assert (early.opened, early.not_applicable, early.discharged) == ((), (), ())


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
    ({"adopted": ["RS-1999"]}, "unknown_value", "adopted"),
    ({"adopted": None}, "wrong_type", "adopted"),
    ({"event": ["report_signed"]}, "unknown_value", "event"),
    ({"facts": [1]}, "wrong_type", ""),
    ({"at": datetime(2005, 1, 1, 3, tzinfo=UTC), "zone": "America/New_York"}, "date_out_of_range", "at"),
    ({"event": "threat_found", "facts": {}}, "missing_fact", "election"),
    ({"event": "transfer_requested", "facts": {"decided_on": "soon"}}, "wrong_type", "decided_on"),
    (
        {"event": "transfer_requested", "facts": {"decided_on": "2004-12-31"}},
        "date_out_of_range",
        "decided_on",
    ),
    ({"event": "kit_sealed", "facts": {"signed_on": "9999-12-31"}}, "date_out_of_range", "signed_on"),
    (
        {"event": "transfer_review_requested", "facts": {"review_requested": False}},
        "impossible_facts",
        "review_requested",
    ),
    ({"event": "transfer_approved", "facts": {"transfer_kind": "far"}}, "unknown_value", "transfer_kind"),
]


@pytest.mark.parametrize(("change", "code", "path"), BAD)
def test_bad_input_is_refused(change, code, path):
    arguments = {"event": "report_signed", "facts": MEMBER, "at": AT, "zone": ZONE, **change}
    event, facts = arguments.pop("event"), arguments.pop("facts")
    with pytest.raises(policy.FactsError) as caught:
        policy.duties(event, facts, **arguments)
    assert (caught.value.code, caught.value.path) == (code, path)
