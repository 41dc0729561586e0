"""REST: one case with its duties and notices. It stands here because it reads from both apps."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from notifications.outputs import NoticeSummary, notice_row
from notifications.selectors import case_notices
from reports.election.apis import SealedOpenApi
from reports.election.models import Case
from reports.election.outputs import CaseSummary, case_row
from reports.election.selectors import case_get, sealed_parts
from reports.obligations.apis import DutyOutput
from reports.obligations.selectors import case_duties
from sapr import clock, standing
from sapr.apis import BaseApi, operation
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
        return self.answer(_shown(request.user, case_get(viewer=request.user, case_id=case_id)))


class CaseOpenApi(BaseApi):
    """Read a case and open its identity and account in one request.

    What `case_get` and `case_sealed_open` answer, in one object. Each look is an event that names the caller and the
    purpose, recorded before anything is shown.
    """

    verb = "case_work"
    only_reads = True
    InputSerializer = SealedOpenApi.InputSerializer

    class OutputSerializer(SealedOpenApi.OutputSerializer, CaseGetApi.OutputSerializer):
        """A case with what is due, what was told, and its sealed parts in clear."""

    @operation(
        "Read a case and open its sealed parts", name="case_open", takes=SealedOpenApi.InputSerializer,
        answers=OutputSerializer, refusals=[404, 429],
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> Response:
        # A look that is recorded: nothing of what decides about it changes meanwhile.
        with standing.one_look():
            case = case_get(viewer=request.user, case_id=case_id)
            purpose = self.given["purpose"]
            opened = sealed_parts(viewer=request.user, case=case, purpose=purpose, at=clock.now())
            return self.answer(_shown(request.user, case) | opened)


def _shown(viewer: Any, case: Case) -> dict[str, Any]:
    report = getattr(case, "report", None)
    return case_row(case) | {
        "signed_at": report.signed_at if report else None,
        "converted_at": report.converted_at if report else None,
        "duties": case_duties(viewer=viewer, case=case),
        "notices": [notice_row(each) for each in case_notices(viewer=viewer, case=case)],
    }
