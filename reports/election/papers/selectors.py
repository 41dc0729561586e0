"""Reads of signed forms, hand-outs and copies, as seen by a viewer. Contents stay sealed."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from reports import access, policy
from reports.election.models import Case, FormKind, SignedForm
from reports.election.papers.models import LOST_FORM, CopyRequest, HandOut, Paper
from reports.election.papers.places import place_of
from reports.election.selectors import case_forms
from reports.ledger.models import Event
from reports.ledger.selectors import case_events
from sapr.errors import NotFoundError

# The examination report is written by its examiner and is not here; a copy of it can be asked for all the same.
EXAMINATION_REPORT = "DD 2911"


class Signed(NamedTuple):
    """One signed version. `newest`: no later version corrects it; `replaced`: a DD 2910-1 stands in its place."""

    id: UUID
    form: str
    edition: str
    title: str
    version: int
    kind: str
    election: str
    reason: str
    remote: bool
    signed_at: datetime
    newest: bool
    replaced: bool


def case_papers(*, viewer, case: Case) -> QuerySet[Paper]:
    """The later forms and versions of a case, oldest first."""
    return access.of_case(viewer, "case_view", Paper, case).order_by("signed_at", "version", "id")


def case_hand_outs(*, viewer, case: Case) -> QuerySet[HandOut]:
    """What was handed out in a case, oldest first."""
    found = access.of_case(viewer, "case_view", HandOut, case)
    return found.select_related("given_by").order_by("given_at", "id")


def case_copies(*, viewer, case: Case) -> QuerySet[CopyRequest]:
    """The log of copies: who asked for which and when it was given (CK-20), oldest first."""
    found = access.of_case(viewer, "case_view", CopyRequest, case)
    return found.select_related("requested_by", "given_by").order_by("requested_at", "id")


def case_signed(*, viewer, case: Case) -> list[Signed]:
    """Every signed version of every form of a case, the earlier ones too, oldest first."""
    papers = list(case_papers(viewer=viewer, case=case).select_related("original"))
    later = {each.supersedes_id or each.original_id for each in papers if each.version > 1}
    lost = {each.original_id for each in papers if each.form == LOST_FORM}
    rows = [_election(each, later, lost) for each in case_forms(viewer=viewer, case=case)]
    rows += [_paper(each, later, lost) for each in papers]
    return sorted(rows, key=lambda each: (each.signed_at, each.version))


def _election(row: SignedForm, later: set, lost: set) -> Signed:
    title = policy.form_named(row.form, row.edition).title
    return Signed(
        row.pk, row.form, row.edition, title, 1, row.get_kind_display(), row.get_election_display(), "", False,
        row.victim_signed_at, row.pk not in later, row.pk in lost,
    )  # fmt: skip


def _paper(row: Paper, later: set, lost: set) -> Signed:
    beside = row.original is None or row.form == LOST_FORM
    named = policy.paper_named if beside else policy.form_named
    kind = "" if beside else FormKind(row.original.kind).label
    return Signed(
        row.pk, row.form, row.edition, named(row.form, row.edition).title, row.version, kind,
        row.get_election_display(), row.get_reason_display(), row.remote, row.signed_at, row.pk not in later,
        not beside and row.original_id in lost,
    )  # fmt: skip


def form_get(*, viewer, case: Case, form_id: UUID) -> SignedForm | Paper:
    """One signed version of a form of the case, or NotFoundError."""
    for model in (Paper, SignedForm):
        found = access.of_case(viewer, "case_view", model, case).filter(pk=form_id).first()
        if found is not None:
            return found
    raise NotFoundError


def signing_event(*, viewer, case: Case, row: SignedForm | Paper) -> Event:
    """The event of the case's ledger by which this version was signed."""
    events = case_events(viewer=viewer, case=case)
    if isinstance(row, Paper):
        return events.get(kind__in=("form_signed", "form_superseded"), data__paper=str(row.pk))
    return events.get(kind="report_signed" if row.kind == FormKind.ELECTION else "report_converted")


def forms_to_sign(*, case: Case, on: date) -> list[policy.PaperEdition]:
    """The forms beside the election that have a place in the case as it stands; hand-outs among them."""
    place = place_of(case)
    return [each for each in policy.papers(on) if place in each.elections]


def forms_to_copy(*, viewer, case: Case) -> list[str]:
    """Of which forms a copy can be asked for: those signed here, and the examination report."""
    signed = [each.form for each in case_signed(viewer=viewer, case=case)]
    return list(dict.fromkeys([*signed, EXAMINATION_REPORT])) if signed else []
