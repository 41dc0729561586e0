"""What the REST door shows of kits. On the case's side no number is shown, on the holder's side no case."""

from typing import Any

from rest_framework import serializers

from reports.erasure.models import HoldReason
from reports.evidence.custody_models import Condition, EndState, HopState, Purpose, Stage
from reports.evidence.models import Holder, ItemKind, Kit, KitLabel, KitState
from sapr.fields import DayField, InstantField, NumberField, WordField
from sapr.named import PersonOutput


class PostOutput(serializers.Serializer):
    """A post."""

    id = serializers.UUIDField(help_text="By which other operations name it.")
    title = serializers.CharField(help_text="As pages show it.")


class KitRowOutput(serializers.Serializer):
    """A kit of a case. Its number is sealed; `number` opens it."""

    id = serializers.UUIDField(help_text="The kit, on the case's side.")
    card = serializers.UUIDField(
        allow_null=True, help_text="The same kit on its holder's side: custody hangs on it."
    )
    state = WordField(KitState, help_text="Where it stands.")
    issued_at = InstantField(help_text="When its number was issued.")
    label = WordField(KitLabel, allow_null=True, help_text="What its label shows.")
    holder = WordField(Holder, allow_null=True, help_text="Who has it.")
    at_post = PostOutput(allow_null=True, help_text="The post that answers for it; null: the SARC's side.")


class EndOutput(serializers.Serializer):
    """What was proposed about the end of a kit."""

    id = serializers.UUIDField(help_text="The proposal.")
    state = WordField(EndState, help_text="How it stands.")
    keep_until = DayField(help_text="The last day of the month in which its longest period ends.")
    rules = serializers.ListField(child=serializers.CharField(), help_text="By which rules.")
    proposed_at = InstantField(help_text="When.")
    proposed_by = PersonOutput(help_text="The SARC who proposed it.")
    decided_at = InstantField(allow_null=True, help_text="When it was carried out, refused or taken back.")
    decided_by = PersonOutput(allow_null=True, help_text="By whom.")


class KitWhole(KitRowOutput):
    """A kit with how long it is kept and what became of it."""

    until = DayField(
        allow_null=True, help_text="The last day of its longest period; null: no rule gives an end."
    )
    over = serializers.BooleanField(help_text="Its time has run out.")
    matters = serializers.ListField(
        child=serializers.CharField(), help_text="What keeps it beside its period."
    )
    rules = serializers.ListField(child=serializers.CharField(), help_text="By which rules.")
    tell_by = InstantField(
        allow_null=True, help_text="By when whoever holds it has to tell of its end (CK-19)."
    )
    chain_broken_at = NumberField(
        allow_null=True, help_text="The first hop that does not fit; null: custody holds."
    )
    end = EndOutput(allow_null=True, help_text="What was last proposed about its end.")


class ItemOutput(serializers.Serializer):
    """A thing in a kit."""

    id = serializers.UUIDField(help_text="The thing.")
    kind = WordField(ItemKind, help_text="What it is.")
    added_at = InstantField(help_text="When it was noted.")
    asked_at = InstantField(allow_null=True, help_text="When the victim asked it back.")
    on_dd_2910_3 = serializers.BooleanField(allow_null=True, help_text="Asked back on DD 2910-3.")
    returned_at = InstantField(allow_null=True, help_text="When it was returned.")


class ExpiringOutput(serializers.Serializer):
    """A kit whose time ends."""

    id = serializers.UUIDField(help_text="The kit.")
    case = serializers.UUIDField(help_text="Its case.")
    until = DayField(help_text="The last day of its longest period.")
    held = serializers.BooleanField(help_text="Something keeps it longer.")


class HeldOutput(serializers.Serializer):
    """A kit in the hands of one's post."""

    id = serializers.UUIDField(help_text="The kit, on its holder's side.")
    label = WordField(KitLabel, help_text="What its label shows.")
    holder = WordField(Holder, help_text="Who has it.")
    at_post = PostOutput(help_text="The post that answers for it.")
    tell_by = DayField(
        allow_null=True, help_text="The first day of the month in which its end must be told (CK-19)."
    )
    to_destroy = serializers.BooleanField(help_text="Its destruction is proposed.")


class WayOutput(serializers.Serializer):
    """One way to hand a kit on."""

    receiver = WordField(Holder, help_text="To whom.")
    purpose = WordField(Purpose, help_text="For what.")
    to_post = serializers.UUIDField(allow_null=True, help_text="Which post; null: none.")
    words = serializers.CharField(help_text="The same in words.")


class CardOutput(serializers.Serializer):
    """A kit that lies before one."""

    id = serializers.UUIDField(help_text="The kit, on its holder's side.")
    number = serializers.CharField(
        allow_null=True, help_text="The number on its label; null on the case's side."
    )
    case = serializers.UUIDField(allow_null=True, help_text="Its case, for who works on it.")
    label = WordField(KitLabel, help_text="What its label shows.")
    holder = WordField(Holder, help_text="Who has it.")
    at_post = PostOutput(allow_null=True, help_text="The post that answers for it.")
    mine = serializers.BooleanField(help_text="The caller answers for it.")
    to_receive = serializers.UUIDField(allow_null=True, help_text="The hand-off that waits for the caller.")
    ways = WayOutput(many=True, help_text="How the caller can hand it on.")
    held_by_others = serializers.BooleanField(
        allow_null=True, help_text="For a post that has it: others hold it back."
    )
    end = EndOutput(allow_null=True, help_text="For a post that has it: what is proposed about its end.")


class FoundOutput(serializers.Serializer):
    """A kit that was found by its number."""

    card = serializers.UUIDField(help_text="The kit, on its holder's side.")


class HopOutput(serializers.Serializer):
    """One hand-off, as each side found the kit."""

    id = serializers.UUIDField(help_text="The hand-off.")
    hop = NumberField(help_text="Its place in the chain.")
    giver = WordField(Holder, help_text="Who gave.")
    receiver = WordField(Holder, help_text="Who receives.")
    to_post = PostOutput(allow_null=True, help_text="The post that receives.")
    purpose = WordField(Purpose, help_text="For what.")
    seal_number = serializers.CharField(help_text="As printed on the seal; empty: none.")
    seal_intact = serializers.BooleanField(help_text="As the giver found it.")
    condition = WordField(Condition, help_text="As the giver found it.")
    photo = serializers.BooleanField(source="photo_sha256", help_text="A photo is on record.")
    receipt = serializers.CharField(help_text="Of a courier or laboratory; empty: none.")
    offered_at = InstantField(help_text="When it was given or offered.")
    offered_by = PersonOutput(help_text="By whom.")
    state = WordField(HopState, help_text="How it stands.")
    answered_at = InstantField(allow_null=True, help_text="When it was answered.")
    answered_by = PersonOutput(allow_null=True, help_text="By whom; null where a receipt answers.")
    seal_found_intact = serializers.BooleanField(allow_null=True, help_text="As the receiver found it.")
    condition_found = WordField(Condition, allow_null=True, help_text="As the receiver found it.")


class OfferedOutput(HopOutput):
    """A hand-off that waits for the caller."""

    card = serializers.UUIDField(source="card_id", help_text="The kit, on its holder's side.")


class StageOutput(serializers.Serializer):
    """Where it lies, or how far a laboratory came."""

    id = serializers.UUIDField(help_text="The note.")
    stage = WordField(Stage, help_text="What.")
    at = InstantField(help_text="When.")


class HoldOutput(serializers.Serializer):
    """A hold on a kit."""

    id = serializers.UUIDField(help_text="The hold.")
    reason = WordField(HoldReason, help_text="Why.")
    placed_at = InstantField(help_text="When it was placed.")
    lifted_at = InstantField(allow_null=True, help_text="When it was lifted.")


class NumberOutput(serializers.Serializer):
    """What stands on a label."""

    number = serializers.CharField(help_text="The evidence number.")


class NameOutput(serializers.Serializer):
    """What stands on a label."""

    name = serializers.CharField(help_text="The name.")


def kit_row(kit: Kit) -> dict[str, Any]:
    """A kit of a case, without its number."""
    card = kit.card
    return {
        "id": kit.pk,
        "card": kit.card_id,
        "state": kit.state,
        "issued_at": kit.issued_at,
        "label": card.label if card else None,
        "holder": card.holder if card else None,
        "at_post": card.at_post if card else None,
    }
