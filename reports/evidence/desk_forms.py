"""Forms of the evidence pages. Each fits one step; what is refused stays typed."""

from datetime import datetime
from typing import Any, NamedTuple

from django import forms

from accounts.models import Location, Post, Role
from accounts.selectors import post_at
from reports.erasure.models import HoldReason
from reports.evidence.custody import stages_for
from reports.evidence.custody_models import Condition, Purpose
from reports.evidence.models import COURIERS, LABORATORIES, Holder, ItemKind, KitCard
from sapr.desk.forms import DeskForm, LocalInstantField

PRINTED_HELP = "As printed: letters, digits, hyphens."


class To(NamedTuple):
    """One way to hand a kit on, as a choice of the form."""

    receiver: str
    purpose: str
    post: Post | None
    words: str

    @property
    def value(self) -> str:
        return f"{self.receiver}.{self.purpose}.{self.post.pk if self.post else ''}"


def ways(card: KitCard, place: Location) -> list[To]:
    """Where a kit can go from whoever has it, the posts being those of the installation."""
    found = [
        To(Holder.CUSTODIAN, Purpose.STORE, post_at(place, Role.EVIDENCE_CUSTODIAN), "To be stored"),
        To(Holder.MCIO, Purpose.STORE, post_at(place, Role.MCIO), "Only to be stored"),
        To(
            Holder.MCIO,
            Purpose.INVESTIGATE,
            post_at(place, Role.MCIO),
            "Custody for the investigation (Unrestricted)",
        ),
    ]
    rows = [each for each in found if each.post is not None]
    rows += [To(each, Purpose.TRANSPORT, None, f"{each.label}, against a receipt") for each in COURIERS]
    rows += [
        To(each, Purpose.TEST, None, f"{each.label}, against a receipt (Unrestricted)")
        for each in LABORATORIES
    ]
    if card.holder != Holder.SARC:
        rows.append(To(Holder.SARC, Purpose.GIVE_BACK, None, "Back to the SARC's side"))
    return rows


class Timed(DeskForm):
    """A step with the instant at which it happened."""

    at = LocalInstantField(label="When", required=False)

    def __init__(self, *args: Any, now: datetime, zone: str, what: str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{what}_%s", **kwargs)
        self.fields["at"].starts_at(now, zone)


class KitForm(Timed):
    """A kit named by the number on its label, and when it moved."""

    number = forms.CharField(
        label="Number on the label",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Type it or scan it; hyphens do not matter.",
    )
    field_order = ("number", "at")


class FindForm(DeskForm):
    """A number to look for among the kits of one's post."""

    number = forms.CharField(
        label="Number on the label",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Type it or scan it; hyphens, spaces, capitals, O for 0 and I for 1 do not matter.",
    )


class Seen(Timed):
    """Seal and container, as this side finds them."""

    seal_intact = forms.BooleanField(label="The seal is intact.", required=False, initial=True)
    condition = forms.ChoiceField(label="Condition", choices=Condition.choices)
    field_order = ("seal_intact", "condition", "at")


class HandForm(Seen):
    """To whom, for what, and what the giver sees."""

    to = forms.ChoiceField(label="To whom")
    seal_number = forms.CharField(
        label="Number on the seal", required=False, max_length=24, help_text=PRINTED_HELP
    )
    receipt = forms.CharField(
        label="Receipt number", required=False, max_length=24,
        help_text="Needed for a courier or laboratory: they have no account here, their receipt signs for them.",
    )  # fmt: skip
    photo_sha256 = forms.CharField(
        label="SHA-256 of a photo", required=False, max_length=64,
        help_text="Only the 64 characters; the photo itself stays with you.",
    )  # fmt: skip
    field_order = ("to", "seal_number", "seal_intact", "condition", "receipt", "photo_sha256", "at")

    def __init__(self, *args: Any, card: KitCard, place: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = {each.value: each for each in ways(card, place)}
        labels = {
            value: f"{way.post.title if way.post else ''}: {way.words}".removeprefix(": ")
            for value, way in self.ways.items()
        }
        self.fields["to"].choices = [("", "Choose …"), *labels.items()]

    def given(self) -> dict[str, Any]:
        """The arguments of `evidence_offer` but card, actor and instant."""
        way, typed = self.ways[self.cleaned_data["to"]], self.cleaned_data
        names = ("seal_number", "seal_intact", "condition", "receipt", "photo_sha256")
        return {"receiver": way.receiver, "to_post": way.post, "purpose": way.purpose} | {
            name: typed[name] for name in names
        }


class StageForm(Timed):
    """Where it lies, or how far the laboratory is."""

    stage = forms.ChoiceField(label="What")
    field_order = ("stage", "at")

    def __init__(self, *args: Any, holder: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [
            ("", "Choose …"),
            *((each, each.label) for each in stages_for(holder)),
        ]


class HoldForm(DeskForm):
    """Why the kit may not be destroyed."""

    reason = forms.ChoiceField(label="Reason", choices=[("", "Choose …"), *HoldReason.choices])


class ItemForm(DeskForm):
    """One thing that lies in the kit."""

    kind = forms.ChoiceField(label="What", choices=[("", "Choose …"), *ItemKind.choices])


class AskForm(DeskForm):
    """That property is asked back."""

    on_dd_2910_3 = forms.BooleanField(label="Asked for on DD 2910-3.", required=False, initial=True)


class EndForm(DeskForm):
    """What a SARC answers for before a kit is destroyed (EV-11)."""

    no_conversion = forms.BooleanField(
        label="I made sure that the victim did not convert the report.", required=False
    )
    no_property = forms.BooleanField(
        label="I made sure that no personal property is asked back.", required=False
    )
