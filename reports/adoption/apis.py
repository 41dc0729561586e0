"""REST: the settings under which cases are decided, and their changes by two persons."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import is_second_person
from reports.adoption import selectors, services
from reports.adoption.models import ChangeKind, ChangeState, PolicyChange, Service
from reports.adoption.preview import meant, proposal_of
from sapr import clock
from sapr.acts import act
from sapr.apis import BaseApi, operation
from sapr.desk.demo import zone_of
from sapr.fields import InstantField, StatedField, WordField
from sapr.reads import listing, thing


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


class PolicyChangeOutput(serializers.Serializer):
    """A change of the settings: another profile, or a rule set that a Service adopts."""

    id = serializers.UUIDField(help_text="Names it in the steps that follow.")
    kind = WordField(ChangeKind, help_text="What is changed.")
    profile = serializers.CharField(help_text="The profile; empty: an adoption.")
    service = WordField(Service, allow_blank=True, help_text="The Service that adopts; empty: a profile.")
    rule_set = serializers.CharField(help_text="The rule set that is adopted.")
    starts_on = serializers.DateField(allow_null=True, help_text="First day of signing for which it counts.")
    state = WordField(ChangeState, help_text="How far it is.")
    proposed_by = serializers.CharField(source="proposed_by.display_name", help_text="Who proposed it.")
    proposed_at = InstantField(help_text="When.")
    decided_by = serializers.CharField(
        source="decided_by.display_name",
        default=None,
        allow_null=True,
        help_text="Who decided; null: nobody yet.",
    )
    decided_at = InstantField(allow_null=True, help_text="When it was decided.")


class PolicyRuleRow(serializers.Serializer):
    """A rule."""

    id = serializers.CharField(help_text="Its id.")
    sentence = serializers.CharField(help_text="What it says.")


class PolicyDifferenceOutput(serializers.Serializer):
    """Rules that no longer stand, and those that stand in their place; either may be empty."""

    before = PolicyRuleRow(many=True, help_text="What stands now.")
    after = PolicyRuleRow(many=True, help_text="What would stand.")


class PolicyChangeDetail(PolicyChangeOutput):
    """One change as its reader may decide it."""

    differences = PolicyDifferenceOutput(many=True, help_text="While it waits: what would stand otherwise.")

    may_decide = serializers.BooleanField(help_text="Whether the caller is a second person to it.")


def change_whole(*, viewer, change_id: UUID, at: datetime) -> PolicyChange:
    """One change, and while it waits what would stand otherwise by it."""
    found = selectors.change_get(change_id)
    waits = found.state == ChangeState.PROPOSED
    today = at.astimezone(ZoneInfo(zone_of(viewer))).date()
    found.differences = meant(at, today, **proposal_of(found))["differences"] if waits else []
    found.may_decide = waits and is_second_person(found, viewer)
    return found


ONE = "policy/changes/<uuid:change_id>"
STATED = {"read": StatedField(help_text="What changes by it was read.")}
OPERATIONS = [
    listing(
        "policy/changes", selectors.changes, name="policy_change_list", verb=services.VERB,
        says="List the changes of the settings", item=PolicyChangeOutput, page="PolicyChange", by="proposed_at",
        newest_first=True,
    ),
    thing(
        ONE, change_whole, name="policy_change_get", verb=services.VERB, says="Read a change",
        answers=PolicyChangeDetail,
    ),
    act(
        "policy/changes/propose", services.change_propose, verb=services.VERB, says="Propose a change of the settings",
        takes={
            "profile": "Another profile, alone.",
            "service": "Or the Service that adopts a rule set: one of the words of the answer.",
            "rule_set": "The rule set that it adopts.",
            "starts_on": "The first day of signing for which the adoption counts.",
        } | STATED,
        answers=PolicyChangeOutput, status=201, refusals=[409],
    ),
    act(
        f"{ONE}/approve", services.change_approve, verb=services.VERB, says="Approve a change as the second person",
        takes=STATED, answers=PolicyChangeOutput,
    ),
    act(f"{ONE}/refuse", services.change_refuse, verb=services.VERB, says="Refuse a change",
        answers=PolicyChangeOutput),
    act(f"{ONE}/withdraw", services.change_withdraw, verb=services.VERB, says="Take a change back",
        answers=PolicyChangeOutput),
]  # fmt: skip
