"""Every pair of states, of reports and of kits.

With every favourable fact stated only the moves named here are open.
"""

from datetime import date
from itertools import product

import pytest

from reports import policy

PROFILES = ("seed", "dated")
STATES = (
    "CONTACT", "SRI", "SRI_CATCH", "RESTRICTED_OPEN", "UNRESTRICTED_OPEN", "OPEN_LIMITED_INFO", "CONVERTED", "CLOSED",
)  # fmt: skip
BASE = {
    ("CONTACT", "RESTRICTED_OPEN"),
    ("CONTACT", "UNRESTRICTED_OPEN"),
    ("RESTRICTED_OPEN", "CONVERTED"),
    ("RESTRICTED_OPEN", "UNRESTRICTED_OPEN"),
    ("RESTRICTED_OPEN", "CLOSED"),
    ("UNRESTRICTED_OPEN", "CLOSED"),
    ("CONVERTED", "CLOSED"),
    ("OPEN_LIMITED_INFO", "CLOSED"),
    ("CLOSED", "CONVERTED"),
    ("CLOSED", "UNRESTRICTED_OPEN"),
}
LIMITED = {("CONTACT", "OPEN_LIMITED_INFO"), ("OPEN_LIMITED_INFO", "UNRESTRICTED_OPEN")}
INQUIRIES = {
    ("CONTACT", "SRI"),
    ("CONTACT", "SRI_CATCH"),
    ("SRI", "SRI_CATCH"),
    ("SRI", "RESTRICTED_OPEN"),
    ("SRI", "UNRESTRICTED_OPEN"),
    ("SRI_CATCH", "RESTRICTED_OPEN"),
    ("SRI_CATCH", "UNRESTRICTED_OPEN"),
    ("OPEN_LIMITED_INFO", "RESTRICTED_OPEN"),
}
MOVES = {
    "2005-01-01": BASE,
    "2016-09-26": BASE,
    "2016-09-27": BASE | LIMITED,
    "2021-11-09": BASE | LIMITED,
    "2021-11-10": BASE | LIMITED | INQUIRIES,
    "2026-01-01": BASE | LIMITED | INQUIRIES,
}
FAVOURABLE = {
    "option_open": True,
    "victim_chose": True,
    "victim_signed": True,
    "sarc_or_va_signed": True,
    "signed_remotely": False,
    "election_form": "DD 2910",
    "investigated_by_mcio": True,
    "closing_allowed": True,
    "victim_reported_to_law_enforcement": False,
    "prior_election": "none",
    "election": "restricted",  # of a closed case: what had been elected
}


def opened(topic, facts, day, profile):
    return policy.ruling(topic, facts, on=date.fromisoformat(day), profile=profile).allowed


@pytest.mark.parametrize(("day", "profile"), [*product(MOVES, PROFILES)])
def test_no_other_move_between_states_is_open(day, profile):
    found = {
        (start, end)
        for start, end in product(STATES, STATES)
        if opened("transition", {**FAVOURABLE, "from_state": start, "to_state": end}, day, profile)
    }
    assert found == MOVES[day]


@pytest.mark.parametrize("day", ["2019-10-15", "2024-07-19"])
def test_the_form_for_signing_from_afar_converts_and_does_nothing_else(day):
    ends = {"CONVERTED", "UNRESTRICTED_OPEN"}
    for start, end in product(("RESTRICTED_OPEN", "CLOSED"), STATES):
        facts = {
            "from_state": start,
            "to_state": end,
            "election": "restricted",
            "election_form": "DD 2910-1",
            "victim_signed": True,
            "signed_remotely": True,
        }
        assert opened("transition", facts, day, "dated") is (end in ends)


@pytest.mark.parametrize("profile", PROFILES)
def test_whatever_else_is_stated_unrestricted_never_becomes_restricted(profile):
    yes_no = (True, False)
    for start, form, remote, declines, day in product(
        ("UNRESTRICTED_OPEN", "CONVERTED", "CLOSED"),
        ("DD 2910", "DD 2910-1", "DD 2910-8"),
        yes_no,
        yes_no,
        MOVES,
    ):
        facts = {
            **FAVOURABLE,
            "from_state": start,
            "to_state": "RESTRICTED_OPEN",
            "election": "unrestricted",
            "election_form": form,
            "signed_remotely": remote,
            "declines_participation": declines,
        }
        answer = policy.ruling("transition", facts, on=date.fromisoformat(day), profile=profile)
        assert answer.allowed is False
        assert "TR-09" in answer.rules


def conversion_is_open(day, form, victim, second):
    """The rule in one line per form."""
    if form == "DD 2910-1":
        return victim and day >= "2019-10-15"
    return victim and second and (form == "DD 2910" or day >= "2024-07-19")


@pytest.mark.parametrize(
    ("day", "profile"),
    [*product(("2005-01-01", "2019-10-14", "2019-10-15", "2024-07-18", "2024-07-19"), PROFILES)],
)
def test_a_conversion_needs_the_victims_own_signature_on_the_right_form(day, profile):
    starts = ({"from_state": "RESTRICTED_OPEN"}, {"from_state": "CLOSED", "election": "restricted"})
    no_starts = (
        {"from_state": "CONTACT", "election": "restricted"},
        {"from_state": "CLOSED", "election": "unrestricted"},
    )
    forms = ("DD 2910", "DD 2910-1", "DD 2910-8")
    for end, form, victim, second in product(
        ("CONVERTED", "UNRESTRICTED_OPEN"), forms, (True, False), (True, False)
    ):
        facts = {
            "to_state": end,
            "election_form": form,
            "victim_signed": victim,
            "sarc_or_va_signed": second,
            "signed_remotely": False,
        }
        for start in starts:
            wanted = conversion_is_open(day, form, victim, second)
            assert opened("transition", {**facts, **start}, day, profile) is wanted
        for start in no_starts:
            assert opened("transition", {**facts, **start}, day, profile) is False


KIT = (
    "COLLECTED", "SEALED", "STORED", "CUSTODY_MCIO", "CONVERTED_TO_MCIO", "PROPERTY_RETURNED", "EXPIRING", "HOLD",
    "DESTROYED",
)  # fmt: skip
EVERY_KIT = {
    ("COLLECTED", "SEALED"),
    ("STORED", "CONVERTED_TO_MCIO"),
    ("PROPERTY_RETURNED", "CONVERTED_TO_MCIO"),
    ("EXPIRING", "CONVERTED_TO_MCIO"),
    ("HOLD", "CONVERTED_TO_MCIO"),
    ("STORED", "PROPERTY_RETURNED"),
    ("EXPIRING", "PROPERTY_RETURNED"),
    ("STORED", "EXPIRING"),
    ("PROPERTY_RETURNED", "EXPIRING"),
    ("EXPIRING", "HOLD"),
    ("EXPIRING", "DESTROYED"),
    ("HOLD", "DESTROYED"),
}
WITH_MCIO = {("CUSTODY_MCIO", "EXPIRING"), ("CONVERTED_TO_MCIO", "EXPIRING")}
BY_OPTION = {"restricted": {("SEALED", "STORED")}, "unrestricted": {("SEALED", "CUSTODY_MCIO")}}
FAVOURABLE_KIT = {
    "report_converted": True,
    "property_return_open": True,
    "kit_near_expiry": True,
    "kit_destruction_open": True,
}


@pytest.mark.parametrize(
    ("day", "matter", "profile"),
    [
        *product(
            ("2005-01-01", "2021-11-09", "2021-11-10"),
            ("legal_proceeding", "appeal", "hold", "catch_entry"),
            PROFILES,
        )
    ],
)
def test_no_other_step_of_a_kit_is_open(day, matter, profile):
    wanted = EVERY_KIT | (WITH_MCIO if day >= "2021-11-10" else set())
    for election, own in BY_OPTION.items():
        found = set()
        for start, end in product(KIT, KIT):
            facts = {
                **FAVOURABLE_KIT,
                "election": election,
                "open_matters": [matter],
                "kit_state": start,
                "kit_next": end,
            }
            answer = policy.ruling("kit_custody", facts, on=date.fromisoformat(day), profile=profile)
            assert ("KH-09" in answer.rules) is (end != "COLLECTED")
            if answer.allowed:
                found.add((start, end))
        assert found == wanted | own


def test_a_kit_that_is_not_near_its_end_does_not_run_out():
    for start in ("STORED", "PROPERTY_RETURNED", "CUSTODY_MCIO", "CONVERTED_TO_MCIO"):
        facts = {"kit_state": start, "kit_next": "EXPIRING", "kit_near_expiry": False}
        assert opened("kit_custody", facts, "2021-11-10", "dated") is False
