"""Who may see and do what: the one place that decides; row-level security is the second line behind it.

`decide` answers for one object, `rows` is the same answer as a queryset; both read the policy's access rows
(docs/access.md). "Not yours" and "not there" are the same answer.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from reports import policy
from reports.access.deciding import Answer, Stands, decide, may, may_on, require, require_on
from reports.access.held import Standing
from reports.access.holding import holding
from reports.access.listing import CaseLine, case_lines
from reports.access.looks import STOPPED, entering, looked
from reports.access.objects import state_in_words
from reports.access.openings import (
    hold_openings,
    open_each_for,
    open_for,
    open_read_for,
    require_within_limit,
)
from reports.access.querysets import case_for, case_ids, cases, of_case, rows, whole_of_case
from reports.access.viewing import service, viewing
from sapr.errors import NotFoundError


class _Verbs(Mapping[str, frozenset[str]]):
    """Every verb, and the roles that the newest rows grant it to in any scope."""

    def __getitem__(self, verb: str) -> frozenset[str]:
        return policy.access_rules(date.max).verbs[verb]

    def __iter__(self) -> Iterator[str]:
        return iter(policy.access_rules(date.max).verbs)

    def __len__(self) -> int:
        return len(policy.access_rules(date.max).verbs)


VERBS = _Verbs()

__all__ = [
    "STOPPED",
    "VERBS",
    "Answer",
    "CaseLine",
    "NotFoundError",
    "Standing",
    "Stands",
    "case_for",
    "case_ids",
    "case_lines",
    "cases",
    "decide",
    "entering",
    "hold_openings",
    "holding",
    "looked",
    "may",
    "may_on",
    "of_case",
    "open_each_for",
    "open_for",
    "open_read_for",
    "require",
    "require_on",
    "require_within_limit",
    "rows",
    "service",
    "state_in_words",
    "viewing",
    "whole_of_case",
]
