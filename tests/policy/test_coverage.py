"""Every rule decides vectors: whoever adds a row writes them, or this fails.

Asked of the vectors of every engine together, by the functions that run them: which rows do the answers cite?
"""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from reports import policy
from tests.policy import (
    test_access_vectors,
    test_duty_vectors,
    test_eligibility_vectors,
    test_notice_vectors,
    test_retention_vectors,
    test_rulings_vectors,
    test_visibility_vectors,
)

RUNNERS = (
    test_access_vectors,
    test_eligibility_vectors,
    test_rulings_vectors,
    test_duty_vectors,
    test_retention_vectors,
    test_visibility_vectors,
    test_notice_vectors,
)
ROWS = policy.rules()
ON = [row for row in ROWS if row.enabled]
# what an answer cannot cite: forms and notices prove theirs by switching rows off (test_notice_vectors)
UNCITED = ("forms", "notices")
# takes nothing away and no fact asks for it; said before the election (test_eligibility_vectors)
SAID_ONLY = {"EL-15"}
# other rows carry these out, and their answers refer to them
CARRIED = {row.id for row in ROWS if row.parameters.get("carried_by")}


def named(row_id, rule_set, source, on):
    """The rows that such a citation can mean, of versions the one in force on that day."""
    rows = [row for row in ROWS if (row.id, row.rule_set, row.sources) == (row_id, rule_set, source)]
    return [row for row in rows if row.in_force(on)] if len(rows) > 1 else rows


def decisions():
    for vector, profile in test_eligibility_vectors.CASES:
        yield vector, date.fromisoformat(vector["on"]), test_eligibility_vectors.decide(vector, profile)
    for vector, profile in test_rulings_vectors.CASES:
        yield vector, date.fromisoformat(vector["on"]), test_rulings_vectors.rule_on(vector, profile)
    for vector, profile in test_retention_vectors.CASES:
        yield vector, date.fromisoformat(vector["on"]), test_retention_vectors.keep(vector, profile)
    for vector, profile in test_visibility_vectors.CASES:
        on = date.fromisoformat(vector["on"])
        yield vector, on, test_visibility_vectors.see(vector["role"], vector["facts"], on, profile)


@cache
def cited():
    """The rows that the answers to the vectors cite; an answer that cites what is not there fails at once."""
    found = set()
    for vector, on, answer in decisions():
        for each in answer.citations:
            rows = named(each.rule, each.rule_set, each.source, on)
            assert rows, (vector["name"], each)
            found.update(rows)
        found.update(carried(getattr(answer, "see_also", ())))
    for vector, profile in test_duty_vectors.CASES:
        plan = test_duty_vectors.plan(vector, profile)
        for duty in plan.opened:
            key = (duty.rule, duty.layer, duty.rule_set)
            found.update(row for row in ROWS if (row.id, row.layer, row.rule_set) == key)
            found.update(carried(duty.see_also))
    for vector in test_access_vectors.VECTORS:
        found.update(test_access_vectors.granted(vector))
    return found


def carried(ids):
    return [row for row in ROWS if row.id in ids and row.id in CARRIED]


def test_every_row_in_force_is_cited_by_the_answer_to_some_vector():
    without = [row.name for row in ON if row.family not in UNCITED and row not in cited()]
    assert [name for name in without if name.split()[0] not in SAID_ONLY] == []


def test_a_row_that_is_switched_off_is_never_cited():
    assert [row.name for row in cited() if not row.enabled] == []


def test_every_row_in_force_is_named_by_at_least_three_vectors():
    times = Counter(
        rule for runner in RUNNERS for vector in runner.VECTORS for rule in set(vector["decides"])
    )
    assert [row.name for row in ON if times[row.id] < 3 and row.id not in SAID_ONLY] == []
    assert set(times) <= {row.id for row in ROWS}


def days_of(vector):
    """The days on which a vector looks at the rules: its own, and those that its facts state."""
    if "at" in vector:
        days = {datetime.fromisoformat(vector["at"]).astimezone(ZoneInfo(vector["zone"])).date().isoformat()}
    else:
        days = {vector.get("on"), vector.get("arguments", {}).get("on"), vector.get("started_on")}
    return days | {value for value in vector.get("facts", {}).values() if isinstance(value, str)}


@cache
def days_by_rule():
    days = defaultdict(set)
    for runner in RUNNERS:
        for vector in runner.VECTORS:
            for rule in vector["decides"]:
                days[rule] |= days_of(vector)
    return days


def test_every_change_is_straddled_by_vectors_of_its_rule():
    """Where a version begins after the rules did, vectors stand on the day before and on its first day."""
    missing = [
        row.name
        for row in ON
        if row.valid_from > date(2005, 1, 1)
        and not {(row.valid_from - timedelta(days=1)).isoformat(), row.valid_from.isoformat()}
        <= days_by_rule()[row.id]
    ]
    assert missing == []


def test_every_rule_set_has_rows_or_says_that_nothing_of_it_changes_a_rule():
    with_rows = {row.rule_set for row in ROWS}
    for name, rule_set in policy.default_policy().book.rule_sets.items():
        assert name in with_rows or rule_set["note"], name


@pytest.mark.parametrize("runner", RUNNERS, ids=[runner.__name__.split(".")[-1] for runner in RUNNERS])
def test_there_are_vectors_of_every_engine(runner):
    assert len(runner.VECTORS) > 20
