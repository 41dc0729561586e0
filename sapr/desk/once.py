"""A form that was sent twice is done once. What was done is remembered in the session, by a random token."""

import re
import secrets

from django.contrib.auth import logout
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.http import HttpRequest

from sapr.errors import DomainError

KEY, KEPT = "desk_done", 30
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


def new_token() -> str:
    """A token for one rendering of one form."""
    return secrets.token_urlsafe(16)


def earlier(request: HttpRequest, token: str) -> str | None:
    """Where the form with this token led already; None if it is new (or carries no usable token).

    Waits for a twin that is being handled at this moment, until its transaction has ended.
    """
    if not TOKEN.fullmatch(token):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 11))", [token])
    # The twin has saved its session since this request read its own.
    stored = request.session.load() if request.session.session_key else {}
    if KEY in stored:
        request.session[KEY] = stored[KEY]
    return dict(request.session.get(KEY, [])).get(token)


def remember(request: HttpRequest, token: str, address: str) -> None:
    """Keep where the form led. Saved at once, in the action's own transaction.

    When the session was ended from elsewhere in the meantime, the action is undone.
    """
    if not TOKEN.fullmatch(token):
        return
    request.session[KEY] = [*request.session.get(KEY, []), [token, address]][-KEPT:]
    try:
        request.session.save()
    except UpdateError:
        logout(request)
        raise DomainError(
            "session_ended",
            "Your session was ended meanwhile, so nothing was done. Sign in again.",
            status=409,
        ) from None
