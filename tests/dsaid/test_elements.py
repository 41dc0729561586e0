"""The list of 16.2 as data: whole, with the words of our own lists, and off where nobody read the official one."""

import json

import pytest

from reports import policy
from reports.casework.matters.kinds import KINDS
from reports.dsaid import elements
from reports.dsaid.deriving import WAYS
from reports.dsaid.elements import Element
from reports.election.contents import WORDS
from reports.election.models import Election

# What 16.2 names, area by area.
NAMED = {
    "victim": [
        "age at incident", "sex", "race/ethnicity", "affiliation", "Service", "grade", "status", "location code",
        "duty status at incident", "deployed", "pre-service flag",
    ],
    "incident": ["date", "location type", "offence", "alcohol/drugs", "relationship", "number of subjects"],
    "subject": ["demographics", "MCIO case number", "disposition"],
    "services": ["referral type", "offered", "accepted", "declined", "provider", "dates", "SAFE done", "SAFE kit"],
    "report": [
        "type", "date", "election", "conversion date", "CMG dates", "MPO", "CPO", "ET", "24-h notice met",
        "mandatory-report location", "HRRT", "safety result",
    ],
    "business": ["SARC certification", "VA certification"],
}  # fmt: skip
# Whatever tells who somebody is or what happened.
IDENTIFYING = ("victim_", "incident_", "subject_", "mcio_", "services_", "referral_")


def words(codes_of: str) -> list[str]:
    """The words of the list that an element says it has."""
    kind, _, name = codes_of.partition(".")
    if kind == "fact":
        return list(policy.fact_words(name))
    if kind in ("identity", "narrative"):
        return list(WORDS[name])
    if kind == "report":
        return [*Election.values, *(["converted"] if name == "type" else [])]
    found = KINDS[name]
    return next(list(each.words) for step in found.steps for each in step.details if each.name == found.what)


def test_every_element_of_16_2_is_there_and_no_code_list_is_short() -> None:
    listed = elements.elements()
    for area, names in NAMED.items():
        own = [each.policy for each in listed.values() if each.area == area]
        assert sorted({each.partition(":")[0] for each in own}) == sorted(names), area
    assert {each.area for each in listed.values()} == set(NAMED)
    assert len({each.id for each in listed.values()}) == len(listed)
    for each in listed.values():
        if each.codes:
            assert sorted(each.codes) == sorted(words(each.codes_of)), each.name
        assert each.held is (each.origin in WAYS)
        assert each.enabled or each.why, each.name
        assert set(each.sources) == {"P41", "P43", "P19", "P36"}
    assert {each.origin for each in listed.values() if each.held} == set(WAYS)


def test_what_is_not_verified_is_off_and_nothing_identifying_is_there_for_a_restricted_report() -> None:
    listed = elements.elements().values()
    assert not [each.name for each in listed if each.enabled and each.confidence == "unverified"]
    assert any(each.confidence == "unverified" and each.held for each in listed)
    there = [each.name for each in listed if each.restricted]
    assert there
    assert not [name for name in there if name.startswith(IDENTIFYING)]
    good = {
        "id": "DE-99", "name": "x", "area": "victim", "policy": "x", "type": "text", "sources": (), "held": True,
        "confidence": "public", "enabled": True, "origin": "fact",
    }  # fmt: skip
    Element(**good)
    for wrong in (
        {"confidence": "unverified"},
        {"held": False, "origin": ""},
        {"restricted": True},
        {"type": "date", "restricted": True, "sealed": "narrative.incident_on"},
        {"type": "code"},
        {"type": "colour"},
    ):
        with pytest.raises(ValueError, match="DE-99"):
            Element(**good | wrong)


def test_the_page_shows_the_list_as_it_is(settings) -> None:
    page = (settings.BASE_DIR / "docs" / "dsaid.md").read_text()
    assert elements.table() in page
    assert json.loads(elements.DATA.read_text())["note"]
