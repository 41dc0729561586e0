"""The case app's tables, one module per room."""

from reports.adoption.models import PolicyChange
from reports.casework.models import Assignment
from reports.election.models import Case, Decision, Election, Identity, Narrative, Report, SignedForm
from reports.evidence.models import Kit
from reports.ledger.models import ChainHead, Checkpoint, CheckpointLeaf, Event
from reports.obligations.models import Duty
from reports.vault.models import WrappedKey

__all__ = [
    "Assignment",
    "Case",
    "ChainHead",
    "Checkpoint",
    "CheckpointLeaf",
    "Decision",
    "Duty",
    "Election",
    "Event",
    "Identity",
    "Kit",
    "Narrative",
    "PolicyChange",
    "Report",
    "SignedForm",
    "WrappedKey",
]
