"""Form editions and considerations as data."""

from datetime import date

import pytest

from reports import policy


@pytest.mark.parametrize(
    ("code", "on", "edition", "catch"),
    [
        ("DD 2910", date(2015, 6, 1), "2005-01-01", False),
        ("DD 2910", date(2019, 8, 4), "2005-01-01", False),
        ("DD 2910", date(2019, 8, 5), "2019-08-05", True),
        ("DD 2910", date(2024, 7, 18), "2019-08-05", True),
        ("DD 2910", date(2024, 7, 19), "2024-07-19", True),
        ("DD 2910-8", date(2024, 7, 19), "2024-07-19", False),
    ],
)
def test_the_edition_follows_the_date(code, on, edition, catch):
    form = policy.form_edition(code, on)
    assert (form.code, form.edition, "catch" in form.sections) == (code, edition, catch)


def test_each_acknowledgement_unpacks_into_key_sentence_and_options():
    for code in ("DD 2910", "DD 2910-8"):
        form = policy.form_edition(code, date(2025, 1, 1))
        for key, sentence, options in form.acknowledgements:
            assert key.isidentifier()
            assert sentence.endswith(".")
            assert set(options) <= {"restricted", "unrestricted"}
        assert set(form.required_for("restricted")) != set(form.required_for("unrestricted"))
        assert "one_way" in form.required_for("restricted")
        assert "exceptions" not in form.required_for("unrestricted")


def test_the_model_says_that_it_is_unverified():
    form = policy.form_edition("DD 2910", date(2025, 1, 1))
    assert form.confidence == "unverified"
    assert "model" in form.note


@pytest.mark.parametrize(
    ("code", "on", "error"),
    [
        ("DD 2910-8", date(2024, 7, 18), "date_out_of_range"),
        ("DD 2910", date(2004, 1, 1), "date_out_of_range"),
        ("DD 1", date(2024, 1, 1), "unknown_value"),
        (None, date(2024, 1, 1), "unknown_value"),
        ("DD 2910", "2024-01-01", "wrong_type"),
    ],
)
def test_a_form_that_did_not_exist_is_refused(code, on, error):
    with pytest.raises(policy.FactsError) as caught:
        policy.form_edition(code, on)
    assert caught.value.code == error


def test_benefits_and_limits_are_there_for_both_options():
    for option in ("restricted", "unrestricted"):
        found = policy.considerations(option)
        assert found.rule == "R21"
        assert len(found.benefits) >= 5
        assert len(found.limits) >= 4
    with pytest.raises(policy.FactsError):
        policy.considerations("both")


def test_every_form_a_decision_can_name_is_in_the_vocabulary():
    words = set(policy.default_policy().book.vocabulary["forms"])
    named = {
        case["form"]
        for row in policy.rules()
        if row.family == "eligibility"
        for case in row.parameters.get("cases", ())
    }
    assert named - {None} == words


def test_what_only_general_knowledge_speaks_of_is_off_and_every_model_says_what_it_is():
    """DD 2910-7 is off; each form that is signed is unverified and says so."""
    rows = [row for row in policy.rules() if "paper" in row.parameters]
    assert [row.id for row in rows if not row.enabled] == ["DD 2910-7"]
    for row in rows:
        if row.parameters["paper"]["use"] == "signed":
            assert (row.confidence, "GK" in row.sources) == ("unverified", True)
            assert "model in our own words" in row.note or not row.enabled
    assert {each.code for each in policy.papers(date(2026, 1, 15))} == {row.id for row in rows if row.enabled}


def test_an_edition_that_was_signed_is_found_by_its_name_whatever_the_day():
    assert policy.paper_named("DD 2910-4", "2022-01-01").elections[0] == policy.UNSIGNED
    assert policy.form_named("DD 2910", "2005-01-01").edition == "2005-01-01"
    for call in (policy.paper_named, policy.form_named):
        for code, edition in (("DD 1", "2005-01-01"), ("DD 2910-4", "2005-01-02"), ([], None)):
            with pytest.raises(policy.FactsError):
                call(code, edition)
