"""Emergency access: ask with a reason, a second person decides, it ends by itself. Events are the database's to add."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection

from reports import access, policy
from reports.breakglass import selectors
from reports.breakglass.models import BreakGlass, BreakGlassState
from reports.election.models import Case
from reports.validation import LONG, text
from reports.vault.errors import ErasedError
from reports.vault.keys import seal_for_nobody
from sapr.errors import DomainError

PREFIX = "C"


@access.service
def break_glass_ask(*, actor, case: str, reason: str, at: datetime) -> BreakGlass:
    """Ask for a case by number or id. Nothing that comes back says whether there is one, nor how long it took: what is
    done for a case is done for none as well, and thrown away.

    Counted as a look without a relationship, whether or not the case is there.
    """
    access.require(actor, "break_glass_ask", at)
    wanted = _written(case)
    said = text(reason, "reason", limit=LONG, required=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_case_asked_for(%s)", [wanted])
        case_id = cursor.fetchone()[0]
    if access.rows(actor, "case_work", Case, at).filter(pk=case_id or uuid4()).exists():
        raise DomainError(
            "already_assigned", "You are on this case already. Open it.", status=409, path="case"
        )
    hours = policy.access_rules(at.date()).limits["break_glass_answer_hours"]
    request = BreakGlass(
        asked_for=wanted,
        case_id=case_id,
        # The trigger's to write; it must stand here for the column.
        asked_by=actor,
        asked_at=at,
        answer_by=at + timedelta(hours=hours),
    )
    _sealed(request, said)
    request.save(force_insert=True)
    access.looked(actor=actor, kind="emergency")
    request.refresh_from_db()
    return request


def _sealed(request: BreakGlass, said: str) -> None:
    """Seal the reason with the case's key; where that was destroyed, the request is about no case like any such."""
    field = BreakGlass._meta.get_field("reason")
    if request.case_id is None:
        seal_for_nobody(field.sensitivity, said)
        return
    try:
        request.reason = field.seal(request, said)
    except ErasedError:
        request.case_id = None


def _written(case: object) -> str:
    """The number or id as it is kept; refused when it is neither, which says nothing about any case."""
    given = text(case, "case", required=True)
    try:
        return str(UUID(given))
    except ValueError:
        return policy.check_control_number(given, prefix=PREFIX)


@access.service
def break_glass_decide(*, actor, request_id: UUID, approve: bool, at: datetime) -> BreakGlass:
    """The second person approves or refuses; an approval runs from now, for the policy's hours."""
    access.require(actor, "break_glass_decide", at)
    request = _locked(actor, "break_glass_decide", request_id, at)
    if request.asked_by_id == actor.pk or not selectors.is_independent(request, actor):
        raise DomainError(
            "second_person_needed",
            "Another person decides this: not its asker, nor anybody who made the asker's account or was made "
            "beside it.",
            status=409,
        )
    if request.state != BreakGlassState.ASKED or request.answer_by <= at:
        raise DomainError("already_decided", "This request waits for nobody any more.", status=409)
    request.state = BreakGlassState.APPROVED if approve else BreakGlassState.REFUSED
    request.decided_by, request.decided_at = actor, at
    if approve:
        hours = policy.access_rules(at.date()).limits["break_glass_hours"]
        request.runs_until = at + timedelta(hours=hours)
    request.save(update_fields=["state", "decided_by", "decided_at", "runs_until"])
    return request


@access.service
def break_glass_end(*, actor, request_id: UUID, at: datetime) -> BreakGlass:
    """Who has the access gives it back, or a SARC of the case ends it, at once."""
    access.require(actor, "break_glass_end", at)
    request = _locked(actor, "break_glass_end", request_id, at)
    if selectors.standing(request, at) != "open":
        raise DomainError("already_ended", "This access does not run now.", status=409)
    request.ended_by, request.ended_at = actor, at
    request.save(update_fields=["ended_by", "ended_at"])
    return request


def _locked(actor, verb: str, request_id: UUID, at: datetime) -> BreakGlass:
    """The request, held until the transaction ends: of two who decide at once, one finds it decided."""
    seen = selectors.request_get(viewer=actor, request_id=request_id, at=at)
    access.require_on(actor, seen, verb)
    return BreakGlass.objects.select_for_update().get(pk=request_id)
