"""From first contact to a signed election. A report row exists only after both signatures."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reports.obligations.models import LateReason
from reports.vault.fields import SealedTextField
from sapr.db import known_values


class Election(models.TextChoices):
    RESTRICTED = "restricted", "Restricted"
    UNRESTRICTED = "unrestricted", "Unrestricted"


class CaseState(models.TextChoices):
    """The states of the policy's rows (ST-01 to ST-08), in their words. docs/way.md says what moves a case."""

    CONTACT = "CONTACT", "Contact"
    SRI = "SRI", "Inquiry"
    SRI_CATCH = "SRI_CATCH", "Inquiry with a CATCH entry"
    OPEN_LIMITED_INFO = "OPEN_LIMITED_INFO", "Open with limited information"
    RESTRICTED_OPEN = "RESTRICTED_OPEN", "Restricted"
    UNRESTRICTED_OPEN = "UNRESTRICTED_OPEN", "Unrestricted"
    CONVERTED = "CONVERTED", "Unrestricted, converted"
    CLOSED = "CLOSED", "Closed"


class InformedBy(models.TextChoices):
    """Whose word the first contents of a case are: of a case with limited information only the MCIO's (TR-15)."""

    VICTIM = "victim", "The victim"
    MCIO = "mcio", "The MCIO"


# Neither closed nor a contact that ended.
STILL_OPEN = ~Q(state=CaseState.CLOSED) & (Q(walked_away_at=None) | Q(state=CaseState.OPEN_LIMITED_INFO))


class Case(models.Model):
    """The folder that everything hangs on. Until something is signed it is a contact, not a report.

    `state` is the database's to write: a signature, a conversion or an event moves it, along `reports_transition`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True, help_text="Random, with a check character.")
    installation = models.ForeignKey(
        "accounts.Location", models.PROTECT, related_name="cases", db_constraint=False, db_index=False
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="opened_cases",
        db_constraint=False,
        db_index=False,
    )
    opened_at = models.DateTimeField()
    walked_away_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=17, choices=CaseState, default=CaseState.CONTACT)
    informed_by = models.CharField(max_length=6, choices=InformedBy, default=InformedBy.VICTIM)
    unclaimed = models.BooleanField(
        default=True,
        editable=False,
        help_text="No SARC is assigned, or nobody to a contact: the database writes it and keeps it so.",
    )

    class Meta:
        constraints = [
            known_values("reports_case", "state", CaseState),
            known_values("reports_case", "informed_by", InformedBy),
        ]
        indexes = [
            # Reader: the case list, newest first.
            models.Index(fields=["-opened_at", "id"], name="reports_case_newest"),
            # Reader: the same, of one installation (the filter of the list).
            models.Index(fields=["installation", "-opened_at", "id"], name="reports_case_newest_here"),
            # Reader: Today, the contacts in which nothing is signed, oldest first.
            models.Index(
                fields=["opened_at", "id"],
                condition=Q(state=CaseState.CONTACT, walked_away_at=None),
                name="reports_case_contact",
            ),
            # Reader: sapr_ownerless(), what nobody works on who could.
            models.Index(fields=["installation"], condition=Q(unclaimed=True), name="reports_case_unclaimed"),
            # Reader: reports.statistics.own.
            models.Index(fields=["installation"], condition=STILL_OPEN, name="reports_case_still_open"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def case_id(self) -> uuid.UUID:
        return self.id


def _identity(label: str) -> SealedTextField:
    return SealedTextField(label=f"identity.{label}", sensitivity="identity", null=True)


class Identity(models.Model):
    """Who the victim is and how to reach them safely. Sealed; written at contact, completed until signing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="identity")
    name = _identity("name")
    dod_id = _identity("dod_id")
    phone = _identity("phone")
    email = _identity("email")
    grade = _identity("grade")
    sex = _identity("sex")
    # Posts (ids) that the notices must route around: the victim's unit commander, and the alleged offender's.
    unit_commander_post = _identity("unit_commander_post")
    offender_post = _identity("offender_post")

    def __str__(self) -> str:
        return str(self.id)


class Narrative(models.Model):
    """What happened, in the victim's words, when and where. Sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="narrative")
    text = SealedTextField(label="narrative.text", sensitivity="narrative", null=True)
    incident_on = SealedTextField(label="narrative.incident_on", sensitivity="narrative", null=True)
    place = SealedTextField(label="narrative.place", sensitivity="narrative", null=True)
    offence = SealedTextField(label="narrative.offence", sensitivity="narrative", null=True)

    def __str__(self) -> str:
        return str(self.id)


class Decision(models.Model):
    """What the rules answered, for which facts, on which day, under which profile. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions", db_index=False)
    decided_on = models.DateField(help_text="The date whose rules were applied (installation's calendar).")
    decided_at = models.DateTimeField()
    profile = models.CharField(max_length=40)
    rule_set = models.CharField(max_length=20)
    record = SealedTextField(label="decision.record", sensitivity="narrative")

    class Meta:
        indexes = [
            # Reader: the latest decision of one case.
            models.Index(fields=["case", "-decided_at"], name="reports_decision_latest")
        ]

    def __str__(self) -> str:
        return str(self.id)


class Report(models.Model):
    """A signed election. Restricted may become Unrestricted, never back; the signing never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, related_name="report")
    election = models.CharField(max_length=12, choices=Election)
    signed_at = models.DateTimeField(help_text="The victim's signature: every clock starts here.")
    recorded_at = models.DateTimeField(help_text="When the system learned of it, by the database's clock.")
    converted_at = models.DateTimeField(null=True)
    late_reason = models.CharField(max_length=20, choices=LateReason, blank=True)

    class Meta:
        constraints = [
            known_values("reports_report", "election", Election),
            known_values("reports_report", "late_reason", LateReason, blank=True),
            models.CheckConstraint(
                name="reports_report_converted_is_unrestricted",
                condition=Q(converted_at=None) | Q(election=Election.UNRESTRICTED),
            ),
            models.CheckConstraint(
                name="reports_report_not_future", condition=Q(signed_at__lte=F("recorded_at"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class FormKind(models.TextChoices):
    ELECTION = "election", "Election"
    CONVERSION = "conversion", "Conversion"


class SignedForm(models.Model):
    """The paper: edition, initialled acknowledgements and both signatures, sealed. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="forms", db_index=False)
    kind = models.CharField(max_length=10, choices=FormKind)
    form = models.CharField(max_length=12)
    edition = models.CharField(max_length=20)
    election = models.CharField(max_length=12, choices=Election)
    victim_signed_at = models.DateTimeField()
    advocate_signed_at = models.DateTimeField()
    advocate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="signed_forms",
        db_constraint=False,
        db_index=False,
    )
    content = SealedTextField(label="form.content", sensitivity="identity")

    class Meta:
        constraints = [
            known_values("reports_signedform", "kind", FormKind),
            known_values("reports_signedform", "election", Election),
            models.UniqueConstraint("case", "kind", name="reports_signedform_once"),
            models.CheckConstraint(
                name="reports_signedform_conversion_is_unrestricted",
                condition=Q(kind=FormKind.ELECTION) | Q(election=Election.UNRESTRICTED),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
