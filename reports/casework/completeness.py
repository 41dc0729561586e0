"""What a case itself records of the tests for closing: referrals, review, investigation. Nothing is opened for it."""

from collections import Counter
from collections.abc import Iterable

from django.db import connection

from reports.casework.matters.keeping import keeping_open
from reports.election.models import Case, Election
from reports.ledger.models import Event
from reports.obligations.known import disposed_at

# What begins something in the case, what ends it, and the key of the event's data that says which.
REFERRALS = (
    (("referral_made",), ("referral_ended",), "matter"),
    (("service_accepted",), ("service_completed", "service_declined"), "matter"),
)
INVESTIGATIONS = (("investigation_opened",), ("investigation_closed",), "investigation")


def recorded(case: Case) -> dict[str, bool]:
    """The facts of the closing rules that the case's own events settle; what they do not settle is absent.

    Referrals and services: complete once each that began has ended. Investigations likewise. The group's review: none
    of a Restricted report; of any other it goes on while an alleged offender has no disposition or retaliation runs,
    and is over once the final disposition is decided and no meeting is waited for.
    """
    events = list(
        Event.objects.filter(case_id=case.pk, kind__in=_KINDS).order_by("seq").values_list("kind", "data")
    )
    found: dict[str, bool] = {}
    pairs = [_complete(events, *pair) for pair in REFERRALS]
    if any(each is not None for each in pairs):
        found["referrals_complete"] = all(each is not False for each in pairs)
    investigated = _complete(events, *INVESTIGATIONS)
    if investigated is not None:
        found["investigation_complete"] = investigated
    report = getattr(case, "report", None)
    if report is not None and report.election == Election.RESTRICTED:
        found["under_cmg_review"] = False
    else:
        if _waits_for_meeting(case) or keeping_open(case):
            found["under_cmg_review"] = True
        elif disposed_at(case) is not None:
            found["under_cmg_review"] = False
    return found


def _waits_for_meeting(case: Case) -> bool:
    """Whether the case stands on the agenda of a meeting to come, or was left over; by its last line."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_waits_for_meeting(%s)", [case.pk])
        return cursor.fetchone()[0]


def _complete(
    events: Iterable[tuple[str, dict]], begun: tuple[str, ...], ended: tuple[str, ...], key: str
) -> bool | None:
    """Whether all that began has ended; None when nothing of the kind began. Without a key any end ends one."""
    running: Counter[str] = Counter()
    seen = False
    for kind, data in events:
        which = str(data.get(key, ""))
        if kind in begun:
            seen = True
            running[which] += 1
        elif kind in ended and running[which]:
            running[which] -= 1
    return not any(running.values()) if seen else None


_KINDS = [kind for begun, ended, _ in (*REFERRALS, INVESTIGATIONS) for kind in (*begun, *ended)]
