"""The document of a rehearsal as people read it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sapr.desk.words import label


def lines(found: dict[str, Any]) -> Iterator[str]:
    """The document as people read it."""
    yield f"Rehearsed from {found['from'][:10]} to {found['until'][:10]}" + (
        f", the cases of {found['as']}" if found["as"] else ", all cases, counted by post"
    )
    yield found["assumed"]
    for title, key in (("Due at once and waiting now", "waiting_now"), ("Overdue now", "late_now")):
        yield from _block(title, [_post_line(each) for each in found[key]])
    for month in found["months"]:
        yield from _block(
            f"{month['month']}: {month['due']} due", [_post_line(each) for each in month["posts"]]
        )
    yield from _block(f"Load ({found['load_measure']})", [_load_line(each) for each in found["load"]])
    yield from _block(
        "Ends", [f"{each['at'][:10]}  {each['what']} on {each['post']}" for each in found["lapses"]]
    )
    yield from _block(
        "Nobody holds", [f"from {each['from'][:10]}  {each['post']}" for each in found["vacant"]]
    )
    kits = [f"{each['month']}  {each['installation']}: {each['kits']}" for each in found["kits"]]
    yield from _block("Kits whose time of keeping ends", kits)
    missed = Counter(each["month"] for each in found["missed_if_nothing_is_done"] for _ in range(each["due"]))
    yield from _block(
        "Missed if nobody does anything", [f"{month}  {n}" for month, n in sorted(missed.items())]
    )
    if found["as"]:
        cases = [f"{each['due_at'][:16]}Z  {each['case']}  {_words(each['kind'])}" for each in found["cases"]]
        yield from _block("Case by case", cases)


def _block(title: str, rows: list[str]) -> Iterator[str]:
    yield ""
    yield title
    yield from (f"  {row}" for row in rows or ["nothing"])


def _words(kind: str) -> str:
    return kind.replace("_", " ")


def _post_line(each: dict[str, Any]) -> str:
    return f"{each['due']:>5}  {label(each['role'])}, {each['installation']}: {_words(each['kind'])}"


def _load_line(each: dict[str, Any]) -> str:
    post = f"{label(each['role'])}, {each['installation']}: {each['due']} due"
    if each["people"] is None:
        return f"{post}; no post of this system"
    if not each["people"]:
        return f"{post}; NOBODY holds it"
    return (
        f"{post}; {each['people']} people, {each['each_week']} a week each, "
        f"{each['times_the_median']} times the median of {each['median']}"
    )
