"""Curiosity: looks at what one has no part in are counted, and many of them raise one alarm (T04).

A look is recorded after its refusal, in a transaction of its own: the refused one is rolled back. It says who and
when, not at what, so that this table tells nobody which cases exist; the reader's answer is the same with it.
"""

from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection

from reports import policy
from reports.access.models import Look, LookKind
from reports.access.viewing import service, viewing
from reports.ledger.services import append_system
from sapr import clock
from sapr.errors import DomainError, NotFoundError

STOPPED = "too_many_openings"


@contextmanager
def entering(viewer):
    """`viewing` for a door: what it refuses somebody who is signed in is counted, once it is rolled back."""
    try:
        with viewing(viewer):
            yield
    except DomainError as refusal:
        _count(viewer, refusal)
        raise


def _count(viewer, refusal: DomainError) -> None:
    if isinstance(refusal, NotFoundError):
        looked(actor=viewer, kind=LookKind.NOT_THERE)
    elif refusal.code == STOPPED:
        _stopped(actor=viewer)


@service
def looked(*, actor, kind: str) -> None:
    """Count one look without a relationship; the one that reaches the limit raises the alarm, once in its window."""
    now = _alone(actor)
    limits = policy.access_rules(now.date()).limits
    _add(actor, kind)
    since = now - timedelta(minutes=limits["curiosity_minutes"])
    recent = Look.objects.filter(user=actor, at__gt=since)
    if recent.filter(kind=LookKind.ALARMED).exists():
        return
    looks = recent.exclude(kind=LookKind.STOPPED).count()
    if looks >= limits["curiosity_looks"]:
        _raise_alarm(actor, LookKind.ALARMED, "curiosity_alarm", now, {"looks": looks})


@service
def _stopped(*, actor) -> None:
    """Say once in its window that somebody reached the limit of openings."""
    now = _alone(actor)
    limits = policy.access_rules(now.date()).limits
    since = now - timedelta(minutes=limits["identity_minutes"])
    if not Look.objects.filter(user=actor, at__gt=since, kind=LookKind.STOPPED).exists():
        openings = limits["identity_openings"]
        _raise_alarm(actor, LookKind.STOPPED, "reading_stopped", now, {"openings": openings})


def _alone(actor) -> datetime:
    """The instant, once nobody else counts for this person: two looks at once see each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 13))", [str(actor.pk)])
    return clock.now()


def _add(actor, kind: str) -> None:
    # `at` is the trigger's to write.
    Look(user=actor, kind=kind, at=clock.now()).save(force_insert=True)


def _raise_alarm(actor, mark: str, kind: str, now: datetime, data: dict) -> None:
    _add(actor, mark)
    append_system(kind=kind, actor=actor, at=now, data={"user": str(actor.pk)} | data)
