"""Who uses the system: people, posts, and dated appointments that join them."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.managers import UserManager
from sapr.db import known_values


class Role(models.TextChoices):
    SARC = "sarc", "SARC"
    VA = "sapr_va", "SAPR VA"
    SENIOR_COMMANDER = "senior_commander", "Installation (senior) commander"
    UNIT_COMMANDER = "unit_commander", "Unit commander"
    MCIO = "mcio", "MCIO agent"
    PROGRAMME_MANAGER = "programme_manager", "Programme manager"
    EVIDENCE_CUSTODIAN = "evidence_custodian", "Evidence custodian"


# Roles that count only while an advocate certification is in force (rules AG-01 and AG-03).
CERTIFIED_ROLES = (Role.SARC, Role.VA)


class AppointmentState(models.TextChoices):
    PROPOSED = "proposed", "Waits for a second person"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"


class LocationKind(models.TextChoices):
    INSTALLATION = "installation", "Installation"
    UNIT = "unit", "Unit"
    COMMAND = "command", "Higher command"


class User(AbstractBaseUser):
    """A member of staff. What one may do comes from appointments, never from a flag on this row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField("name shown", max_length=120)
    email = models.EmailField(help_text="Receives only a message that says: sign in.")
    is_active = models.BooleanField("may sign in", default=True)
    language = models.CharField("language of the desk", max_length=12, blank=True, default="")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name", "email"]
    objects = UserManager()
    # Set where an outside system asks in this person's name: the key by which it does, and within which they act then.
    client_key: "ClientKey | None" = None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="accounts_user_name_once",
                violation_error_message="There is an account of this user name already; capitals make no difference.",
            ),
            models.CheckConstraint(
                name="accounts_user_language_is_a_code",
                condition=Q(language__regex=r"^([a-z]{2,3}(-[a-z]{2,8})?)?$"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_staff(self) -> bool:
        """The admin site asks this; every active member of staff may reach its first page."""
        return self.is_active

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's own permissions are not used: `reports.access` and `accounts.selectors` decide."""
        return False

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Location(models.Model):
    """An installation, a unit on it, or a higher command. `zone` is the IANA zone its people live by."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=LocationKind)
    name = models.CharField(max_length=120)
    zone = models.CharField("time zone", max_length=60, default="UTC")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        constraints = [
            known_values("accounts_location", "kind", LocationKind),
            models.UniqueConstraint("name", "kind", name="accounts_location_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A desk with an inbox: the inbox belongs to the post, and whoever holds the appointment reads it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    location = models.ForeignKey(Location, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role)
    title = models.CharField(max_length=120)
    next_higher = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lower",
        help_text="Receives what this post would, when it is vacant or its holder is involved in the case.",
    )

    class Meta:
        constraints = [
            known_values("accounts_post", "role", Role),
            models.UniqueConstraint("location", "role", name="accounts_post_one_per_role_and_location"),
            models.CheckConstraint(name="accounts_post_not_above_itself", condition=~Q(next_higher=F("id"))),
        ]
        indexes = [
            # Reader: accounts/directory.py, for a role that no post near a case has; at every signing.
            models.Index(fields=["role", "title"], name="accounts_post_of_role"),
        ]

    def __str__(self) -> str:
        return self.title


class Appointment(models.Model):
    """A person holds a post from one instant to another (open end: until further notice).

    Nothing is in force until a second person approved it; what nobody proposed, the system made itself. A trigger
    binds both names to the viewer, writes when it was proposed and decided, and moves the begin to the approval.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(
        max_length=8, choices=AppointmentState, default=AppointmentState.APPROVED, editable=False
    )
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    proposed_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    decided_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            known_values("accounts_appointment", "state", AppointmentState),
            models.CheckConstraint(
                name="accounts_appointment_ends_after_start",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                violation_error_message="An appointment ends after it starts.",
            ),
            models.CheckConstraint(
                name="accounts_appointment_two_persons",
                condition=Q(proposed_by=None, decided_by=None, state=AppointmentState.APPROVED)
                | Q(proposed_by__isnull=False, decided_by=None, state=AppointmentState.PROPOSED)
                | (
                    Q(proposed_by__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(state=AppointmentState.PROPOSED)
                    & ~Q(user=F("decided_by"))
                    & (Q(state=AppointmentState.REFUSED) | ~Q(proposed_by=F("decided_by")))
                ),
            ),
            models.CheckConstraint(
                name="accounts_appointment_not_proposed_by_itself",
                condition=Q(proposed_by=None) | ~Q(user=F("proposed_by")),
            ),
        ]
        indexes = [
            # Reader: sapr_viewer_posts(), the role check of every request.
            models.Index(fields=["user", "starts_at"], name="accounts_appointment_by_user"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Certification(models.Model):
    """An advocate certification (D-SAACP) of a person, from one instant to another, unless revoked before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="certifications")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_certification_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="A certification ends after it starts.",
            ),
            models.CheckConstraint(
                name="accounts_certification_not_ones_own",
                condition=Q(recorded_by=None) | ~Q(user=F("recorded_by")),
            ),
        ]
        indexes = [
            # Reader: sapr_viewer_posts() and every check whether a SARC or SAPR VA may act.
            models.Index(fields=["user", "ends_at"], name="accounts_certification_by_user"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Enrolment(models.Model):
    """A one-time link by which a new member of staff chooses a password. Only the token's hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="enrolments")
    token_hash = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class ApiKey(models.Model):
    """A key by which another system acts for one member of staff. Only the key's hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="api_keys")
    key_hash = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


# Django finds an app's models in this module; these have a file of their own.
from accounts.clients.models import Client, ClientKey  # noqa: E402, F401
from accounts.replies.models import Reply  # noqa: E402, F401
from accounts.signing_models import ClientCertificate, Session, SignInFailure  # noqa: E402, F401
