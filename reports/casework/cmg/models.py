"""The Case Management Group: its meetings, what stands on their agenda, who came, and the minutes of each case."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reports.vault.fields import SealedTextField
from sapr.db import known_values


class MeetingKind(models.TextChoices):
    MONTHLY = "monthly", "Monthly"
    QUARTERLY = "quarterly", "Quarterly"


class ChairSeat(models.TextChoices):
    """As what somebody chairs; the words are those of the policy's `cmg_member`."""

    COMMANDER = "installation_commander", "Installation commander"
    DEPUTY = "deputy_commander", "Deputy commander"


class Member(models.TextChoices):
    """The posts that bring somebody to the group; the words are those of the policy's `cmg_member`."""

    INSTALLATION_COMMANDER = "installation_commander", "Installation commander"
    DEPUTY_COMMANDER = "deputy_commander", "Deputy commander"
    VICTIMS_COMMANDER = "victims_commander", "Victim's commander"
    VICTIMS_IMMEDIATE_COMMANDER = "victims_immediate_commander", "Victim's immediate commander"
    INSTALLATION_SARC = "installation_sarc", "SARC of the installation"
    LEAD_SARC = "lead_sarc", "Lead SARC"
    VICTIMS_VA = "victims_va", "Victim's SAPR VA"
    MCIO = "mcio", "MCIO"
    LAW_ENFORCEMENT = "law_enforcement", "Law enforcement"
    HEALTHCARE_PROVIDER = "healthcare_provider", "Healthcare provider"
    MENTAL_HEALTH_PROVIDER = "mental_health_provider", "Mental health provider"
    CHAPLAIN = "chaplain", "Chaplain"
    LEGAL_REPRESENTATIVE = "legal_representative", "Legal representative"
    SAFETY_ASSESSOR = "safety_assessor", "Safety assessor"
    VICTIM_WITNESS_ASSISTANCE = "victim_witness_assistance", "Victim-witness assistance"
    TENANT_COMMANDER = "tenant_commander", "Tenant commander"
    TENANT_LEAD_SARC = "tenant_lead_sarc", "Lead SARC of a tenant command"


class Meeting(models.Model):
    """One meeting of an installation in a month. It belongs to no case.

    A trigger writes month, chair's post and every instant, lets the co-chair alone hold it, once, and writes into
    `held_in` the transaction in which that was done: only in it may the co-chair record the meeting on the listed
    cases (`sapr_meeting_cases()`), most of which are not theirs.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    installation = models.ForeignKey(
        "accounts.Location", models.PROTECT, related_name="+", db_constraint=False
    )
    kind = models.CharField(max_length=9, choices=MeetingKind, default=MeetingKind.MONTHLY)
    month = models.DateField(help_text="Its first day, by the calendar of the installation.")
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    called_at = models.DateTimeField()
    scheduled_at = models.DateTimeField()
    co_chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    chair_post = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+", db_constraint=False)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    chair_seat = models.CharField(max_length=22, choices=ChairSeat, blank=True)
    held_at = models.DateTimeField(null=True)
    held_in = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            known_values("reports_meeting", "kind", MeetingKind),
            known_values("reports_meeting", "chair_seat", ChairSeat, blank=True),
            models.UniqueConstraint("installation", "kind", "month", name="reports_meeting_once"),
            models.CheckConstraint(
                name="reports_meeting_held_by_a_chair",
                condition=Q(held_at=None, chair=None, chair_seat="")
                | Q(held_at__isnull=False, chair__isnull=False) & ~Q(chair_seat="") & ~Q(chair=F("co_chair")),
            ),
        ]
        indexes = [
            # Reader: sapr_meeting_cases(), every request that writes.
            models.Index(fields=["held_in"], condition=~Q(held_in=""), name="reports_meeting_held_in"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Outcome(models.TextChoices):
    """What became of a case in the meeting; nothing yet while that is not held."""

    REVIEWED = "reviewed", "Reviewed"
    LEFT_OVER = "left_over", "Left over for the next meeting"
    DROPPED = "dropped", "No longer reviewed"


class AgendaLine(models.Model):
    """A case on the agenda of a meeting; the database lists them all (`sapr_agenda_fill`), no person one.

    `number` is a copy: chair and co-chair see this row and nothing of the case. `known`: what decides which questions
    are asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="lines")
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="agenda_lines")
    number = models.CharField(max_length=24)
    limited = models.BooleanField(help_text="Open with limited information.")
    known = models.JSONField(default=dict)
    since = models.DateTimeField(help_text="From when on the group reviews the case.")
    carried_over = models.BooleanField(default=False)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    minuted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            known_values("reports_agendaline", "outcome", Outcome, blank=True),
            models.UniqueConstraint("meeting", "case", name="reports_agendaline_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Attendance(models.Model):
    """Who came to the meeting as a whole, by person or by seat alone; a SARC of the installation also when absent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance")
    member = models.CharField(max_length=30, choices=Member)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    present = models.BooleanField()

    class Meta:
        constraints = [
            known_values("reports_attendance", "member", Member),
            models.UniqueConstraint("meeting", "member", "user", name="reports_attendance_once"),
            models.UniqueConstraint(
                "meeting", "member", condition=Q(user=None), name="reports_attendance_seat_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Minutes(models.Model):
    """What was said of one case, written once by a SARC; the text under the case's own key.

    `answers`: rule of the agenda → `done`, `open` or `not_applicable`. `present`: members who came for this case.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line = models.OneToOneField(AgendaLine, models.PROTECT, related_name="minutes")
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="+")
    present = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    told_by = models.CharField(max_length=30, choices=Member)
    not_privileged = models.BooleanField(help_text="Its keeper said that nothing privileged stands in it.")
    text = SealedTextField(label="minutes.text", sensitivity="narrative", null=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            known_values("reports_minutes", "told_by", Member),
            models.CheckConstraint(
                name="reports_minutes_nothing_privileged", condition=Q(not_privileged=True)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
