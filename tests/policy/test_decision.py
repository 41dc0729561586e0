"""The decision as a record: its JSON, its reasons, and what would have changed it."""

import json
from datetime import date

import pytest

from reports import policy

KEYS = [
    "on",
    "rule_set",
    "profile",
    "adopted",
    "route",
    "form",
    "options",
    "statuses",
    "missing",
    "would_change",
    "citations",
    "overridden_by",
    "facts_used",
]
MEMBER = {"statuses": ["service_member"], "age": 22, "offender_relationship": "none"}


def test_the_json_has_exactly_the_agreed_keys():
    plain = policy.eligibility({**MEMBER, "told": ["friend"]}, on=date(2024, 8, 1)).to_dict()
    assert list(plain) == KEYS
    assert set(plain["options"]) == {"restricted", "unrestricted"}
    assert set(plain["options"]["restricted"]) == {"allowed", "rules", "because"}
    assert {"rule", "authority", "source", "confidence"} <= set(plain["citations"][0])
    assert json.loads(json.dumps(plain)) == plain


@pytest.mark.parametrize(
    ("on", "rule_set"),
    [
        (date(2008, 11, 12), "RS-2005"),
        (date(2008, 11, 13), "RS-2008"),
        (date(2015, 6, 1), "RS-2014B"),
        (date(2021, 11, 9), "RS-2021B"),
        (date(2021, 11, 10), "RS-2021C"),
        (date(2024, 7, 18), "RS-2022B"),
        (date(2024, 7, 19), "RS-2024"),
        (date(2026, 1, 1), "RS-2024P"),
    ],
)
def test_the_rule_set_is_the_newest_in_force_under_either_profile(on, rule_set):
    for profile in ("seed", "dated"):
        decision = policy.eligibility(MEMBER, on=on, profile=profile)
        assert (decision.rule_set, decision.profile) == (rule_set, profile)


def test_the_seed_rule_set_is_never_selected_by_date():
    turns = {day for row in policy.rules() for day in (row.valid_from, row.valid_to) if day}
    for profile in ("seed", "dated"):
        sets = {policy.eligibility(MEMBER, on=day, profile=profile, explain=False).rule_set for day in turns}
        assert len(sets) > 10
        assert "RS-SEED" not in sets


def test_would_change_names_the_block_first():
    decision = policy.eligibility({**MEMBER, "told": ["chain_of_command"]}, on=date(2020, 1, 1))
    first = decision.would_change[0]
    assert (first.fact, first.value, first.restricted) == ("told", (), True)


def test_explain_false_leaves_out_only_would_change():
    facts = {**MEMBER, "told": ["chain_of_command"]}
    long = policy.eligibility(facts, on=date(2020, 1, 1)).to_dict()
    short = policy.eligibility(facts, on=date(2020, 1, 1), explain=False).to_dict()
    assert short.pop("would_change") == [] != long.pop("would_change")
    assert short == long


def test_nothing_is_asked_that_cannot_matter():
    asked = {each.fact for each in policy.eligibility(MEMBER, on=date(2024, 8, 1)).missing}
    assert asked == {"victim_reported_to_law_enforcement", "prior_election", "same_incident"}


def test_a_person_told_of_missing_facts_hears_which():
    decision = policy.eligibility({"statuses": ["contractor"]}, on=date(2024, 8, 1), profile="dated")
    assert "stationed or employed" in decision.options["unrestricted"].because


def test_several_statuses_are_each_reported():
    decision = policy.eligibility(
        {"statuses": ["retiree", "dod_civilian"], "age": 60, "component_has_sapr": True},
        on=date(2024, 8, 1),
        profile="dated",
    )
    assert [(each.status, each.restricted) for each in decision.statuses] == [
        ("dod_civilian", True),
        ("retiree", False),
    ]


ADULT_PARTNER = {
    **MEMBER,
    "offender_relationship": "intimate_partner",
    "shares_home": False,
    "shares_child": False,
    "domestic_abuse": False,
}
CIVILIAN = {"statuses": ["dod_civilian"], "age": 40, "location": "conus", "component_has_sapr": True}
LATE = date(2026, 1, 15)


def test_an_adopted_rule_set_takes_the_founding_pages_statement_away():
    for facts, rule_set in ((ADULT_PARTNER, "RS-2021C"), (CIVILIAN, "RS-2024")):
        other = {"RS-2021C", "RS-2024"} - {rule_set}
        assert not policy.eligibility(facts, on=LATE, adopted=other).allowed("restricted")
        adopted = policy.eligibility(facts, on=LATE, adopted=[rule_set])
        assert adopted.allowed("restricted")
        assert (adopted.profile, adopted.adopted, adopted.overridden_by) == ("seed", (rule_set,), ())
        dated = policy.eligibility(facts, on=LATE, profile="dated")
        assert adopted._replace(profile="dated", adopted=()) == dated


def test_under_dated_adoption_changes_nothing_but_is_recorded():
    for facts in (ADULT_PARTNER, CIVILIAN):
        plain = policy.eligibility(facts, on=LATE, profile="dated")
        adopted = policy.eligibility(facts, on=LATE, profile="dated", adopted=("RS-2024", "RS-2021C"))
        assert adopted.to_dict()["adopted"] == ["RS-2021C", "RS-2024"]
        assert adopted._replace(adopted=()) == plain


@pytest.mark.parametrize("adopted", [["RS-1999"], [None], ["RS-2024", "x"]])
def test_an_unknown_rule_set_cannot_have_been_adopted(adopted):
    with pytest.raises(policy.FactsError) as caught:
        policy.eligibility(MEMBER, on=LATE, adopted=adopted)
    assert (caught.value.code, caught.value.path) == ("unknown_value", "adopted")


@pytest.mark.parametrize("adopted", ["RS-2024", None, 7])
def test_the_adopted_sets_are_a_list(adopted):
    with pytest.raises(policy.FactsError) as caught:
        policy.eligibility(MEMBER, on=LATE, adopted=adopted)
    assert (caught.value.code, caught.value.path) == ("wrong_type", "adopted")


def test_only_the_four_statements_of_the_page_stand_in_the_layer_of_the_seed():
    rows = [row for row in policy.rules() if row.family in ("eligibility", "blocks")]
    assert {row.id for row in rows if row.layer == "seed"} == {"EL-06", "EL-08", "EL-10a", "EL-11"}
    assert {row.rule_set for row in rows if row.layer == "seed"} == {"RS-SEED"}
    assert "RS-SEED" not in {row.rule_set for row in rows if row.layer != "seed"}


def test_what_a_closing_circumstance_leaves_open_to_doubt_is_not_promised():
    """Recording the Component cannot open an option that a report to law enforcement closes."""
    facts = {"statuses": ["dod_civilian"], "age": 40, "victim_reported_to_law_enforcement": True}
    option = policy.eligibility(facts, on=LATE, profile="dated").options["restricted"]
    assert "BL-06" in option.rules
    assert "may open" not in option.because


def test_the_facts_used_are_those_that_rules_for_this_person_read():
    facts = {**MEMBER, "mhs_eligible": True, "told": ["friend"], "deployed": False}
    assert policy.eligibility(facts, on=LATE).facts_used == (
        "statuses",
        "age",
        "offender_relationship",
        "told",
    )


NAVY_ROW = {
    "id": "EL-11-N",
    "layer": "navy",
    "rule_set": "RS-2024",
    "valid_from": "2024-07-19",
    "valid_to": None,
    "selected_by": "signing_date",
    "authority": {"document": "An invented instruction of the Navy", "paragraph": "1"},
    "sources": ["GK"],
    "confidence": "unverified",
    "enabled": True,
    "enabled_because": "It exists only in this test.",
    "replaces": ["EL-11"],
    "sentence": "Retired sailors have both options.",
    "parameters": {
        "effect": "grant",
        "status": "retiree",
        "cases": [
            {
                "when": [{}],
                "allows": ["restricted", "unrestricted"],
                "form": "DD 2910",
                "because": {"restricted": "The Navy allows it.", "unrestricted": "The Navy allows it."},
            }
        ],
    },
}


@pytest.fixture
def navy(tmp_path):
    """The shipped rules with one of the Navy's own about options."""
    document = {"family": "eligibility", "rows": [NAVY_ROW]}
    (tmp_path / "navy.json").write_text(json.dumps(document), encoding="utf-8")
    return policy.load_policy(policy.DATA, tmp_path).eligibility


@pytest.mark.parametrize("profile", ["seed", "dated"])
def test_a_service_may_have_rules_of_its_own_about_options(navy, profile):
    retiree = {"statuses": ["retiree"], "age": 60}
    sailor = navy.decide({**retiree, "service": "navy"}, LATE, profile, True)
    assert sailor.allowed("restricted")
    assert "EL-11-N" in sailor.options["restricted"].rules
    assert "service" in sailor.facts_used
    assert ("service", "army", False) in {
        (each.fact, each.value, each.restricted) for each in sailor.would_change
    }
    for other in ("army", "guard_bureau"):
        assert not navy.decide({**retiree, "service": other}, LATE, profile, False).allowed("restricted")
    assert not navy.decide({**retiree, "service": "navy"}, date(2024, 7, 18), profile, False).allowed(
        "restricted"
    )


def test_the_service_is_asked_for_where_one_of_them_would_answer_otherwise(navy):
    asked = navy.decide({"statuses": ["retiree"], "age": 60}, LATE, "dated", True)
    [service] = [each for each in asked.missing if each.fact == "service"]
    assert service.rules == ("EL-11-N",)
    assert ("service", "navy", True) in {
        (each.fact, each.value, each.restricted) for each in asked.would_change
    }
    soldier = navy.decide(MEMBER, LATE, "dated", True)
    assert "service" not in {each.fact for each in soldier.missing}


def test_services_without_rows_of_their_own_share_what_was_compiled(navy):
    shipped = policy.default_policy().eligibility
    for profile in ("seed", "dated"):
        alone = shipped.periods.at(LATE, profile)
        assert all(
            shipped.periods.at(LATE, profile, service) is alone for service in ("army", "navy", "usmc")
        )
        assert navy.periods.at(LATE, profile, "army") is navy.periods.at(LATE, profile)
        assert navy.periods.at(LATE, profile, "navy") is not navy.periods.at(LATE, profile)
    assert shipped.periods.at(LATE, "seed", None, frozenset({"RS-2013"})) is shipped.periods.at(LATE, "seed")
