"""The rung of an addressee for a quarter, what was decided for each notice by it, and what was told to whom."""

import uuid

from django.db import models
from django.db.models import Q

# How long it may be is the column's to say: PostgreSQL takes fifty times as long for an expression that counts to 160.
RUNG_SHAPE = r"^[a-z][a-z0-9_.=:,;+-]*$"
MINIMAL = "minimal"


class UnitRung(models.Model):
    """How much a Restricted notice to this location may say in a quarter: chosen from strength data alone.

    `quarter`: its first day by the location's calendar. `turn` 0 is the quarter's own choice; a later one follows only
    when a newer strength table no longer carries the one before. The one with the highest turn stands. `k` and
    `numbers` (by prior) are how many people the words could be about; `tables` the versions and `rules` the rules
    that it was chosen by. Never changed, never deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    location = models.ForeignKey(
        "accounts.Location", models.PROTECT, related_name="rungs", db_constraint=False
    )
    quarter = models.DateField()
    turn = models.PositiveSmallIntegerField(default=0)
    rung = models.CharField(max_length=160)
    k = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    numbers = models.JSONField(default=dict)
    tables = models.JSONField(default=list)
    rules = models.JSONField(default=list)
    # Of the smallest class that the words could point at: how many are on the books, and its groups without places.
    smallest = models.PositiveIntegerField(null=True)
    examples = models.JSONField(default=list)
    # The classes that were counted, as the engine prints them: [sex, grade, status, place].
    classes = models.JSONField(default=list)
    confirm = models.BooleanField(
        default=False, help_text="A release needs the SARC's explicit confirmation."
    )
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("location", "quarter", "turn", name="notifications_unitrung_once"),
            models.CheckConstraint(
                name="notifications_unitrung_rung_is_a_key", condition=Q(rung__regex=RUNG_SHAPE)
            ),
            models.CheckConstraint(
                name="notifications_unitrung_minimal_without_number",
                condition=Q(rung=MINIMAL, confirm=False) | ~Q(rung=MINIMAL) & Q(k__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class RungClock(models.Model):
    """When a location's next rung is chosen: one for each with a senior commander's post, made with that post."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    location = models.OneToOneField(
        "accounts.Location", models.PROTECT, related_name="rung_clock", db_constraint=False
    )
    look_at = models.DateTimeField()

    class Meta:
        indexes = [
            # Reader: the sweep.
            models.Index(fields=["look_at"], name="notifications_rungclock_due"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class DecisionStage(models.TextChoices):
    COMPOSED = "composed", "Composed"
    RELEASED = "released", "Released"
    PLACED = "placed", "Placed"


class NoticeDecision(models.Model):
    """Why a Restricted notice says what it says: one row when it was composed, released and placed.

    `unit_rung`: what its addressee's rung was then. `approvers`: ids of those who released it (more than one for words
    finer than the rung). `coarsened`: by the draw that keeps a coarser notice from standing out. `confirm_rule`: the
    rule under which the SARC confirmed that no local knowledge breaks it. Ids, numbers and hashes; no content.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Found by its notice (the unique key): indexes of the others would be written with each and read by nobody.
    notice = models.ForeignKey(
        "notifications.Notice", models.PROTECT, related_name="decisions", db_index=False
    )
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="+", db_index=False)
    stage = models.CharField(max_length=8, choices=DecisionStage)
    unit_rung = models.ForeignKey(UnitRung, models.PROTECT, null=True, related_name="+", db_index=False)
    rung = models.CharField(max_length=160)
    k = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    numbers = models.JSONField(default=dict)
    tables = models.JSONField(default=list)
    rules = models.JSONField(default=list)
    coarsened = models.BooleanField(default=False)
    confirm_rule = models.CharField(max_length=10, blank=True)
    approvers = models.JSONField(default=list)
    slot = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notifications_noticedecision_stage_known",
                condition=Q(stage__in=DecisionStage.values),
            ),
            models.UniqueConstraint("notice", "stage", name="notifications_noticedecision_once"),
            models.CheckConstraint(
                name="notifications_noticedecision_rung_is_a_key", condition=Q(rung__regex=RUNG_SHAPE)
            ),
            models.CheckConstraint(
                name="notifications_noticedecision_sha256_is_one",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="notifications_noticedecision_slot_once_released",
                condition=Q(stage=DecisionStage.COMPOSED, slot=None)
                | ~Q(stage=DecisionStage.COMPOSED) & Q(slot__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Told(models.Model):
    """What a reader was told: one row for each Restricted notice that lies in an inbox, written by the database.

    Of no case: it holds what the reader of that location holds. The engine is fed with it at the next choice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    location = models.ForeignKey(
        "accounts.Location", models.PROTECT, related_name="told", db_constraint=False
    )
    unit_rung = models.ForeignKey(UnitRung, models.PROTECT, null=True, related_name="+")
    rung = models.CharField(max_length=160)
    body = models.TextField()
    slot = models.DateTimeField()

    class Meta:
        indexes = [
            # Reader: the choice of the next rung, for a reader and those above and below.
            models.Index(fields=["location", "slot"], name="notifications_told_of_location"),
        ]

    def __str__(self) -> str:
        return str(self.id)
