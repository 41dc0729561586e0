"""One's own drafts. Row-level security shows nobody those of others, and none whose time is over."""

import json
from typing import Any, NamedTuple
from uuid import UUID

from reports.election.drafts.ending import destroy_ended
from reports.election.drafts.models import Draft, Step
from reports.election.models import Case
from reports.vault import drafts as vault
from reports.vault.errors import VaultLockedError


class Kept(NamedTuple):
    """A draft and what was typed: each field's values."""

    draft: Draft
    values: dict[str, list[str]]


def draft_of(*, viewer, step: str, case: Case | None = None, draft_id: UUID | None = None) -> Kept | None:
    """What the viewer typed in a step and has not submitted. None where nothing is kept, or its key is gone."""
    destroy_ended()
    found = Draft.objects.filter(author=viewer, step=step, case=case)
    row = found.filter(pk=draft_id).first() if case is None else found.first()
    if row is None:
        return None
    try:
        values: dict[str, Any] = json.loads(vault.unseal(row.pk, bytes(row.content)))
    except VaultLockedError:
        return None
    return Kept(row, values)


def unfinished(*, viewer) -> list[Draft]:
    """The viewer's drafts, the newest first, still sealed."""
    rows = Draft.objects.filter(author=viewer).defer("content").select_related("case__installation")
    return list(rows.order_by("-kept_at", "id"))


def contacts_begun(*, viewer) -> list[Draft]:
    """Those of them that are of no case yet."""
    return [each for each in unfinished(viewer=viewer) if each.step == Step.CONTACT]
