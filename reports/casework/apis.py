"""REST: working a case."""

from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports.casework import services
from sapr import clock
from sapr.apis import BaseApi, operation
from sapr.fields import StrictSerializer, TextField
from sapr.named import PersonField


class StepRecordApi(BaseApi):
    """Record one step of care or counsel. It is vocabulary only, never text."""

    verb = "case_work"

    class InputSerializer(StrictSerializer):
        kind = TextField(help_text="For instance safe_offered; docs/api.md lists the kinds.")
        details = serializers.DictField(
            child=TextField(), required=False, help_text="The answers of this kind of step."
        )

    class OutputSerializer(serializers.Serializer):
        event = serializers.UUIDField()

    @operation(
        "Record a step", name="case_step", takes=InputSerializer, answers=OutputSerializer, status=201,
        refusals=[404, 409],
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> Response:
        event = services.step_record(
            actor=request.user,
            case_id=case_id,
            kind=self.given["kind"],
            details=self.given.get("details"),
            at=clock.now(),
        )
        return self.answer({"event": event}, status=201)


class VaAssignApi(BaseApi):
    """Assign a SAPR VA to a case; access follows at once."""

    verb = "assign_va"

    class InputSerializer(StrictSerializer):
        va = PersonField(help_text="The SAPR VA's user name.")

    class OutputSerializer(serializers.Serializer):
        va = serializers.CharField(source="user.username")
        role = serializers.CharField()

    @operation(
        "Assign a SAPR VA", name="case_va", takes=InputSerializer, answers=OutputSerializer, status=201,
        refusals=[404, 409],
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> Response:
        row = services.va_assign(actor=request.user, case_id=case_id, va=self.given["va"], at=clock.now())
        return self.answer(row, status=201)


class CountsApi(BaseApi):
    """How many reports of each option the caller's cases hold. The look is an event."""

    verb = "counts"

    class OutputSerializer(serializers.Serializer):
        restricted = serializers.IntegerField()
        unrestricted = serializers.IntegerField()

    @operation("Count one's reports by option", name="counts", answers=OutputSerializer)
    def get(self, request: Request) -> Response:
        return self.answer(services.counts_by_option(actor=request.user, at=clock.now()))
