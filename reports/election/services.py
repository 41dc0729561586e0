"""Eligibility, signing and conversion. Nothing signed means no report."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import DatabaseError

from reports import access, policy
from reports.adoption.selectors import basis_ahead
from reports.election import contents, forms
from reports.election.drafts.ending import destroy_after_commit
from reports.election.ground import Ground, ground_ahead
from reports.election.models import (
    Case,
    Decision,
    Election,
    FormKind,
    Report,
    SignedForm,
)
from reports.election.moves import OPEN_AS, require_move
from reports.election.signatures import signed
from reports.election.standing import require_running
from reports.ledger.kinds import EventKind
from reports.ledger.services import hold_chain, together
from reports.obligations import hooks
from reports.obligations.models import Duty
from reports.obligations.services import plan_for, require_late_reason
from reports.obligations.turns import open_ahead
from reports.recording import record
from reports.validation import instant
from reports.vault.keys import commitment, remember_wrapped
from sapr import clock, standing
from sapr.errors import DomainError
from sapr.making import made
from sapr.sending import refused_as, sending
from sapr.written import write_together


@access.service
def options_decide(*, actor, case_id: UUID, facts: dict[str, Any], at: datetime) -> policy.Decision:
    """Ask the rules of the day which options this person has; the answer is sealed and kept with the case."""
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    require_running(case)
    if getattr(case, "report", None) is not None:
        raise DomainError(
            "already_signed", "The election is signed; it stands by the facts it was signed on.", status=409
        )
    decision = forms.decide(case, facts, at)
    row, kept = _decision(case, facts, decision, at)
    row.save(force_insert=True)
    record(case=case, kind="options_decided", actor=actor, at=at, data=kept)
    return decision


def _decision(
    case: Case, facts: dict[str, Any], decision: policy.Decision, at: datetime
) -> tuple[Decision, dict[str, str]]:
    """The row of a decision, to be written, and what its event says of it."""
    sealed = json.dumps({"facts": facts, "decision": decision.to_dict()}, sort_keys=True)
    row = made(
        Decision,
        case_id=case.pk,
        decided_on=forms.local_date(case, at),
        decided_at=clock.now(),
        profile=decision.profile,
        rule_set=decision.rule_set,
        record=sealed,
    )
    return row, {
        "decision": str(row.pk),
        "profile": decision.profile,
        "rule_set": decision.rule_set,
        "decided": commitment(case.pk, sealed.encode()),
    }


@access.service
def report_sign(
    *,
    actor,
    case_id: UUID,
    election: str,
    initials: dict[str, str],
    victim_signature: str,
    victim_signed_at: datetime,
    advocate_signature: str,
    advocate_signed_at: datetime,
    edition: str,
    late_reason: str = "",
    victim_drawn: object = None,
    advocate_drawn: object = None,
) -> Report:
    """Sign the election: report, event, duties and notices in one transaction, or none of them.

    Each signature is typed or drawn (`election.signatures`). The clock starts at `victim_signed_at`. Refuses a
    barred option (with the rule's reason), a missing initial or signature, another edition than the one in force
    that day, and a second signing. A paper form that is entered after its commander notice was due needs
    `late_reason`; nothing is re-dated.
    """
    with standing.one_act(), sending(), together(EventKind.REPORT_SIGNED):
        # All that a signature stands on is asked for at once, as of when the case is held.
        held, ground = access.holding(actor, case_id), ground_ahead(case_id)
        hold_chain(case_id)
        waiting = open_ahead(case_id)
        basis_ahead()
        remember_wrapped(case_id)
        case = held("sign")
        return _signed(
            actor=actor, case=case, ground=ground(case), waiting=waiting,
            election=election, initials=initials, edition=edition, late_reason=late_reason,
            signed_at=instant(victim_signed_at, "victim_signed_at"),
            advocate_at=instant(advocate_signed_at, "advocate_signed_at"),
            victim_signature=victim_signature, victim_drawn=victim_drawn,
            advocate_signature=advocate_signature, advocate_drawn=advocate_drawn,
        )  # fmt: skip


def _signed(
    *, actor, case: Case, ground: Ground, waiting: Callable[[], list[Duty]],
    election: str, initials: dict[str, str], edition: str, late_reason: str,
    signed_at: datetime, advocate_at: datetime,
    victim_signature: str, victim_drawn: object, advocate_signature: str, advocate_drawn: object,
) -> Report:  # fmt: skip
    """The rest of `report_sign`, with the case held: as of one instant, by the roles of that instant."""
    if ground.signed:
        raise DomainError("already_signed", "An election is signed already. Convert it instead.", status=409)
    require_running(case)
    option = forms.known_option(election)
    facts, decision = forms.decided_by(ground.decision, case, signed_at, actor)
    forms.require_option(decision, option)
    _require_way(case, option, facts, signed_at)
    signatures = signed(
        victim_signature=victim_signature,
        victim_drawn=victim_drawn,
        victim_signed_at=signed_at,
        advocate_signature=advocate_signature,
        advocate_drawn=advocate_drawn,
        advocate_signed_at=advocate_at,
    )
    paper = forms.checked(decision, option, edition, initials, signatures, case, signed_at)
    contents.require_name(ground.named)
    duty_facts = facts | {"election": option}
    plan = plan_for(
        case=case,
        kind="report_signed",
        at=signed_at,
        facts=duty_facts,
        known=ground.known | {"signed_on": forms.local_date(case, signed_at)},
    )
    late_reason = require_late_reason(
        case=case, kind="report_signed", at=signed_at, facts=duty_facts, late_reason=late_reason, plan=plan
    )
    # past all refusals
    hooks.ahead(case=case, plan=plan, actor=actor, at=signed_at)
    report = made(
        Report,
        case=case,
        election=option,
        signed_at=signed_at,
        recorded_at=clock.now(),
        late_reason=late_reason,
    )
    form, sealed = form_row(
        case, FormKind.ELECTION, decision.form, option, paper, signed_at, advocate_at, actor
    )
    # A paper form may be judged by older rules than those asked today: what was applied is what is kept.
    kept, applied = _decision(case, facts, decision, signed_at)
    with refused_as(_signed_already):
        write_together(report, form, kept)
    # The database moved it.
    case.state = OPEN_AS[Election(option)]
    record(
        case=case,
        kind="report_signed",
        actor=actor,
        at=signed_at,
        data={"election": option, "form": decision.form, "edition": edition, "content": sealed} | applied,
        facts=duty_facts,
        late_reason=late_reason,
        plan=plan,
        waiting=waiting,
    )
    destroy_after_commit()
    return report


def _signed_already(error: DatabaseError) -> DomainError | None:
    cause = error.__cause__
    if isinstance(cause, psycopg.IntegrityError) and cause.diag.table_name == Report._meta.db_table:
        return DomainError("already_signed", "An election is signed already.", status=409)
    return None


def _require_way(case: Case, option: str, facts: dict[str, Any], at: datetime) -> None:
    """Refuse a signature to which no rule leads from where the case stands (TR-01, TR-02, TR-05, TR-10 to TR-13)."""
    told = {
        name: facts[name]
        for name in ("victim_reported_to_law_enforcement", "prior_election")
        if name in facts
    }
    answer = require_move(
        case,
        OPEN_AS[Election(option)],
        at=at,
        option_open=True,
        # Which of them is missing the form itself says, at its field.
        victim_signed=True,
        sarc_or_va_signed=True,
        signed_remotely=False,
        **told,
    )
    if any(each.data.get("record") == "new" for each in answer.says):
        raise DomainError(
            "record_of_its_own",
            "A Restricted report is a record of its own beside a case with limited information. Open a new contact "
            "for it; nothing joins the two.",
            status=409,
            path="election",
            rule="TR-13",
        )


def form_row(
    case: Case,
    kind: FormKind,
    form: str,
    option: str,
    paper: dict[str, Any],
    signed_at: datetime,
    advocate_at: datetime,
    actor,
) -> tuple[SignedForm, str]:
    """The row of a signed form, to be written, its content sealed by that; and the commitment to it."""
    content = json.dumps(paper, sort_keys=True)
    row = made(
        SignedForm, case_id=case.pk, kind=kind, form=form, edition=paper["edition"], election=option,
        victim_signed_at=signed_at, advocate_signed_at=advocate_at, advocate_id=actor.pk, content=content,
    )  # fmt: skip
    return row, commitment(case.pk, content.encode())
