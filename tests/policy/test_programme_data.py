"""What rows carry besides their sentence: lists and numbers that the vectors of the rulings do not look at."""

from datetime import date

import pytest

from reports import policy


def data_of(rule_id, topic, facts, on):
    answer = policy.ruling(topic, facts, on=on, profile="dated")
    return next(each.data for each in answer.says if each.rule == rule_id)


@pytest.mark.parametrize(
    ("rule_id", "offence", "on", "articles"),
    [
        ("OF-01", "sexual_assault", date(2018, 12, 31), ["120", "125", "134"]),
        ("OF-01", "sexual_assault", date(2019, 1, 1), ["120", "134"]),
        ("OF-02", "stalking", date(2018, 12, 31), ["120a"]),
        ("OF-02", "stalking", date(2019, 1, 1), ["130"]),
        ("OF-03", "other_sexual_misconduct", date(2019, 1, 1), ["120c"]),
        ("OF-04", "intimate_images", date(2019, 1, 1), ["117a"]),
    ],
)
def test_articles_go_by_the_day_of_the_incident(rule_id, offence, on, articles):
    assert data_of(rule_id, "offence_article", {"offence": offence}, on)["articles"] == articles


@pytest.mark.parametrize(
    ("on", "kept"), [(date(2019, 10, 14), "paper_with_sarc"), (date(2019, 10, 15), "separate_vault")]
)
def test_where_the_restricted_form_is_kept_goes_by_date(on, kept):
    form = {"election": "restricted", "record_content": "signed_form"}
    assert data_of("DB-12", "database_content", form, on)["kept"] == kept


def test_the_lists_are_whole():
    day = date(2024, 8, 1)
    report = {"election": "unrestricted"}
    decision = {**report, "applicant": "victim"}
    considered = data_of("ET-14", "expedited_transfer_decision", decision, day)["considerations"]
    assert "".join(letter for letter, _ in considered) == "ABCDEFGHIJ"
    assert len(data_of("HRRT-03", "hrrt", {**report, "high_risk": True}, day)["factors"]) == 13
    asked_about = data_of("CMG-23", "cmg_agenda", {**report, "cmg_seat": "chair"}, day)["asked_about"]
    assert asked_about == ["victim", "witness", "bystander", "sarc", "sapr_va", "responder"]
    assert len(data_of("FD-06", "sairo", report, day)["holds"]) == 13
    assert data_of("FD-01", "investigation", {"investigator": "mcio"}, day)["mcio"] == [
        "army_cid",
        "ncis",
        "afosi",
    ]


def test_the_hours_a_row_names_are_those_at_which_it_holds():
    day = date(2024, 8, 1)
    for rule_id, topic, fact in (
        ("AG-04", "advocate_certification", "initial_training_hours"),
        ("AG-05", "advocate_renewal", "continuing_training_hours"),
    ):
        hours = policy.rule(rule_id, on=day).parameters["data"]["hours"]
        assert policy.ruling(topic, {fact: hours}, on=day).allowed is True
        assert policy.ruling(topic, {fact: hours - 1}, on=day).allowed is False
