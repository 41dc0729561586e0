"""Reads of cases, as seen by a viewer."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from reports import access
from reports.election import contents
from reports.election.ground import last_decision
from reports.election.models import Case, CaseState, Decision, Identity, Narrative, SignedForm
from reports.ledger.services import append_system
from reports.vault.models import NO_CASE
from reports.vault.people import cases_of_person
from reports.vault.services import open_sealed


def case_list(*, viewer) -> QuerySet[Case]:
    """The viewer's cases, newest first. Never opens a seal."""
    return access.cases(viewer)


def case_get(*, viewer, case_id: UUID, verb: str = "case_view") -> Case:
    """One of the viewer's cases for a verb, or NotFoundError."""
    return access.case_for(viewer, case_id, verb)


def sealed_parts(*, viewer, case: Case, purpose: str, at: datetime) -> dict[str, dict[str, str]]:
    """Identity and account of a case in clear, by choice; each look is an event. `case` comes from `case_get`."""
    rows = {part: getattr(case, part) for part in ("identity", "narrative") if hasattr(case, part)}
    opened = access.open_each_for(viewer=viewer, records=list(rows.values()), purpose=purpose, at=at)
    return dict(zip(rows, opened, strict=True))


def sealed_rows(*, viewer, case: Case) -> list[models.Model]:
    """The rows that a notice may draw on, still sealed: identity, account, the last decision; those there are."""
    if access.whole_of_case(viewer, "case_view", (Identity, Narrative, Decision), case):
        # With the last decision come the other two; who was never decided on is asked about below.
        for decision in last_decision(case.pk):
            found = [getattr(decision.case, name, None) for name in ("identity", "narrative")]
            return [row for row in (*found, decision) if row is not None]
    rows = [access.of_case(viewer, "case_view", model, case).first() for model in (Identity, Narrative)]
    decisions = access.of_case(viewer, "case_view", Decision, case)
    rows.append(decisions.order_by("-decided_at", "id").first())
    return [row for row in rows if row is not None]


def decision_latest(*, viewer, case: Case, at: datetime) -> dict[str, Any] | None:
    """The last decision's facts and answer, opened from its seal; None when none was made."""
    row = access.of_case(viewer, "case_view", Decision, case).order_by("-decided_at").first()
    if row is None:
        return None
    opened = open_sealed(record=row, actor=viewer, purpose="eligibility", at=at)
    return json.loads(opened["record"]) | {"profile": row.profile, "decided_at": row.decided_at}


def has_decision(*, viewer, case: Case) -> bool:
    """Whether the rules were asked for this case; opens nothing."""
    return access.of_case(viewer, "case_view", Decision, case).exists()


def case_forms(*, viewer, case: Case) -> QuerySet[SignedForm]:
    """The signed forms of a case, oldest first; their contents stay sealed."""
    found = access.of_case(viewer, "case_view", SignedForm, case)
    return found.order_by("victim_signed_at", "id")


def contacts_open(*, viewer) -> QuerySet[Case]:
    """The contacts the viewer works on in which nothing is signed yet and nobody left, oldest first; no inquiries."""
    found = access.rows(viewer, "case_work", Case).filter(state=CaseState.CONTACT, walked_away_at=None)
    return found.select_related("installation", "report").order_by("opened_at", "id")


def person_find(*, viewer, dod_id: str, at: datetime) -> list[Case]:
    """Those of the viewer's cases that name the person of this DoD ID number, newest first.

    The look-up is an event on the system's own chain: who looked and when, neither the number nor what was found.
    Nothing is opened; a case of others answers like none, and either counts as a look without a relationship (AC-16).
    """
    access.require(viewer, "case_view")
    contents.check_dod_id(dod_id)
    append_system(kind="person_looked_up", actor=viewer, at=at)
    # With an id that is no case's, so that a number nobody has is asked for in the same way.
    found = list(access.cases(viewer).filter(pk__in=[NO_CASE, *cases_of_person(dod_id)]))
    if not found:
        access.looked(actor=viewer, kind="person")
    return found
