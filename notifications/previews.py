"""What a step would tell whom, shown before it is taken. Writes nothing but the event of opening the seals."""

from dataclasses import dataclass
from datetime import datetime

from notifications import compose
from notifications.details import details_text
from notifications.models import NoticeKind
from notifications.placing import first_held
from reports import access, policy
from reports.election.forms import decision_on
from reports.obligations.services import plan_for


@dataclass(frozen=True)
class Preview:
    """One notice that would go out: its kind, the addressee, and every word of it."""

    kind: str
    post: str
    place: str
    text: str


def conversion(*, viewer, case, at: datetime) -> tuple[list[Preview], list[policy.NotApplicable]]:
    """The notices that a conversion signed at this instant would place, and those that the rules leave out.

    `case` comes from a selector for this viewer. A missing unit commander raises the same refusal as converting.
    It shows a person an identity, so it counts among the hour's and is refused beyond them.
    """
    access.require(viewer, "convert")
    access.require_within_limit(viewer, at)
    facts, _ = decision_on(case, case.report.signed_at, viewer)
    plan = plan_for(case=case, kind="report_converted", at=at, facts=facts | {"election": "unrestricted"})
    known = compose.opened(case, viewer, at, purpose="preview")
    found = []
    for duty in plan.opened:
        if duty.kind not in NoticeKind.values:
            continue
        spec = policy.notice_spec(duty.kind)
        post = first_held(compose.addressees(case, spec.recipient, known, at), at)
        found.append(
            Preview(
                NoticeKind(duty.kind).label,
                post.title,
                post.location.name,
                details_text(spec, case, known, at),
            )
        )
    return found, [row for row in plan.not_applicable if row.kind in NoticeKind.values]
