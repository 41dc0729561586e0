"""What is asked once: by a page while it only looks, and by one writer where the clock stands.

A page is drawn as of one instant, in one transaction: who holds which role is asked once for all its lists. The first
write ends that, and the database checks every statement by its own clock all the same.

One writer makes invented worlds: thousands of steps stand at an instant of their own each, and nobody else writes. In a
real database time passes and others act, so that is refused there.

One act is a service from where it holds its locks to its end: it is done as of one instant, by somebody who holds the
roles of that instant.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache, wraps
from inspect import unwrap
from typing import Any, NamedTuple, TypeVar

from sapr.errors import DomainError
from sapr.models import Kind

Asked = TypeVar("Asked", bound=Callable[..., Any])
_UNASKED = object()
_innermost = cache(unwrap)


class Stand:
    """Where the clock stands, and what was answered there."""

    def __init__(self) -> None:
        self.at: datetime | None = None
        self.answers: dict[Any, Any] = {}
        self.lasting: dict[Any, Any] = {}

    def move(self, at: datetime) -> None:
        """The clock was moved to that instant."""
        self.at = at
        self.answers.clear()


_stand: ContextVar[Stand | None] = ContextVar("stand", default=None)


# What was answered to the page that looks; None where nobody only looks.
_look: ContextVar[dict[Any, Any] | None] = ContextVar("look", default=None)


# What was answered to the act that is being done.
_act: ContextVar[dict[Any, Any] | None] = ContextVar("act", default=None)


@contextmanager
def one_act() -> Iterator[None]:
    """For the block, `asked_in_an_act` asks once. Of a service that changes none of what it marks, its locks held."""
    before = _act.set({})
    try:
        yield
    finally:
        _act.reset(before)


def instant() -> datetime | None:
    """Where the clock stands in this block; None outside of one: ask the database."""
    stand = _stand.get()
    return stand.at if stand else None


@contextmanager
def one_look() -> Iterator[None]:
    """For the block, or until `wrote`, what `asked_once` and `asked_in_a_look` mark is asked once."""
    before = _look.set({})
    try:
        yield
    finally:
        _look.reset(before)


def told(function: Callable[..., Any], *args: Any, answer: Any) -> None:
    """A look that is going on need not ask this any more: another question answered it. Elsewhere nothing is kept."""
    look = _look.get()
    if look is not None:
        look[(_innermost(function), *args)] = answer


def wrote() -> None:
    """Somebody writes: from here on every read asks again."""
    _look.set(None)


@contextmanager
def by_one_writer(kind: str) -> Iterator[Stand]:
    """For the block `clock.now()` is where its `Stand` was moved to, and `asked_once` remembers.

    `kind`: the database's; a real one is refused.
    """
    if kind == Kind.REAL:
        raise DomainError("real_database", "In a real database time passes; its clock stands nowhere.")
    before = _stand.set(Stand())
    try:
        yield _stand.get()
    finally:
        _stand.reset(before)


def answered(function: Callable[..., Any], *args: Any) -> Any:
    """What a lasting read answered in this block, to be kept true by whoever writes; None if it was not asked."""
    stand = _stand.get()
    return stand.lasting.get((function.__wrapped__, *args)) if stand else None  # type: ignore[attr-defined]


def asked_once(*, lasting: bool = False) -> Callable[[Asked], Asked]:
    """Where the clock stands, a read is made once per arguments and instant; `lasting`: once in the block.

    A page that only looks asks once, too. Elsewhere every call asks. The arguments are hashable and the answer is not
    changed by its readers.
    """

    def mark(function: Asked) -> Asked:
        @wraps(function)
        def ask(*args: Any) -> Any:
            stand = _stand.get()
            if stand is None:
                return _kept(_look.get(), function, args)
            return _kept(stand.lasting if lasting else stand.answers, function, args)

        return ask  # type: ignore[return-value]

    return mark


def asked_in_a_look(function: Asked) -> Asked:
    """A page that only looks asks once per arguments; elsewhere every call asks."""

    @wraps(function)
    def ask(*args: Any) -> Any:
        return _kept(_look.get(), function, args)

    return ask  # type: ignore[return-value]


def told_in_an_act(function: Callable[..., Any], *args: Any, answer: Any) -> None:
    """The act that is being done need not ask this again: another question answered it. Elsewhere nothing is kept."""
    act = _act.get()
    if act is not None:
        act[(function.__wrapped__, *args)] = answer  # type: ignore[attr-defined]


class Later(NamedTuple):
    """An answer on its way, as `told_in_an_act` takes one: it is waited for when it is first needed."""

    answer: Callable[[], Any]


def asked_in_an_act(function: Asked) -> Asked:
    """One act asks once per arguments; elsewhere every call asks, or what else the function is marked with."""

    @wraps(function)
    def ask(*args: Any) -> Any:
        return _kept(_act.get(), function, args)

    return ask  # type: ignore[return-value]


def _kept(answers: dict[Any, Any] | None, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    if answers is None:
        return function(*args)
    key = (function, *args)
    # Looked for once: rows among the arguments are hashed each time.
    found = answers.get(key, _UNASKED)
    if found is _UNASKED:
        found = answers[key] = function(*args)
    elif isinstance(found, Later):
        found = answers[key] = found.answer()
    return found
