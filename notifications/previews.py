"""What a step would tell whom, shown before it is taken. Writes nothing but the event of opening the seals."""

from dataclasses import dataclass
from datetime import datetime

from notifications import compose
from notifications.details import details_text
from notifications.models import NoticeKind
from notifications.placing import first_held
from reports import policy


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
    found = []
    for duty in plan.opened:
        if duty.kind not in NoticeKind.values:
            continue
        spec = policy.notice_spec(duty.kind)
        post = first_held(compose.addressees(case, spec.recipient, known, at), at)
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
