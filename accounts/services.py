"""Writes about staff. Each appends an event to the system's own chain."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import ApiKey, Appointment, Enrolment, Location, LocationKind, Post, Role, User
from reports.ledger.services import append_system
from sapr.errors import DomainError

ENROLMENT_VALID = timedelta(days=7)
BOOTSTRAP_COUNT = 2


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@transaction.atomic
def user_create(*, username: str, display_name: str, email: str, actor: User | None, at: datetime) -> User:
    """A new member of staff without a password (see `enrolment_create`)."""
    user = User(username=username, display_name=display_name, email=email)
    user.set_unusable_password()
    _clean(user)
    user.save(force_insert=True)
    append_system(kind="user_created", actor=actor, at=at, data={"user": str(user.pk)})
    return user


def _clean(instance) -> None:
    try:
        instance.full_clean()
    except ValidationError as error:
        first = next(iter(error.message_dict.items()))
        raise DomainError("invalid", f"{first[0]}: {first[1][0]}", path=first[0]) from None


@transaction.atomic
def enrolment_create(*, user: User, actor: User | None, at: datetime) -> str:
    """The one-time token with which the user chooses a password within 7 days; shown once, kept hashed."""
    token = secrets.token_urlsafe(32)
    Enrolment.objects.create(user=user, token_hash=_digest(token), expires_at=at + ENROLMENT_VALID)
    append_system(kind="enrolment_created", actor=actor, at=at, data={"user": str(user.pk)})
    return token


@transaction.atomic
def enrolment_use(*, token: str, password: str, at: datetime) -> User:
    """Set the password that the link's owner chose. Refuses a used, expired or unknown link alike."""
    row = (
        Enrolment.objects.select_for_update()
        .filter(token_hash=_digest(token), used_at=None, expires_at__gt=at)
        .select_related("user")
        .first()
    )
    if row is None:
        raise DomainError(
            "enrolment_invalid", "This link was used or has expired. Ask a programme manager for a new one."
        )
    try:
        validate_password(password, row.user)
    except ValidationError as error:
        raise DomainError("password_weak", " ".join(error.messages), path="password") from None
    row.user.set_password(password)
    row.user.save(update_fields=["password"])
    row.used_at = at
    row.save(update_fields=["used_at"])
    append_system(kind="enrolment_used", actor=row.user, at=at, data={"user": str(row.user_id)})
    return row.user


@transaction.atomic
def password_issue(*, user: User, actor: User | None, at: datetime) -> str:
    """A random password, returned once (demo accounts and `staff password`)."""
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.save(update_fields=["password"])
    append_system(kind="password_issued", actor=actor, at=at, data={"user": str(user.pk)})
    return password


@transaction.atomic
def password_change(*, user: User, password: str, at: datetime) -> None:
    """The password that a person who is signed in chose for themselves. The old one was checked by the door."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise DomainError("password_weak", " ".join(error.messages), path="password") from None
    user.set_password(password)
    user.save(update_fields=["password"])
    append_system(kind="password_issued", actor=user, at=at, data={"user": str(user.pk)})


@transaction.atomic
def location_create(
    *,
    kind: LocationKind,
    name: str,
    zone: str,
    parent: Location | None,
    actor: User | None,
    at: datetime,
) -> Location:
    """A new installation, unit or higher command."""
    location = Location(kind=kind, name=name, zone=zone, parent=parent)
    _clean(location)
    location.save(force_insert=True)
    append_system(kind="location_created", actor=actor, at=at, data={"location": str(location.pk)})
    return location


@transaction.atomic
def post_create(
    *,
    location: Location,
    role: Role,
    title: str,
    next_higher: Post | None,
    actor: User | None,
    at: datetime,
) -> Post:
    """A new post with its inbox. An installation's senior commander names who stands above (sapr.W004)."""
    if role == Role.SENIOR_COMMANDER and location.kind == LocationKind.INSTALLATION and next_higher is None:
        raise DomainError(
            "next_higher_needed",
            "An installation's senior commander needs a next higher post: it takes over when that is needed.",
            path="next_higher",
        )
    post = Post(location=location, role=role, title=title, next_higher=next_higher)
    _clean(post)
    post.save(force_insert=True)
    append_system(kind="post_created", actor=actor, at=at, data={"post": str(post.pk)})
    return post


@transaction.atomic
def appointment_create(
    *,
    user: User,
    post: Post,
    starts_at: datetime,
    ends_at: datetime | None,
    actor: User | None,
    at: datetime,
) -> Appointment:
    """Appoint a person to a post. Nobody appoints themselves."""
    if actor is not None and actor.pk == user.pk:
        raise DomainError("own_rights", "Nobody may change their own appointments. Ask the other manager.")
    row = Appointment(user=user, post=post, starts_at=starts_at, ends_at=ends_at)
    _clean(row)
    row.save(force_insert=True)
    append_system(
        kind="appointment_made",
        actor=actor,
        at=at,
        data={"user": str(user.pk), "post": str(post.pk), "role": post.role},
    )
    return row


@transaction.atomic
def appointment_end(*, appointment: Appointment, actor: User, at: datetime) -> Appointment:
    """End an appointment now: access ends with it, in running sessions too."""
    if actor.pk == appointment.user_id:
        raise DomainError("own_rights", "Nobody may change their own appointments. Ask the other manager.")
    if at <= appointment.starts_at:
        raise DomainError("not_begun", "This appointment has not begun yet. End it once it has.", status=409)
    changed = Appointment.objects.filter(pk=appointment.pk, ends_at=None).update(ends_at=at)
    if changed != 1:
        raise DomainError("already_ended", "This appointment has an end already.", status=409)
    append_system(kind="appointment_ended", actor=actor, at=at, data={"appointment": str(appointment.pk)})
    appointment.refresh_from_db()
    return appointment


@transaction.atomic
def staff_bootstrap(*, at: datetime) -> list[tuple[User, str]]:
    """The first two programme managers of an empty database, each with a one-time enrolment token.

    Works once: refused as soon as any account exists.
    """
    if User.objects.exists():
        raise DomainError(
            "already_bootstrapped", "Accounts exist already. A programme manager can add others.", status=409
        )
    command = location_create(
        kind=LocationKind.COMMAND, name="Programme office", zone="UTC", parent=None, actor=None, at=at
    )
    post = post_create(
        location=command,
        role=Role.PROGRAMME_MANAGER,
        title="Programme manager",
        next_higher=None,
        actor=None,
        at=at,
    )
    made = []
    for number in range(1, BOOTSTRAP_COUNT + 1):
        user = user_create(
            username=f"manager{number}",
            display_name=f"Programme manager {number}",
            email=f"manager{number}@sapr.invalid",
            actor=None,
            at=at,
        )
        appointment_create(user=user, post=post, starts_at=at, ends_at=None, actor=None, at=at)
        made.append((user, enrolment_create(user=user, actor=None, at=at)))
    append_system(kind="staff_bootstrapped", actor=None, at=at, data={"accounts": len(made)})
    return made


@transaction.atomic
def api_key_create(*, user: User, valid: timedelta, actor: User | None, at: datetime) -> str:
    """A key for the REST door, returned once. It can do what its user can, until it expires."""
    key = f"sapr_{secrets.token_urlsafe(32)}"
    try:
        ApiKey.objects.create(user=user, key_hash=_digest(key), expires_at=at + valid)
    except IntegrityError:
        raise DomainError("try_again", "Please try again.") from None
    append_system(kind="api_key_created", actor=actor, at=at, data={"user": str(user.pk)})
    return key


def api_key_user(*, key: str, at: datetime) -> User | None:
    """Whose key this is, if it is valid at the instant."""
    row = (
        ApiKey.objects.filter(key_hash=_digest(key), revoked_at=None, expires_at__gt=at, user__is_active=True)
        .select_related("user")
        .first()
    )
    return row.user if row else None
