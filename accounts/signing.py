"""Signing in: the password step, then the second factor; only then is a session somebody's."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth import login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts import limits, lockout, sessions
from accounts.acting import acting
from accounts.models import User
from reports.ledger.services import append_system

BACKEND = "django.contrib.auth.backends.ModelBackend"
HALF = "half_way"
# Longer passwords cannot be chosen, and are not hashed.
LONGEST = 200


def password_step(*, username: str, password: str, at: datetime) -> User | None:
    """Whose name and password these are. None alike for a wrong password, an unknown, closed or locked name."""
    user = _named(username)
    return (
        user if lockout.tried(name=username, user=user, passes=lambda: _fits(user, password), at=at) else None
    )


def password_again(*, user: User, password: str, at: datetime) -> bool:
    """Whether somebody who is signed in still knows the password; failures count as at sign-in."""
    return lockout.tried(name=user.username, user=user, passes=lambda: _fits(user, password), at=at)


def _named(username: str) -> User | None:
    try:
        return User.objects.get_by_natural_key(username)
    except (User.DoesNotExist, ValueError):
        return None


def _fits(user: User | None, password: str) -> bool:
    if user is None or len(password) > LONGEST:
        # The same work as for a name that is known.
        User().set_password(password[:LONGEST])
        return False
    return user.check_password(password) and user.is_active


def go_half_way(session: SessionBase, user: User, *, to: str, at: datetime) -> None:
    """Remember, under a new key, who passed the password step and where they were going. Nobody is signed in."""
    sessions.empty(session)
    session[HALF] = {
        "user": str(user.pk),
        "password": user.get_session_auth_hash(),
        "at": at.isoformat(),
        "to": to,
    }
    session.create()


def half_way(session: SessionBase, at: datetime) -> User | None:
    """Who passed the password step in this session lately, with the password as it is now."""
    kept = session.get(HALF)
    if not kept or datetime.fromisoformat(kept["at"]) + limits.HALF_WAY <= at:
        return None
    user = User.objects.filter(pk=UUID(kept["user"]), is_active=True).first()
    return user if user and user.get_session_auth_hash() == kept["password"] else None


def going_to(session: SessionBase) -> str:
    """Where somebody who is half way wanted to go."""
    return session.get(HALF, {}).get("to", "")


def sign_in(request: HttpRequest, user: User, *, second: str, at: datetime) -> None:
    """Both factors were passed: a new session is the user's. `second` says by what.

    Nothing of the one before lives on: in it, somebody else may have been half way. Whatever sessions
    have expired are swept away on the occasion.
    """
    sessions.SessionStore.clear_expired()
    sessions.empty(request.session)
    login(request, user, backend=BACKEND)
    sessions.mark_passed(request.session, second)
    sessions.keep_idle_limit(request.session, user)
    user.last_login = at
    user.save(update_fields=["last_login"])
    with acting(user):
        append_system(kind="signed_in", actor=user, at=at, data={"user": str(user.pk), "second": second})
