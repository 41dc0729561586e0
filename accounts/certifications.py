"""Advocate certifications (D-SAACP): recorded and revoked by programme managers, never one's own."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts import rows
from accounts.acting import acting
from accounts.models import Certification, User
from accounts.selectors import zone_of_work
from reports import policy
from reports.ledger.services import append_system
from reports.policy.delays import add_months
from sapr.errors import DomainError

RENEWAL = "AG-05"
# Whole days in a zone of which nothing is known here: the last one counts, and a clock may change in between.
WHOLE_DAYS = timedelta(days=2)


def span_of_days(user: User, first: date, last: date) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last, by the calendar where the person works."""
    zone = ZoneInfo(zone_of_work(user))
    begins, ends = (datetime.combine(day, time(), tzinfo=zone) for day in (first, last + timedelta(days=1)))
    return begins.astimezone(UTC), ends.astimezone(UTC)


def certification_record(
    *, user: User, starts_at: datetime, ends_at: datetime, actor: User | None, at: datetime
) -> Certification:
    """Somebody's certification from one instant to another; the posts of SARC and SAPR VA count only with one.

    One manager records alone, never their own, and for no longer than until it has to be renewed (AG-05). Without an
    actor (a demo, a rehearsal) the system does, for as long as it likes; a real database refuses that.
    """
    _not_own(actor, user)
    if actor is not None and ends_at > _longest(starts_at):
        raise DomainError(
            "too_long",
            "A certification is renewed every two years. Give its last day.",
            path="ends_on",
            rule=RENEWAL,
        )
    row = Certification(user=user, starts_at=starts_at, ends_at=ends_at, recorded_by=actor)
    rows.clean(row)
    with acting(actor):
        rows.locked(user)
        overlapping = Certification.objects.filter(
            user=user, revoked_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at
        )
        if overlapping.exists():
            raise DomainError(
                "already_certified",
                "A certification of this person covers part of that time already. Begin where it ends, or revoke it.",
                path="starts_on",
                status=409,
            )
        row.save(force_insert=True)
        data = {"user": str(user.pk), "certification": str(row.pk), "until": ends_at.isoformat()}
        append_system(kind="certification_recorded", actor=actor, at=at, data=data)
    return row


def certification_end(*, certification: Certification, actor: User | None, at: datetime) -> Certification:
    """Revoke it now: what its holder did as SARC or SAPR VA ends at once, in running sessions too (rule AG-03)."""
    _not_own(actor, certification.user)
    with acting(actor):
        standing = Certification.objects.filter(pk=certification.pk, revoked_at=None, ends_at__gt=at)
        if standing.update(revoked_at=at) != 1:
            raise DomainError(
                "already_ended", "This certification has ended or was revoked before.", status=409
            )
        data = {"user": str(certification.user_id), "certification": str(certification.pk)}
        append_system(kind="certification_ended", actor=actor, at=at, data=data)
    certification.refresh_from_db()
    return certification


def _longest(starts_at: datetime) -> datetime:
    begin = starts_at.astimezone(UTC)
    years = policy.rule(RENEWAL, on=begin.date()).parameters["data"]["years"]
    return datetime.combine(add_months(begin.date(), 12 * years), begin.timetz()) + WHOLE_DAYS


def _not_own(actor: User | None, user: User) -> None:
    if actor is not None and actor.pk == user.pk:
        raise DomainError("own_rights", "Nobody may change their own certification. Ask the other manager.")
