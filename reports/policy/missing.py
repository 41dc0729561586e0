"""What would still have to be asked: facts nobody stated on which an outcome depends."""

from .eligibility_rows import Case
from .evaluation import best_case
from .outcome import Outcome


def find_missing(found: Outcome) -> dict[str, tuple[str, ...]]:
    """The facts not stated that could change the outcome, each with the ids of the rows that ask for it."""
    asked = [*found.questions]
    for place, (line, held, unsettled) in enumerate(found.readings):
        for case, facts in unsettled:
            if case is held or _would_matter(place, case, found):
                asked.append((line, facts))
    for line, facts in found.unsettled_blocks:
        for index in line.options:
            side = found.sides[index]
            if side.allowed or (line in side.lines and not side.closed):
                asked.append((line, facts))
    missing: dict[str, tuple[str, ...]] = {} if found.barred or found.statuses else {"statuses": ()}
    for line, facts in asked:
        for fact in facts:
            rules = missing.get(fact, ())
            if line.id not in rules:
                missing[fact] = (*rules, line.id)
    return missing


def _would_matter(place: int, case: Case, found: Outcome) -> bool:
    """Whether options, form or route were other ones if this case held in place of what its row says now."""
    now = [held for _, held, _ in found.readings]
    then = [*now[:place], case, *now[place + 1 :]]
    for index, side in enumerate(found.sides):
        before, after = (any(each.allows[index] for each in cases if each) for cases in (now, then))
        if before != after and not side.closed:
            return True
    before, after = best_case(now), best_case(then)
    return after is not before and (
        before is None or (after.form, after.route) != (before.form, before.route)
    )
