"""Notices of the past: they stand in the ledger as what happened, and in no inbox, outbox or sweep.

In life a notice is composed when its duty opens, placed in an inbox and mailed about. What happened years ago is told
to nobody: here its duty is discharged by the same kinds of event, and no row of `notifications` is ever written. Nor
does anybody acknowledge it: that an addressee read something is never invented.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from notifications.models import NoticeKind
from notifications.placing import PLACED_EVENT
from reports import policy
from reports.ledger.services import append
from reports.obligations import hooks
from reports.obligations.models import Duty
from reports.obligations.services import discharge
from sapr import clock
from sapr.errors import DomainError
from sapr.models import Kind


@contextmanager
def kept() -> Iterator[None]:
    """For the block a duty that opens makes no notice. Refused in a real database: there people must be told."""
    if clock.kind() == Kind.REAL:
        raise DomainError(
            "real_database", "In a real database every notice goes out; nothing is invented there."
        )
    with hooks.instead(_on_opened):
        yield


def _on_opened(*, duties: list[Duty], actor, at: datetime) -> None:
    for duty in duties:
        if duty.kind not in NoticeKind.values:
            continue
        last = policy.last_slot(at, duty.case.installation.zone)
        _append(duty, "notice_composed", actor, at, {"rule": duty.rule, "last_slot": last.isoformat()})
        if policy.notice_spec(duty.kind).at_once:
            placed(duty=duty, actor=actor, at=at)


def placed(*, duty: Duty, actor, at: datetime) -> None:
    """The notice of this duty was placed at that instant: its event, and the duty discharged. The viewer is set."""
    if duty.kind == NoticeKind.RESTRICTED:
        _append(duty, "notice_released", actor, at, {"slot": at.isoformat()})
    event = _append(duty, PLACED_EVENT[NoticeKind(duty.kind)], actor, at, {"slot": at.isoformat()})
    discharge(duty=duty, event=event, actor=actor, at=at)


def _append(duty: Duty, kind: str, actor, at: datetime, data: dict[str, str]):
    """`history` tells these events from those of notices that went out."""
    data = {"kind": duty.kind, "history": True, **data}
    return append(case_id=duty.case_id, kind=kind, actor=actor, at=at, data=data)
