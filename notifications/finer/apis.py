"""REST: finer words of a Restricted notice: prepared, proposed by the SARC, decided by a second person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers

from notifications.anonymity.rungs import ATTRIBUTES
from notifications.finer import scoring, selectors, services
from notifications.finer.models import FinerGround, FinerReason, FinerState, FinerWording
from notifications.models import NoticeKind, NoticeState
from notifications.selectors import notice_for
from notifications.strength.labels import reader_label
from sapr.acts import act
from sapr.fields import InstantField, StatedField, StrictSerializer, TextField, WordField
from sapr.reads import listing, thing

OF_NOTICE = "notices/<uuid:notice_id>/finer"
SEEN = "SHA-256 (hex) of the words that were read."


class FinerOutput(serializers.Serializer):
    """Finer words, their ground and their state. The consent stays sealed."""

    id = serializers.UUIDField(help_text="Names them in the steps that follow.")
    rung = serializers.CharField(help_text="How much they say.")
    text = serializers.CharField(help_text="The exact words.")
    sha256 = serializers.CharField(help_text="SHA-256 (hex) of the words.")
    reason = WordField(FinerReason, help_text="Why more is to be said.")
    ground = WordField(FinerGround, help_text="On what ground.")
    consent_signed_at = InstantField(allow_null=True, help_text="When the victim signed; null: an exception.")
    expires_at = InstantField(help_text="From then on the words are neither released nor placed.")
    people_before = serializers.DecimalField(
        source="k_before",
        max_digits=12,
        decimal_places=2,
        help_text="People it could be about, at least, before.",
    )
    people = serializers.DecimalField(
        source="k",
        max_digits=12,
        decimal_places=2,
        help_text="People it could be about, at least, with these words.",
    )
    state = WordField(FinerState, help_text="How far it is.")
    proposed_by = serializers.CharField(source="proposed_by.display_name", help_text="Who proposed it.")
    proposed_at = InstantField(help_text="When.")
    decided_by = serializers.CharField(
        source="decided_by.display_name",
        default=None,
        allow_null=True,
        help_text="Who decided; null: nobody yet.",
    )
    decided_at = InstantField(allow_null=True, help_text="When it was decided.")


class FinerDetail(FinerOutput):
    """One proposal as its reader may decide it. Nothing of the case is in it."""

    may_decide = serializers.BooleanField(help_text="Whether the caller is a second person to it.")


class FinerStepsOutput(serializers.Serializer):
    """What a notice could say more of."""

    steps = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="For each line that could say more its levels, from what is said now to the finest; "
        "empty: the notice does not wait, or no strength table counts the people here.",
    )


class FinerLevelsInput(StrictSerializer):
    """For each line its level; what is left out stays as it is."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {name: TextField(required=False, help_text=f"A level of `{name}`.") for name in ATTRIBUTES}


class ReaderNumberOutput(serializers.Serializer):
    """How many people the words leave in the eyes of one reader."""

    reader = serializers.CharField(help_text="About whom, and what that reader holds likely.")
    people = serializers.DecimalField(max_digits=12, decimal_places=2, help_text="At least so many.")


class FinerPreparedOutput(serializers.Serializer):
    """Words as they would stand."""

    rung = serializers.CharField(help_text="To be sent with the proposal.")
    text = serializers.CharField(help_text="The exact words, to be shown to the victim.")
    sha256 = serializers.CharField(help_text="To be sent with the proposal.")
    before = ReaderNumberOutput(many=True, help_text="By the notice's own words.")
    after = ReaderNumberOutput(many=True, help_text="By these words.")


def steps_of(*, viewer, notice_id: UUID, at: datetime) -> dict[str, Any]:
    """What a notice of the caller's cases that waits could say more of."""
    row = notice_for(viewer, notice_id, "propose_finer")
    waits = row.kind == NoticeKind.RESTRICTED and row.state == NoticeState.COMPOSED and row.last_slot > at
    return {"steps": scoring.steps(row) if waits and row.unit_rung is not None else {}}


def _rung(viewer: Any, given: Mapping[str, Any]) -> str:
    notice = notice_for(viewer, given["notice_id"], "propose_finer")
    return scoring.asked_for(notice, given["levels"]) if notice.kind == NoticeKind.RESTRICTED else ""


def _readers(numbers: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"reader": reader_label(name), "people": people} for name, people in numbers.items()]


def prepared(found: scoring.Prepared) -> dict[str, Any]:
    """The fields of FinerPreparedOutput."""
    words = {name: getattr(found, name) for name in ("rung", "text", "sha256")}
    return words | {"before": _readers(found.before), "after": _readers(found.after)}


def of_notice(*, viewer, notice_id: UUID) -> QuerySet[FinerWording]:
    """The finer words proposed for a notice of the caller's cases, the latest first; the consent stays sealed."""
    return selectors.of_notice(viewer=viewer, notice=notice_for(viewer, notice_id))


def finer_whole(*, viewer, finer_id: UUID) -> FinerWording:
    """One proposal for the second person."""
    found = selectors.finer_get(viewer=viewer, finer_id=finer_id)
    found.may_decide = found.state == FinerState.PROPOSED and selectors.is_second_person(found, viewer)
    return found


OPERATIONS = [
    listing(
        OF_NOTICE, of_notice, name="notice_finer_list", verb="case_view",
        says="List the finer words proposed for a notice", item=FinerOutput, page="Finer", by="proposed_at",
        newest_first=True,
    ),
    thing(
        f"{OF_NOTICE}/steps", steps_of, name="notice_finer_steps", verb="propose_finer",
        says="Read what a notice could say more of", answers=FinerStepsOutput,
    ),
    act(
        f"{OF_NOTICE}/prepare", services.finer_prepare, verb="propose_finer",
        says="Make finer words and count the people they leave",
        takes={"levels": FinerLevelsInput(help_text="How much of each line.")}, finds={"rung": _rung},
        only_reads=True, answers=FinerPreparedOutput, show=prepared,
    ),
    act(
        f"{OF_NOTICE}/propose", services.finer_propose, verb="propose_finer", says="Propose finer words",
        takes={
            "rung": "How much they say, as prepared.",
            "bytes_seen": SEEN,
            "reason": WordField(FinerReason, help_text="Why more is to be said."),
            "ground": WordField(FinerGround, help_text="On what ground."),
            "victim_signature": "For a consent: the victim's name, as signed under these words. Sealed.",
            "victim_signed_at": "For a consent: when the victim signed.",
            "until": "For a consent: until when it counts; left out: as long as the rule lets it.",
            "disclosure_id": "For an exception: which, decided and covering what is said more.",
            "told": StatedField(
                help_text="The victim was told who will read this, how many people could be meant, and that it "
                "cannot be unsaid."
            ),
        },
        answers=FinerOutput, status=201,
    ),
    act(
        "finer/<uuid:finer_id>/withdraw", services.finer_withdraw, verb="propose_finer",
        says="Withdraw finer words", answers=FinerOutput,
    ),
    listing(
        "finer", selectors.decidable, name="finer_list", verb="decide_finer",
        says="List the finer words to decide on", item=FinerOutput, page="Finer", by="proposed_at", newest_first=True,
    ),
    thing(
        "finer/<uuid:finer_id>", finer_whole, name="finer_get", verb="decide_finer",
        says="Read finer words to decide on", answers=FinerDetail,
    ),
    act(
        "finer/<uuid:finer_id>/approve", services.finer_approve, verb="decide_finer",
        says="Approve exactly these words as the second person", takes={"bytes_seen": SEEN}, answers=FinerOutput,
    ),
    act(
        "finer/<uuid:finer_id>/refuse", services.finer_refuse, verb="decide_finer", says="Refuse finer words",
        answers=FinerOutput,
    ),
]  # fmt: skip
