"""The watchdog: a process of its own that raises an alarm when nothing looks for due work (DN-41).

It never sweeps and needs no broker. Its alarm goes by its own mail connection, to standard error, and to the system's
chain; the web process shows the same row, so that a dead watchdog shows too.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError, connection, transaction

from accounts.selectors import programme_managers
from notifications.lateness.models import THE_SWEEP, SweepBeat
from notifications.models import Notice, NoticeState
from notifications.outside.messages import BODY, SUBJECTS
from notifications.outside.models import OutgoingKind
from reports import policy
from reports.ledger.services import append_system
from sapr import clock
from sapr.operating.upkeep import on_hold

log = logging.getLogger("sapr.watchdog")


@dataclass
class Watchdog:
    """Call `look()` every `policy.watch().look_every`. What it remembers is only for when the database is away."""

    addresses: list[str] = field(default_factory=list)
    away_since: float | None = None
    mailed_away: float | None = None

    def look(self) -> bool:
        """Look once; whether all is well. A database that is away is an alarm, never an error."""
        try:
            if on_hold():
                # A person is at it: whoever restored lifts the hold. Nothing leaves the system until then.
                log.error("on_hold")
                return False
            well, mail = self._look_at_the_row()
        except (OperationalError, InterfaceError):
            connection.close()
            return self._database_is_away()
        self.away_since = self.mailed_away = None
        if mail and self._send():
            SweepBeat.objects.filter(pk=THE_SWEEP).update(mailed_at=clock.keyboard_now())
        return well

    def _look_at_the_row(self) -> tuple[bool, bool]:
        """Whether the sweep beats, and whether a mail is to be sent; the change of state is an event."""
        now, watch = clock.keyboard_now(), policy.watch()
        self.addresses = _addresses(clock.now())
        with transaction.atomic():
            row = SweepBeat.objects.select_for_update().get(pk=THE_SWEEP)
            # After an absence of its own, or where nothing has looked yet, the sweep gets the whole time to begin;
            # an alarm that stands ends by a beat alone, and where nothing stays undone.
            if row.watched_at is None or (
                row.stalled_at is None and now - row.watched_at > watch.alarm_after
            ):
                row.counted_from = now
            row.watched_at = now
            counted = now - row.counted_from
            silent = min(counted, max(now - (row.beat_at or row.counted_from), _undone(clock.now())))
            if silent > watch.alarm_after:
                return False, self._stalled(row, now, silent, watch.repeat_after)
            if row.stalled_at is not None:
                minutes = int((now - row.stalled_at) / timedelta(minutes=1))
                row.stalled_at, row.mailed_at, row.resumed_at = None, None, clock.now()
                row.save()
                append_system(kind="sweep_resumed", actor=None, at=row.resumed_at, data={"minutes": minutes})
                log.warning("sweep_resumed")
            row.save()
        return True, False

    def _stalled(self, row: SweepBeat, now: datetime, silent: timedelta, repeat_after: timedelta) -> bool:
        """Note the alarm, once; whether it is time for a mail."""
        begins = row.stalled_at is None
        row.stalled_at = row.stalled_at or now
        row.save()
        if begins:
            minutes = int(silent / timedelta(minutes=1))
            append_system(kind="sweep_stalled", actor=None, at=clock.now(), data={"minutes": minutes})
        mail = row.mailed_at is None or now - row.mailed_at >= repeat_after
        if begins or mail:
            log.error("sweep_stalled", extra={"fields": {"seconds": int(silent.total_seconds())}})
        return mail

    def _database_is_away(self) -> bool:
        """Nothing can be swept then either. There is no row to read, so this process's own stop-watch counts."""
        watch, now = policy.watch(), monotonic()
        self.away_since = self.away_since or now
        if now - self.away_since <= watch.alarm_after.total_seconds():
            return False
        if self.mailed_away is None or now - self.mailed_away >= watch.repeat_after.total_seconds():
            log.error("database_away", extra={"fields": {"seconds": int(now - self.away_since)}})
            if self._send():
                self.mailed_away = now
        return False

    def _send(self) -> bool:
        """Hand the alarm over to everybody, each alone; whether somebody's was taken."""
        taken = [_hand_over(address) for address in self.addresses]
        return any(taken)


def _undone(now: datetime) -> timedelta:
    """For how long the notice that waits longest is past its last slot: the sweep may look and place nothing."""
    waiting = Notice.objects.filter(last_slot__lte=now).exclude(state=NoticeState.PLACED)
    oldest = waiting.order_by("last_slot").values_list("last_slot", flat=True).first()
    return now - oldest if oldest else timedelta(0)


def _addresses(now: datetime) -> list[str]:
    """Who is told: those named in SAPR_ALARM_MAIL, else the programme managers."""
    named: Iterable[str] = settings.ALARM_MAIL
    return list(named) or list(programme_managers(now).order_by().values_list("email", flat=True))


def _hand_over(address: str) -> bool:
    """Without the outbox, which may be what stands still, and without a clock of the database, which may be away."""
    try:
        EmailMessage(SUBJECTS[OutgoingKind.ALARM], BODY, to=[address]).send()
    except OSError:
        log.exception("alarm_mail_failed")
        return False
    return True
