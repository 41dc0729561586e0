"""The filter as a form. It is sent by GET, so whatever is not a word of its lists is refused and not repeated."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Location
from reports.finding.filters import LISTS, Filter
from reports.finding.words import Name
from sapr.desk.forms import DeskForm

NOT_OF_THE_LIST = _("Choose one of the list.")
ANYTHING = ("", _("Whatever it is"))
LABELS = {
    "stands": _("The case is"),
    "running": _("Open or closed"),
    "role": _("I carry it"),
    "due": _("What is due"),
    "kit": _("Evidence"),
    "opened": _("Contact opened"),
}
# Beside the filter an address holds the place in the list; nothing else.
CURSORS = ("after", "before")
FIRST_YEAR, LAST_YEAR = 1900, 9000


class DayField(forms.DateField):
    """A day as a browser sends it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {"required": False, "input_formats": ["%Y-%m-%d"]}
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}), **kwargs)
        self.error_messages["invalid"] = _("Write the day like 2026-03-02.")

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and not FIRST_YEAR <= day.year < LAST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"])
        return day


class FilterForm(DeskForm):
    """`places`: the installations that may be chosen, the viewer's own."""

    once = None

    def __init__(self, data: Any = None, *, places: list[Location], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        wrong = {"invalid_choice": NOT_OF_THE_LIST}
        for name, words in LISTS.items():
            self.fields[name] = forms.ChoiceField(
                choices=[ANYTHING, *words.choices], required=False, label=LABELS[name], error_messages=wrong
            )
        by_id = {str(each.pk): each for each in places}
        self.fields["place"] = forms.TypedChoiceField(
            choices=[ANYTHING, *((pk, each.name) for pk, each in by_id.items())], coerce=by_id.get,
            empty_value=None, required=False, label=_("Installation"), error_messages=wrong,
        )  # fmt: skip
        self.fields["opened_from"] = DayField(label=_("Opened from"))
        self.fields["opened_to"] = DayField(label=_("Opened until"))

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        unknown = set(self.data) - set(self.fields) - {*CURSORS, "csrfmiddlewaretoken", "do"}
        if unknown:
            raise forms.ValidationError(_("This list has no such filter. Choose from those below."))
        first, last = given.get("opened_from"), given.get("opened_to")
        if first and last and last < first:
            self.add_error("opened_to", _("This is before the first day. Turn the two round."))
        return given

    @property
    def wanted(self) -> Filter:
        """The filter, once the form is valid."""
        return Filter.of(self.cleaned_data)


class SaveForm(FilterForm):
    """A filter and the name that it is kept under."""

    once = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    name = forms.ChoiceField(
        choices=Name.choices, label=_("Keep it as"), error_messages={"invalid_choice": NOT_OF_THE_LIST}
    )


class ForgetForm(DeskForm):
    name = forms.ChoiceField(choices=Name.choices, error_messages={"invalid_choice": NOT_OF_THE_LIST})
