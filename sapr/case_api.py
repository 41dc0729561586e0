"""REST: one case with its duties and notices. It stands here because it reads from both apps."""

from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.outputs import NoticeSummary
from reports import access
from reports.election.apis import SealedOpenApi
from reports.election.outputs import CaseSummary
from reports.obligations.apis import DutyOutput
from sapr import clock
from sapr.apis import BaseApi, operation
from sapr.case_reading import case_read
from sapr.fields import InstantField


class CaseGetApi(BaseApi):
    """One of the caller's cases; nothing sealed is opened."""

    verb = "case_view"

    class OutputSerializer(CaseSummary):
        """A case with what is due and what was told."""

        signed_at = InstantField(allow_null=True)
        converted_at = InstantField(allow_null=True)
        duties = DutyOutput(many=True)
        notices = NoticeSummary(many=True)

    @operation("Read a case", name="case_get", answers=OutputSerializer, refusals=[404])
    def get(self, request: Request, case_id: UUID) -> Response:
        return Response(case_read(viewer=request.user, case_id=case_id).shown)


class CaseOpenApi(BaseApi):
    """Read a case and open its identity and account in one request.

    What `case_get` and `case_sealed_open` answer, in one object. Each look is an event that names the caller and the
    purpose, on record before anything is shown.
    """

    verb = "case_work"
    only_reads = only_looks = True
    InputSerializer = SealedOpenApi.InputSerializer

    class OutputSerializer(SealedOpenApi.OutputSerializer, CaseGetApi.OutputSerializer):
        """A case with what is due, what was told, and its sealed parts in clear."""

    @operation(
        "Read a case and open its sealed parts", name="case_open", takes=SealedOpenApi.InputSerializer,
        answers=OutputSerializer, refusals=[404, 429],
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> HttpResponse:
        found = case_read(viewer=request.user, case_id=case_id, sealed=True)
        return access.open_read_for(
            stands=found.stands,
            rows=found.rows,
            committed=found.committed,
            purpose=self.given["purpose"],
            at=clock.now(),
            show=lambda parts: self._written(Response(found.shown | parts)),
        )
