"""What the desk asks about an export."""

from django import forms
from django.utils.translation import gettext_lazy

from reports.dsaid.elements import on
from reports.exports.lines import FIELDS
from reports.exports.models import ExportForm
from reports.exports.services import PURPOSES_OF_CASES
from sapr.desk.forms import ConfirmForm, DeskForm


class OfCasesForm(DeskForm):
    """Why, of which cases, and for whose key."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("What it is for"),
        choices=[("", gettext_lazy("Choose")), *PURPOSES_OF_CASES],
    )
    opened_from = forms.DateField(
        label=gettext_lazy("Cases opened on or after"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    opened_to = forms.DateField(
        label=gettext_lazy("Cases opened on or before"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    recipient = forms.CharField(
        label=gettext_lazy("Public key of whoever shall read it"),
        max_length=100,
        help_text=gettext_lazy(
            "It begins with age1. Its owner makes it with age-keygen and keeps the secret key; without that key "
            "nobody opens the file, this system included."
        ),
    )


class AskForm(OfCasesForm):
    """What of the cases."""

    fields_ = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"),
        choices=[(name, each.label) for name, each in FIELDS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("No names, no contact details and no account: those never leave this way."),
    )
    field_order = ("purpose", "fields_")


class DsaidForm(OfCasesForm):
    """Which elements, and how they are written."""

    elements = forms.MultipleChoiceField(
        label=gettext_lazy("Elements"),
        choices=lambda: [(name, name) for name in on()],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Of a Restricted report nothing leaves that tells who somebody is or what happened. Elements with a code "
            "list that was not read are switched off."
        ),
    )
    form = forms.ChoiceField(label=gettext_lazy("Written as"), choices=ExportForm.choices)
    field_order = ("purpose", "elements", "form")


class OpenAskForm(DeskForm):
    """For whose key."""

    recipient = forms.CharField(
        label=gettext_lazy("Public key of whoever shall read it"),
        max_length=100,
        help_text=gettext_lazy(
            "It begins with age1. Whoever has its secret key reads every identity and every account."
        ),
    )


class WithdrawForm(DeskForm):
    button = gettext_lazy("Take it back")


class BeginForm(DeskForm):
    button = gettext_lazy("Make the file")


class ApproveForm(ConfirmForm):
    button = gettext_lazy("Approve")


class RefuseForm(DeskForm):
    button = gettext_lazy("Refuse")
