"""Opening a matter and taking its steps: one transaction each, in the order that the data lay down."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from reports import access, policy
from reports.casework.matters import checking
from reports.casework.matters.kinds import KINDS
from reports.casework.matters.models import Matter
from reports.casework.matters.reading import Kind, Step
from reports.election.contacts import locked
from reports.election.models import Case
from reports.election.standing import election_of, require_open, require_running
from reports.obligations.known import disposed_at
from reports.obligations.services import require_late_reason
from reports.recording import record
from reports.validation import EARLIEST
from reports.vault.keys import commitment
from reports.vault.services import sealed_fields
from sapr.errors import DomainError, NotFoundError

Given = Mapping[str, Any]
NOTHING: Given = {}


@access.service
def matter_open(
    *,
    actor,
    case_id: UUID,
    kind: str,
    at: datetime | None = None,
    step: str = "",
    details: Given = NOTHING,
    sealed: Given = NOTHING,
    parent_id: UUID | None = None,
    excuse: str = "",
    late_reason: str = "",
) -> Matter:
    """Open a matter of a kind of `kinds.KINDS` by its first step (`step`: which, where a kind has several).

    `at`: when it happened (aware); a dated step takes `excuse`, a word of `EXCUSES`, where that is not known.
    `details`: the step's answers. `sealed`: texts for the kind's sealed columns, written once. `parent_id`: the matter
    that it is a part of. Refuses an unknown kind or answer, a kind that does not fit the report (`restricted`), what
    the rules forbid (`rule_refuses`), and a referral without consent (`consent_needed`).
    """
    case = access.case_for(actor, case_id, "case_work")
    require_open(case)
    found = KINDS.get(kind)
    if found is None:
        raise DomainError(
            "unknown_kind", "There is no such thing to record. Choose from the list.", path="kind"
        )
    if found.keeps_open:
        # Neither a closing nor a final disposition passes by it.
        case = locked(case)
        require_running(case)
    first = _step_of(found, step or found.open_steps()[0].step, "")
    election = _require_fit(case, found)
    answers = checking.cleaned(details, first.asks(election))
    texts = checking.sealed(found, sealed)
    since = _since(case, found)
    taken = checking.when(first, at, excuse, since)
    parent = _parent(case, found, parent_id, taken.at)
    what = answers.get(found.what, "")
    _require_consent(case, found, what)
    checking.require_ruling(case, first, answers, taken.at, actor)
    checking.require_earlier(case, first, election)
    # What has no known beginning holds no later step up: it counts from the earliest instant that it can have had.
    known = since if taken.excuse else taken.at
    row = Matter(
        case=case,
        kind=found.kind,
        what=what,
        state=first.to,
        parent=parent,
        opened_at=known,
        moved_at=known,
        **texts,
    )
    row.save(force_insert=True)
    labels = sealed_fields(Matter)
    said = {labels[name].label: commitment(case.pk, value.encode()) for name, value in texts.items()}
    if parent is not None:
        said["parent"] = str(parent.pk)
    earlier = _replaced(row, found, taken.at) if found.replaces else None
    if earlier is not None:
        said["replaces"] = str(earlier)
    _say(case, row, first, taken, answers | said, actor, late_reason)
    return row


@access.service
def matter_step(
    *,
    actor,
    case_id: UUID,
    matter_id: UUID,
    step: str,
    at: datetime | None = None,
    details: Given = NOTHING,
    excuse: str = "",
    late_reason: str = "",
) -> Matter:
    """Take one step of a matter; see `matter_open` for the arguments.

    Refuses a step that does not follow where the matter stands (`no_such_step`), one that lies before the step before
    it, and, of two at the same moment, one (`matter_moved`). Its events open and discharge the duties of this matter
    alone.
    """
    case = access.case_for(actor, case_id, "case_work")
    require_open(case)
    row = Matter.objects.filter(pk=matter_id, case=case).first()
    if row is None:
        raise NotFoundError
    found = KINDS[row.kind]
    taken_step = _step_of(found, step, row.state)
    election = election_of(case)
    answers = checking.cleaned(details, taken_step.asks(election))
    taken = checking.when(taken_step, at, excuse, row.moved_at if taken_step.to else row.opened_at)
    checking.require_ruling(case, taken_step, answers, taken.at, actor)
    checking.require_earlier(case, taken_step, election)
    if taken_step.to is not None:
        move(row, found, taken_step, taken.at, known=not taken.excuse)
    _say(case, row, taken_step, taken, answers, actor, late_reason)
    row.refresh_from_db()
    return row


def move(row: Matter, kind: Kind, step: Step, at: datetime, *, known: bool = True) -> None:
    """Move a matter as its step says, exactly once; `known`: its instant is, so that later steps are held to it."""
    ends = {"ended_at": max(at, row.opened_at)} if kind.states[step.to].final else {}
    changed = Matter.objects.filter(pk=row.pk, state=row.state).update(
        state=step.to, moved_at=at if known else row.moved_at, **ends
    )
    if changed != 1:
        raise DomainError("matter_moved", "Somebody took a step here just now. Reload the page.", status=409)


def _since(case: Case, kind: Kind) -> datetime:
    """From when it can have begun: what belongs to a report, from its signature or conversion on."""
    report = getattr(case, "report", None)
    if report is None or kind.fits == "any":
        return EARLIEST
    return report.signed_at if kind.fits == "signed" else report.converted_at or report.signed_at


def _step_of(kind: Kind, name: str, state: str) -> Step:
    step = kind.step(name)
    if step is None or not step.by_hand or state not in step.before:
        raise DomainError(
            "no_such_step",
            "This step does not follow where it stands now. Choose one from the list.",
            status=409,
            path="step",
        )
    return step


def _require_fit(case: Case, kind: Kind) -> str:
    election = election_of(case)
    if election in kind.elections:
        return election
    if election == "restricted":
        raise DomainError(
            "restricted",
            f"{kind.label}: this exists only for an Unrestricted report. The report stays confidential; "
            "nothing was recorded.",
            status=409,
            rule=", ".join(kind.rules[:1]),
        )
    raise DomainError("no_report", "Nothing is signed yet. This needs a signed election.", status=409)


def _parent(case: Case, kind: Kind, parent_id: UUID | None, at: datetime) -> Matter | None:
    if not kind.parent:
        return None
    row = Matter.objects.filter(pk=parent_id, case=case, kind=kind.parent, ended_at=None).first()
    if row is None:
        raise DomainError(
            "parent_needed", f"Choose the {KINDS[kind.parent].label.lower()} it is about.", path="parent_id"
        )
    if at < row.opened_at:
        raise DomainError(
            "before_the_step_before", "This cannot lie before the step before it. Check the date.", path="at"
        )
    return row


def _require_consent(case: Case, kind: Kind, what: str) -> None:
    if (
        kind.needs
        and not Matter.objects.filter(case=case, kind=kind.needs, what=what, ended_at=None).exists()
    ):
        raise DomainError(
            "consent_needed",
            "Record first that the victim agreed to be referred there; nothing is passed on without it.",
            status=409,
            path=f"details.{kind.what}",
            rule="NW-02",
        )


def _replaced(row: Matter, kind: Kind, at: datetime) -> UUID | None:
    """End the one in use before this one; its id, for the new one's event."""
    earlier = Matter.objects.filter(case=row.case, kind=row.kind, ended_at=None).exclude(pk=row.pk).first()
    if earlier is None:
        return None
    move(earlier, kind, kind.step(kind.replaces), max(at, earlier.moved_at))
    return earlier.pk


def _say(
    case: Case, row: Matter, step: Step, taken: checking.When, answers: Given, actor, late_reason: str
) -> None:
    """The step's events, in their order; each opens and discharges what the rules say, for this matter."""
    facts = {name: answers[name] for name in step.duty_facts}
    data = {"matter": str(row.pk), "matter_kind": row.kind} | dict(step.fixed) | dict(answers)
    if taken.excuse:
        data["not_dated"] = taken.excuse
    for kind in (step.event, *step.then):
        why = ""
        if kind in policy.duty_events():
            why = require_late_reason(case=case, kind=kind, at=taken.at, facts=facts, late_reason=late_reason)
        record(
            case=case,
            kind=kind,
            actor=actor,
            at=taken.at,
            data=data,
            facts=facts,
            late_reason=why,
            about=row.pk,
        )
        data = {"matter": str(row.pk), "matter_kind": row.kind}
    decided = disposed_at(case) if step.if_final else None
    if decided is not None:
        # Not before the decision that it opens again, whenever this one was known of.
        record(case=case, kind=step.if_final, actor=actor, at=max(taken.at, decided), data=data)
