"""REST: the settings under which cases are decided now. They are changed on the desk, by two persons."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports.adoption import selectors
from sapr import clock
from sapr.apis import BaseApi, operation
from sapr.fields import InstantField


class AdoptionOutput(serializers.Serializer):
    """A rule set that a Service has adopted."""

    service = serializers.CharField()
    rule_set = serializers.CharField()
    starts_on = serializers.DateField(help_text="First day of signing for which it counts.")
    approved_at = InstantField(source="decided_at")


class PolicySettingsApi(BaseApi):
    """The profile in force and what the Services have adopted, adoptions that begin later included."""

    verb = "see_policy"

    class OutputSerializer(serializers.Serializer):
        profile = serializers.CharField()
        since = InstantField(allow_null=True, help_text="null: nobody has changed it yet.")
        adoptions = AdoptionOutput(many=True)

    @operation("Read the policy settings", name="policy_settings", answers=OutputSerializer)
    def get(self, request: Request) -> Response:
        now = clock.now()
        profile, change = selectors.profile_in_force(now)
        return self.answer(
            {
                "profile": profile,
                "since": change.decided_at if change else None,
                "adoptions": selectors.adoptions(now),
            }
        )
