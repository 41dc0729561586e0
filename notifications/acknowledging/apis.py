"""REST: whether a notice that was placed was read, and the call that the SARC makes when it was not."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from notifications.acknowledging import selectors, services
from notifications.acknowledging.models import ChaseStep, Outcome
from notifications.selectors import notice_for
from sapr.acts import act
from sapr.errors import NotFoundError
from sapr.fields import InstantField, WordField
from sapr.reads import thing


class NoticeProofOutput(serializers.Serializer):
    """What became of a notice once it was placed."""

    step = WordField(ChaseStep, help_text="The last step towards being read.")
    placed_at = InstantField(allow_null=True, help_text="When it was placed.")
    nudge_at = InstantField(allow_null=True, help_text="When its addressee is nudged.")
    alternate_at = InstantField(allow_null=True, help_text="When it is placed with the alternate too.")
    telephone_at = InstantField(allow_null=True, help_text="When the SARC is asked to telephone.")
    passed_to = serializers.CharField(allow_null=True, help_text="The alternate's post.")
    acknowledged_at = InstantField(allow_null=True, help_text="When it was read.")
    acknowledged_by = serializers.CharField(allow_null=True, help_text="The post of whoever read it.")
    told_at = InstantField(allow_null=True, help_text="When its addressee was reached by telephone.")
    over_at = InstantField(allow_null=True, help_text="When the waiting was over.")


class NoticeCallOutput(serializers.Serializer):
    """Where the waiting stands after the call."""

    step = WordField(ChaseStep, help_text="The last step towards being read.")
    told_at = InstantField(allow_null=True, help_text="When its addressee was reached by telephone.")
    over_at = InstantField(allow_null=True, help_text="When the waiting was over.")


SHOWN = (
    "step",
    "placed_at",
    "nudge_at",
    "alternate_at",
    "telephone_at",
    "acknowledged_at",
    "told_at",
    "over_at",
)


def proof_of(*, viewer, notice_id: UUID) -> dict[str, Any]:
    """What became of a notice of the caller's cases once it was placed."""
    found = selectors.proof(viewer=viewer, notice=notice_for(viewer, notice_id))
    if found is None:
        raise NotFoundError
    posts = {"passed_to": found.passed_to or None, "acknowledged_by": found.acknowledged_by or None}
    return {name: getattr(found.waiting, name) for name in SHOWN} | posts


OPERATIONS = [
    thing(
        "notices/<uuid:notice_id>/proof", proof_of, name="notice_proof", verb="case_view",
        says="Read whether a placed notice was read", answers=NoticeProofOutput,
    ),
    act(
        "notices/<uuid:notice_id>/telephone", services.notice_telephone, verb="release_notice",
        says="Record a call about a notice that waits",
        takes={
            "outcome": WordField(Outcome, "CallOutcome", help_text="What came of it. What was said is not recorded."),
            "at": "When; left out: now.",
        },
        answers=NoticeCallOutput,
    ),
]  # fmt: skip
