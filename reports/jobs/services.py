"""What a person does with a job of theirs."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from reports import access
from reports.jobs import selectors
from reports.jobs.models import OPEN, Job, JobState
from reports.validation import instant
from sapr.errors import DomainError

# Whoever may ask for long work.
VERBS = ("export_ask", "figures_all")


def queue(job: Job, *, again: str, path: str = "") -> Job:
    """Queue a job for its owner, in the caller's transaction. `again`: what is said when the same is under way."""
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        raise DomainError("already_asked", again, path=path, status=409) from None
    return job


@access.service
def job_cancel(*, actor, job_id: UUID, at: datetime) -> Job:
    """Stop it before its next step. What was written by then of figures is not shown, and of an export not fetched."""
    if not access.may(actor, VERBS[0]):
        access.require(actor, VERBS[1])
    instant(at, "at")
    job = selectors.job_get(viewer=actor, job_id=job_id)
    if Job.objects.filter(pk=job.pk, state__in=OPEN).update(state=JobState.CANCELLED) != 1:
        raise DomainError("already_over", "This is over already; there is nothing to cancel.", status=409)
    job.refresh_from_db()
    return job
