"""Sweepers forked from a process that has loaded everything: one starts in a few milliseconds instead of seconds.

`python -m bench.faults.nursery` in the worker's environment: for each line on standard input it answers with the number
of a new process, which runs the bare loop of `manage.py duties loop` with a connection of its own.
"""

import os
import signal
import sys

EVERY = 0.2


def main() -> None:
    os.environ["SAPR_ROLE"] = "worker"
    import django

    django.setup()
    from launcher import process
    from notifications.management.commands.duties import run
    from reports import policy

    policy.default_policy()
    # Nobody waits for those that were killed.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    die_with_us = process.die_with_parent(signal.SIGKILL)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            die_with_us()
            # Read by libpq: by this name the run finds the session of the process it kills.
            os.environ["PGAPPNAME"] = f"sweeper-{os.getpid()}"
            try:
                run(EVERY)
            finally:
                os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
