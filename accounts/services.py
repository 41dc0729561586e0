"""Writes about staff. Each appends an event to the system's own chain."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import rows, selectors
from accounts.acting import acting
from accounts.api_keys import api_key_create, api_keys_revoke
from accounts.appointments import (
    appointment_approve,
    appointment_create,
    appointment_end,
    appointment_refuse,
)
from accounts.certifications import certification_end, certification_record, span_of_days
from accounts.keys import digest
from accounts.models import Enrolment, Location, LocationKind, Post, Role, User
from accounts.signing_models import Session
from reports.ledger.services import append_system
from reports.policy.delays import check_zone
from sapr.errors import DomainError

# One door for all writes about staff, whichever file holds them.
__all__ = [
    "api_key_create",
    "api_keys_revoke",
    "appointment_approve",
    "appointment_create",
    "appointment_end",
    "appointment_refuse",
    "certification_end",
    "certification_record",
    "span_of_days",
]

ENROLMENT_VALID = timedelta(days=7)
COMMAND_OR_NOTHING = (LocationKind.COMMAND, None)
BELONGS_TO = {
    LocationKind.UNIT: (LocationKind.INSTALLATION,),
    LocationKind.INSTALLATION: COMMAND_OR_NOTHING,
    LocationKind.COMMAND: COMMAND_OR_NOTHING,
}


@transaction.atomic
def user_create(*, username: str, display_name: str, email: str, actor: User | None, at: datetime) -> User:
    """A new member of staff without a password (see `enrolment_create`)."""
    user = User(username=username, display_name=display_name, email=email)
    user.set_unusable_password()
    rows.insert(user, "There is an account of this user name already.")
    append_system(kind="user_created", actor=actor, at=at, data={"user": str(user.pk)})
    return user


def language_set(*, user: User, language: str) -> None:
    """Keep in which language this person reads the desk; `language`: one of `settings.LANGUAGES`."""
    user.language = language
    user.save(update_fields=["language"])


@transaction.atomic
def enrolment_create(*, user: User, actor: User | None, at: datetime) -> str:
    """The one-time token with which the user chooses a password within 7 days; shown once, kept hashed.

    Links made earlier stop working. Whoever holds a link becomes its user, so a manager makes one only for an
    account that they added themselves, that nobody enrolled in, and that is neither proposed for nor appointed to
    anything (`accounts_links_for`); the command line (no actor) makes one for everybody.
    """
    if actor is not None and actor.pk == user.pk:
        raise DomainError(
            "own_rights", "Nobody makes an enrolment link for themselves. Change your password."
        )
    with acting(actor):
        if actor is not None:
            _may_be_linked(rows.locked(user), actor)
        _links_close(user, at)
        token = secrets.token_urlsafe(32)
        Enrolment.objects.create(user=user, token_hash=digest(token), expires_at=at + ENROLMENT_VALID)
        append_system(kind="enrolment_created", actor=actor, at=at, data={"user": str(user.pk)})
    return token


def _may_be_linked(user: User, actor: User) -> None:
    if user.has_usable_password():
        raise DomainError(
            "has_password",
            "This account has a password already, and whoever holds a link could act as this person. "
            "Ask whoever runs the system: the command line makes one (manage staff password).",
            status=409,
        )
    if user.pk not in selectors.linkable(actor):
        raise DomainError(
            "not_your_account",
            "You make a link only for an account that you added yourself, while it is proposed for nothing and holds "
            "nothing. Ask whoever runs the system: the command line makes one (manage staff password).",
            status=409,
        )


def _links_close(user: User, at: datetime) -> None:
    Enrolment.objects.filter(user=user, used_at=None).update(used_at=at)


def _password_set(user: User, password: str, *, actor: User | None, at: datetime) -> None:
    """With a new password the old ways in end: sessions, links still open, and API keys."""
    user.set_password(password)
    user.save(update_fields=["password"])
    Session.objects.filter(user=user).delete()
    _links_close(user, at)
    api_keys_revoke(user=user, actor=actor, at=at)


@transaction.atomic
def enrolment_use(*, token: str, password: str, at: datetime) -> User:
    """Set the password that the link's owner chose. Refuses a used, expired or unknown link alike."""
    link = Enrolment.objects.filter(token_hash=digest(token), used_at=None, expires_at__gt=at)
    row = link.select_related("user").first()
    # Whoever makes or uses another link of this user holds the account; what counts is what they left.
    user = rows.locked(row.user) if row else None
    if user is None or not link.exists():
        raise DomainError(
            "enrolment_invalid", "This link was used or has expired. Ask a programme manager for a new one."
        )
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise DomainError("password_weak", " ".join(error.messages), path="password") from None
    _password_set(user, password, actor=user, at=at)
    append_system(kind="enrolment_used", actor=user, at=at, data={"user": str(user.pk)})
    return user


@transaction.atomic
def password_issue(*, user: User, actor: User | None, at: datetime) -> str:
    """A random password, returned once (demo accounts and `staff password`)."""
    password = secrets.token_urlsafe(12)
    _password_set(user, password, actor=actor, at=at)
    append_system(kind="password_issued", actor=actor, at=at, data={"user": str(user.pk)})
    return password


@transaction.atomic
def password_change(*, user: User, password: str, at: datetime) -> None:
    """The password that a person who is signed in chose for themselves. The old one was checked by the door."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise DomainError("password_weak", " ".join(error.messages), path="password") from None
    _password_set(user, password, actor=user, at=at)
    append_system(kind="password_issued", actor=user, at=at, data={"user": str(user.pk)})


@transaction.atomic
def user_deactivate(*, user: User, actor: User | None, at: datetime) -> User:
    """Nobody signs in to this account any more: sessions and API keys end at once. Appointments stay as they are."""
    if actor is not None and actor.pk == user.pk:
        raise DomainError("own_rights", "Nobody may close their own account. Ask the other manager.")
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False) != 1:
        raise DomainError("already_deactivated", "This account was closed before.", status=409)
    Session.objects.filter(user=user).delete()
    api_keys_revoke(user=user, actor=actor, at=at)
    append_system(kind="user_deactivated", actor=actor, at=at, data={"user": str(user.pk)})
    user.refresh_from_db()
    return user


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
    """A new place: a unit belongs to an installation, an installation or a command to a command or to nothing."""
    check_zone(zone)
    if kind in BELONGS_TO and (parent.kind if parent else None) not in BELONGS_TO[kind]:
        raise DomainError(
            "wrong_parent",
            "A unit belongs to an installation, an installation or a command to a higher command or to nothing.",
            path="parent",
        )
    location = Location(kind=kind, name=name, zone=zone, parent=parent)
    rows.insert(location, "There is a location of this kind and name already.")
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
    """A new post with its inbox. A commander of an installation or a unit names who stands above (sapr.W004)."""
    leads = role == Role.SENIOR_COMMANDER and location.kind == LocationKind.INSTALLATION
    if (leads or role == Role.UNIT_COMMANDER) and next_higher is None:
        raise DomainError(
            "next_higher_needed",
            "The commander of an installation or a unit needs a next higher post: it takes over when that is needed.",
            path="next_higher",
        )
    post = Post(location=location, role=role, title=title, next_higher=next_higher)
    rows.insert(post, "This location has a post of this role already.")
    append_system(kind="post_created", actor=actor, at=at, data={"post": str(post.pk)})
    return post


@transaction.atomic
def sessions_end(*, user: User, actor: User, at: datetime, only: UUID | None = None) -> int:
    """End a person's sessions from elsewhere, all of them or one; how many there were. One's own, or as a manager."""
    rows = Session.objects.filter(user=user)
    count, _ = (rows if only is None else rows.filter(pk=only)).delete()
    if count:
        data = {"user": str(user.pk), "sessions": count}
        append_system(kind="session_ended", actor=actor, at=at, data=data)
    return count
