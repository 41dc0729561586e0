"""The facts contract: each wrong statement is refused with its code and path, and nothing missing crashes."""

from datetime import UTC, date, datetime

import pytest

from reports import policy

ON = date(2024, 8, 1)
BAD = [
    ({"status": ["service_member"]}, "unknown_fact", "status"),
    ({"election": "restricted"}, "unknown_fact", "election"),
    ({5: True}, "unknown_fact", "5"),
    ({"statuses": ["soldier"]}, "unknown_value", "statuses[0]"),
    ({"statuses": ["retiree", "x"]}, "unknown_value", "statuses[1]"),
    ({"statuses": "service_member"}, "wrong_type", "statuses"),
    ({"statuses": None}, "wrong_type", "statuses"),
    ({"statuses": [["retiree"]]}, "wrong_type", "statuses[0]"),
    ({"told": ["friend", 3]}, "wrong_type", "told[1]"),
    ({"told": ["boss"]}, "unknown_value", "told[0]"),
    ({"age": True}, "wrong_type", "age"),
    ({"age": -1}, "wrong_type", "age"),
    ({"age": 121}, "wrong_type", "age"),
    ({"age": "22"}, "wrong_type", "age"),
    ({"age": 22.0}, "wrong_type", "age"),
    ({"deployed": 1}, "wrong_type", "deployed"),
    ({"deployed": "yes"}, "wrong_type", "deployed"),
    ({"location": "moon"}, "unknown_value", "location"),
    ({"location": ["conus"]}, "wrong_type", "location"),
    ({"statuses": ["service_member", "contractor"], "age": 17}, "impossible_facts", "age"),
    ({"statuses": ["contractor", "retiree", "service_member"], "age": 0}, "impossible_facts", "age"),
    (
        {"investigation": "none", "sarc_knew_before_election": True},
        "impossible_facts",
        "sarc_knew_before_election",
    ),
    ({"prior_election": "none", "same_incident": True}, "impossible_facts", "same_incident"),
    ({"had_earlier_report": False, "prior_election": "restricted"}, "impossible_facts", "prior_election"),
    ([], "wrong_type", ""),
    (None, "wrong_type", ""),
]


@pytest.mark.parametrize(("facts", "code", "path"), BAD, ids=[f"{c} {p}" for _, c, p in BAD])
def test_bad_facts_are_refused_with_code_and_path(facts, code, path):
    with pytest.raises(policy.FactsError) as caught:
        policy.eligibility(facts, on=ON)
    assert (caught.value.code, caught.value.path) == (code, path)
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2004, 12, 31), "date_out_of_range"),
        (date(9999, 1, 1), "date_out_of_range"),
        (datetime(2024, 8, 1, 12, tzinfo=UTC), "wrong_type"),
        ("2024-08-01", "wrong_type"),
        (None, "wrong_type"),
    ],
)
def test_bad_dates_are_refused(on, code):
    with pytest.raises(policy.FactsError) as caught:
        policy.eligibility({}, on=on)
    assert (caught.value.code, caught.value.path) == (code, "on")


def test_the_first_day_of_2005_is_answered():
    assert policy.eligibility({"statuses": ["service_member"]}, on=date(2005, 1, 1)).rule_set == "RS-2005"


@pytest.mark.parametrize("profile", ["RS-SEED", "", None, 7])
def test_an_unknown_profile_is_refused(profile):
    with pytest.raises(policy.FactsError) as caught:
        policy.eligibility({}, on=ON, profile=profile)
    assert (caught.value.code, caught.value.path) == ("unknown_value", "profile")


@pytest.mark.parametrize(
    "facts",
    [
        {"statuses": ["service_member"], "age": 17},
        {"statuses": ["contractor"], "age": 17},
        {"statuses": ["service_member", "retiree"], "age": 17},
    ],
)
def test_a_minor_is_refused_only_where_the_combination_cannot_be(facts):
    assert policy.eligibility(facts, on=ON).route == "fap"


def test_a_grown_service_member_may_be_a_contractor():
    decision = policy.eligibility({"statuses": ["service_member", "contractor"], "age": 18}, on=ON)
    assert decision.allowed("restricted")


def test_a_refusal_never_repeats_the_value():
    for facts in ({"location": "Jane Doe"}, {"told": ["Jane Doe"]}, {"age": "Jane Doe"}):
        with pytest.raises(policy.FactsError) as caught:
            policy.eligibility(facts, on=ON)
        assert "Jane" not in str(caught.value)


def test_repeated_and_reordered_statuses_make_no_difference():
    one = policy.eligibility({"statuses": ["retiree", "military_dependent"], "mhs_eligible": True}, on=ON)
    two = policy.eligibility(
        {"statuses": ["military_dependent", "retiree", "retiree"], "mhs_eligible": True}, on=ON
    )
    assert one == two


def test_every_value_of_every_fact_alone_is_answered():
    contract = policy.default_policy().book.facts
    for spec in contract.specs.values():
        if "eligibility" in spec.uses:
            for value in contract.alternatives(spec.id, None, {"age": frozenset({17, 18})}):
                for profile in ("seed", "dated"):
                    decision = policy.eligibility({spec.id: value}, on=ON, profile=profile)
                    assert decision.route in ("sapr", "fap", "refer")
