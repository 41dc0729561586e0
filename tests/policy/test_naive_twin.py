"""The engine agrees with a naive second implementation (`naive.py`) on every point of a wide grid."""

from datetime import date
from itertools import chain, combinations, product

from hypothesis import given, settings

from reports import policy
from tests.policy.facts import ADOPTIONS, DAYS, FACTS, PROFILES, decided
from tests.policy.naive import ORDER, naive

DATES = [
    date(2005, 1, 1),
    date(2013, 3, 28),
    date(2019, 10, 14),
    date(2019, 10, 15),
    date(2021, 11, 9),
    date(2021, 11, 10),
    date(2024, 7, 18),
    date(2024, 7, 19),
    date(2026, 1, 1),
]
SETTINGS = [
    ("dated", ()),
    ("seed", ()),
    ("seed", ("RS-2021C", "RS-2024")),
]
STATUSES = [{}, *({"statuses": list(each)} for n in (1, 2) for each in combinations(ORDER, n))]
# somebody whom no circumstance excludes, so that the blocks decide
FAVOURED = {
    "age": 25,
    "location": "oconus",
    "component_has_sapr": True,
    "mhs_eligible": True,
    "accompanies_force": True,
}
# the combinations that the contract refuses
MINOR_CONTRACTORS = ({"service_member", "contractor"}, {"guard_reserve", "contractor"})


def every(**values):
    """Every combination of these values of facts; `...` leaves a fact out."""
    for each in product(*values.values()):
        yield {name: value for name, value in zip(values, each, strict=True) if value is not ...}


BLOCKS = [
    {**told, **investigation, **police, **before}
    for told, investigation, police, before in product(
        [{"told": ["friend"], "signed": False}, {"told": ["chain_of_command"]}],
        [
            {},
            {"investigation": "open"},
            {"investigation": "open", "sarc_knew_before_election": True},
            {"investigation": "open", "sarc_knew_before_election": False},
        ],
        every(victim_reported_to_law_enforcement=(..., True)),
        [
            {},
            {"prior_election": "unrestricted"},
            {"prior_election": "unrestricted", "same_incident": True},
            {"prior_election": "unrestricted", "same_incident": False},
        ],
    )
]
RELATIONSHIPS = [
    *every(
        offender_relationship=(..., "none", "spouse", "former_spouse", "family", "other", "unknown"),
        domestic_abuse=(..., True, False),
    ),
    *every(
        offender_relationship=("intimate_partner",),
        shares_home=(..., True, False),
        shares_child=(True, False),
        domestic_abuse=(..., True, False),
    ),
]
CIRCUMSTANCES = {
    "military_dependent": {"mhs_eligible": (..., True, False), "age": (..., 18)},
    "dod_civilian": {"component_has_sapr": (..., True, False), "location": (..., "conus", "oconus")},
    "civilian_dependent": {
        "location": (..., "conus", "oconus"),
        "mhs_eligible": (..., True, False),
        "age": (..., 18),
    },
    "contractor": {"location": (..., "conus", "oconus"), "accompanies_force": (..., True, False)},
    "separated": {
        "had_earlier_report": (..., True, False),
        "prior_election": (..., "none", "restricted", "unrestricted"),
    },
}


def blocked_people():
    """Every status and pair, with every block, in both profiles."""
    for statuses, block, on in product(STATUSES, BLOCKS, DATES):
        for setting in SETTINGS[:2]:
            yield {**FAVOURED, **statuses, **block}, on, setting


def people_in_their_circumstances():
    """Every status and pair, with every value of what their own rules ask."""
    for statuses, on, setting in product(STATUSES, DATES, SETTINGS):
        matters = {}
        for status in statuses.get("statuses", ()):
            matters |= CIRCUMSTANCES.get(status, {})
        for circumstances in every(**matters):
            clash = (circumstances.get("had_earlier_report"), circumstances.get("prior_election"))
            if clash not in ((False, "restricted"), (False, "unrestricted")):
                yield {**statuses, **circumstances}, on, setting


def people_and_who_did_it():
    """Every status and pair, at every age, with every answer about who did it."""
    for statuses, who, age, on, setting in product(STATUSES, RELATIONSHIPS, (17, 18), DATES[4:6], SETTINGS):
        if age == 17 and set(statuses.get("statuses", ())) in MINOR_CONTRACTORS:
            continue  # refused as impossible
        yield {**FAVOURED, **statuses, **who, "age": age}, on, setting


def engine(facts, on, profile, adopted):
    decision = policy.eligibility(facts, on=on, profile=profile, adopted=adopted, explain=False)
    return decision.allowed("restricted"), decision.allowed("unrestricted"), decision.route, decision.form


def test_engine_and_naive_twin_agree_on_every_point():
    points, differences = 0, []
    for facts, on, (profile, adopted) in chain(
        blocked_people(), people_in_their_circumstances(), people_and_who_did_it()
    ):
        points += 1
        found, expected = engine(facts, on, profile, adopted), naive(facts, on, profile, adopted)
        if found != expected:
            differences.append(f"{on} {profile} {adopted} {facts}\n   engine {found}\n   twin   {expected}")
    assert not differences, f"{len(differences)} of {points} points differ:\n" + "\n".join(differences[:10])
    assert points > 90_000


@settings(max_examples=500, deadline=None, derandomize=True)
@given(FACTS, DAYS, PROFILES, ADOPTIONS)
def test_engine_and_naive_twin_agree_on_any_facts(facts, on, profile, adopted):
    decision = decided(facts, on, profile, adopted)
    if decision is not None:
        assert engine(facts, on, profile, adopted) == naive(facts, on, profile, adopted)
