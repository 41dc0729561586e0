"""REST: evidence under a number in place of a name. A number travels in bodies, never in an address."""

from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports.evidence import services
from sapr import clock
from sapr.acts import act
from sapr.apis import BaseApi, operation

NUMBER = "The number on the kit's label; case, spaces and hyphens do not matter."


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


OPERATIONS = [
    act(
        "cases/<uuid:case_id>/kits/seal", services.kit_seal, verb="case_work", says="Seal a kit",
        takes={"number": NUMBER}, answers=KitOutput,
    ),
    act(
        "cases/<uuid:case_id>/kits/to-mcio", services.kit_hand_to_mcio, verb="case_work",
        says="Hand a kit to MCIO", takes={"number": NUMBER}, answers=KitOutput,
    ),
]  # fmt: skip
