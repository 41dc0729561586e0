"""A Celery whose clock is wrong: `python -m tests.lateness.skewed SECONDS worker …`, in the worker's environment.

Both ways in which Celery and its transports ask for the time are moved, in the worker, its beat and its pool.
"""

import sys
import time
from datetime import datetime, timedelta

OFF = timedelta(seconds=float(sys.argv.pop(1)))


class Wrong(datetime):
    """By a clock that is so far off."""

    @classmethod
    def now(cls, tz=None) -> datetime:
        return datetime.now(tz) + OFF


right = time.time
time.time = lambda: right() + OFF.total_seconds()

from celery.app import base  # noqa: E402
from celery.utils import time as times  # noqa: E402
from celery.worker import request  # noqa: E402

for module in (base, times, request):
    module.datetime = Wrong

from celery.__main__ import main  # noqa: E402

main()
