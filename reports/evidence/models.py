"""SAFE kits. The number stands wherever the name would; which case it belongs to is sealed knowledge.

A kit has two rows. `Kit` is the case's: it names the case, and only the SARC's side sees it. `KitCard` is the holder's:
a number and who has it, without a case. `Kit.card` joins them, on the case's side alone (docs/evidence.md).
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reports.vault.fields import SealedTextField
from reports.vault.models import NO_CASE
from sapr.db import known_values


class KitState(models.TextChoices):
    NUMBERED = "numbered", "Number issued"
    SEALED = "sealed", "Sealed under its number"
    MCIO = "mcio", "Handed to MCIO"
    STORED = "stored", "Stored"
    DESTROYED = "destroyed", "Destroyed"


class Holder(models.TextChoices):
    """Who can have evidence. The last five have no account here: a receipt number speaks for them."""

    SARC = "sarc", "SARC or SAPR VA of the case"
    CUSTODIAN = "custodian", "Evidence custodian"
    MCIO = "mcio", "MCIO"
    PROVIDER = "provider", "Healthcare provider who did the examination"
    COURIER_MILITARY = "courier_mil", "Military courier"
    COURIER_CIVILIAN = "courier_civ", "Commercial courier"
    LAB_DEFENSE = "lab_defense", "Defense forensic laboratory"
    LAB_CIVILIAN = "lab_civil", "Civilian laboratory"


AT_A_POST = (Holder.CUSTODIAN, Holder.MCIO)
COURIERS = (Holder.COURIER_MILITARY, Holder.COURIER_CIVILIAN)
LABORATORIES = (Holder.LAB_DEFENSE, Holder.LAB_CIVILIAN)
OUTSIDE = (Holder.PROVIDER, *COURIERS, *LABORATORIES)


class KitLabel(models.TextChoices):
    NUMBER = "number", "Labelled with its number"
    NAME = "name", "Labelled with the name"


class KitCard(models.Model):
    """What the holder of a kit sees of it. Nothing here leads to a case, a person or a date of the report.

    `at_post` answers for it: the post that holds it, or that sent it to a courier or laboratory; empty for the SARC's
    side. Holder and posts are written by the custody rows' trigger alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = SealedTextField(label="kitcard.number", sensitivity="evidence")
    number_index = models.BinaryField(max_length=32, unique=True)
    label = models.CharField(max_length=6, choices=KitLabel, default=KitLabel.NUMBER)
    holder = models.CharField(max_length=11, choices=Holder, default=Holder.PROVIDER)
    at_post = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    to_post = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, related_name="+", db_constraint=False
    )

    class Meta:
        constraints = [
            known_values("reports_kitcard", "label", KitLabel),
            known_values("reports_kitcard", "holder", Holder),
            models.CheckConstraint(
                name="reports_kitcard_post_holds",
                condition=~Q(holder__in=AT_A_POST) | Q(at_post__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def case_id(self) -> uuid.UUID:
        """Whose key seals the number: no case's, because the holder may know of none."""
        return NO_CASE


class Kit(models.Model):
    """One kit of one case. `number_index` finds it by its number inside its case; the number itself is sealed.

    `card` is empty for a kit of before there were cards, until somebody of the case takes its next step.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="kits")
    card = models.OneToOneField(KitCard, models.PROTECT, null=True, related_name="kit")
    number = SealedTextField(label="kit.number", sensitivity="evidence")
    number_index = models.BinaryField(max_length=32, unique=True)
    state = models.CharField(max_length=9, choices=KitState, default=KitState.NUMBERED)
    issued_at = models.DateTimeField()
    place = models.UUIDField(
        null=True,
        editable=False,
        help_text="The case's installation: the database writes it and keeps it so.",
    )

    class Meta:
        constraints = [known_values("reports_kit", "state", KitState)]
        indexes = [
            # Reader: reports.statistics.own.
            models.Index(fields=["place", "issued_at"], name="reports_kit_issued_here"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class KitName(models.Model):
    """The name that was put on the label of an Unrestricted report's kit (EV-07), as it was put there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="+")
    kit = models.OneToOneField(Kit, models.PROTECT, related_name="label_name")
    name = SealedTextField(label="kitname.name", sensitivity="identity")

    def __str__(self) -> str:
        return str(self.id)


class ItemKind(models.TextChoices):
    """What a kit holds. What can be given back comes first."""

    CLOTHING = "clothing", "Clothing"
    FOOTWEAR = "footwear", "Shoes"
    BEDDING = "bedding", "Bedding"
    PHONE = "phone", "Phone or other device"
    JEWELLERY = "jewellery", "Jewellery"
    EFFECTS = "effects", "Other personal effects"
    SWABS = "swabs", "Swabs and samples"
    DRAWN = "drawn", "Blood or urine"
    PHOTOS = "photos", "Photographs"
    DD_2911 = "dd_2911", "DD 2911"


# Personal property, which the victim may ask back (EV-12); the rest is the examination's.
PROPERTY = (
    ItemKind.CLOTHING, ItemKind.FOOTWEAR, ItemKind.BEDDING, ItemKind.PHONE, ItemKind.JEWELLERY, ItemKind.EFFECTS,
)  # fmt: skip


class KitItem(models.Model):
    """One thing in a kit, under the kit's number (EV-04). What was asked back and not yet returned keeps the kit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="+")
    kit = models.ForeignKey(Kit, models.PROTECT, related_name="items")
    kind = models.CharField(max_length=9, choices=ItemKind)
    added_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    on_dd_2910_3 = models.BooleanField(null=True, help_text="Asked for on DD 2910-3.")
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )

    class Meta:
        constraints = [
            known_values("reports_kititem", "kind", ItemKind),
            models.CheckConstraint(
                name="reports_kititem_only_property_is_asked_back",
                condition=Q(asked_at=None, on_dd_2910_3=None)
                | Q(asked_at__isnull=False, on_dd_2910_3__isnull=False, kind__in=PROPERTY),
            ),
            models.CheckConstraint(
                name="reports_kititem_returned_after_asked",
                condition=Q(returned_at=None, returned_by=None)
                | Q(returned_by__isnull=False, returned_at__gte=F("asked_at")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
