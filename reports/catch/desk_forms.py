"""Forms of CATCH."""

from django import forms

from reports.catch.services import DETAILS
from reports.disclosure.desk_forms import CHOOSE, TimedForm
from sapr.desk.forms import text_area

YES_NO = [CHOOSE, ("no", "No"), ("yes", "Yes")]


def asked(label: str, *, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=YES_NO, required=required)


class ExplainForm(TimedForm):
    button = "CATCH was explained"


class WishForm(TimedForm):
    """Whether the victim wants to be told of a match, and how."""

    button = "Record the new answer"
    consents = asked("Does the victim want to be told of a match?", required=True)
    details = forms.CharField(
        label="How the victim wants to be told",
        required=False,
        max_length=DETAILS,
        widget=text_area(3),
        help_text="Sealed. After a match these details are used, and no others.",
    )

    def clean_consents(self) -> bool:
        return self.cleaned_data["consents"] == "yes"


class JoinForm(WishForm):
    button = "The victim takes part"
    entry_names_victim = asked("Would the entry name the victim?", required=True)
    suspect_known_to_law_enforcement = asked(
        "Unrestricted report: does law enforcement know the suspect's name?"
    )
    fap_report = asked("Was a partner reported to the Family Advocacy Program?")
    form_signed = forms.BooleanField(label="The DD 2910-4 is signed, where one is needed.", required=False)
    field_order = (
        "entry_names_victim", "suspect_known_to_law_enforcement", "fap_report", "form_signed", "consents", "details",
    )  # fmt: skip

    def answers(self) -> dict[str, bool]:
        """What was answered; what was left open is no answer."""
        names = ("entry_names_victim", "suspect_known_to_law_enforcement", "fap_report")
        return {name: self.cleaned_data[name] == "yes" for name in names if self.cleaned_data[name]}


class LeaveForm(TimedForm):
    button = "The victim leaves CATCH"


class IssueForm(TimedForm):
    button = "Record them"
    user_name = forms.CharField(
        label="User name",
        max_length=200,
        help_text="Sealed. Never record the password.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class UseForm(TimedForm):
    button = "They were used"


class CloseForm(TimedForm):
    button = "End them now"


class MatchForm(TimedForm):
    button = "A match was told to me"


class MatchToldForm(TimedForm):
    button = "The victim was told"
    only_details_given = forms.BooleanField(
        label="Privately, and only by the details given for it.", required=False
    )
