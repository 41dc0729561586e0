"""REST: keeping a case, and the two persons behind the destruction of its keys. Nothing is destroyed by this door."""

from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework import serializers

from accounts.selectors import is_second_person
from reports.election.models import Case, Election
from reports.erasure import selectors, services
from reports.erasure.models import Erasure, ErasureState, HoldReason
from sapr.acts import act
from sapr.fields import InstantField, StatedField, WordField
from sapr.reads import listing, thing

CASE = "cases/<uuid:case_id>"


class CaseHoldOutput(serializers.Serializer):
    """A reason why nothing of the case may be destroyed."""

    id = serializers.UUIDField(help_text="Names it when it is lifted.")
    reason = WordField(HoldReason, help_text="Why.")
    placed_by = serializers.CharField(source="placed_by.display_name", help_text="Who placed it.")
    placed_at = InstantField(help_text="When.")
    lifted_by = serializers.CharField(
        source="lifted_by.display_name",
        default=None,
        allow_null=True,
        help_text="Who lifted it; null: it is open.",
    )
    lifted_at = InstantField(allow_null=True, help_text="When it was lifted.")


class ErasureOutput(serializers.Serializer):
    """A proposal to destroy a case's keys, and how far it is."""

    id = serializers.UUIDField(help_text="Names it in the steps that follow.")
    state = WordField(ErasureState, help_text="How far it is.")
    proposed_by = serializers.CharField(source="proposed_by.display_name", help_text="Who proposed it.")
    proposed_at = InstantField(help_text="When.")
    decided_by = serializers.CharField(
        source="decided_by.display_name",
        default=None,
        allow_null=True,
        help_text="Who decided; null: nobody yet.",
    )
    decided_at = InstantField(allow_null=True, help_text="When it was decided.")
    done_at = InstantField(allow_null=True, help_text="When the keys were destroyed.")


class KeepingOutput(serializers.Serializer):
    """What keeps a case, and what was proposed."""

    kept_because = serializers.CharField(
        help_text="Why nothing may be destroyed now; empty: it may be proposed."
    )
    holds = CaseHoldOutput(many=True, help_text="Open ones first.")
    erasures = ErasureOutput(many=True, help_text="The latest first.")


class ErasureRow(ErasureOutput):
    """The same for the second person: nothing of the case but its number."""

    number = serializers.CharField(help_text="The case's number.")
    keep_until = serializers.DateField(allow_null=True, help_text="The last day that a rule kept it.")


class ErasureDetail(ErasureRow):
    """One proposal with what keeps it from being done."""

    signed_on = serializers.DateField(allow_null=True, help_text="By the calendar of the installation.")
    signed_as = WordField(Election, allow_blank=True, help_text="The election; empty: nothing was signed.")
    converted_on = serializers.DateField(allow_null=True, help_text="When it became Unrestricted.")
    has_kit = serializers.BooleanField(help_text="Whether there is a kit.")
    rules = serializers.ListField(child=serializers.CharField(), help_text="The rules that gave the period.")
    on_hold = serializers.BooleanField(help_text="Whether a hold is open; not why.")
    may_decide = serializers.BooleanField(help_text="Whether the caller is a second person to it.")


def keeping_of(*, viewer, case: Case, at: datetime) -> dict[str, Any]:
    """What keeps a case of the caller's, and what was proposed for it."""
    of = {"viewer": viewer, "case": case}
    return {
        "kept_because": selectors.kept_because(**of, at=at),
        "holds": selectors.case_holds(**of),
        "erasures": selectors.case_erasures(**of),
    }


def erasure_whole(*, viewer, erasure_id: UUID) -> Erasure:
    """One proposal, with what keeps it from being done."""
    found = selectors.erasure_get(viewer=viewer, erasure_id=erasure_id)
    found.on_hold, found.may_decide = selectors.is_on_hold(found.case_id), is_second_person(found, viewer)
    return found


OPERATIONS = [
    thing(
        f"{CASE}/keeping", keeping_of, name="keeping_get", verb="hold_case", says="Read what keeps a case",
        answers=KeepingOutput,
    ),
    act(
        f"{CASE}/holds", services.hold_place, verb="hold_case", says="Place a hold",
        takes={"reason": WordField(HoldReason, help_text="Why nothing may be destroyed.")},
        answers=CaseHoldOutput, status=201,
    ),
    act(
        f"{CASE}/holds/<uuid:hold_id>/lift", services.hold_lift, verb="hold_case", says="Lift a hold",
        answers=CaseHoldOutput,
    ),
    act(
        f"{CASE}/erasures", services.erasure_propose, verb="propose_erasure",
        says="Propose that a case's keys be destroyed",
        takes={
            "nothing_open": StatedField(help_text="No legal proceeding, appeal or CATCH entry is open in this case."),
            "for_ever": StatedField(help_text="Nobody can ever open the sealed part again."),
        },
        answers=ErasureOutput, status=201,
    ),
    act(
        f"{CASE}/erasures/<uuid:erasure_id>/withdraw", services.erasure_withdraw, verb="propose_erasure",
        says="Take a proposed erasure back", answers=ErasureOutput,
    ),
    listing(
        "erasures", selectors.erasures, name="erasure_list", verb="decide_erasure",
        says="List the proposed erasures", item=ErasureRow, page="ErasureRow", by="proposed_at", newest_first=True,
    ),
    thing(
        "erasures/<uuid:erasure_id>", erasure_whole, name="erasure_get", verb="decide_erasure",
        says="Read a proposed erasure", answers=ErasureDetail,
    ),
    act(
        "erasures/<uuid:erasure_id>/approve", services.erasure_approve, verb="decide_erasure",
        says="Approve an erasure as the second person",
        takes={"for_ever": StatedField(help_text="Nobody can ever open the sealed part again.")},
        answers=ErasureRow,
    ),
    act(
        "erasures/<uuid:erasure_id>/refuse", services.erasure_refuse, verb="decide_erasure",
        says="Refuse an erasure", answers=ErasureRow,
    ),
]  # fmt: skip
