"""Dying at a chosen point of an act of the key store."""

import os
import signal
from collections.abc import Callable
from pkgutil import resolve_name
from unittest.mock import patch


def killed(act: Callable[[], object], target: str, call: int) -> bool:
    """Run the act in a process of its own that kills itself at that call; whether it came so far.

    The child is left without another word, so that it ends no session of this process's.
    """
    child = os.fork()
    if child == 0:
        left = [call]

        def die_at_last(original):
            def run(*args, **kwargs):
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return original(*args, **kwargs)

            return run

        module, _, name = target.rpartition(".")
        owner = resolve_name(module)
        with patch.object(owner, name, die_at_last(getattr(owner, name))):
            try:
                act()
            finally:
                os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
