"""Telling an addressee anew what was told wrongly: Unrestricted only, in a notice of its own."""

from datetime import datetime
from uuid import UUID

from notifications import compose
from notifications.addressing import addressees, directory
from notifications.details import details_text
from notifications.models import Notice, NoticeKind
from notifications.selectors import notice_for
from reports import access, policy
from reports.election.contacts import locked
from reports.election.models import Election
from reports.election.standing import require_open
from reports.ledger.models import Event
from reports.recording import record
from reports.vault.services import open_sealed
from sapr.errors import DomainError


@access.service
def notice_correct(*, actor, notice_id: UUID, at: datetime) -> Notice:
    """The SARC sends what the case holds now to whom it is for now, at once, in a new notice (CN-2, CN-3, DN-55).

    It has a duty, an inbox row and an acknowledgement of its own, and nothing in it names the earlier one, which stays
    as it was. Refused: a Restricted notice, which nothing ever follows (CN-1); a notice that is not the newest of its
    kind; words and addressee that are the same as they were. `at`: now.
    """
    notice = notice_for(actor, notice_id, "release_notice")
    if notice.kind == NoticeKind.RESTRICTED:
        raise DomainError(
            "nothing_follows",
            "Nothing ever follows a Restricted notice: a second one would tell that they belong together.",
            status=409,
            rule="CN-1",
        )
    case = locked(notice.case)
    require_open(case)
    if _newest(notice) != str(notice.pk):
        raise DomainError(
            "corrected_already", "This was told anew already. Open the newest notice of the case.", status=409
        )
    if not _differs(notice, actor, at):
        raise DomainError(
            "nothing_to_correct",
            "The addressee was told just this. Complete the sealed details first, then send them.",
            status=409,
        )
    event = record(
        case=case,
        kind="notice_corrected",
        actor=actor,
        at=at,
        data={"kind": notice.kind},
        facts={"election": Election.UNRESTRICTED.value, "corrected_notice": notice.kind},
    )
    return Notice.objects.get(duty__opened_event=event, kind=notice.kind)


def _newest(notice: Notice) -> str:
    composed = Event.objects.filter(case_id=notice.case_id, kind="notice_composed", data__kind=notice.kind)
    return composed.order_by("-seq")[0].data["notice"]


def _differs(notice: Notice, actor, at: datetime) -> bool:
    """Whether a notice composed now says something else, or goes first to another post, than this one did."""
    spec, case = policy.notice_spec(notice.kind), notice.case
    known = compose.opened(case, actor, at)
    text = details_text(spec, case, known, compose.signed(case))
    told = open_sealed(record=notice, actor=actor, purpose="notice", at=at)["details"]
    first = addressees(case, spec.recipient, known, directory(case, known, at))[0]
    return text != told or str(first.pk) != notice.ladder[0]
