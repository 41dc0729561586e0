"""One table for long work. What a job is about stands in the table of its kind, never here."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sapr.db import known_values


class JobKind(models.TextChoices):
    """What is done. The worker does the first, which reads counts alone; the browser of who asked drives the second."""

    QUARTER_FIGURES = "quarter_figures", _("Figures of a quarter")
    EXPORT = "export", _("Making an export")


class JobState(models.TextChoices):
    QUEUED = "queued", _("Waits")
    LEASED = "leased", _("Taken up")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Failure(models.TextChoices):
    """Why a job failed. Words of this list: an error's own text could be content."""

    GAVE_UP = "gave_up", _("It was begun several times without getting on. Ask again later.")
    TOO_LATE = "too_late", _("Its time was over before it was done.")


OPEN = (JobState.QUEUED, JobState.LEASED, JobState.RUNNING)


class Job(models.Model):
    """`done` of `total` steps; each step commits with what it wrote, so whoever goes on begins after the last one.

    `look_at`: not taken up before; while somebody has it (`lease`), the end of the lease, a minute away at most.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=15, choices=JobKind)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False)
    state = models.CharField(max_length=9, choices=JobState, default=JobState.QUEUED)
    quarter = models.DateField(null=True, help_text="The first day of the quarter, for its figures.")
    export = models.ForeignKey("reports.Export", models.PROTECT, null=True, related_name="jobs")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    look_at = models.DateTimeField()
    lease = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="Leases since the last step that was done."
    )
    ended_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=8, choices=Failure, blank=True)

    class Meta:
        constraints = [
            known_values("reports_job", "kind", JobKind),
            known_values("reports_job", "state", JobState),
            known_values("reports_job", "failure", Failure, blank=True),
            models.CheckConstraint(
                name="reports_job_about_one_thing",
                condition=Q(kind=JobKind.QUARTER_FIGURES, quarter__isnull=False, export=None)
                | Q(kind=JobKind.EXPORT, quarter=None, export__isnull=False),
            ),
            models.CheckConstraint(name="reports_job_done_of_total", condition=Q(done__lte=F("total"))),
            models.CheckConstraint(
                name="reports_job_ended_iff_over",
                condition=Q(state__in=OPEN, ended_at=None) | ~Q(state__in=OPEN) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="reports_job_failed_for_a_reason",
                condition=Q(state=JobState.FAILED) & ~Q(failure="")
                | ~Q(state=JobState.FAILED) & Q(failure=""),
            ),
            # One at a time for one thing; figures of a quarter once for ever.
            models.UniqueConstraint(
                "quarter",
                name="reports_job_quarter_once",
                condition=Q(state__in=[*OPEN, JobState.FINISHED]),
            ),
            models.UniqueConstraint("export", name="reports_job_export_once", condition=Q(state__in=OPEN)),
        ]
        indexes = [
            # Reader: the worker, after each sweep.
            models.Index(
                fields=["look_at"],
                condition=Q(kind=JobKind.QUARTER_FIGURES, state__in=OPEN),
                name="reports_job_due",
            ),
            # Reader: the list of one's own jobs.
            models.Index(fields=["owner", "-asked_at"], name="reports_job_own"),
        ]

    def __str__(self) -> str:
        return str(self.id)
