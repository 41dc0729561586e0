"""What somebody looks for again and again: words of lists, one's own, nobody else's."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reports.finding.words import Due, KitWord, Name, Opened, Role, Running, Stands
from sapr.db import known_values


class SavedFilter(models.Model):
    """One kept filter. A person has one of each name, so keeping it again replaces it. No text is ever typed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False)
    name = models.CharField(max_length=10, choices=Name)
    stands = models.CharField(max_length=12, choices=Stands, blank=True, default="")
    running = models.CharField(max_length=6, choices=Running, blank=True, default="")
    place = models.ForeignKey(
        "accounts.Location", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    role = models.CharField(max_length=7, choices=Role, blank=True, default="")
    due = models.CharField(max_length=7, choices=Due, blank=True, default="")
    kit = models.CharField(max_length=8, choices=KitWord, blank=True, default="")
    opened = models.CharField(max_length=10, choices=Opened, blank=True, default="")
    opened_from = models.DateField(null=True)
    opened_to = models.DateField(null=True)

    class Meta:
        constraints = [
            known_values("reports_savedfilter", "name", Name),
            known_values("reports_savedfilter", "stands", Stands, blank=True),
            known_values("reports_savedfilter", "running", Running, blank=True),
            known_values("reports_savedfilter", "role", Role, blank=True),
            known_values("reports_savedfilter", "due", Due, blank=True),
            known_values("reports_savedfilter", "kit", KitWord, blank=True),
            known_values("reports_savedfilter", "opened", Opened, blank=True),
            models.CheckConstraint(
                name="reports_savedfilter_days_in_order",
                condition=Q(opened_from=None) | Q(opened_to=None) | Q(opened_to__gte=F("opened_from")),
            ),
            models.UniqueConstraint("owner", "name", name="reports_savedfilter_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)
