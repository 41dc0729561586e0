"""Reads of jobs: everybody sees their own."""

from uuid import UUID

from django.db.models import QuerySet

from reports.jobs.models import OPEN, Job
from sapr.errors import NotFoundError


def own(*, viewer) -> QuerySet[Job]:
    """The viewer's jobs, the newest first."""
    return Job.objects.filter(owner=viewer).order_by("-asked_at", "id")


def job_get(*, viewer, job_id: UUID) -> Job:
    """One of the viewer's jobs; NotFoundError for one of somebody else and for none alike."""
    job = own(viewer=viewer).filter(pk=job_id).first()
    if job is None:
        raise NotFoundError
    return job


def is_open(job: Job) -> bool:
    """Whether something is still to be done."""
    return job.state in OPEN
