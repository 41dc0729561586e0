"""The case app's tables, one module per room."""

from reports.access.models import Look
from reports.adoption.models import PolicyChange
from reports.breakglass.models import BreakGlass
from reports.casework.models import Assignment
from reports.election.models import Case, Decision, Election, Identity, Narrative, Report, SignedForm
from reports.evidence.models import Kit
from reports.ledger.models import Event
from reports.obligations.models import Duty
from reports.vault.models import WrappedKey

__all__ = [
    "Assignment",
    "BreakGlass",
    "Case",
    "Decision",
    "Duty",
    "Election",
    "Event",
    "Identity",
    "Kit",
    "Look",
    "Narrative",
    "PolicyChange",
    "Report",
    "SignedForm",
    "WrappedKey",
]
