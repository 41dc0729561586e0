"""Strength tables in versions that only ever get superseded, and the rungs chosen from them."""

import uuid

from django.db import models
from django.db.models import F, Q

from sapr.db import known_values

# No place of this system has more people than this; a larger number is a slip of the keyboard.
MOST_PEOPLE = 1_000_000


# `any` stands in tables from before there were versions. Nobody can be counted by a word that is not said, so such
# rows count for nobody; a file may say it of the component only, which no notice ever prints.


class Sex(models.TextChoices):
    FEMALE = "female", "Female"
    MALE = "male", "Male"
    ANY = "any", "Not said"


class GradeBand(models.TextChoices):
    JUNIOR = "E1-E4", "E-1 to E-4"
    SENIOR = "E5-E9", "E-5 to E-9"
    WARRANT = "W", "Warrant officers"
    OFFICER = "O", "Officers"
    NONE = "none", "Without a grade"
    ANY = "any", "Not said"


class Component(models.TextChoices):
    ACTIVE = "active", "Active"
    RESERVE = "reserve", "Reserve"
    GUARD = "guard", "National Guard"
    ANY = "any", "Not said"


class Status(models.TextChoices):
    MEMBER = "member", "Member"
    DEPENDENT = "dependent", "Dependent"
    CIVILIAN = "civilian", "Civilian"
    ANY = "any", "Not said"


class PlaceWord(models.TextChoices):
    """The words of place that a Restricted notice can print."""

    ON = "on_installation", "On the installation"
    OFF = "off_installation", "Off the installation"


class StrengthTable(models.Model):
    """One version: everything that was said at once of a place and of what lies below it.

    On a day the version recorded last speaks alone for its place and everything below. `recorded_at` is the
    database's, later than that of every version before. A version never changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    location = models.ForeignKey(
        "accounts.Location", models.PROTECT, related_name="strength_tables", db_constraint=False
    )
    recorded_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    recorded_at = models.DateTimeField()
    valid_from = models.DateField()
    valid_to = models.DateField()
    sha256 = models.CharField(max_length=64, help_text="Of the file's bytes in UTF-8.")
    rows = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint("recorded_at", name="notifications_strengthtable_one_after_the_other"),
            models.CheckConstraint(
                name="notifications_strengthtable_sha256_is_one",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="notifications_strengthtable_period", condition=Q(valid_to__gte=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Strength(models.Model):
    """People on the books of a location itself, by group, in a period; its units have rows of their own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    table = models.ForeignKey(StrengthTable, models.PROTECT, related_name="groups")
    location = models.ForeignKey(
        "accounts.Location", models.PROTECT, related_name="strength", db_constraint=False
    )
    valid_from = models.DateField()
    valid_to = models.DateField()
    sex = models.CharField(max_length=10, choices=Sex)
    grade_band = models.CharField(max_length=10, choices=GradeBand)
    component = models.CharField(max_length=10, choices=Component, default=Component.ANY)
    status = models.CharField(max_length=10, choices=Status, default=Status.ANY)
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            known_values("notifications_strength", "sex", Sex),
            known_values("notifications_strength", "grade_band", GradeBand),
            known_values("notifications_strength", "component", Component),
            known_values("notifications_strength", "status", Status),
            models.CheckConstraint(
                name="notifications_strength_people_possible", condition=Q(people__lte=MOST_PEOPLE)
            ),
            models.CheckConstraint(
                name="notifications_strength_period", condition=Q(valid_to__gte=F("valid_from"))
            ),
            models.UniqueConstraint(
                "table",
                "location",
                "valid_from",
                "sex",
                "grade_band",
                "component",
                "status",
                name="notifications_strength_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class SharePresent(models.Model):
    """The least share of a location's people who are there in a period, not deployed, on leave or away."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    table = models.ForeignKey(StrengthTable, models.PROTECT, related_name="present")
    location = models.ForeignKey("accounts.Location", models.PROTECT, related_name="+", db_constraint=False)
    valid_from = models.DateField()
    valid_to = models.DateField()
    percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="notifications_sharepresent_percent", condition=Q(percent__lte=100)),
            models.CheckConstraint(
                name="notifications_sharepresent_period", condition=Q(valid_to__gte=F("valid_from"))
            ),
            models.UniqueConstraint(
                "table", "location", "valid_from", name="notifications_sharepresent_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Correlation(models.Model):
    """What a printed word of place gives away at an installation: a unit, or a sex."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    table = models.ForeignKey(StrengthTable, models.PROTECT, related_name="correlations")
    valid_from = models.DateField()
    valid_to = models.DateField()
    place = models.CharField(max_length=20, choices=PlaceWord)
    unit = models.ForeignKey(
        "accounts.Location", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    sex = models.CharField(max_length=10, choices=Sex, blank=True)

    class Meta:
        constraints = [
            known_values("notifications_correlation", "place", PlaceWord),
            known_values("notifications_correlation", "sex", Sex, blank=True),
            models.CheckConstraint(
                name="notifications_correlation_one_thing",
                condition=Q(unit__isnull=False, sex="") | Q(unit=None, sex__in=[Sex.FEMALE, Sex.MALE]),
            ),
            models.CheckConstraint(
                name="notifications_correlation_period", condition=Q(valid_to__gte=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
