"""The one hook the case app offers: who composes a notice when a duty opens.

`reports` never imports `notifications`; `notifications.apps.ready()` registers its composer here and a system
check fails when none is registered.
"""

from collections.abc import Callable
from typing import Any

_listeners: list[Callable[..., Any]] = []


def register(listener: Callable[..., Any]) -> None:
    """Call `listener(duty=…, actor=…, at=…)` inside the transaction that opens each duty."""
    if listener not in _listeners:
        _listeners.append(listener)


def registered() -> bool:
    """Whether anybody listens."""
    return bool(_listeners)


def on_opened(*, duty, actor, at) -> None:
    """Tell the listeners that a duty opened; what they write commits with it or not at all."""
    for listener in _listeners:
        listener(duty=duty, actor=actor, at=at)
