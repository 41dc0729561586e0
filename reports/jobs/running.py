"""The worker's side of long work: jobs are found by query after each sweep, taken up under a lease, done in steps.

Only counting is done here, by one function of the database that tells the worker nothing (docs/figures.md).
"""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from django.db import DatabaseError, InterfaceError, connection, transaction

from reports import policy
from reports.jobs.models import OPEN, Failure, Job, JobKind, JobState
from sapr import clock

log = logging.getLogger("sapr.jobs")
# Seconds of one sweep in which steps are begun.
BUDGET = 10.0


def run_due(over: Callable[[], bool]) -> int:
    """Go on with what is due until it is done, `over()` says so, or the time is used up; how many were taken up.

    Any number of workers may do so at once. A worker that is killed loses the step it was at; the next one goes on
    after the last step that was committed, when the lease has run out.
    """
    taken, until = 0, monotonic() + BUDGET
    while not over() and monotonic() < until:
        job = take_up(clock.now())
        if job is None:
            break
        taken += 1
        try:
            while not over() and monotonic() < until and step(job):
                pass
        except InterfaceError:
            raise
        except DatabaseError:
            # Tried again when the lease is over, and given up after some times.
            log.exception("job_step_failed", extra={"fields": {"id": str(job.pk)}})
            continue
        let_go(job)
    return taken


def take_up(now: datetime) -> Job | None:
    """The next job that nobody has, leased; None when there is none. One that never gets on has failed."""
    limits = policy.access_rules(now.date()).limits
    due = Job.objects.filter(kind=JobKind.QUARTER_FIGURES, state__in=OPEN, look_at__lte=now).order_by(
        "look_at"
    )
    while True:
        with transaction.atomic():
            job = due.select_for_update(of=("self",), skip_locked=True).first()
            if job is None:
                return None
            if job.attempts < limits["job_attempts"]:
                job.state = JobState.RUNNING if job.done else JobState.LEASED
                job.lease, job.attempts = uuid.uuid4(), job.attempts + 1
                job.look_at = now + timedelta(seconds=limits["job_lease_seconds"])
                job.save(update_fields=["state", "lease", "attempts", "look_at"])
                return job
            job.state, job.failure = JobState.FAILED, Failure.GAVE_UP
            job.save(update_fields=["state", "failure"])


def step(job: Job) -> bool:
    """One step under the job's lease, in one transaction; whether there is more to do."""
    limits = policy.access_rules(clock.now().date()).limits
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT sapr_quarter_step(%s, %s, %s, %s)",
            [job.pk, job.lease, limits["figures_class"], limits["job_lease_seconds"]],
        )
    # It may have been finished, or cancelled by its owner, or the lease may be somebody else's by now.
    return Job.objects.filter(pk=job.pk, lease=job.lease, state=JobState.RUNNING).exists()


def let_go(job: Job) -> None:
    """Somebody else may go on at once."""
    Job.objects.filter(pk=job.pk, lease=job.lease, state__in=OPEN).update(lease=None, look_at=clock.now())
