"""What the case app tells whoever composes notices: a duty opened; who is involved changed; what is sealed changed.

`reports` never imports `notifications`; `notifications.apps.ready()` registers its composer here and a system
check fails when none is registered.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

_listeners: list[Callable[..., Any]] = []
_ahead: list[Callable[..., Any]] = []
_involved: list[Callable[..., Any]] = []
_contents: list[tuple[Callable[..., Any], Callable[..., Any]]] = []
_previews: list[Callable[..., Any]] = []
_minimal: list[Callable[[date], str]] = []
_entered: list[Callable[..., Any]] = []


def register(listener: Callable[..., Any]) -> None:
    """Call `listener(duties=…, actor=…, at=…)` inside the transaction that opens duties: all that one event opened."""
    if listener not in _listeners:
        _listeners.append(listener)


def register_ahead(listener: Callable[..., Any]) -> None:
    """Call `listener(case=…, plan=…, actor=…, at=…)` in an act before it writes what opens the duties of the plan."""
    if listener not in _ahead:
        _ahead.append(listener)


def register_involved(listener: Callable[..., Any]) -> None:
    """Call `listener(case=…, actor=…, at=…)` when a case learns of another unit commander or offender."""
    if listener not in _involved:
        _involved.append(listener)


def register_contents(before: Callable[..., Any], after: Callable[..., Any]) -> None:
    """Call `before(case=…)`, then `after(case=…, actor=…, at=…, fields=…)`, around the writing of sealed contents."""
    if (before, after) not in _contents:
        _contents.append((before, after))


def register_preview(listener: Callable[..., Any]) -> None:
    """Call `listener(case=…, plan=…, viewer=…, at=…, purpose=…)` for what the duties of a plan would tell whom."""
    if listener not in _previews:
        _previews.append(listener)


def register_minimal(words: Callable[[date], str]) -> None:
    """Ask `words(day)` for the exact bytes of the barest notice, placed where nothing else is lawful."""
    _minimal[:] = [words]


def register_entered(listener: Callable[..., Any]) -> None:
    """Call `listener(cursor=…, duties=…)` for duties of earlier cases that are entered open, in bulk."""
    if listener not in _entered:
        _entered.append(listener)


def entered_open(*, cursor, duties: list[tuple[str, str, Any, datetime]]) -> None:
    """Tell the listeners which duties an import entered open: id, case, the rules' row, due instant.

    `cursor`: of the owner's session that enters them. None of them is a notice's, and nobody is told of any now.
    """
    for listener in _entered if duties else ():
        listener(cursor=cursor, duties=duties)


def minimal_words(on: date) -> str:
    """The exact bytes of the barest notice by the rules of a day."""
    return _minimal[0](on)


def previewed(*, case, plan, viewer, at, purpose: str) -> list[Any]:
    """What the listeners would send for these duties; writes nothing but that seals were opened for it."""
    return [
        found
        for listener in _previews
        for found in listener(case=case, plan=plan, viewer=viewer, at=at, purpose=purpose)
    ]


def ahead(*, case, plan, actor, at) -> None:
    """Tell the listeners what an act will open: they ask in time for what they will need. Past all its refusals."""
    for listener in _ahead:
        listener(case=case, plan=plan, actor=actor, at=at)


def involved_changed(*, case, actor, at) -> None:
    """Tell the listeners that other people are involved in the case than were known."""
    for listener in _involved:
        listener(case=case, actor=actor, at=at)


def contents_changing(*, case) -> None:
    """Tell the listeners, before the first write, that sealed contents of the case are about to change."""
    for before, _ in _contents:
        before(case=case)


def contents_changed(*, case, actor, at, fields: Collection[str]) -> None:
    """Tell the listeners which sealed fields of the case were written."""
    for _, after in _contents:
        after(case=case, actor=actor, at=at, fields=fields)


def registered() -> bool:
    """Whether anybody listens."""
    return bool(_listeners and _involved and _contents and _previews and _minimal and _entered)


def on_opened(*, duties: list[Any], actor, at) -> None:
    """Tell the listeners which duties of a case one event opened; what they write commits with them or not at all."""
    for listener in _listeners if duties else ():
        listener(duties=duties, actor=actor, at=at)


@contextmanager
def instead(listener: Callable[..., Any]) -> Iterator[None]:
    """For the block only this listener is told of opened duties: a world is made of what happened long ago."""
    before, early = list(_listeners), list(_ahead)
    _listeners[:], _ahead[:] = [listener], []
    try:
        yield
    finally:
        _listeners[:], _ahead[:] = before, early
