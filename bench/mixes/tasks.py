"""Tasks for the worker, until all are done: `python -m bench.mixes.tasks NUMBER` in a size's environment.

Each reaches the database and leaves an event; every so many times all that falls due is looked for as well.
"""

import sys
import time

import django

SWEEPS, PATIENCE = 25, 1200.0
DONE = """
SELECT count(*) FROM reports_event
WHERE case_id = '00000000-0000-0000-0000-000000000000' AND kind = 'worker_pinged'
"""


def done(number: int) -> None:
    """Send so many and wait for the last."""
    from bench.load.filling import connect
    from sapr.celery import wake

    admin = connect()

    def pinged() -> int:
        return (admin.execute(DONE).fetchone() or [0])[0]

    until = pinged() + number
    for nth in range(number):
        wake("sapr.ping")
        if nth % SWEEPS == 0:
            wake("notifications.sweep")
    limit = time.monotonic() + PATIENCE
    while pinged() < until:
        if time.monotonic() > limit:
            raise SystemExit("The worker did not do all its tasks in time.")
        time.sleep(0.5)


if __name__ == "__main__":
    django.setup()
    done(int(sys.argv[1]))
