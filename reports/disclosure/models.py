"""Exceptions to confidentiality, and the statement on which a commander decides. Vocabulary only."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sapr.db import known_values


class Exceptions(models.TextChoices):
    """The exceptions, by the ids of their rules."""

    WRITTEN_AUTHORISATION = "EX-1", "The victim authorised it in writing"
    IMMINENT_THREAT = "EX-2", "Serious and imminent threat to somebody's health or safety"
    FITNESS = "EX-3", "Determination of fitness for duty or of disability"
    TREATMENT = "EX-4", "Supervising or coordinating the victim's treatment or services"
    ORDER = "EX-5", "Order of a military official or a judge, statute or international agreement"


class Recipient(models.TextChoices):
    """Who is told: kinds of office, never a name."""

    NAMED_BY_VICTIM = "named_by_victim", "Whom the victim named"
    LAW_ENFORCEMENT = "law_enforcement", "Law enforcement"
    COMMANDER = "commander", "A commander who needs to know"
    THREATENED_PERSON = "threatened_person", "Whoever is threatened"
    MEDICAL = "medical", "Treating healthcare"
    FITNESS_AUTHORITY = "fitness_authority", "Authority that determines fitness or disability"
    SERVICE_COORDINATOR = "service_coordinator", "Official who supervises or coordinates care"
    COURT = "court", "Court or judge"
    MILITARY_OFFICIAL = "military_official", "Military official who ordered it"
    STATUTORY_AUTHORITY = "statutory_authority", "Authority named in the law or agreement"


class Office(models.TextChoices):
    SJA = "staff_judge_advocate", "Staff judge advocate"
    JUDGE_ADVOCATE = "judge_advocate", "Another judge advocate"


class Advice(models.TextChoices):
    AGREE = "agree", "Agrees: the exception applies"
    DISAGREE = "disagree", "Disagrees: it does not apply"
    DOUBT = "doubt", "In doubt"


class Privilege(models.TextChoices):
    """What the legal office said about MRE 514."""

    NOT_COVERED = "not_covered", "The privilege does not cover it"
    COVERED = "covered", "The privilege covers it"
    EXCEPTED = "excepted", "The privilege covers it, and gives way here"


class Decided(models.TextChoices):
    DISCLOSE = "disclose", "Disclose"
    WITHHOLD = "withhold", "Withhold"


class DisclosureState(models.TextChoices):
    PROPOSED = "proposed", "Proposed; the legal office is to be consulted"
    ADVISED = "advised", "The legal office agrees; the minimum may be disclosed"
    UNDECIDED = "undecided", "In doubt; waits for the commander"
    CLEARED = "cleared", "The commander decided: the minimum may be disclosed"
    WITHHELD = "withheld", "The commander decided: nothing is disclosed"
    MADE = "made", "Disclosed; the victim is to be told"
    TOLD = "told", "Disclosed; the victim was told"


class ExceptionStatement(models.Model):
    """What a commander is shown to decide on: words of lists, and no way back to the case.

    The database writes it from the proposal, and the decision back into it; no account of the application adds one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+", db_constraint=False)
    exception = models.CharField(max_length=4, choices=Exceptions)
    answers = models.JSONField()
    scope = models.JSONField()
    recipient = models.CharField(max_length=20, choices=Recipient)
    office = models.CharField(max_length=20, choices=Office)
    advice = models.CharField(max_length=8, choices=Advice)
    privilege = models.CharField(max_length=11, choices=Privilege)
    put_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decided, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            known_values("reports_exceptionstatement", "exception", Exceptions),
            known_values("reports_exceptionstatement", "recipient", Recipient),
            known_values("reports_exceptionstatement", "office", Office),
            known_values("reports_exceptionstatement", "advice", Advice),
            known_values("reports_exceptionstatement", "privilege", Privilege),
            known_values("reports_exceptionstatement", "decision", Decided, blank=True),
            models.CheckConstraint(
                name="reports_exceptionstatement_decided_by_somebody",
                condition=Q(decision="", decided_by=None, decided_at=None)
                | ~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]
        indexes = [
            # Reader: what waits for the holder of a post.
            models.Index(fields=["post", "put_at"], condition=Q(decision=""), name="reports_statement_waits"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Disclosure(models.Model):
    """One exception to the confidentiality of a Restricted report, from its proposal to telling the victim.

    `scope`: the fields (policy: `record_fields`) that are authorised, asked for, ordered or needed; `fields`: those
    of them that were disclosed. `answers`: what the exception's own conditions ask, by the names of the facts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="disclosures")
    exception = models.CharField(max_length=4, choices=Exceptions)
    answers = models.JSONField()
    scope = models.JSONField()
    recipient = models.CharField(max_length=20, choices=Recipient)
    state = models.CharField(max_length=9, choices=DisclosureState, default=DisclosureState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    proposed_at = models.DateTimeField()
    office = models.CharField(max_length=20, choices=Office, blank=True)
    advice = models.CharField(max_length=8, choices=Advice, blank=True)
    privilege = models.CharField(max_length=11, choices=Privilege, blank=True)
    advised_at = models.DateTimeField(null=True)
    # Where there is doubt: who decides, the statement that the database made for them, and what came back.
    post = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    statement = models.UUIDField(null=True, unique=True)
    decision = models.CharField(max_length=8, choices=Decided, blank=True)
    decided_at = models.DateTimeField(null=True)
    fields = models.JSONField(default=list)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    made_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            known_values("reports_disclosure", "exception", Exceptions),
            known_values("reports_disclosure", "recipient", Recipient),
            known_values("reports_disclosure", "state", DisclosureState),
            known_values("reports_disclosure", "office", Office, blank=True),
            known_values("reports_disclosure", "advice", Advice, blank=True),
            known_values("reports_disclosure", "privilege", Privilege, blank=True),
            known_values("reports_disclosure", "decision", Decided, blank=True),
            models.CheckConstraint(
                name="reports_disclosure_advice_is_whole",
                condition=Q(office="", advice="", privilege="", advised_at=None)
                | ~Q(office="") & ~Q(advice="") & ~Q(privilege="") & Q(advised_at__gte=F("proposed_at")),
            ),
            models.CheckConstraint(
                name="reports_disclosure_consulted_first",
                condition=Q(state=DisclosureState.PROPOSED, advice="")
                | ~Q(state=DisclosureState.PROPOSED) & ~Q(advice=""),
            ),
            models.CheckConstraint(
                name="reports_disclosure_doubt_is_decided",
                condition=Q(state=DisclosureState.PROPOSED, decision="")
                | Q(state__in=[DisclosureState.ADVISED], advice=Advice.AGREE, decision="")
                | Q(state=DisclosureState.UNDECIDED, decision="", statement__isnull=False)
                & ~Q(advice=Advice.AGREE)
                | Q(state=DisclosureState.CLEARED, decision=Decided.DISCLOSE) & ~Q(advice=Advice.AGREE)
                | Q(state=DisclosureState.WITHHELD, decision=Decided.WITHHOLD) & ~Q(advice=Advice.AGREE)
                | Q(state__in=[DisclosureState.MADE, DisclosureState.TOLD])
                & (Q(advice=Advice.AGREE, decision="") | Q(decision=Decided.DISCLOSE)),
            ),
            models.CheckConstraint(
                name="reports_disclosure_made_iff_fields",
                condition=Q(
                    state__in=[DisclosureState.MADE, DisclosureState.TOLD],
                    made_by__isnull=False,
                    made_at__gte=F("advised_at"),
                )
                & ~Q(fields=[])
                | ~Q(state__in=[DisclosureState.MADE, DisclosureState.TOLD])
                & Q(fields=[], made_by=None, made_at=None),
            ),
            models.CheckConstraint(
                name="reports_disclosure_told_after_made",
                condition=Q(state=DisclosureState.TOLD, told_by__isnull=False, told_at__gte=F("made_at"))
                | ~Q(state=DisclosureState.TOLD) & Q(told_by=None, told_at=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
