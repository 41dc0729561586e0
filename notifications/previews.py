"""What a step would tell whom, shown before it is taken. Writes nothing but the event of opening the seals."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from notifications import compose
from notifications.addressing import addressees, directory
from notifications.details import details_text
from notifications.models import Notice, NoticeKind
from reports import access, policy
from reports.election.forms import decision_on
from reports.election.models import Case, Election
from reports.election.standing import require_running
from reports.obligations.services import plan_for
from sapr.errors import DomainError


@dataclass(frozen=True)
class Preview:
    """One notice that would go out: its kind, the addressee, and every word of it.

    `unsigned`: the same words as if signed when the report was; they change only with what is told, and to whom.
    """

    kind: str
    post_id: str
    post: str
    place: str
    text: str
    unsigned: str


def told_by(*, case, plan: policy.DutyPlan, viewer, at: datetime, purpose: str) -> list[Preview]:
    """The notices with details that these duties would place at that instant.

    `case` comes from a selector for this viewer. A missing unit commander raises the same refusal as the step itself.
    `purpose`: that of opening the seals (`preview` where a person reads them, which the caller counts).
    """
    known = compose.opened(case, viewer, at, purpose=purpose)
    held, found = directory(case, known, at), []
    for duty in plan.opened:
        if duty.kind not in NoticeKind.values:
            continue
        spec = policy.notice_spec(duty.kind)
        post = held.first_held(addressees(case, spec.recipient, known, held))
        found.append(
            Preview(
                NoticeKind(duty.kind).label,
                str(post.pk),
                post.title,
                post.location.name,
                details_text(spec, case, known, at),
                details_text(spec, case, known, case.report.signed_at),
            )
        )
    return found


@dataclass(frozen=True)
class Foreseen:
    """What an election would tell whom. `obstacle`: why it could not be signed as things stand, in words, or ''."""

    election: str
    told: tuple[Preview, ...]
    obstacle: str


@access.service
def election_preview(*, actor, case_id: UUID, at: datetime) -> list[Foreseen]:
    """For each option open to this person, every notice that signing it at that instant would bring about.

    Shows an identity, so it counts as one opened. Nothing is composed: what choosing the words writes is undone.
    """
    case = access.case_for(actor, case_id, "sign")
    require_running(case)
    if getattr(case, "report", None) is not None:
        raise DomainError("already_signed", "An election is signed already.", status=409)
    access.require_within_limit(actor, at)
    facts, decision = decision_on(case, at, actor)
    known = compose.opened(case, actor, at, purpose="preview")
    return [
        _foreseen(case, election, known, facts | {"election": election}, actor, at)
        for election in Election.values
        if decision.allowed(election)
    ]


def _foreseen(case: Case, election: str, known: dict[str, str], facts: dict, actor, at: datetime) -> Foreseen:
    plan = plan_for(case=case, kind="report_signed", at=at, facts=facts)
    kinds = [duty.kind for duty in plan.opened if duty.kind in NoticeKind.values]
    try:
        return Foreseen(election, tuple(_words(case, kind, known, actor, at) for kind in kinds), "")
    except DomainError as refusal:
        return Foreseen(election, (), refusal.message)


def _words(case: Case, kind: str, known: dict[str, str], actor, at: datetime) -> Preview:
    spec, held = policy.notice_spec(kind), directory(case, known, at)
    post = held.first_held(addressees(case, spec.recipient, known, held))
    if kind == NoticeKind.RESTRICTED:
        notice = Notice(case=case, kind=kind, post=post)
        with transaction.atomic():
            compose.restricted_wordings(notice, known, held, actor=actor, at=at, now=at)
            transaction.set_rollback(True)
        text = notice.wording
    else:
        text = details_text(spec, case, known, at)
    return Preview(NoticeKind(kind).label, str(post.pk), post.title, post.location.name, text, text)
