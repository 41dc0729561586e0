"""Destroying a case's keys: the step that only whoever runs the system can take, after two persons said so."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from reports.erasure import selectors
from reports.erasure.models import Erasure, ErasureState
from reports.erasure.retention import ON_HOLD
from reports.erasure.services import require_unchanged
from reports.ledger.services import append
from reports.vault import store
from sapr.errors import DomainError

AGREED = [ErasureState.APPROVED, ErasureState.DESTROYING, ErasureState.DONE]


def approved() -> QuerySet[Erasure]:
    """What two persons agreed on and is not done yet, the oldest first; also what was begun and killed."""
    rows = Erasure.objects.filter(state__in=AGREED).exclude(state=ErasureState.DONE)
    return rows.order_by("decided_at", "id")


def find(case: str) -> Erasure:
    """The erasure of a case that two persons agreed on, by the case's number or id; also one begun, or done."""
    by = Q(number=case.strip().upper())
    with suppress(ValueError):
        by |= Q(case_id=UUID(case))
    row = Erasure.objects.filter(by, state__in=AGREED).first()
    if row is None:
        raise DomainError(
            "not_approved",
            "Two persons have not agreed to erase a case of this number. A SARC proposes it on the case's page, a "
            "programme manager approves it; `manage.py erase --list` shows what is approved.",
            path="case",
        )
    return row


def require_still_right(row: Erasure, at: datetime) -> None:
    """Refuse what changed since the approval: a hold, the case itself, or a rule that keeps something longer.

    What was begun is finished: its keys may be gone already.
    """
    if row.state == ErasureState.DONE:
        raise DomainError("already_erased", "The keys of this case were destroyed before.", status=409)
    if row.state == ErasureState.DESTROYING:
        return
    if selectors.is_on_hold(row.case_id):
        raise ON_HOLD
    require_unchanged(row, at=at)


def case_erase(row: Erasure, at: datetime) -> dict[str, Any]:
    """Destroy the case's keys, in the store and in every copy, and write the certificate into its chain.

    That it has begun is committed first, and from then on no hold can be placed. Killed at any point, a second call
    finishes: the keys go next, the certificate says so last, once.
    """
    require_still_right(row, at)
    Erasure.objects.filter(pk=row.pk, state=ErasureState.APPROVED).update(state=ErasureState.DESTROYING)
    store.destroy(row.case_id, at=at)
    certificate = {
        "erasure": str(row.pk),
        "places": len(settings.KEY_STORE_PLACES),
        "keep_until": row.keep_until.isoformat() if row.keep_until else None,
        "rules": row.rules,
        "proposed_by": str(row.proposed_by_id),
        "approved_by": str(row.decided_by_id),
    }
    with transaction.atomic():
        done = Erasure.objects.filter(pk=row.pk, state=ErasureState.DESTROYING).update(
            state=ErasureState.DONE
        )
        if done != 1:
            raise DomainError("already_erased", "The keys of this case were destroyed before.", status=409)
        append(case_id=row.case_id, kind="case_erased", actor=None, at=at, data=certificate)
    return certificate
