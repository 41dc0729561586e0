"""The case app's tables, one module per room."""

from reports.access.models import Look
from reports.adoption.models import PolicyChange
from reports.breakglass.models import BreakGlass
from reports.casework.models import Assignment
from reports.catch.models import CatchContact, CatchCredentials, CatchEntry
from reports.disclosure.models import Disclosure, ExceptionStatement
from reports.election.models import Case, Decision, Election, Identity, Narrative, Report, SignedForm
from reports.erasure.models import Erasure, Hold
from reports.evidence.models import Kit
from reports.ledger.models import ChainHead, Checkpoint, CheckpointLeaf, Event
from reports.obligations.models import Duty
from reports.vault.models import CurrentWrapping, KeyPlace, PersonIndex, ShareSet, Tombstone, WrappedKey

__all__ = [
    "Assignment",
    "BreakGlass",
    "Case",
    "CatchContact",
    "CatchCredentials",
    "CatchEntry",
    "ChainHead",
    "Checkpoint",
    "CheckpointLeaf",
    "CurrentWrapping",
    "Decision",
    "Disclosure",
    "Duty",
    "Election",
    "Erasure",
    "Event",
    "ExceptionStatement",
    "Hold",
    "Identity",
    "KeyPlace",
    "Kit",
    "Look",
    "Narrative",
    "PersonIndex",
    "PolicyChange",
    "Report",
    "ShareSet",
    "SignedForm",
    "Tombstone",
    "WrappedKey",
]
