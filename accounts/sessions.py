"""Sessions in our own table: measured by the database's clock, listed, ended from elsewhere (SESSION_ENGINE)."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Least
from django.http import HttpRequest

from accounts import limits
from accounts.keys import digest
from accounts.models import Role, User
from accounts.selectors import roles_of
from accounts.signing_models import Session
from sapr import clock

# In the session's data: by which second factor, and how long it may idle (seconds).
SECOND_FACTOR, IDLE_SECONDS = "second_factor", "idle_seconds"
# In which language the desk is read; the only thing that outlives signing in.
LANGUAGE = "language"


class SessionStore(SessionBase):
    """One session. Its age counts from the sign-in, whatever keys it had since."""

    _begun_at: datetime | None = None
    # Set by what runs beside the pages of a session: it was seen, and nothing of its data is written over theirs.
    only_seen = False
    # Set where the request ends the session that it came with, as signing out does.
    ended_here = False
    # As they were when the session was read for this request (accounts/locking.py).
    locked_at: datetime | None = None
    unused_for = timedelta(0)

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key_digest=digest(session_key)).exists()

    def _row(self):
        return Session.objects.filter(key_digest=digest(self.session_key or ""))

    def _living(self):
        unused = ExpressionWrapper(clock.KeyboardNow() - F("last_seen_at"), output_field=DurationField())
        return self._row().filter(expires_at__gt=clock.KeyboardNow()).annotate(unused_for=unused)

    def load(self) -> dict[str, Any]:
        row = self._living().first() if self.session_key else None
        if row is None:
            self._session_key = None
            return {}
        self._begun_at, self.locked_at, self.unused_for = row.begun_at, row.locked_at, row.unused_for
        return self.decode(row.session_data)

    def cycle_key(self) -> None:
        """Another key for the same session (a new password): it goes on from when it began, and is no new one."""
        self._get_session()
        begun_at = self._begun_at
        super().cycle_key()
        if begun_at is not None:
            limit = Least(F("expires_at"), begun_at + limits.ABSOLUTE)
            self._row().update(begun_at=begun_at, expires_at=limit)
            self._begun_at = begun_at

    def flush(self) -> None:
        self.ended_here = True
        super().flush()
        self._begun_at = self.locked_at = None
        self.unused_for = timedelta(0)

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)
        values = {"session_data": self.encode(data), "user_id": data.get(SESSION_KEY)}
        idle = timedelta(seconds=data.get(IDLE_SECONDS, limits.IDLE.total_seconds()))
        if must_create:
            self._insert(values, idle)
            return
        if self.only_seen:
            values = {}
        seen = clock.KeyboardNow()
        limit = Least(seen + idle, F("begun_at") + limits.ABSOLUTE)
        if self.locked_at is None:
            values |= {"last_seen_at": seen, "expires_at": limit}
        # Ended from elsewhere while this request ran: it must not come back to life.
        if not (self._row().update(**values) if values else self._row().exists()):
            raise UpdateError

    def _insert(self, values: dict[str, Any], idle: timedelta) -> None:
        now = clock.keyboard_now()
        row = Session(
            key_digest=digest(self.session_key),
            begun_at=now,
            last_seen_at=now,
            expires_at=now + idle,
            **values,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise CreateError from None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(key_digest=digest(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expires_at__lt=clock.KeyboardNow()).delete()


def empty(session: SessionBase) -> None:
    """Nothing of the session lives on but the language chosen in it."""
    chosen = session.get(LANGUAGE)
    session.flush()
    if chosen:
        session[LANGUAGE] = chosen


def mark_passed(session: SessionBase, second: str) -> None:
    """Both factors were passed in this session; `second`: by which one the second."""
    session[SECOND_FACTOR] = second


def second_factor(session: SessionBase) -> str:
    """By which second factor the session was opened; '' when none was passed."""
    return session.get(SECOND_FACTOR, "")


def passed_both(session: SessionBase) -> bool:
    """Whether this session counts as somebody's."""
    return bool(second_factor(session))


def keep_idle_limit(session: SessionBase, user: User) -> None:
    """Programme managers may idle for less; the rest of the request's end does the counting."""
    manager = Role.PROGRAMME_MANAGER in roles_of(user, clock.now())
    session[IDLE_SECONDS] = int((limits.IDLE_MANAGER if manager else limits.IDLE).total_seconds())


def own(user: User) -> list[Session]:
    """The person's running sessions, the one used last first."""
    rows = Session.objects.filter(user=user, expires_at__gt=clock.KeyboardNow())
    return list(rows.order_by("-last_seen_at"))


def is_this_one(row: Session, session: SessionBase) -> bool:
    """Whether the row is the session of the request itself."""
    return bytes(row.key_digest) == digest(session.session_key or "")


def signed_out_by_it(request: HttpRequest) -> bool:
    """Whether the request's own session was among those just ended; from here on the request is nobody's then."""
    if request.session.exists(request.session.session_key or ""):
        return False
    logout(request)
    return True
