"""Which policy decides cases: the profile, and the rule sets that a Service has adopted. Two persons change it."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sapr.db import known_values


class ChangeKind(models.TextChoices):
    PROFILE = "profile", "Profile"
    ADOPTION = "adoption", "Adoption"


class ChangeState(models.TextChoices):
    PROPOSED = "proposed", "Waits for a second person"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Service(models.TextChoices):
    """The Services and components, in the words of the fact `service`."""

    ARMY = "army", "Army"
    NAVY = "navy", "Navy"
    USMC = "usmc", "Marine Corps"
    AIR_FORCE = "air_force", "Air Force"
    SPACE_FORCE = "space_force", "Space Force"
    GUARD_BUREAU = "guard_bureau", "National Guard Bureau"


# The days that the rules can be asked about; checks.change_check refuses others by the rules' own words.
FIRST_DAY, LAST_DAY = date(2005, 1, 1), date(9000, 12, 31)


class PolicyChange(models.Model):
    """One proposed change and what became of it; the row never changes once it is decided.

    A trigger writes both instants, by the database's clock, and binds both names to the viewer. Profiles and
    rule sets are words of the policy's data: the database holds their shape, the services their meaning.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=ChangeKind)
    profile = models.CharField(max_length=20, blank=True)
    service = models.CharField(max_length=12, choices=Service, blank=True)
    rule_set = models.CharField(max_length=20, blank=True)
    starts_on = models.DateField(
        null=True, help_text="First day of signing (installation's calendar) for which the adoption counts."
    )
    state = models.CharField(max_length=9, choices=ChangeState, default=ChangeState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            known_values("reports_policychange", "kind", ChangeKind),
            known_values("reports_policychange", "service", Service, blank=True),
            known_values("reports_policychange", "state", ChangeState),
            models.CheckConstraint(
                name="reports_policychange_words",
                condition=Q(profile__regex=r"^[a-z_]*$") & Q(rule_set__regex=r"^([A-Z]{2}-[0-9]{4}[A-Z]?)?$"),
            ),
            models.CheckConstraint(
                name="reports_policychange_one_kind",
                condition=(
                    Q(kind=ChangeKind.PROFILE, service="", rule_set="", starts_on=None) & ~Q(profile="")
                )
                | (
                    Q(kind=ChangeKind.ADOPTION, profile="", starts_on__isnull=False)
                    & ~Q(service="")
                    & ~Q(rule_set="")
                ),
            ),
            models.CheckConstraint(
                name="reports_policychange_starts_on_in_range",
                condition=Q(starts_on=None) | Q(starts_on__gte=FIRST_DAY, starts_on__lte=LAST_DAY),
            ),
            models.CheckConstraint(
                name="reports_policychange_decided_iff_not_proposed",
                condition=Q(state=ChangeState.PROPOSED, decided_by=None, decided_at=None)
                | (~Q(state=ChangeState.PROPOSED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="reports_policychange_second_person",
                condition=Q(state=ChangeState.PROPOSED)
                | (Q(state__in=[ChangeState.APPROVED, ChangeState.REFUSED]) & ~Q(decided_by=F("proposed_by")))
                | Q(state=ChangeState.WITHDRAWN, decided_by=F("proposed_by")),
            ),
            models.UniqueConstraint(
                "kind",
                "profile",
                "service",
                "rule_set",
                name="reports_policychange_proposed_once",
                condition=Q(state=ChangeState.PROPOSED),
            ),
            models.UniqueConstraint(
                "service",
                "rule_set",
                "starts_on",
                name="reports_policychange_adopted_once",
                condition=Q(kind=ChangeKind.ADOPTION, state=ChangeState.APPROVED),
            ),
            # Two profiles that began at the same instant could not be told apart. Reader: selectors.basis().
            models.UniqueConstraint(
                "decided_at",
                name="reports_policychange_profile_instant",
                condition=Q(kind=ChangeKind.PROFILE, state=ChangeState.APPROVED),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
