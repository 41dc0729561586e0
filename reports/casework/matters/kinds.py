"""The kinds of matters, and which kinds of events belong to an Unrestricted report alone."""

from reports.casework.matters.reading import Kind, Step, read
from reports.ledger.kinds import EventKind

KINDS: dict[str, Kind] = read()

# Why the instant of a step is not known; it is then entered as of now, and says so.
EXCUSES = {
    "not_recorded": "Nobody recorded it then",
    "papers_lost": "The papers are lost",
    "not_told": "The office does not tell it",
    "not_needed": "This move needed none",
}

# What a Restricted report can never have, also for raw SQL: `sql/matters.sql` holds the same list, and a test that it
# does. Kinds of a case opened with limited information stand here too: such a case has no report.
UNRESTRICTED_ONLY = frozenset(
    {
        # notices
        "commander_details_placed", "mcio_notice_placed", "unit_commander_notice_placed",
        # investigation, group, updates, incident report
        "investigation_opened", "investigation_closed", "incident_message_sent", "sairo_sent", "cmg_held", "cmg_listed",
        "cmg_minutes_kept",
        "monthly_update_given", "updater_chosen", "safety_assessed",
        # conversion, and evidence in an investigation
        "report_converted", "kit_due_to_mcio", "kit_to_mcio",
        # dispositions
        "subject_added", "action_taken", "action_closed", "final_disposition_decided", "disposition_reopened",
        "disposition_told",
        "disposition_submitted", "mcio_told_of_disposition", "disposition_report_sent",
        # team, moves, orders, retaliation
        "high_risk_found", "hrrt_started", "hrrt_reported", "hrrt_briefed", "hrrt_ended", "hrrt_final_report_given",
        "transfer_requested", "transfer_decided", "transfer_approved", "transfer_denied", "transfer_review_requested",
        "transfer_review_decided", "transfer_orders_issued", "transfer_carried_out", "transfer_withdrawn",
        "safety_move_asked", "safety_move_ended",
        "protective_order_asked", "protective_order_denied", "protective_order_issued", "protective_order_changed",
        "protective_order_ended", "civil_authorities_told", "civil_authorities_told_of_change",
        "restrained_member_transferred", "gaining_commander_told", "civil_authorities_told_of_transfer",
        "retaliation_reported", "retaliation_referred", "retaliation_asked", "retaliation_ended",
    }
)  # fmt: skip


def title(step: Step) -> str:
    """The step in words."""
    return step.label or EventKind(step.event).label


def transitions() -> set[tuple[str, str, str, bool, str]]:
    """(kind, from, to, whether it ends there, which cases the kind fits) of every step that moves a matter.

    What the database lets happen is the same set.
    """
    return {
        (kind.kind, before, step.to, kind.states[step.to].final, kind.fits)
        for kind in KINDS.values()
        for step in kind.steps
        if step.to is not None
        for before in step.before
    }


__all__ = ["EXCUSES", "KINDS", "UNRESTRICTED_ONLY", "Kind", "Step", "title", "transitions"]
