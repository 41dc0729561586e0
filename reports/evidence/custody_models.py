"""Custody: every hop of a kit as a row that both sides sign, stages on the way, holds, and the end by two persons.

All of it hangs on the holder's card and names no case. The database writes what happened on the case's own chain.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reports.erasure.models import HoldReason
from reports.evidence.models import AT_A_POST, OUTSIDE, Holder, KitCard
from sapr.db import known_values

# A number printed on a seal or a receipt; nothing that could be a sentence or a name in small letters.
PRINTED = r"^[A-Z0-9][A-Z0-9/-]{0,23}$"


class Purpose(models.TextChoices):
    STORE = "store", "To be stored"
    INVESTIGATE = "investigate", "Taken into custody by the MCIO"
    TRANSPORT = "transport", "To be carried"
    TEST = "test", "To be examined in a laboratory"
    GIVE_BACK = "give_back", "Back to the SARC's side"


class Condition(models.TextChoices):
    GOOD = "good", "In good order"
    DAMAGED = "damaged", "Container damaged"
    WET = "wet", "Wet or leaking"
    OPENED = "opened", "Opened"


class HopState(models.TextChoices):
    OFFERED = "offered", "Waits for the receiver"
    ACCEPTED = "accepted", "Received"
    REFUSED = "refused", "Refused by the receiver"
    WITHDRAWN = "withdrawn", "Taken back by the giver"


class Custody(models.Model):
    """One hop: who gave, who received, the seal and the condition as each found them.

    Written by the giver, answered once by the receiver, another person; to a party outside, the receipt number answers
    at once. `hop`, giver and the three hashes are the database's: each row holds its forerunner's last hash.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    card = models.ForeignKey(KitCard, models.PROTECT, related_name="hops")
    hop = models.PositiveIntegerField()
    giver = models.CharField(max_length=11, choices=Holder)
    from_post = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    receiver = models.CharField(max_length=11, choices=Holder)
    to_post = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    purpose = models.CharField(max_length=11, choices=Purpose)
    seal_number = models.CharField(max_length=24, blank=True)
    seal_intact = models.BooleanField()
    condition = models.CharField(max_length=7, choices=Condition)
    photo_sha256 = models.CharField(max_length=64, blank=True)
    receipt = models.CharField(max_length=24, blank=True)
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    state = models.CharField(max_length=9, choices=HopState, default=HopState.OFFERED)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    seal_found_intact = models.BooleanField(null=True)
    condition_found = models.CharField(max_length=7, choices=Condition, blank=True)
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    answer_hash = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints = [
            known_values("reports_custody", "giver", Holder),
            known_values("reports_custody", "receiver", Holder),
            known_values("reports_custody", "purpose", Purpose),
            known_values("reports_custody", "condition", Condition),
            known_values("reports_custody", "condition_found", Condition, blank=True),
            known_values("reports_custody", "state", HopState),
            models.UniqueConstraint("card", "hop", name="reports_custody_one_way"),
            # One offer at a time, so that nobody can promise a kit twice.
            models.UniqueConstraint(
                "card", name="reports_custody_one_offer", condition=Q(state=HopState.OFFERED)
            ),
            models.CheckConstraint(
                name="reports_custody_post_iff_it_has_one",
                condition=Q(receiver__in=AT_A_POST, to_post__isnull=False)
                | ~Q(receiver__in=AT_A_POST) & Q(to_post=None),
            ),
            models.CheckConstraint(
                name="reports_custody_receipt_of_outsiders",
                condition=~Q(receiver__in=OUTSIDE) | Q(receipt__regex=PRINTED, answered_by=None),
            ),
            models.CheckConstraint(
                name="reports_custody_purpose_fits",
                condition=Q(purpose=Purpose.STORE, receiver__in=AT_A_POST)
                | Q(purpose=Purpose.INVESTIGATE, receiver=Holder.MCIO)
                | Q(
                    purpose=Purpose.TRANSPORT, receiver__in=[Holder.COURIER_MILITARY, Holder.COURIER_CIVILIAN]
                )
                | Q(purpose=Purpose.TEST, receiver__in=[Holder.LAB_DEFENSE, Holder.LAB_CIVILIAN])
                | Q(purpose=Purpose.GIVE_BACK, receiver=Holder.SARC),
            ),
            models.CheckConstraint(
                name="reports_custody_printed",
                condition=(Q(seal_number="") | Q(seal_number__regex=PRINTED))
                & (Q(receipt="") | Q(receipt__regex=PRINTED))
                & (Q(photo_sha256="") | Q(photo_sha256__regex=r"^[0-9a-f]{64}$")),
            ),
            models.CheckConstraint(
                name="reports_custody_answered_iff_not_offered",
                condition=Q(state=HopState.OFFERED, answered_at=None, answered_by=None, answer_hash=None)
                | ~Q(state=HopState.OFFERED) & Q(answered_at__gte=F("offered_at"), answer_hash__isnull=False),
            ),
            models.CheckConstraint(
                name="reports_custody_two_persons",
                condition=~Q(state__in=[HopState.ACCEPTED, HopState.REFUSED])
                | Q(receiver__in=OUTSIDE)
                | Q(answered_by__isnull=False) & ~Q(answered_by=F("offered_by")),
            ),
            models.CheckConstraint(
                name="reports_custody_found_iff_accepted",
                condition=~Q(state=HopState.ACCEPTED)
                | Q(receiver__in=OUTSIDE)
                | Q(seal_found_intact__isnull=False) & ~Q(condition_found=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Stage(models.TextChoices):
    """Where in the store it lies; how far a laboratory came; that the holder told the SARC of the end (CK-19)."""

    SHELF = "shelf", "On a shelf of the evidence room"
    REFRIGERATOR = "refrigerator", "In the refrigerator"
    FREEZER = "freezer", "In the freezer"
    SAFE = "safe", "In a safe"
    LAB_BEGUN = "lab_begun", "Examination begun"
    LAB_DONE = "lab_done", "Examination finished"
    LAB_REPORTED = "lab_reported", "Result reported"
    EXPIRY_TOLD = "expiry_told", "SARC told that the time runs out"


PLACES = (Stage.SHELF, Stage.REFRIGERATOR, Stage.FREEZER, Stage.SAFE)
AT_THE_LABORATORY = (Stage.LAB_BEGUN, Stage.LAB_DONE, Stage.LAB_REPORTED)


class KitStage(models.Model):
    """One stage of a kit with its instant, said by who answers for it; kept as it was said."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    card = models.ForeignKey(KitCard, models.PROTECT, related_name="stages")
    post = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    stage = models.CharField(max_length=12, choices=Stage)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False)

    class Meta:
        constraints = [known_values("reports_kitstage", "stage", Stage)]

    def __str__(self) -> str:
        return str(self.id)


class KitHold(models.Model):
    """While one is open the kit is not destroyed, however old it is (KH-07)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    card = models.ForeignKey(KitCard, models.PROTECT, related_name="holds")
    post = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    reason = models.CharField(max_length=20, choices=HoldReason)
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )

    class Meta:
        constraints = [
            known_values("reports_kithold", "reason", HoldReason),
            # Each side's own: a holder does not learn what the case's people placed, by a refusal either.
            models.UniqueConstraint(
                fields=["card", "post", "reason"],
                name="reports_kithold_open_once",
                condition=Q(lifted_at=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="reports_kithold_lifted_by_somebody",
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_by__isnull=False, lifted_at__gte=F("placed_at")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class EndState(models.TextChoices):
    PROPOSED = "proposed", "Waits for the holder"
    REFUSED = "refused", "Refused by the holder"
    WITHDRAWN = "withdrawn", "Taken back by the SARC"
    DONE = "done", "Destroyed"


class KitDestruction(models.Model):
    """Proposed by a SARC of the case, who confirms EV-11b and EV-11c; done by another person at the holding post.

    `keep_until`: the end of the month in which the longest period ends that any rule gave the kit. A month, because the
    holder reads it, and the day itself would say when the report was signed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    card = models.ForeignKey(KitCard, models.PROTECT, related_name="ends")
    keep_until = models.DateField()
    rules = models.JSONField(default=list, help_text="Ids of the rules that allow it.")
    no_conversion = models.BooleanField(help_text="The SARC confirms that the victim did not convert.")
    no_property = models.BooleanField(help_text="The SARC confirms that no property is asked for.")
    state = models.CharField(max_length=9, choices=EndState, default=EndState.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )

    class Meta:
        constraints = [
            known_values("reports_kitdestruction", "state", EndState),
            models.UniqueConstraint(
                "card", name="reports_kitdestruction_once", condition=Q(state__in=["proposed", "done"])
            ),
            models.CheckConstraint(
                name="reports_kitdestruction_two_persons",
                condition=Q(state=EndState.PROPOSED, decided_at=None, decided_by=None)
                | Q(state=EndState.WITHDRAWN, decided_at__isnull=False, decided_by__isnull=False)
                | Q(state__in=[EndState.REFUSED, EndState.DONE], decided_at__isnull=False)
                & Q(decided_by__isnull=False)
                & ~Q(decided_by=F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
