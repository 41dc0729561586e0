"""docs/rules.md says what the data says."""

from pathlib import Path

import pytest

from reports import policy
from reports.policy.in_words import condition, delay
from reports.policy.pages import rules_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
BOOK = policy.load_policy(policy.DATA).book


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == rules_page(BOOK), (
        "docs/rules.md is not what the data says: write it with `manage.py policy docs --write`"
    )


def test_every_version_of_every_rule_stands_on_it():
    page = rules_page(BOOK)
    for rule in BOOK.rules:
        assert f"### {rule.id}\n" in page
        assert f"- **{rule.valid_from} " in page
        assert rule.sentence in page
        assert rule.authority in page
    for row in BOOK.rule_sets.values():
        assert f"| {row['id']} |" in page


def test_whatever_is_off_is_listed_as_off_and_with_a_reason():
    section = rules_page(BOOK).partition("## Off or unsure")[2].partition("\n## ")[0]
    for rule in BOOK.rules:
        listed = [line for line in section.splitlines() if line.startswith(f"| [{rule.id}]")]
        assert bool(listed) or (rule.enabled and rule.confidence != "unverified")
        assert all(line.split("|")[4].strip() for line in listed), rule.name


def test_versions_stand_in_the_order_of_their_dates():
    page = rules_page(BOOK)
    for rule_id in BOOK.ids:
        section = page.partition(f"### {rule_id}\n")[2].partition("\n### ")[0]
        dates = [line[4:14] for line in section.splitlines() if line.startswith("- **")]
        assert dates
        assert dates == sorted(dates)


def test_links_lead_to_headings():
    page = rules_page(BOOK)
    headings = {
        line.lstrip("# ").lower().replace(" ", "-") for line in page.splitlines() if line.startswith("#")
    }
    linked = {part.partition(")")[0] for part in page.split("](#")[1:]}
    assert linked <= headings


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ([{}], "always"),
        ([{"age": {"at_least": 18}}], "*age on the signing date*: 18 or more"),
        ([{"deployed": {"in": [True]}}], "*whether the person is deployed*: yes"),
        (
            [{"told": {"includes_any": ["friend", "family"]}}],
            "*who has been told*: includes friend or family",
        ),
        (
            [{"location": {"in": ["oconus"], "if_missing": True}}],
            "*where the person is stationed or employed*: oconus (or not stated)",
        ),
    ],
)
def test_conditions_in_words(raw, says):
    assert condition(raw, BOOK) == says


def test_every_kind_of_delay_has_words():
    amounts = {
        "hours": 3,
        "days": 3,
        "months": 3,
        "years": 3,
        "calendar": "federal",
        "item": "kit",
        "dates": ["01-31"],
    }
    for kind in BOOK.vocabulary["delays"]:
        assert delay({"kind": kind, **amounts}, BOOK)
    assert delay({"kind": "business_days", "days": 2, "calendar": "federal"}, BOOK).startswith(
        "within 2 business days ("
    )
    assert delay({"kind": "years", "years": 1}, BOOK) == "one year later"


def test_no_row_is_printed_as_raw_data():
    page = rules_page(BOOK)
    assert "{'" not in page
    assert "mappingproxy" not in page
