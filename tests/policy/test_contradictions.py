"""Where the sources contradict each other (the register, section 21): one test per row, asserting its resolution."""
# ruff: noqa: N802 - the tests carry the numbers of the register

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from reports import policy

ROOT = Path(__file__).resolve().parents[2]
MEMBER = {"statuses": ["service_member"], "age": 25, "offender_relationship": "none"}
BOTH = pytest.mark.parametrize("profile", ["seed", "dated"])


def open_to(facts, on, profile="dated", option="restricted"):
    return policy.eligibility(facts, on=date.fromisoformat(on), profile=profile).allowed(option)


def ruled(topic, facts, on="2024-08-01", profile="dated"):
    return policy.ruling(topic, facts, on=date.fromisoformat(on), profile=profile)


def kept_until(item, signed, seen, facts=None):
    return policy.retention(
        item,
        facts or {},
        started_on=date.fromisoformat(signed),
        on=date.fromisoformat(seen),
        profile="dated",
    ).keep_until


def opened(event, facts, at="2024-08-01T12:00:00+00:00", profile="dated", zone="UTC"):
    plan = policy.duties(event, facts, at=datetime.fromisoformat(at), zone=zone, profile=profile)
    return {duty.kind: duty for duty in plan.opened}


def test_CX_01_civilian_employees_have_the_restricted_option_from_their_date_on():
    civilian = {"statuses": ["dod_civilian"], "age": 40, "component_has_sapr": True, "location": "oconus"}
    assert not open_to(civilian, "2024-07-18")
    assert open_to(civilian, "2024-07-19")
    assert not open_to({**civilian, "component_has_sapr": False}, "2024-07-19")
    decision = policy.eligibility(civilian, on=date(2024, 7, 19), profile="dated")
    assert decision.form == "DD 2910-8"
    assert not open_to(civilian, "2024-07-19", profile="seed")


@BOTH
def test_CX_02_telling_the_chain_of_command_closes_it_until_2021(profile):
    told = {**MEMBER, "told": ["chain_of_command"]}
    assert not open_to(told, "2021-11-09", profile)
    assert open_to(told, "2021-11-10", profile)


@BOTH
def test_CX_03_telling_friends_is_warned_of_and_never_closes_it(profile):
    for on in ("2005-01-01", "2013-03-28", "2021-11-09", "2021-11-10", "2024-07-19", "2026-01-15"):
        told = {**MEMBER, "told": ["friend", "family"]}
        option = policy.eligibility(told, on=date.fromisoformat(on), profile=profile).options["restricted"]
        assert option.allowed
        assert "BL-01" in option.rules
        assert "not protected" in option.because


@BOTH
def test_CX_04_an_open_investigation_the_sarc_knew_of_closes_it_until_2021(profile):
    known = {**MEMBER, "investigation": "open", "sarc_knew_before_election": True}
    assert not open_to(known, "2021-11-09", profile)
    assert open_to(known, "2021-11-10", profile)
    assert not open_to({**known, "victim_reported_to_law_enforcement": True}, "2021-11-10", profile)


def test_CX_05_kits_are_kept_by_date_and_never_for_less():
    assert kept_until("restricted_kit", "2012-03-01", "2012-03-01") == date(2017, 3, 1)
    assert kept_until("restricted_kit", "2021-11-10", "2021-11-10") == date(2031, 11, 10)
    # stored under the five years and still there when the ten began
    assert kept_until("restricted_kit", "2018-03-01", "2018-03-01") == date(2023, 3, 1)
    assert kept_until("restricted_kit", "2018-03-01", "2021-11-10") == date(2028, 3, 1)


def test_CX_06_forms_of_a_restricted_report_are_kept_fifty_years_since_the_law():
    assert kept_until("restricted_forms", "2012-03-01", "2013-12-25") == date(2017, 3, 1)
    asked = {"asked_for_50_years": True}
    assert kept_until("restricted_forms", "2012-03-01", "2013-12-25", asked) == date(2062, 3, 1)
    assert kept_until("restricted_forms", "2013-12-26", "2013-12-26") == date(2063, 12, 26)


def test_CX_07_the_signed_form_lies_in_a_vault_of_its_own_since_the_file_locker():
    form = {"election": "restricted", "record_content": "signed_form"}

    def place(on):
        return {
            saying.data["kept"]
            for saying in ruled("database_content", form, on).says
            if "kept" in saying.data
        }

    assert place("2019-10-14") == {"paper_with_sarc"}
    assert place("2019-10-15") == {"separate_vault"}


def test_CX_08_statistics_never_hold_the_identity_and_the_form_stays_apart():
    for on in ("2015-06-01", "2019-10-15", "2026-01-15"):
        identity = ruled(
            "database_content", {"election": "restricted", "record_content": "victim_identity"}, on
        )
        assert identity.allowed is False
        assert "DB-11" in identity.rules
    seen = policy.visibility(
        "sapro_analyst", {"election": "restricted", "case_closed": True}, on=date(2024, 8, 1), profile="dated"
    )
    assert seen.fields == ("statistics",)


def test_CX_09_healthcare_makes_a_referral_and_never_a_report():
    before, since = (ruled("take_report", {"taker": "healthcare"}, on) for on in ("2016-09-26", "2016-09-27"))
    for answer in (before, since):
        [received] = [saying for saying in answer.says if saying.rule == "DO-06"]
        assert received.data["creates"] == "referral"
        assert "DO-07" in answer.rules
    assert since.allowed is False
    unofficial = {"signed": True, "filed_with": "other", "investigated_by_mcio": False}
    assert ruled("official_report", unofficial).allowed is False
    assert {duty.rule for duty in opened("referral_received", {}).values()} == {"R20"}


@BOTH
def test_CX_10_a_restricted_notice_goes_to_the_installation_or_senior_commander_only(profile):
    spec = policy.notice_spec("commander_notice_restricted")
    assert (spec.recipient, spec.fields) == ("installation_or_senior_commander", ())
    duties = opened("report_signed", {**MEMBER, "election": "restricted"}, profile=profile)
    assert not {duty.role for duty in duties.values()} & {"unit_commander", "mcio"}
    assert {kind for kind in duties if "notice" in kind} == {"commander_notice_restricted"}
    seen = policy.visibility(
        "unit_commander", {"election": "restricted"}, on=date(2024, 8, 1), profile=profile
    )
    assert seen.level == "none"


def test_CX_11_24_hours_and_48_only_when_deployed_with_a_reason_and_granted():
    at = datetime(2024, 8, 1, 12, tzinfo=UTC)
    needed = {"deployed": True, "extenuating_circumstances": True, "extension_granted": True}
    report = {**MEMBER, "election": "restricted"}

    def hours(facts, profile):
        duty = opened("report_signed", {**report, **facts}, profile=profile)["commander_notice_restricted"]
        return (duty.due_at - at) / timedelta(hours=1)

    assert hours({}, "dated") == 24
    assert hours(needed, "dated") == 48
    for fact in needed:
        assert hours({**needed, fact: False}, "dated") == 24
    # the founding page knows no extension
    assert hours(needed, "seed") == 24


@BOTH
def test_CX_12_the_transfer_clock_is_72_hours_before_2021_and_five_days_since(profile):
    request = {**MEMBER, "election": "unrestricted"}
    for decided, due in (
        ("2020-12-31T12:00:00+00:00", "2021-01-03T12:00:00+00:00"),
        ("2021-01-01T12:00:00+00:00", "2021-01-07T00:00:00+00:00"),
    ):
        duty = opened("transfer_requested", request, decided, profile)["decide_transfer"]
        assert duty.due_at == datetime.fromisoformat(due)


def test_CX_13_civil_authorities_are_told_of_every_order_within_seven_days():
    order = {"election": "unrestricted", "mpo_issued": True}
    on_base, off_base = ({**order, "any_party_off_base": away} for away in (False, True))
    assert {"PO-09", "PO-10"} <= set(ruled("protective_order", off_base).rules)
    answer = ruled("protective_order", on_base)
    assert "PO-10" in answer.rules
    assert "PO-09" not in answer.rules
    duty = opened("protective_order_issued", {"election": "unrestricted"})["tell_civil_authorities"]
    assert duty.due_at == datetime(2024, 8, 9, tzinfo=UTC)


def test_CX_14_the_commander_updates_the_victim_and_the_victims_wish_is_recorded():
    assert ruled("case_update_by", {"updater": "commander", "delegated": False}).allowed
    assert not ruled("case_update_by", {"updater": "commander", "delegated": True}).allowed
    wish = {"updater": "sarc", "victim_chose_updater": True}
    assert not ruled("case_update_by", {**wish, "service": "army"}).allowed
    assert "CMG-33" in ruled("case_update_by", {**wish, "service": "army"}).rules
    assert ruled("case_update_by", {**wish, "service": "usmc"}).allowed


def test_CX_15_the_start_of_the_incident_report_is_the_services_own():
    report = {**MEMBER, "election": "unrestricted"}
    assert "sairo" in opened("incident_message_sent", {**report, "service": "navy"})
    for service in ("usmc", "army"):
        assert "sairo" not in opened("incident_message_sent", {**report, "service": service})
        assert "sairo" in opened("report_signed", {**report, "service": service})


def test_CX_16_final_means_all_closed_and_the_most_serious_is_reported():
    every = {"actions_taken": ["non_judicial", "administrative"]}
    assert not ruled("final_disposition", {**every, "all_actions_closed": False}).allowed
    final = ruled("final_disposition", {**every, "all_actions_closed": True})
    assert final.allowed
    assert {"FD-15", "FD-16", "FD-17"} <= set(final.rules)
    assert (
        "FD-16" in ruled("final_disposition", {"actions_taken": ["none"], "all_actions_closed": True}).rules
    )


def test_CX_17_helpline_and_courtroom_have_separate_registers():
    suicide = ruled(
        "helpline_confidentiality", {"listener": "safe_helpline", "helpline_said": ["suicidal_ideation"]}
    )
    assert suicide.allowed is False
    by_topic = {
        topic: {row.id for row in policy.rules() if row.parameters.get("topic") == topic}
        for topic in ("helpline_confidentiality", "privilege")
    }
    assert min(map(len, by_topic.values())) > 3
    assert not by_topic["helpline_confidentiality"] & by_topic["privilege"]
    # each list goes further than the other
    facts = {topic: _facts_of(rules) for topic, rules in by_topic.items()}
    assert "helpline_said" in facts["helpline_confidentiality"] - facts["privilege"]
    assert "privilege_exceptions" in facts["privilege"] - facts["helpline_confidentiality"]


def _facts_of(ids):
    rows = [row for row in policy.rules() if row.id in ids]
    return {fact for row in rows for alternative in row.parameters["when"] for fact in alternative}


def test_CX_18_nothing_said_in_a_chat_is_kept_or_reaches_a_case():
    kept = policy.retention(
        "chat_content", {}, started_on=date(2024, 8, 1), on=date(2024, 8, 1), profile="dated"
    )
    assert kept.keep_until is None
    assert kept.rules == ("RT-12",)
    seen = policy.visibility(
        "safe_helpline", {"election": "unrestricted"}, on=date(2024, 8, 1), profile="dated"
    )
    assert seen.level == "none"
    for election in ("restricted", "unrestricted"):
        assert ruled("take_report", {"taker": "safe_helpline", "election": election}).allowed is False
    facts = policy.default_policy().book.facts.specs.values()
    assert not [fact.id for fact in facts if "chat" in fact.id or "transcript" in fact.id]
    # handing somebody over is live: put through while still there
    assert "NW-02" in ruled("intake", {"needs": ["medical"]}).rules


def test_CX_19_there_is_a_record_to_look_at_only_once_a_report_is_signed():
    facts = {"own_record": True}
    before = policy.visibility("victim", facts, on=date(2024, 8, 1), profile="dated")
    assert (before.fields, before.missing) == ((), ("election",))
    for election in ("restricted", "unrestricted"):
        after = policy.visibility(
            "victim", {**facts, "election": election}, on=date(2024, 8, 1), profile="dated"
        )
        assert after.fields
    specs = policy.default_policy().book.facts.specs
    assert not [name for name in specs if "account" in name or "login" in name or "password" in name]


def test_CX_20_questions_decide_between_sapr_and_family_advocacy():
    asked = {each.fact for each in policy.fap_questions("dated", date(2021, 11, 10))}
    assert asked == {"offender_relationship", "shares_home", "shares_child", "domestic_abuse"}
    partner = {
        **MEMBER,
        "offender_relationship": "intimate_partner",
        "shares_home": False,
        "shares_child": False,
        "domestic_abuse": False,
    }
    assert open_to(partner, "2021-11-10")
    for fact in ("shares_home", "shares_child", "domestic_abuse"):
        decision = policy.eligibility({**partner, fact: True}, on=date(2021, 11, 10), profile="dated")
        assert decision.route == "fap"
    assert policy.eligibility(partner, on=date(2021, 11, 10), profile="seed").route == "fap"


def test_CX_21_dd_2910_4_was_for_every_catch_entry_and_since_2024_only_without_a_report():
    def form_needed(on, signed):
        return "CA-16" in ruled("catch_form", {"catch_entered": True, "signed": signed}, on).rules

    assert form_needed("2022-06-01", signed=True)
    assert form_needed("2024-07-18", signed=True)
    assert not form_needed("2024-07-19", signed=True)
    assert form_needed("2024-07-19", signed=False)


def test_CX_22_the_misprinted_total_stands_nowhere():
    """FY22 had 8,942 reports; one article printed 8,924."""
    shipped = [
        path for folder in ("reports", "fixtures", "sapr", "docs") for path in (ROOT / folder).rglob("*")
    ]
    texts = [path for path in shipped if path.suffix in (".json", ".py", ".md", ".csv", ".html", ".sql")]
    assert len(texts) > 100
    wrong = [path.name for path in texts if {"8,924", "8924"} & set(path.read_text("utf-8").split())]
    assert wrong == []


def test_CX_23_what_only_the_marine_corps_application_says_stays_with_the_marine_corps():
    rows = [
        row for row in policy.rules() if set(row.sources) <= {"P07u", "GK", "DES"} and "P07u" in row.sources
    ]
    assert rows
    assert {row.layer for row in rows} == {"usmc"}
    for facts in ({"age": 17}, {"offender_relationship": "spouse"}):
        report = {"election": "unrestricted", **facts}
        assert ruled("sairo", {**report, "service": "army"}).allowed
        assert ruled("sairo", {**report, "service": "usmc"}).allowed is False


def test_every_row_of_the_register_has_its_test():
    tested = {name[5:10].replace("_", "-") for name in globals() if name.startswith("test_CX_")}
    assert tested == {f"CX-{number:02}" for number in range(1, 24)}
    assert tested == set(policy.default_policy().book.contradictions)
