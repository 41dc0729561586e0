"""REST: what is due."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports.obligations import selectors
from sapr import showing
from sapr.apis import BaseApi, PageQuery, operation, page_of
from sapr.fields import InstantField
from sapr.paging import page


class DutyOutput(serializers.Serializer):
    """A duty: which rule demands what of whom, by when."""

    id = serializers.UUIDField()
    case = serializers.UUIDField(source="case_id")
    rule = serializers.CharField()
    kind = serializers.CharField()
    role = serializers.CharField()
    state = serializers.CharField()
    due_at = InstantField()
    immediate = serializers.BooleanField(help_text="Due at its trigger; no minute makes it late.")
    discharged_by = serializers.CharField()
    reason = serializers.CharField()


class DutyListApi(BaseApi):
    """The open duties of the caller's cases, soonest first."""

    verb = "case_view"
    QuerySerializer = PageQuery
    OutputSerializer = DutyOutput

    @operation(
        "List what is due", name="duty_list", query=PageQuery, answers=page_of(DutyOutput, "Duty"),
        refusals=[422],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = selectors.open_duties(viewer=request.user)
        show = lambda duty: showing.shown(self.OutputSerializer, duty)  # noqa: E731
        return Response(page(rows, by="due_at", newest_first=False, query=self.query, show=show))
