"""Three failures lock a name for a quarter of an hour: passwords and second factors together, known names or not.

No address is kept and no name in clear: the digest is keyed. Time alone releases; no service shortens it.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction

from accounts import limits
from accounts.acting import acting
from accounts.keys import keyed_digest
from accounts.models import User
from accounts.signing_models import SignInFailure
from reports.ledger.services import append_system


def tried(*, name: str, user: User | None, passes: Callable[[], bool], at: datetime) -> bool:
    """Whether what somebody sent under this name is right and the name is not locked. A failure is counted.

    `user`: whose name it is, if anybody's. `passes` does the checking and is called in every case: who is locked
    or unknown costs the same work, and what it wrote while locked is undone. At one instant one attempt per name.
    """
    digest = keyed_digest("sign-in name", user.username.lower() if user else name.lower())
    with transaction.atomic():
        _one_at_a_time(digest)
        locked = is_locked(digest, at)
        with transaction.atomic():
            right = passes()
            if locked:
                transaction.set_rollback(True)
        if right and not locked:
            return True
        if not locked:
            _count(digest, user, at)
    return False


def is_locked(digest: bytes, at: datetime) -> bool:
    """Whether the name is locked at the instant."""
    return SignInFailure.objects.filter(name_digest=digest, locks_until__gt=at).exists()


def _one_at_a_time(digest: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 13))", [digest.hex()])


def _count(digest: bytes, user: User | None, at: datetime) -> None:
    """Write the failure down; the one that is too many locks, once, and is an event."""
    since = at - limits.FAILURE_WINDOW
    if user is not None and user.last_login is not None:
        # In a row: whoever signed in fully begins anew.
        since = max(since, user.last_login)
    before = SignInFailure.objects.filter(name_digest=digest, at__gt=since).count()
    too_many = before + 1 >= limits.FAILURES
    SignInFailure.objects.create(
        name_digest=digest, at=at, locks_until=at + limits.LOCKED_FOR if too_many else None
    )
    SignInFailure.objects.filter(at__lt=at - limits.FAILURES_KEPT).delete()
    if too_many:
        with acting(None):
            data = {"user": str(user.pk)} if user else {}
            append_system(kind="sign_in_locked", actor=None, at=at, data=data)
