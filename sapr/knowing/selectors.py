"""The account of one of the viewer's cases, read from its events. No seal is opened for it."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from reports.ledger.models import Event
from reports.ledger.selectors import case_events
from sapr.knowing.acts import of_event
from sapr.knowing.deriving import SPINE, Account
from sapr.knowing.directory import Directory
from sapr.knowing.lines import Line, Who
from sapr.knowing.reading import book

ACTS_SHOWN = 25


class Known(NamedTuple):
    """What one reader came to know in all: each thing with the line by which they knew it first."""

    who: Who
    first: dict[str, Line]
    acts: int


def lines_of(*, viewer, case) -> list[Line]:
    """Every line of the case, in the order of its chain."""
    return derived(_read(viewer, case, {*book().telling(), *SPINE}))


def derived(events: Iterable[Event]) -> list[Line]:
    """The lines of events that hold the whole spine of their case, in order."""
    acts = [of_event(each) for each in events]
    account = Account([each for each in acts if each.kind in SPINE], Directory(acts))
    return [line for act in acts for line in account.lines(act)]


def known(lines: Iterable[Line]) -> list[Known]:
    """The readers in the order in which they first came to know something, each with what they knew first by which."""
    found: dict[tuple[str, str], Known] = {}
    for line in lines:
        if line.nothing:
            continue
        key = (line.who.sort, line.who.key)
        who, first, acts = found.get(key, Known(line.who, {}, 0))
        for field in line.fields or ("",):
            first.setdefault(field, line)
        found[key] = Known(who, first, acts + 1)
    return list(found.values())


def older_than(lines: list[Line], before: int | None, acts: int) -> tuple[list[Line], int | None]:
    """The lines of so many acts before that number, newest first, and the number before which it goes on."""
    wanted = [each for each in reversed(lines) if before is None or each.act.seq < before]
    found: list[Line] = []
    for count, (seq, group) in enumerate(groupby(wanted, attrgetter("act.seq"))):
        if count == acts:
            return found, seq + 1
        found += group
    return found, None


def _read(viewer, case, kinds: Iterable[str], newest: int | None = None) -> list[Event]:
    rows = case_events(viewer=viewer, case=case).filter(kind__in=list(kinds)).defer("canonical", "prev_hash")
    return list(rows if newest is None else rows.order_by("-seq")[:newest])
