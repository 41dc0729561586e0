"""The screen lock: a session that answers with nothing but the lock page until its person proves again who they are.

Locked by its person, by leaving in a hurry, or by the server when it was not used for `limits.LOCK`. It goes on
ageing: what is asked for while it is locked counts as no use, so the idle limit ends it as any other.
"""

import base64
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase

from accounts import limits, lockout
from accounts.factors import services
from accounts.keys import digest, keyed_digest
from accounts.models import User
from accounts.signing_models import Session
from sapr import clock


def lock(session: SessionBase) -> None:
    """Lock the session at once; one that is locked keeps the instant."""
    row = Session.objects.filter(key_digest=digest(session.session_key or ""))
    row.filter(locked_at=None).update(locked_at=clock.KeyboardNow())
    session.locked_at = clock.keyboard_now()


def is_locked(session: SessionBase) -> bool:
    """Whether the session is locked. One that stood unused for too long is locked by being asked."""
    if session.locked_at is None and session.unused_for >= limits.LOCK:
        lock(session)
    return session.locked_at is not None


def unlocked(session: SessionBase, user: User, *, password: str, credential: str, at: datetime) -> bool:
    """Open the session again for its own password or a passkey's answer; whether it is open now.

    Failures count as at sign-in, and lock the name alike. A card alone opens nothing: it may still be in the reader.
    """

    def passes() -> bool:
        if credential:
            return services.passkey_fits(user, credential)
        return user.check_password(password) and user.is_active

    if not lockout.tried(name=user.username, user=user, passes=passes, at=at):
        return False
    Session.objects.filter(key_digest=digest(session.session_key or "")).update(locked_at=None)
    session.locked_at = None
    return True


def key_for(user: User, nonce: str) -> str:
    """The key under which this person's browser keeps what was typed while the screen is locked (base64, 32 bytes).

    Kept nowhere: derived from the secret key file, the person and the tab's own random `nonce`.
    """
    return base64.b64encode(keyed_digest("typed and not sent", f"{user.pk} {nonce}")).decode()
