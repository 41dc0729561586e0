"""Any facts, days and settings, for the tests that must hold for all of them."""

from datetime import date

from hypothesis import strategies as st

from reports import policy

CONTRACT = policy.default_policy().book.facts
SPECS = {name: spec for name, spec in CONTRACT.specs.items() if "eligibility" in spec.uses}
# the days before and of every change, and some between
TURNS = sorted({day for rule in policy.rules() for day in (rule.valid_from, rule.valid_to) if day})


def values(spec):
    """Any value of one fact; ages mostly about the limit."""
    if spec.type == "boolean":
        return st.booleans()
    if spec.type == "choice":
        return st.sampled_from(spec.values)
    if spec.type == "integer":
        return st.sampled_from((18, 17, 25)) | st.integers(spec.minimum, spec.maximum)
    return st.lists(st.sampled_from(spec.values), max_size=3)


FACTS = st.fixed_dictionaries({}, optional={name: values(spec) for name, spec in SPECS.items()})
DAYS = st.dates(date(2005, 1, 1), date(2030, 1, 1)) | st.sampled_from(TURNS)
PROFILES = st.sampled_from(["seed", "dated"])
ADOPTIONS = st.sampled_from([(), ("RS-2021C",), ("RS-2024",), ("RS-2021C", "RS-2024")])


def decided(facts, on, profile="seed", adopted=(), explain=False):
    """The decision, or None where the facts contradict each other."""
    try:
        return policy.eligibility(facts, on=on, profile=profile, adopted=adopted, explain=explain)
    except policy.FactsError as error:
        if error.code != "impossible_facts":
            raise
        return None


def answer(decision):
    """What a decision comes down to."""
    return decision.allowed("restricted"), decision.allowed("unrestricted"), decision.route, decision.form
