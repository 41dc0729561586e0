"""REST: emergency access. A case's number travels in bodies; the answer never says whether it is there."""

from datetime import datetime
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports.breakglass import selectors, services
from reports.breakglass.models import BreakGlass
from sapr import clock, showing
from sapr.apis import BaseApi, PageQuery, operation, page_of
from sapr.fields import FlagField, InstantField, StrictSerializer, TextField
from sapr.paging import page
from sapr.reads import listing


class EmergencyOutput(serializers.Serializer):
    """A request as its asker is told of it."""

    id = serializers.UUIDField()
    asked_for = serializers.CharField()
    standing = serializers.CharField(help_text="waiting, open, ended or not_granted.")
    asked_at = InstantField()
    answer_by = InstantField()
    runs_until = InstantField(allow_null=True, help_text="null: never granted so far.")


def shown(request: BreakGlass, at: datetime) -> dict:
    """The fields of EmergencyOutput."""
    names = ("id", "asked_for", "asked_at", "answer_by", "runs_until")
    return {name: getattr(request, name) for name in names} | {"standing": selectors.standing(request, at)}


class EmergencyApi(BaseApi):
    """Ask for a case that is somebody else's, and list what one asked for."""

    verb = "break_glass_ask"
    OutputSerializer = EmergencyOutput
    QuerySerializer = PageQuery

    class InputSerializer(StrictSerializer):
        case = TextField(help_text="The case's number or id.")
        reason = TextField(help_text="Why it is needed now. Sealed with the case's key.")

    @operation("List one's requests for emergency access", name="emergency_list", query=PageQuery,
               answers=page_of(EmergencyOutput, "Emergency"), refusals=[422])  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = selectors.own_requests(viewer=request.user)
        now = clock.now()
        show = lambda row: showing.shown(self.OutputSerializer, shown(row, now))  # noqa: E731
        return Response(page(rows, by="asked_at", newest_first=True, query=self.query, show=show))

    @operation("Ask for emergency access", name="emergency_ask", takes=InputSerializer,
               answers=EmergencyOutput, status=201, refusals=[409])  # fmt: skip
    def post(self, request: Request) -> Response:
        now = clock.now()
        made = services.break_glass_ask(actor=request.user, at=now, **self.given)
        return self.answer(shown(made, now), status=201)


class EmergencyReasonApi(BaseApi):
    """Read the reason of somebody else's request. The look is an event of the case."""

    verb = "break_glass_decide"
    only_reads = True

    class OutputSerializer(serializers.Serializer):
        reason = serializers.CharField()

    @operation("Read the reason", name="emergency_reason", answers=OutputSerializer, refusals=[404])
    def post(self, request: Request, request_id: UUID) -> Response:
        now = clock.now()
        found = selectors.request_get(viewer=request.user, request_id=request_id, at=now)
        return self.answer({"reason": selectors.reason(viewer=request.user, request=found, at=now)})


class EmergencyDecideApi(BaseApi):
    """Approve or refuse as the second person."""

    verb = "break_glass_decide"
    OutputSerializer = EmergencyOutput

    class InputSerializer(StrictSerializer):
        approve = FlagField(help_text="true: approve; false: refuse.")

    @operation("Decide on emergency access", name="emergency_decide", takes=InputSerializer,
               answers=EmergencyOutput, refusals=[404, 409])  # fmt: skip
    def post(self, request: Request, request_id: UUID) -> Response:
        now = clock.now()
        decided = services.break_glass_decide(actor=request.user, request_id=request_id, at=now, **self.given)
        return self.answer(shown(decided, now))


class EmergencyEndApi(BaseApi):
    """Give the access back, or end it as the SARC of the case."""

    verb = "break_glass_end"
    OutputSerializer = EmergencyOutput

    @operation("End emergency access", name="emergency_end", answers=EmergencyOutput, refusals=[404, 409])
    def post(self, request: Request, request_id: UUID) -> Response:
        now = clock.now()
        ended = services.break_glass_end(actor=request.user, request_id=request_id, at=now)
        return self.answer(shown(ended, now))


class EmergencyWaitingOutput(serializers.Serializer):
    """Somebody else's request, for who decides on it. Its reason is opened by itself."""

    id = serializers.UUIDField(help_text="Names it when its reason is read, and when it is decided.")
    asked_by = serializers.CharField(source="asked_by.display_name", help_text="Who asks.")
    installation = serializers.CharField(source="installation.name", help_text="Where the case is.")
    asked_at = InstantField(help_text="When it was asked.")
    answer_by = InstantField(help_text="Decided at the latest.")


class CaseEmergencyOutput(EmergencyOutput):
    """A request for a case of the caller's."""

    asked_by = serializers.CharField(help_text="Who asked.")


OPERATIONS = [
    listing(
        "emergencies/waiting", selectors.waiting, name="emergency_waiting", verb="break_glass_decide",
        says="List what waits for a second person", item=EmergencyWaitingOutput, page="EmergencyWaiting",
        by="asked_at",
    ),
    listing(
        "cases/<uuid:case_id>/emergencies", selectors.of_case, name="case_emergency_list", verb="case_view",
        says="List who asked for a case in an emergency", item=CaseEmergencyOutput, page="CaseEmergency",
        by="asked_at", newest_first=True,
        show=lambda row, at: shown(row, at) | {"asked_by": row.asked_by.display_name},
    ),
]  # fmt: skip
