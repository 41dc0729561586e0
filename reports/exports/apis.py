"""REST: asking for an export of one's own cases, the second person, and fetching the file, once."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.request import Request

from reports.exports import making, selectors, services
from reports.exports.lines import FIELDS
from reports.exports.models import Export, ExportForm, ExportKind, ExportPurpose, ExportState
from reports.jobs.apis import JobOutput
from sapr import clock
from sapr.acts import act
from sapr.apis import BaseApi, operation
from sapr.fields import InstantField, WordField
from sapr.reads import listing, thing

ASK, DECIDE = "export_ask", "export_decide"
ONE = "exports/<uuid:export_id>"
KIND = "application/octet-stream"
RECIPIENT = "The public key (age1…) of whoever shall read it."
OPENED = {
    "opened_from": "Cases opened on this day or later, by the installation's calendar.",
    "opened_to": "Cases opened on this day or before.",
}


class ExportOutput(serializers.Serializer):
    """What was asked for, and how far it is."""

    id = serializers.UUIDField(help_text="Names it in the steps that follow.")
    kind = WordField(ExportKind, help_text="What leaves.")
    form = WordField(ExportForm, help_text="Of elements: as which kind of file.")
    purpose = WordField(ExportPurpose, help_text="What it is for.")
    columns = serializers.ListField(
        source="fields", child=serializers.CharField(), help_text="What each line says."
    )
    opened_from = serializers.DateField(allow_null=True, help_text="Cases opened on this day or later.")
    opened_to = serializers.DateField(allow_null=True, help_text="Cases opened on this day or before.")
    recipient = serializers.CharField(help_text="The public key of whoever shall read it.")
    state = WordField(ExportState, help_text="How far it is.")
    asked_by = serializers.CharField(source="asked_by.display_name", help_text="Who asked.")
    asked_at = InstantField(help_text="When.")
    runs_out_at = InstantField(source="look_at", help_text="When its time is over, if it is not over yet.")
    decided_by = serializers.CharField(
        source="decided_by.display_name",
        default=None,
        allow_null=True,
        help_text="Who decided; null: nobody yet.",
    )
    decided_at = InstantField(allow_null=True, help_text="When it was decided.")
    made_at = InstantField(allow_null=True, help_text="When the file was made.")
    downloaded_at = InstantField(allow_null=True, help_text="When it was fetched.")
    digest = serializers.CharField(help_text="SHA-256 over the digests of its parts; empty: not made.")


class ExportDetail(ExportOutput):
    """One of them; the number of its lines for who asked alone."""

    lines = serializers.IntegerField(allow_null=True, help_text="How many the file holds by now.")
    job = serializers.UUIDField(allow_null=True, help_text="The job that makes it just now.")


class ExportFetchApi(BaseApi):
    """The file, encrypted for its reader alone, once: it is deleted here with that, and kept for no second call."""

    verb, only_reads = ASK, True
    service = services.export_fetch

    @operation(
        "Fetch the file of an export, once", name="export_fetch", status=(200, KIND), refusals=[404, 409, 422],
        answers=OpenApiResponse(
            OpenApiTypes.BINARY, description="The encrypted file; several parts come as a zip (application/zip)."
        ),
    )  # fmt: skip
    def post(self, request: Request, export_id: UUID) -> HttpResponse:
        file = services.export_fetch(actor=request.user, export_id=export_id, at=clock.now())
        answer = HttpResponse(file.content, content_type=file.kind)
        answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return answer


def export_whole(*, viewer, export_id: UUID) -> Export:
    """One export, one's own or one to decide on; the number of its lines for who asked alone."""
    found = selectors.export_get(viewer=viewer, export_id=export_id)
    found.lines, found.job = None, None
    if found.asked_by_id == viewer.pk:
        found.lines = selectors.lines_made(viewer=viewer, export=found)
        job = selectors.job_of(viewer=viewer, export=found)
        found.job = job.pk if job else None
    return found


def own(*, viewer) -> QuerySet[Export]:
    """The exports that the caller asked for, the newest first."""
    return selectors.own(viewer=viewer).select_related("asked_by", "decided_by")


OPERATIONS = [
    listing(
        "exports", own, name="export_list", verb=ASK, says="List the exports that one asked for",
        item=ExportOutput, page="Export", by="asked_at", newest_first=True,
    ),
    listing(
        "exports/waiting", selectors.waiting, name="export_waiting", verb=DECIDE,
        says="List the exports that wait for a second person", item=ExportOutput, page="Export", by="asked_at",
    ),
    thing(
        ONE, export_whole, name="export_get", verb=ASK, also=[DECIDE], says="Read an export", answers=ExportDetail,
    ),
    act(
        "exports/ask", services.export_ask, verb=ASK, says="Ask for an export",
        takes={
            "purpose": WordField(ExportPurpose, help_text="What it is for."),
            "fields": serializers.ListField(
                child=WordField(FIELDS), help_text="The columns. Names, contact details and account never leave so."
            ),
            "recipient": RECIPIENT,
        } | OPENED,
        answers=ExportOutput, status=201, refusals=(),
    ),
    act(
        "exports/ask-dsaid", services.dsaid_ask, verb=ASK, says="Ask for an export for the official system",
        takes={
            "purpose": WordField(ExportPurpose, help_text="What it is for."),
            "elements": "Of those that docs/dsaid.md lists, such as are switched on.",
            "form": WordField(ExportForm, help_text="As which kind of file."),
            "recipient": RECIPIENT,
        } | OPENED,
        answers=ExportOutput, status=201, refusals=(),
    ),
    act(
        "exports/ask-everything", services.open_export_ask, verb=DECIDE, says="Ask that everything leaves",
        takes={"recipient": RECIPIENT}, answers=ExportOutput, status=201, refusals=(),
    ),
    act(f"{ONE}/approve", services.export_approve, verb=DECIDE, says="Approve an export", answers=ExportOutput),
    act(f"{ONE}/refuse", services.export_refuse, verb=DECIDE, says="Refuse an export", answers=ExportOutput),
    act(
        f"{ONE}/withdraw", services.export_withdraw, verb=ASK, also=[DECIDE], says="Take an export back",
        answers=ExportOutput,
    ),
    act(f"{ONE}/make", making.export_begin, verb=ASK, says="Begin to make the file", answers=JobOutput, status=201),
    path(f"{ONE}/file", ExportFetchApi.as_view()),
]  # fmt: skip
