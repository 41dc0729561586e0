"""Keeping what is typed, and seeing to it that nothing stays of it when the step is done or the person left.

No event says that something was typed: an event says what happened to a case, here nothing has, and the ledger never
forgets. What the database holds of a draft, and who sees it, docs/intake.md says.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction

from reports import access, policy
from reports.election.drafts.ending import destroy_after_commit
from reports.election.drafts.models import Draft, Step
from reports.election.models import Case
from reports.vault import drafts as vault
from sapr import clock
from sapr.errors import DomainError

# A page of the intake is far smaller; the database holds the sealed bytes to a little more.
LIMIT = 200_000
VERBS = {Step.CONTACT: "open_contact", Step.SIGN: "sign"}


@access.service
def draft_keep(
    *,
    actor,
    step: str,
    values: Mapping[str, Sequence[str]],
    at: datetime,
    case_id: UUID | None = None,
    draft_id: UUID | None = None,
) -> Draft:
    """Keep a step's form as it was typed so far, in place of what was kept of it before; nobody else ever reads it.

    `values`: each field's values. A contact has no case yet: `draft_id`, chosen by its page, tells one from another.
    Kept for the hours of DS-01, counted from the last time. Refuses a case in which nothing can be drafted any more.
    """
    case = require_step(actor, step, case_id)
    text = json.dumps({name: list(each) for name, each in values.items()})
    if len(text) > LIMIT:
        raise DomainError(
            "too_long", "This is too long to be kept. Shorten it, or submit it now.", path="text"
        )
    now = clock.now()
    row = _found(actor, step, case, draft_id) or Draft(case=case, author=actor, step=step)
    if draft_id is not None and case is None:
        row.pk = draft_id
    row.content = vault.seal(row.pk, text)
    row.kept_at, row.kept_until = now, now + timedelta(hours=_hours(at))
    new = row._state.adding
    try:
        with transaction.atomic():
            row.save(force_insert=new, update_fields=None if new else ["content", "kept_at", "kept_until"])
    except DatabaseError as error:
        if new and case is not None:
            # A key whose draft never was. (The id of a contact's is its page's word: it may be another's.)
            vault.forget([row.pk])
        if isinstance(error, IntegrityError):
            raise DomainError(
                "held_up", "This step is being kept by another page of yours. Try again.", status=409
            ) from None
        if getattr(error.__cause__, "sqlstate", "") == "SA002":
            raise DomainError(
                "nothing_to_draft", "This step is over, so nothing more is kept of it.", status=409
            ) from None
        raise
    return row


@access.service
def draft_discard(*, actor, draft_id: UUID) -> None:
    """Forget what was typed, for good. Nothing happens when there is no such draft of the actor's."""
    access.require(actor, "open_contact")
    Draft.objects.filter(pk=draft_id, author=actor).delete()
    destroy_after_commit()


def draft_done(*, actor, step: str, case: Case | None = None, draft_id: UUID | None = None) -> None:
    """The step was submitted, in this transaction: what was kept of its form goes with it."""
    Draft.objects.filter(author=actor, step=step, **_place(case, draft_id)).delete()
    destroy_after_commit()


def require_step(actor, step: str, case_id: UUID | None) -> Case | None:
    """The case of a step that the actor may take, None for a new contact; refuses an unknown step and others' cases."""
    if step not in Step.values or (step == Step.CONTACT) is not (case_id is None):
        raise access.NotFoundError
    verb = VERBS.get(Step(step), "case_work")
    if case_id is None:
        access.require(actor, verb)
        return None
    return access.case_for(actor, case_id, verb)


def _found(actor, step: str, case: Case | None, draft_id: UUID | None) -> Draft | None:
    return Draft.objects.filter(author=actor, step=step, **_place(case, draft_id)).first()


def _place(case: Case | None, draft_id: UUID | None) -> dict[str, object]:
    return {"pk": draft_id, "case": None} if case is None else {"case": case}


def _hours(at: datetime) -> int:
    return policy.access_rules(at.date()).limits["draft_hours"]
