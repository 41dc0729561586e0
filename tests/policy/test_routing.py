"""Routing to the Family Advocacy Program is a short list of questions."""

from datetime import date

import pytest

from reports import policy
from reports.policy.questions import ask_about_family


def asked(profile, on):
    return [each.fact for each in policy.fap_questions(profile, on)]


def test_the_seed_asks_who_it_was_and_whether_it_was_abuse_at_home():
    assert asked("seed", date(2026, 1, 1)) == ["offender_relationship", "domestic_abuse"]


def test_dated_asks_about_home_and_child_from_the_change_on():
    assert asked("dated", date(2021, 11, 9)) == ["offender_relationship", "domestic_abuse"]
    assert set(asked("dated", date(2021, 11, 10))) == {
        "offender_relationship",
        "domestic_abuse",
        "shares_home",
        "shares_child",
    }


def test_the_seed_asks_them_too_once_the_later_set_is_adopted():
    table = policy.default_policy().eligibility
    asked_now = {each.fact for each in ask_about_family(table, "seed", date(2026, 1, 1), ["RS-2021C"])}
    assert asked_now == set(asked("dated", date(2026, 1, 1)))


def test_each_question_says_why_and_by_which_rule():
    for each in policy.fap_questions("dated", date(2026, 1, 1)):
        assert each.text.endswith("?")
        assert each.why
        assert set(each.rules) <= {"EL-06", "EL-06b"}


def test_bad_arguments_are_refused():
    with pytest.raises(policy.FactsError):
        policy.fap_questions("seed", date(2000, 1, 1))
    with pytest.raises(policy.FactsError):
        policy.fap_questions("other", date(2020, 1, 1))
