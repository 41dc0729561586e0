"""REST: asking the rules, for a case or for nobody."""

from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports import policy
from reports.adoption.selectors import basis_for
from reports.election import services
from reports.election.outputs import DecisionOutput, FactsField
from sapr import clock
from sapr.apis import BaseApi, operation
from sapr.fields import DayField, StrictSerializer, TextField


class EligibilityApi(BaseApi):
    """Ask the rules. Nothing is kept, no case is involved."""

    verb = "ask_rules"
    only_reads = True
    OutputSerializer = DecisionOutput

    class InputSerializer(StrictSerializer):
        facts = FactsField(help_text="What is known of the person and the incident.")
        on = DayField(help_text="The day of signing.")
        profile = TextField(
            required=False, help_text="seed or dated; absent: the one in force now (GET policy/settings)."
        )

    @operation(
        "Ask which options the rules give", name="eligibility", takes=InputSerializer, answers=DecisionOutput
    )
    def post(self, request: Request) -> Response:
        facts, on = self.given["facts"], self.given["on"]
        found = basis_for(facts, on=on, at=clock.now())
        profile = self.given.get("profile", found.profile)
        decided = policy.eligibility(facts, on=on, profile=profile, adopted=found.adopted)
        return self.answer(decided.to_dict())


class CaseEligibilityApi(BaseApi):
    """Ask the rules of today for a case and keep facts and answer with it, sealed."""

    verb = "case_work"
    OutputSerializer = DecisionOutput

    class InputSerializer(StrictSerializer):
        facts = FactsField(help_text="What is known of the person and the incident.")

    @operation(
        "Decide the options of a case", name="case_eligibility", takes=InputSerializer, answers=DecisionOutput,
        status=201, refusals=[404, 409],
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> Response:
        decision = services.options_decide(
            actor=request.user, case_id=case_id, facts=self.given["facts"], at=clock.now()
        )
        return self.answer(decision.to_dict(), status=201)


class FormEditionApi(BaseApi):
    """The edition of a form in use on a day, and what each option asks to be initialled."""

    verb = "ask_rules"

    class QuerySerializer(StrictSerializer):
        form = TextField(help_text="DD 2910 or DD 2910-8.")
        on = DayField(help_text="The day of signing.")

    class OutputSerializer(serializers.Serializer):
        class AcknowledgementOutput(serializers.Serializer):
            key = serializers.CharField()
            sentence = serializers.CharField()
            options = serializers.ListField(child=serializers.CharField())

        form = serializers.CharField(source="code")
        edition = serializers.CharField()
        acknowledgements = AcknowledgementOutput(many=True)

    @operation(
        "Look up a form's edition", name="form_edition", query=QuerySerializer, answers=OutputSerializer,
        refusals=[422],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        return self.answer(policy.form_edition(self.query["form"], self.query["on"]))
