"""REST: people move: a victim's file offered to a SARC elsewhere, somebody who follows, cases without a SARC."""

from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework import serializers

from reports.casework.models import CaseRole
from reports.casework.moves import leaving, selectors, services
from reports.casework.moves.models import MoveState, Originals
from reports.election.models import Case, Election
from sapr.acts import EventOutput, act, of_event
from sapr.fields import InstantField, NumberField, WordField
from sapr.named import PersonField, PersonOutput, PlaceOutput
from sapr.reads import listing

CASE = "cases/<uuid:case_id>"


class MoveOutput(serializers.Serializer):
    """An offer of one's case."""

    id = serializers.UUIDField(help_text="The offer.")
    to_installation = PlaceOutput(help_text="Where the victim goes.")
    offered_to = PersonOutput(help_text="The SARC there.")
    offered_at = InstantField(help_text="When it was offered.")
    state = WordField(MoveState, help_text="How it stands.")
    decided_at = InstantField(allow_null=True, help_text="When it was answered or withdrawn.")


class MovedOutput(MoveOutput):
    """The offer that was accepted, and the case that is the caller's from now on."""

    case = serializers.UUIDField(source="case_id", help_text="The case.")


class OfferOutput(serializers.Serializer):
    """An offer as its addressee sees it: everything but the case it is of."""

    id = serializers.UUIDField(help_text="The offer.")
    election = WordField(Election, help_text="Which kind of report.")
    from_installation = PlaceOutput(help_text="From where.")
    to_installation = PlaceOutput(help_text="To where.")
    offered_by = PersonOutput(help_text="The SARC who offers.")
    offered_at = InstantField(help_text="When it was offered.")
    state = WordField(MoveState, help_text="How it stands.")
    decided_at = InstantField(allow_null=True, help_text="When it was answered or withdrawn.")


class GainingOutput(serializers.Serializer):
    """A SARC of another installation, to whom a case can be offered."""

    installation = PlaceOutput(help_text="Where.")
    sarc = PersonOutput(help_text="Who.")


class HandOverOutput(serializers.Serializer):
    """Somebody followed somebody on a case."""

    id = serializers.UUIDField(help_text="The hand-over.")
    number = serializers.CharField(help_text="The case's number.")
    role = WordField(CaseRole, help_text="In which role.")
    leaves = PersonOutput(help_text="Who left.")
    follows = PersonOutput(help_text="Who followed.")
    changed_at = InstantField(help_text="When.")
    originals = WordField(Originals, allow_null=True, help_text="Where the DD 2910 lie; null for a SAPR VA.")
    confirmed_at = InstantField(allow_null=True, help_text="When a second person confirmed it.")


class LeavingOutput(serializers.Serializer):
    """Somebody who stops being SARC or SAPR VA somewhere soon."""

    name = serializers.CharField(help_text="As pages show them.")
    role = serializers.CharField(help_text="In which role.")
    place = PlaceOutput(help_text="Where.")
    lapses_at = InstantField(help_text="When.")
    cases = NumberField(help_text="How many open cases they hold there; never which.")


class OwnerlessOutput(serializers.Serializer):
    """An installation with open cases that no SARC holds."""

    place = PlaceOutput(help_text="Where.")
    cases = NumberField(help_text="How many; never which.")


class TakenOutput(serializers.Serializer):
    """The case that was taken over."""

    case = serializers.UUIDField(help_text="The caller's from now on.")


def gaining_for(*, case: Case, at: datetime) -> list[dict[str, Any]]:
    """To whom a case of the caller's can be offered: every SARC with a certificate in force elsewhere."""
    found = selectors.gaining(at=at, case=case)
    return [{"installation": place, "sarc": person} for place, person in found]


def _taken(case: UUID) -> dict[str, UUID]:
    return {"case": case}


OPERATIONS = [
    act(
        f"{CASE}/relocate", services.victim_relocate, verb="relocate_case", says="Record that the victim moves",
        takes={"reason": WordField(services.REASONS, "RelocateReason", help_text="Why.")},
        answers=EventOutput, show=of_event, status=201,
    ),
    act(
        f"{CASE}/move-consent", services.move_consent_record, verb="relocate_case",
        says="Record whether the file may follow",
        takes={"consents": "What the victim answered. No withdraws an open offer."},
        answers=EventOutput, show=of_event, status=201,
    ),
    listing(
        f"{CASE}/moves", selectors.moves_of, name="case_moves", verb="relocate_case", says="List the offers of a case",
        item=MoveOutput, by="offered_at", newest_first=True,
    ),
    listing(
        f"{CASE}/moves/to", gaining_for, name="case_moves_to", verb="relocate_case",
        says="List to whom a case can be offered", item=GainingOutput,
        by=lambda each: f"{each['installation'].name} {each['sarc'].username}",
    ),
    act(
        f"{CASE}/moves/offer", services.move_offer, verb="relocate_case",
        says="Offer a case to a SARC elsewhere",
        takes={"to": PersonField(help_text="The SARC's user name."), "installation_id": "Where they are SARC."},
        answers=MoveOutput, status=201,
    ),
    act(
        f"{CASE}/moves/<uuid:move_id>/withdraw", services.move_withdraw, verb="relocate_case",
        says="Take an offer back", answers=MoveOutput,
    ),
    listing(
        "offers", selectors.offers, name="offers", verb="move_answer", says="List the offers made to oneself",
        item=OfferOutput, by="offered_at",
    ),
    act(
        "offers/<uuid:move_id>/accept", services.move_accept, verb="move_answer", says="Accept an offer",
        takes={"acts_as_va": "Whether the SARC acts as the victim's SAPR VA as well."}, answers=MovedOutput,
    ),
    act(
        "offers/<uuid:move_id>/reject", services.move_reject, verb="move_answer", says="Reject an offer",
        answers=OfferOutput,
    ),
    act(
        f"{CASE}/hand-over", leaving.advocate_change, verb="hand_over", says="Let somebody follow on a case",
        takes={
            "role": WordField(CaseRole, help_text="In which role."),
            "leaves": PersonField(help_text="User name of who leaves."),
            "follows": PersonField(help_text="User name of who follows."),
            "originals": WordField(Originals, required=False, help_text="Where the DD 2910 lie; for a SARC."),
            "reason": WordField(leaving.REASONS, "ChangeReason", required=False, help_text="Why, where it is known."),
        },
        answers=HandOverOutput, status=201,
    ),
    act(
        f"{CASE}/victim-handed-over", leaving.victim_hand_over, verb="case_work",
        says="Record that what concerns the victim was handed over", answers=EventOutput, show=of_event, status=201,
    ),
    listing(
        f"{CASE}/handovers", selectors.handovers_of, name="case_handovers", verb="hand_over",
        says="List who followed whom on a case", item=HandOverOutput, by="changed_at", newest_first=True,
    ),
    listing(
        "handovers", selectors.to_confirm, name="handovers", verb="confirm_originals",
        says="List originals that wait for a second person", item=HandOverOutput, by="changed_at",
    ),
    act(
        "handovers/<uuid:handover_id>/confirm", leaving.originals_confirm, verb="confirm_originals",
        says="Confirm where originals lie",
        takes={"originals": WordField(Originals, help_text="Where the second person found them.")},
        answers=HandOverOutput,
    ),
    listing(
        "leaving", selectors.leaving, name="leaving", verb="see_handovers", says="List who leaves soon",
        item=LeavingOutput, by=lambda each: f"{each.lapses_at.isoformat()} {each.user_id} {each.role} {each.place.pk}",
    ),
    listing(
        "without-sarc", selectors.without_sarc, name="without_sarc", verb="see_handovers",
        says="List installations with cases that no SARC holds", item=OwnerlessOutput, by=lambda each: each.place.name,
    ),
    act(
        "take-over", leaving.case_take_over, verb="take_over", says="Take over a case that no SARC holds",
        takes={"installation_id": "Where the caller is SARC."}, answers=TakenOutput, show=_taken, refusals=(409,),
    ),
]  # fmt: skip
