"""REST: evidence under a number in place of a name. A number travels in bodies, never in an address."""

from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports.evidence import services
from sapr import clock
from sapr.apis import BaseApi, operation
from sapr.fields import StrictSerializer, TextField


class NumberInput(StrictSerializer):
    """The number on the kit's label."""

    number = TextField(help_text="As on the label; case, spaces and hyphens do not matter.")


class KitOutput(serializers.Serializer):
    """Where a kit stands."""

    state = serializers.CharField(help_text="numbered, sealed or mcio.")


class KitNumberApi(BaseApi):
    """Issue an evidence number for a new kit. It is shown here and only here."""

    verb = "case_work"

    class OutputSerializer(serializers.Serializer):
        number = serializers.CharField()

    @operation(
        "Issue an evidence number", name="case_evidence_number", answers=OutputSerializer, status=201,
        refusals=[404, 409, 422],
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> Response:
        _, number = services.kit_number_issue(actor=request.user, case_id=case_id, at=clock.now())
        return self.answer({"number": number}, status=201)


class KitSealApi(BaseApi):
    """The kit is packed and sealed under its number."""

    verb = "case_work"
    InputSerializer = NumberInput
    OutputSerializer = KitOutput

    @operation("Seal a kit", name="kit_seal", takes=NumberInput, answers=KitOutput, refusals=[404, 409])
    def post(self, request: Request, case_id: UUID) -> Response:
        return self.answer(
            services.kit_seal(
                actor=request.user, case_id=case_id, number=self.given["number"], at=clock.now()
            )
        )


class KitToMcioApi(BaseApi):
    """MCIO takes the kit of an Unrestricted report."""

    verb = "case_work"
    InputSerializer = NumberInput
    OutputSerializer = KitOutput

    @operation(
        "Hand a kit to MCIO", name="kit_to_mcio", takes=NumberInput, answers=KitOutput, refusals=[404, 409]
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        number = self.given["number"]
        return self.answer(
            services.kit_hand_to_mcio(actor=request.user, case_id=case_id, number=number, at=clock.now())
        )
