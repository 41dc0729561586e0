"""What programme managers are shown of a quarter: counted once, in classes, and never again otherwise."""

import uuid

from django.db import models

QUARTER_MONTHS = 3


class QuarterFigure(models.Model):
    """The duties of one installation that were closed in one quarter, in time and late.

    While a job counts, the numbers are exact and nobody reads them. `published_at` comes with the last step, which
    leaves of each number only the lower end of its class of `width`; nothing changes after that.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    quarter = models.DateField(help_text="Its first day.")
    installation = models.ForeignKey(
        "accounts.Location", models.PROTECT, related_name="+", db_constraint=False
    )
    in_time = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    width = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("quarter", "installation", name="reports_quarterfigure_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class YearTally(models.Model):
    """A line of the counts of fiscal years: so many reports more, or fewer. The database writes and reads it alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    signed_fy = models.PositiveSmallIntegerField()
    converted_fy = models.PositiveSmallIntegerField(help_text="0: not converted.")
    was_restricted = models.BooleanField(help_text="As it was signed.")
    reports = models.IntegerField(help_text="Less than 0: so many fewer.")

    class Meta:
        db_table = "reports_yeartally"

    def __str__(self) -> str:
        return str(self.id)


class WorkTally(models.Model):
    """A line of what somebody works on: so many cases with such a report more, or fewer. The database's alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user_id = models.UUIDField()
    role = models.CharField(max_length=20)
    place = models.UUIDField(null=True)
    election = models.CharField(max_length=20)
    cases = models.IntegerField(help_text="Less than 0: so many fewer.")

    class Meta:
        db_table = "reports_worktally"
        indexes = [
            # Reader: sapr_work_counted().
            models.Index(fields=["user_id"], name="reports_worktally_whose"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class DoneTally(models.Model):
    """A line of the duties that were done in what somebody is SARC of: so many more, or fewer. The database's alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user_id = models.UUIDField()
    place = models.UUIDField(null=True)
    since = models.DateTimeField(help_text="An instant of the same month as they, in whichever zone.")
    kind = models.CharField(max_length=60)
    late = models.BooleanField()
    duties = models.IntegerField(help_text="Less than 0: so many fewer.")

    class Meta:
        db_table = "reports_donetally"
        indexes = [
            # Reader: sapr_done_counted().
            models.Index(fields=["user_id", "since"], name="reports_donetally_whose"),
        ]

    def __str__(self) -> str:
        return str(self.id)
