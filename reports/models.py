"""The case app's tables, one module per room."""

from reports.access.models import Look
from reports.adoption.models import PolicyChange
from reports.breakglass.models import BreakGlass
from reports.calendars.models import Feed
from reports.casework.cmg.models import AgendaLine, Attendance, Meeting, Minutes
from reports.casework.matters.models import Matter
from reports.casework.models import Assignment
from reports.casework.moves.models import HandOver, Move, Offer
from reports.catch.models import CatchContact, CatchCredentials, CatchEntry
from reports.disclosure.models import Disclosure, ExceptionStatement
from reports.election.drafts.models import Draft, EndedDraft
from reports.election.models import Case, Decision, Election, Identity, Narrative, Report, SignedForm
from reports.election.papers.models import CopyRequest, HandOut, Paper
from reports.erasure.models import Erasure, Hold
from reports.evidence.custody_models import Custody, KitDestruction, KitHold, KitStage
from reports.evidence.models import Kit, KitCard, KitItem, KitName
from reports.exports.models import Export, ExportPart
from reports.finding.models import SavedFilter
from reports.jobs.models import Job
from reports.ledger.models import ChainHead, Checkpoint, CheckpointLeaf, Event
from reports.legacy.models import LegacyBatch, LegacyRun, LegacySource
from reports.obligations.models import Duty
from reports.statistics.models import DoneTally, QuarterFigure, WorkTally, YearTally
from reports.vault.models import (
    CurrentWrapping,
    DraftKey,
    KeyPlace,
    PersonIndex,
    ShareSet,
    Tombstone,
    WrappedKey,
)

__all__ = [
    "AgendaLine",
    "Assignment",
    "Attendance",
    "BreakGlass",
    "Case",
    "CatchContact",
    "CatchCredentials",
    "CatchEntry",
    "ChainHead",
    "Checkpoint",
    "CheckpointLeaf",
    "CopyRequest",
    "CurrentWrapping",
    "Custody",
    "Decision",
    "Disclosure",
    "DoneTally",
    "Draft",
    "DraftKey",
    "Duty",
    "Election",
    "EndedDraft",
    "Erasure",
    "Event",
    "ExceptionStatement",
    "Export",
    "ExportPart",
    "Feed",
    "HandOut",
    "HandOver",
    "Hold",
    "Identity",
    "Job",
    "KeyPlace",
    "Kit",
    "KitCard",
    "KitDestruction",
    "KitHold",
    "KitItem",
    "KitName",
    "KitStage",
    "LegacyBatch",
    "LegacyRun",
    "LegacySource",
    "Look",
    "Matter",
    "Meeting",
    "Minutes",
    "Move",
    "Narrative",
    "Offer",
    "Paper",
    "PersonIndex",
    "PolicyChange",
    "QuarterFigure",
    "Report",
    "SavedFilter",
    "ShareSet",
    "SignedForm",
    "Tombstone",
    "WorkTally",
    "WrappedKey",
    "YearTally",
]
