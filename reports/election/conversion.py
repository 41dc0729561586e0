"""Restricted becomes Unrestricted: first what will be seen by whom, then the victim's new signature, sealed to it.

There is no way back (TR-09). Both steps are for the SARC of the case.
"""

from datetime import datetime
from uuid import UUID

from reports import access, policy
from reports.election import forms
from reports.election.contacts import locked
from reports.election.earlier import FirstForm, first_form
from reports.election.models import Case, CaseState, Election, FormKind, Report
from reports.election.moves import require_move
from reports.election.preparing import Shown, shown
from reports.election.services import form_row
from reports.evidence.selectors import kits_not_at_mcio
from reports.ledger.models import Event
from reports.obligations.services import require_late_reason
from reports.recording import record
from reports.validation import instant, text
from sapr import clock
from sapr.errors import DomainError

# The form that may be signed without the first one at hand, and from afar (TR-06, TR-07).
LOST_FORM = "DD 2910-1"


@access.service
def conversion_prepare(*, actor, case_id: UUID, at: datetime) -> Shown:
    """What a conversion now would show to which offices, and every word it would tell them (item TR-08, VIS-*).

    It shows a person an identity, so it counts among the hour's. Records that it was shown, with a keyed digest of it:
    converting asks for that digest and is refused once anything of this has changed.
    """
    case = access.case_for(actor, case_id, "convert")
    at = instant(at, "at")
    case = locked(case)
    report = _convertible(case)
    access.require_within_limit(actor, at)
    found = shown(case=case, report=report, viewer=actor, at=at, purpose="preview")
    record(case=case, kind="conversion_prepared", actor=actor, at=at, data={"shown": found.digest})
    return found


@access.service
def report_convert(
    *,
    actor,
    case_id: UUID,
    victim_signature: str,
    victim_signed_at: datetime,
    advocate_signature: str,
    advocate_signed_at: datetime,
    confirmation: str,
    form: str = "",
    remotely: bool = False,
    late_reason: str = "",
) -> Report:
    """Make a Restricted report Unrestricted by the victim's new signature (TR-06), also one whose case is closed.

    `confirmation`: the digest of what the same person was shown (`conversion_prepare`); anything else is refused, and
    so is what has changed since. `form`: '' for the conversion part of the form that was signed first, or DD 2910-1,
    the only one that may be signed `remotely` (TR-07). Opens the Unrestricted duties, and for each kit of the case the
    duty to hand it to the MCIO under its number (TR-08, EV-10), in the same transaction. Of two concurrent calls
    exactly one converts. A paper entered after its commander notice was due needs `late_reason`.
    """
    case = access.case_for(actor, case_id, "convert")
    signed_at = instant(victim_signed_at, "victim_signed_at")
    advocate_at = instant(advocate_signed_at, "advocate_signed_at")
    victim = text(victim_signature, "victim_signature", required=True)
    advocate = text(advocate_signature, "advocate_signature", required=True)
    case = locked(case)
    report = _convertible(case)
    if signed_at < report.signed_at:
        raise DomainError(
            "before_the_report", "A conversion cannot be signed before the report.", path="victim_signed_at"
        )
    if victim.casefold() == advocate.casefold():
        raise DomainError(
            "victim_must_sign",
            "Only the victim's own signature converts a report. Both signatures carry the same name.",
            path="victim_signature",
            rule="TR-06",
        )
    original = first_form(case)
    paper = _paper(case, original, form, victim, advocate, signed_at)
    require_move(
        case,
        CaseState.CONVERTED,
        at=signed_at,
        election=report.election,
        victim_signed=True,
        sarc_or_va_signed=True,
        election_form=paper["form"],
        signed_remotely=bool(remotely),
    )
    _require_shown(case, report, actor, confirmation)
    facts, _ = forms.decision_on(case, report.signed_at, actor)
    facts |= {"election": Election.UNRESTRICTED.value}
    late_reason = require_late_reason(
        case=case, kind="report_converted", at=signed_at, facts=facts, late_reason=late_reason
    )
    # past all refusals but those of the offices that are told
    Report.objects.filter(pk=report.pk).update(election=Election.UNRESTRICTED, converted_at=signed_at)
    row, sealed = form_row(
        case, FormKind.CONVERSION, paper["form"], Election.UNRESTRICTED, paper, signed_at, advocate_at, actor
    )
    row.save(force_insert=True)
    record(
        case=case,
        kind="report_converted",
        actor=actor,
        at=signed_at,
        data={
            "form": paper["form"],
            "edition": paper["edition"],
            "means": "remote" if remotely else "in_person",
            "content": sealed,
            "shown": confirmation,
        },
        facts=facts,
        late_reason=late_reason,
    )
    for kit in kits_not_at_mcio(viewer=actor, case=case):
        record(
            case=case,
            kind="kit_due_to_mcio",
            actor=actor,
            at=signed_at,
            data={"kit": str(kit.pk)},
            facts=facts,
            about=kit.pk,
        )
    report.refresh_from_db()
    return report


def _convertible(case: Case) -> Report:
    report = getattr(case, "report", None)
    if report is None:
        raise DomainError("no_report", "Nothing is signed yet. Sign an election first.", status=409)
    if report.election != Election.RESTRICTED:
        raise DomainError(
            "not_convertible", "Only a Restricted report can be converted, once.", status=409, rule="TR-09"
        )
    return report


def _paper(
    case: Case, original: FirstForm, form: str, victim: str, advocate: str, signed_at: datetime
) -> dict[str, str]:
    """What the conversion is signed on: the first form's own part, or the form for a lost one."""
    if form not in ("", original.form, LOST_FORM):
        raise DomainError(
            "unknown_form",
            f"A conversion is signed on {original.form} or on {LOST_FORM}.",
            path="form",
            rule="TR-06",
        )
    code = form or original.form
    edition = original.edition
    if code == LOST_FORM:
        try:
            edition = policy.form_edition(code, forms.local_date(case, signed_at)).edition
        except policy.FactsError:
            # The rules hold no edition of it for that day.
            edition = ""
    return {
        "form": code,
        "edition": edition,
        "election": Election.UNRESTRICTED.value,
        "victim_signature": victim,
        "advocate_signature": advocate,
    }


def _require_shown(case: Case, report: Report, actor, confirmation: object) -> None:
    """Refuse a conversion whose consequences this person was not shown, or not as they are now."""
    seen = isinstance(confirmation, str) and confirmation
    if (
        not seen
        or not Event.objects.filter(
            case_id=case.pk, kind="conversion_prepared", actor_id=actor.pk, data__shown=confirmation
        ).exists()
    ):
        raise DomainError(
            "not_prepared",
            "Look first at what these offices will see; then confirm exactly that.",
            status=409,
            path="confirmation",
            rule="TR-08",
        )
    if shown(case=case, report=report, viewer=actor, at=clock.now(), purpose="notice").digest != confirmation:
        raise DomainError(
            "preview_changed",
            "What would be told, or to whom, has changed since it was shown. Look at it again and confirm it anew.",
            status=409,
            path="confirmation",
            rule="TR-08",
        )
