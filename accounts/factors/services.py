"""Adding, checking and removing second factors. Each runs as the factor's own person: the database lets nobody else."""

import json
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.exceptions import InvalidSignature
from cryptography.fernet import InvalidToken
from django.core.exceptions import ValidationError

from accounts import rows
from accounts import services as accounts
from accounts.acting import acting
from accounts.factors.adapter import Adapter
from accounts.models import User
from reports.ledger.services import append_system
from sapr import clock
from sapr.errors import DomainError, NotFoundError
from sapr.models import Kind

TOTP, PASSKEY, CODES = (
    Authenticator.Type.TOTP,
    Authenticator.Type.WEBAUTHN,
    Authenticator.Type.RECOVERY_CODES,
)
FIRST_KINDS = (TOTP, PASSKEY)
# What a browser or an attacker may send in place of a passkey's answer.
UNREADABLE = (
    ValidationError,
    InvalidSignature,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    RecursionError,
)


def factors_of(user: User) -> list[Authenticator]:
    """The person's own factors, in the order they were added."""
    with acting(user):
        return list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))


def has_factor(user: User) -> bool:
    """Whether there is a factor to sign in with; recovery codes alone are none."""
    return any(factor.type in FIRST_KINDS for factor in factors_of(user))


def app_add(*, user: User, secret: str, code: str, at: datetime, first: bool = False) -> None:
    """An authenticator app, proved by a code it shows. One per person; another takes its place.

    `first`: for somebody who is only half way in, so refused as soon as there is any factor.
    """
    counter = _counter(secret, code)
    if counter is None:
        raise DomainError("wrong_code", "This code does not fit. Type the six digits shown now.", path="code")
    with acting(user):
        _first_only(user, first)
        for earlier in Authenticator.objects.filter(user=user, type=TOTP):
            _remove(earlier, at)
        added = totp.TOTP.activate(user, secret).instance
        _used(added, counter)
        _added(user, TOTP, at)


def passkey_options(user: User) -> dict[str, Any]:
    """What the browser asks the passkey for when one is added. Kept in the request's session."""
    with acting(user):
        return webauthn.begin_registration(user, passwordless=False)


def passkey_add(*, user: User, name: str, credential: str, at: datetime, first: bool = False) -> None:
    """A passkey or security key, proved by its answer to the options. `first`: as for `app_add`."""
    try:
        sent = json.loads(credential)
        webauthn.parse_registration_response(sent)
        webauthn.complete_registration(sent)
    except UNREADABLE:
        raise DomainError("wrong_code", "The passkey did not answer as expected. Try it again.") from None
    with acting(user):
        _first_only(user, first)
        webauthn.WebAuthn.add(user, name or "Passkey", sent)
        _added(user, PASSKEY, at)


def codes_renew(*, user: User, at: datetime) -> list[str]:
    """Ten new recovery codes, each good for one sign-in; the earlier ones stop working. Shown once."""
    if not has_factor(user):
        raise DomainError("no_factor", "Add a passkey or an authenticator app first.", status=409)
    with acting(user):
        for earlier in Authenticator.objects.filter(user=user, type=CODES):
            _remove(earlier, at)
        codes = RecoveryCodes.activate(user).generate_codes()
        _added(user, CODES, at)
    return codes


def factor_remove(*, user: User, factor_id: int, at: datetime) -> None:
    """Remove one of one's own factors; the last passkey or app stays, so that nobody is left with a password."""
    with acting(user):
        mine = {factor.pk: factor for factor in Authenticator.objects.select_for_update().filter(user=user)}
        if factor_id not in mine:
            raise NotFoundError
        left = [each for pk, each in mine.items() if pk != factor_id and each.type in FIRST_KINDS]
        if mine[factor_id].type in FIRST_KINDS and not left:
            raise DomainError(
                "last_factor", "This is your only second factor. Add another one first.", status=409
            )
        _remove(mine[factor_id], at)


def factors_reset(*, user: User, at: datetime) -> str:
    """Take every factor and the password away and return a new enrolment link's token. For the command line only.

    A manager has no such step at the desk: who could reset somebody's factors could become that person.
    """
    with acting(user):
        for factor in Authenticator.objects.filter(user=user):
            _remove(factor, at)
    with acting(None):
        accounts.password_issue(user=user, actor=None, at=at)
        return accounts.enrolment_create(user=user, actor=None, at=at)


def code_fits(user: User, code: str) -> bool:
    """Whether this is the app's code of this moment, not used before, or an unused recovery code."""
    digits = "".join(code.split())
    with acting(user):
        mine = Authenticator.objects.select_for_update().filter(user=user, type__in=[TOTP, CODES])
        return any(_app_fits(row, digits) if row.type == TOTP else _codes_fit(row, digits) for row in mine)


def _app_fits(factor: Authenticator, digits: str) -> bool:
    try:
        counter = _counter(_secret(factor), digits, after=factor.data.get("counter", 0))
    except InvalidToken:
        # Encrypted under another secret key file, or tampered with: it lets nobody in.
        return False
    if counter is None:
        return False
    _used(factor, counter)
    return True


def _codes_fit(factor: Authenticator, digits: str) -> bool:
    try:
        return factor.wrap().validate_code(digits)
    except InvalidToken:
        return False


def passkey_request(user: User) -> dict[str, Any] | None:
    """What the browser asks a passkey for at sign-in; None for somebody without one."""
    with acting(user):
        if not Authenticator.objects.filter(user=user, type=PASSKEY).exists():
            return None
        return webauthn.begin_authentication(user)


def passkey_fits(user: User, credential: str) -> bool:
    """Whether one of the person's passkeys signed this session's challenge."""
    with acting(user):
        try:
            sent = json.loads(credential)
            webauthn.parse_authentication_response(sent)
            webauthn.complete_authentication(user, sent).record_usage()
        except UNREADABLE:
            return False
    return True


def demo_app_give(*, user: User, at: datetime) -> None:
    """An authenticator app for an invented person; only in a demo, whose pages show its codes."""
    if clock.kind() != Kind.DEMO:
        raise DomainError("not_a_demo", "Only a demo gives people a second factor.", status=409)
    with acting(user):
        totp.TOTP.activate(user, totp.generate_totp_secret())
        _added(user, TOTP, at)


def demo_code(user: User) -> str | None:
    """The code that the invented person's app shows, for a demo's page; None in every other database."""
    if clock.kind() != Kind.DEMO:
        return None
    with acting(user):
        app = Authenticator.objects.filter(user=user, type=TOTP).first()
        if app is None:
            return None
        used = app.data.get("counter", 0)
        fresh = [counter for counter in sorted(totp.yield_hotp_counters_from_time())[1:] if counter > used]
        return totp.format_hotp_value(totp.hotp_value(_secret(app), fresh[0])) if fresh else None


def _first_only(user: User, first: bool) -> None:
    """Of two who know the password and add a first factor at the same moment, one does."""
    rows.locked(user)
    if first and Authenticator.objects.filter(user=user, type__in=FIRST_KINDS).exists():
        raise DomainError(
            "has_factor", "This account has a second factor by now. Sign in with it.", status=409
        )


def _secret(factor: Authenticator) -> str:
    return Adapter().decrypt(factor.data["secret"])


def _counter(secret: str, code: str, *, after: int = 0) -> int | None:
    """Which of the time steps allowed now the code is of, none at or before `after`."""
    found = None
    for counter in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if totp.compare_user_code(actual=code, expected=expected) and counter > after:
            found = counter
    return found


def _used(factor: Authenticator, counter: int) -> None:
    """A code counts once, whichever process is asked: the step is kept with the factor."""
    factor.data["counter"] = counter
    factor.save(update_fields=["data"])


def _added(user: User, kind: str, at: datetime) -> None:
    append_system(
        kind="second_factor_added", actor=user, at=at, data={"user": str(user.pk), "factor": str(kind)}
    )


def _remove(factor: Authenticator, at: datetime) -> None:
    data = {"user": str(factor.user_id), "factor": str(factor.type)}
    factor.delete()
    append_system(kind="second_factor_removed", actor=factor.user, at=at, data=data)
