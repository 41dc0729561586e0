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
