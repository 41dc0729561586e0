"""REST: one case with its duties and notices. It stands here because it reads from both apps."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from notifications.outputs import NoticeSummary, notice_row
from notifications.selectors import case_notices
from reports.election.outputs import CaseSummary, case_row
from reports.election.selectors import case_get
from reports.obligations.apis import DutyOutput
from reports.obligations.selectors import case_duties
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
        case = case_get(viewer=request.user, case_id=case_id)
        report = getattr(case, "report", None)
        return self.answer(
            case_row(case)
            | {
                "signed_at": report.signed_at if report else None,
                "converted_at": report.converted_at if report else None,
                "duties": case_duties(viewer=request.user, case=case),
                "notices": [notice_row(each) for each in case_notices(viewer=request.user, case=case)],
            }
        )
