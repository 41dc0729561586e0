"""Forms that a scanner fills in: a field takes what is scanned, Enter goes on; nothing is done before all is there."""

from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Location
from reports.evidence import shelf
from reports.evidence.custody_models import Condition
from reports.evidence.desk_forms import PRINTED_HELP, To, ways
from reports.evidence.models import OUTSIDE, KitCard
from sapr.desk.forms import DeskForm

TYPED = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}


def code_of(way: To) -> str:
    """What the receiver's code on the wall says: words of lists, the same at every installation."""
    return f"TO-{way.receiver}-{way.purpose}".upper().replace("_", "-")


class ScanForm(DeskForm):
    """The one field of the shelf."""

    number = forms.CharField(
        label=gettext_lazy("Number on the label"),
        max_length=40,
        widget=forms.TextInput(attrs=TYPED | {"autofocus": True}),
        help_text=gettext_lazy(
            "Scan it, or type it and press Enter. Hyphens, spaces, capitals do not matter; O is 0, I is 1."
        ),
    )

    def empty(self) -> str:
        """Empty the field for the next scan, which would be added to what stands in it; returns what stood there."""
        read = self.data.get("number", "") if self.is_bound else ""
        self.data = self.data.copy()
        self.data["number"] = ""
        return read

    def clean_number(self) -> str:
        """The number as it was read, or in words what is wrong with it."""
        wrong = shelf.misread(self.cleaned_data["number"])
        if wrong:
            raise forms.ValidationError(wrong)
        return self.cleaned_data["number"]


class FirstFocus(forms.RadioSelect):
    """Radio buttons of which the first has the focus, where the group is to have it."""

    focused = False

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        made = super().create_option(*args, **kwargs)
        if self.focused and str(made["index"]) == "0":
            made["attrs"]["autofocus"] = True
        return made


class Stepwise(DeskForm):
    """A form that is sent after each field.

    `step`: what is asked next, '' when all is there; `asks_on`: it was sent, and is to be shown again without a word
    of error.
    """

    seen = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    steps: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = self._step()
        if self.is_bound:
            self.data = self.data.copy()
            self.data["seen"] = " ".join(sorted({*self._seen(), self.step} - {""}))
        else:
            self.initial["seen"] = self.step
        wrong = self.is_bound and self._wrong()
        self._focus(next(iter(self.errors)) if wrong else self.step)
        # Something is not filled in yet: the form is shown again without a word of error.
        self.asks_on = self.is_bound and bool(self.step) and not wrong
        if self.asks_on:
            self._errors = ErrorDict()

    def _wrong(self) -> bool:
        """Whether what is there already cannot be right, so that it is said before more is asked."""
        return any(self.data.get(name, "").strip() for name in self.errors if name in self.steps)

    def _seen(self) -> set[str]:
        return set(self.data.get("seen", "").split()) if self.is_bound else set()

    def _step(self) -> str:
        """What is asked next: a field that is empty, unless it may stay so and was asked before."""
        for name in self.steps:
            if name not in self.fields:
                continue
            given = self.data.get(name, "").strip() if self.is_bound else ""
            if not given and not (name in self._seen() and not self.fields[name].required):
                return name
        return ""

    def _focus(self, name: str) -> None:
        if name in self.fields:
            widget = self.fields[name].widget
            if isinstance(widget, FirstFocus):
                widget.focused = True
            else:
                widget.attrs["autofocus"] = True


class HandOnForm(Stepwise):
    """To whom, under which seal, how it looks; a receipt where the receiver has no account here."""

    to = forms.CharField(
        label=gettext_lazy("Receiver"),
        max_length=60,
        widget=forms.TextInput(attrs=TYPED),
        help_text=gettext_lazy("Scan the receiver's code, or type the number before it in the list."),
    )
    receipt = forms.CharField(
        label=gettext_lazy("Receipt number"), max_length=24, widget=forms.TextInput(attrs=TYPED)
    )
    seal_number = forms.CharField(
        label=gettext_lazy("Number on the seal"), max_length=24, required=False, help_text=PRINTED_HELP,
        widget=forms.TextInput(attrs=TYPED),
    )  # fmt: skip
    condition = forms.ChoiceField(
        label=gettext_lazy("Condition"), choices=Condition.choices, widget=FirstFocus
    )
    seal_intact = forms.BooleanField(label=gettext_lazy("The seal is intact."), required=False, initial=True)
    steps = ("to", "receipt", "seal_number", "condition")

    def __init__(self, data: Any = None, *, card: KitCard, place: Location, **kwargs: Any) -> None:
        here = (card.holder, card.at_post_id)
        self.ways = [way for way in ways(card, place) if (way.receiver, way.post and way.post.pk) != here]
        self.way = self._way(data.get("to", "") if data else "")
        super().__init__(data, **kwargs)

    def _step(self) -> str:
        if self.way is None or self.way.receiver not in OUTSIDE:
            self.fields.pop("receipt", None)
        return super()._step()

    def _way(self, typed: str) -> To | None:
        bare = typed.strip().upper()
        for number, way in enumerate(self.ways, 1):
            if bare in (str(number), code_of(way)):
                return way
        return None

    def clean_to(self) -> str:
        """The code of a receiver in the list."""
        if self.way is None:
            raise forms.ValidationError(_("No receiver has this number or code. Choose one of the list."))
        return code_of(self.way)

    @property
    def chosen(self) -> str:
        """The code of the receiver that was chosen."""
        return code_of(self.way) if self.way else ""

    @property
    def listed(self) -> list[tuple[str, str]]:
        """(code, words) of each receiver."""
        return [
            (code_of(way), f"{way.post.title}: {way.words}" if way.post else way.words) for way in self.ways
        ]

    def given(self) -> dict[str, Any]:
        """The arguments of `evidence_offer` but card, actor and instant."""
        typed = self.cleaned_data
        return {
            "receiver": self.way.receiver, "to_post": self.way.post, "purpose": self.way.purpose, "photo_sha256": "",
            "receipt": typed.get("receipt", ""),
        } | {name: typed[name] for name in ("seal_number", "seal_intact", "condition")}  # fmt: skip


class ReceiveForm(Stepwise):
    """The seal as the receiver reads it, which has to be the giver's, and how the kit looks."""

    seal_number = forms.CharField(
        label=gettext_lazy("Number on the seal, as you read it"), max_length=24, required=False,
        help_text=PRINTED_HELP, widget=forms.TextInput(attrs=TYPED),
    )  # fmt: skip
    condition = forms.ChoiceField(
        label=gettext_lazy("Condition"), choices=Condition.choices, widget=FirstFocus
    )
    seal_intact = forms.BooleanField(label=gettext_lazy("The seal is intact."), required=False, initial=True)
    steps = ("seal_number", "condition")

    def __init__(self, data: Any = None, *, written: str, **kwargs: Any) -> None:
        self.written = written
        super().__init__(data, **kwargs)

    def _step(self) -> str:
        if not self.written:
            self.fields.pop("seal_number", None)
        return super()._step()

    def clean_seal_number(self) -> str:
        """What was read, if it is what the giver wrote down."""
        read = self.cleaned_data["seal_number"].strip().upper()
        if read and self.written and read != self.written.upper():
            raise forms.ValidationError(
                _(
                    "The giver wrote another number. Read both again; if they differ, refuse the kit and tell the "
                    "giver."
                )
            )
        return read
