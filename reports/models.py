"""The case app's tables, one module per room."""

from reports.access.models import Look
from reports.adoption.models import PolicyChange
from reports.breakglass.models import BreakGlass
from reports.casework.models import Assignment
from reports.election.models import Case, Decision, Election, Identity, Narrative, Report, SignedForm
from reports.erasure.models import Erasure, Hold
from reports.evidence.custody_models import Custody, KitDestruction, KitHold, KitStage
from reports.evidence.models import Kit, KitCard, KitItem, KitName
from reports.ledger.models import ChainHead, Checkpoint, CheckpointLeaf, Event
from reports.obligations.models import Duty
from reports.vault.models import CurrentWrapping, KeyPlace, PersonIndex, ShareSet, Tombstone, WrappedKey

__all__ = [
    "Assignment",
    "BreakGlass",
    "Case",
    "ChainHead",
    "Checkpoint",
    "CheckpointLeaf",
    "CurrentWrapping",
    "Custody",
    "Decision",
    "Duty",
    "Election",
    "Erasure",
    "Event",
    "Hold",
    "Identity",
    "KeyPlace",
    "Kit",
    "KitCard",
    "KitDestruction",
    "KitHold",
    "KitItem",
    "KitName",
    "KitStage",
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
