"""REST: what is due."""

from typing import ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports.obligations import selectors
from sapr.apis import BaseApi, PageQuery, operation, page_of
from sapr.fields import INSTANTS, InstantField, NameField, UuidField, WordField
from sapr.paging import page, selected, turned


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


SOONEST, LATEST = "soonest", "latest"


class DutyQuery(PageQuery):
    """Which open duties, in which order."""

    order = WordField(
        choices=[SOONEST, LATEST], required=False, help_text="By when they are due; soonest first without it."
    )
    case = UuidField(required=False, help_text="Of this case.")
    kind = NameField(required=False, help_text="Of this kind, as answers name it.")
    role = NameField(required=False, help_text="Demanded of this role, as answers name it.")
    due_from = InstantField(required=False, validators=INSTANTS, help_text="Due at this instant or later.")
    due_until = InstantField(required=False, validators=INSTANTS, help_text="Due before this instant.")

    # The condition of each filter.
    MEANS: ClassVar = {
        "case": "case_id", "kind": "kind", "role": "role", "due_from": "due_at__gte", "due_until": "due_at__lt",
    }  # fmt: skip


class DutyListApi(BaseApi):
    """The open duties of the caller's cases, soonest first unless asked otherwise."""

    verb = "case_view"
    QuerySerializer = DutyQuery
    OutputSerializer = DutyOutput

    @operation(
        "List what is due", name="duty_list", query=DutyQuery, answers=page_of(DutyOutput, "Duty"),
        refusals=[422],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        latest = self.query.get("order") == LATEST
        rows = selected(selectors.open_duties(viewer=request.user), self.query, DutyQuery.MEANS)
        rows = turned(rows, by="due_at", newest_first=latest)
        show = lambda duty: self.OutputSerializer(duty).data  # noqa: E731
        return Response(page(rows, by="due_at", newest_first=latest, query=self.query, show=show))
