"""CATCH credentials: given out, used, ended (CK-21). Which belong to which case is the SARC's alone to know.

They end some days after they were given out, or some hours after their first use, or when the logins are used up. The
two clocks are duties of the system: the worker ends them at their instant (`clock`). Passwords, entries and the end of
an idle session are the other system's.
"""

from datetime import datetime
from uuid import UUID

from reports import access
from reports.catch import selectors
from reports.catch.asking import logins_after_first_use
from reports.catch.models import CatchCredentials
from reports.election.contacts import locked
from reports.obligations.models import Duty, DutyState
from reports.obligations.selectors import case_duties
from reports.recording import record
from reports.validation import instant, text
from reports.vault.keys import commitment
from sapr.errors import DomainError

CLOSED = "catch_credentials_closed"


@access.service
def catch_credentials_issue(*, actor, case_id: UUID, user_name: str, at: datetime) -> CatchCredentials:
    """Credentials were given out for an entry, or to add to one (CA-08); the user name is sealed."""
    case = access.case_for(actor, case_id, "disclose")
    at = instant(at, "at")
    name = text(user_name, "user_name", required=True)
    locked(case)
    entry = selectors.open_entry(viewer=actor, case=case)
    if entry is None or at < entry.joined_at:
        raise DomainError(
            "not_joined", "The victim did not take part in CATCH then. Let them join first.", status=409
        )
    row = CatchCredentials(case=case, entry=entry, user_name=name, issued_at=at)
    row.save(force_insert=True)
    data = {"credentials": str(row.pk), "user_name": commitment(case.pk, name.encode())}
    record(case=case, kind="catch_credentials_issued", actor=actor, at=at, data=data, about=row.pk)
    return row


@access.service
def catch_credentials_use(*, actor, case_id: UUID, credentials_id: UUID, at: datetime) -> bool:
    """A login with the credentials; returns whether they end with it. The first one starts the 72 hours.

    Refused once they have ended, by whichever clock.
    """
    case, row = _row(actor, case_id, credentials_id)
    at = instant(at, "at")
    if at < row.issued_at:
        raise DomainError(
            "before_the_step", "They were given out later than this. Check the time.", path="at"
        )
    clock = _clock(actor, case, row.pk)
    if clock is None or at > clock.due_at:
        raise _ended()
    uses = selectors.logins(viewer=actor, case=case, credentials_id=row.pk) + 1
    data = {"credentials": str(row.pk)}
    record(case=case, kind="catch_credentials_used", actor=actor, at=at, data=data, about=row.pk)
    last = uses > logins_after_first_use(at)
    if last:
        record(
            case=case, kind=CLOSED, actor=actor, at=at, data=data | {"answer": "logins_used"}, about=row.pk
        )
    return last


@access.service
def catch_credentials_close(*, actor, case_id: UUID, credentials_id: UUID, at: datetime) -> None:
    """They are ended before their time."""
    case, row = _row(actor, case_id, credentials_id)
    at = instant(at, "at")
    if _clock(actor, case, row.pk) is None:
        raise _ended()
    _close(actor, case, row.pk, at)


def close_open(*, actor, case, at: datetime) -> None:
    """End whatever is still open; the duties tell, so that who leaves CATCH need not be told which there are."""
    open_ = case_duties(viewer=actor, case=case).filter(discharged_by=CLOSED, state=DutyState.OPEN)
    for about in {duty.about for duty in open_}:
        _close(actor, case, about, at)


def _close(actor, case, credentials: UUID, at: datetime) -> None:
    data = {"credentials": str(credentials)}
    record(case=case, kind=CLOSED, actor=actor, at=at, data=data, about=credentials)


def _row(actor, case_id: UUID, credentials_id: UUID):
    case = access.case_for(actor, case_id, "disclose")
    locked(case)
    row = selectors.case_credentials(viewer=actor, case=case).filter(pk=credentials_id).first()
    if row is None:
        raise DomainError(
            "unknown_value", "credentials_id: no such credentials were given out here.", path="credentials_id"
        )
    return case, row


def _clock(actor, case, credentials: UUID) -> Duty | None:
    """The clock that runs for these credentials now."""
    found = case_duties(viewer=actor, case=case).filter(about=credentials, discharged_by=CLOSED)
    return found.filter(state=DutyState.OPEN).first()


def _ended() -> DomainError:
    return DomainError(
        "credentials_ended",
        "These credentials have ended. Give out new ones.",
        status=409,
        rule="CK-21",
    )
