"""What the rules of the day of signing answered, and the record of it.

Of an earlier system's rows many are of people of whom the same is known, signed while the same rules stood: these are
asked once. What is kept ends with the import, and says nothing of whom it was.
"""

from bisect import bisect_right
from datetime import date
from json import JSONEncoder
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from reports import policy
from reports.adoption.selectors import Basis, basis_for
from reports.legacy.problems import Problem, UnfitError

# Made once: making one takes as long as what it does here.
written, in_order = JSONEncoder().encode, JSONEncoder(sort_keys=True).encode
# As many answers are kept at most.
KEPT = 1_024


class Answer(NamedTuple):
    """A decision, and its text before and after its day."""

    decision: policy.Decision
    before: str
    after: str


Answers = dict[tuple[str, Basis, int], Answer]


def decided(
    report: dict[str, Any], facts: dict[str, Any], zone: str, answers: Answers
) -> tuple[policy.Decision, bytes]:
    """The decision and what is sealed of it; refuses an option that the rules of that day barred.

    `answers`: what was asked before in this import.
    """
    at = report["signed_at"]
    on, stated = at.astimezone(ZoneInfo(zone)).date(), in_order(facts)
    found = basis_for(facts, on=on, at=at)
    key = stated, found, bisect_right(policy.eligibility_turns(), on)
    answer = answers.get(key)
    if answer is None:
        answer = _asked(facts, on, found)
        if len(answers) == KEPT:
            answers.clear()
        answers[key] = answer
    if not answer.decision.allowed(report["election"]):
        raise UnfitError(Problem("option_barred", "report.election"))
    record = f'{{"decision": {answer.before}{on.isoformat()}{answer.after}, "facts": {stated}}}'
    return answer.decision._replace(on=on), record.encode()


def _asked(facts: dict[str, Any], on: date, found: Basis) -> Answer:
    try:
        decision = policy.eligibility(
            facts, on=on, profile=found.profile, adopted=found.adopted, explain=False
        )
    except policy.FactsError as error:
        raise UnfitError(Problem("unknown_value", f"facts.{error.path}")) from None
    day = f'"on": "{on.isoformat()}"'
    before, _, after = in_order(decision.to_dict()).partition(day)
    return Answer(decision, f'{before}"on": "', f'"{after}')
