"""Sweepers that die by kill -9 at a named point: `python -m tests.notices.failing` in the worker's environment.

Each line on standard input is a point, `drain:where`, or `none`; the answer is how the forked sweeper ended. One that
was forked from a loaded process starts in milliseconds, and is a process with a session of its own all the same.
"""

import os
import signal
import sys
from dataclasses import replace

os.environ["SAPR_ROLE"] = "worker"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapr.settings")

import django

django.setup()

from django.db import transaction  # noqa: E402

from notifications import placing, sweeping  # noqa: E402
from notifications.lateness import climbing  # noqa: E402
from notifications.models import InboxItem  # noqa: E402
from reports import policy  # noqa: E402

# After the call of what, on the way through one item.
WRITTEN = {
    "item_written": (InboxItem, "save"),
    "event_written": (placing, "append"),
    "duty_closed": (placing, "discharge"),
    "telling_said": (climbing, "append"),
}


def die(*args: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str) -> None:
    """Let this process die at the point, the first time it comes there."""
    name, _, where = point.partition(":")
    if where in WRITTEN:
        owner, attribute = WRITTEN[where]
        real = getattr(owner, attribute)
        setattr(owner, attribute, lambda *args, **kwargs: (real(*args, **kwargs), die()))
        return
    number = next(n for n, drain in enumerate(sweeping.DRAINS) if drain.name == name)
    drain = sweeping.DRAINS[number]

    def do(row, now) -> None:
        if where == "claimed":
            die()
        drain.do(row, now)
        if where == "before_commit":
            die()
        transaction.on_commit(die)

    sweeping.DRAINS[number] = replace(drain, do=do)


def main() -> None:
    policy.default_policy()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            if line.strip() != "none":
                arm(line.strip())
            sweeping.sweep()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(
            "killed" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL else status,
            flush=True,
        )


if __name__ == "__main__":
    main()
