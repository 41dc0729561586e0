"""Forms of people who move: asking, offering, answering, following on a case, and the originals."""

from django import forms

from reports.casework.models import CaseRole
from reports.casework.moves import services
from reports.casework.moves.models import Originals
from sapr.desk.forms import DeskForm


class RelocateForm(DeskForm):
    reason = forms.ChoiceField(label="The victim", choices=[("", "Choose"), *services.REASONS.items()])


class ConsentForm(DeskForm):
    """The victim's own answer."""

    answer = forms.ChoiceField(
        label="May the file follow?",
        choices=[("yes", "The victim agreed"), ("no", "The victim refused")],
        widget=forms.RadioSelect,
    )


class OfferForm(DeskForm):
    to = forms.ChoiceField(label="SARC who would take the case")

    def __init__(self, *args, people, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        lines = [
            (f"{place.pk} {person.pk}", f"{person.display_name}, {place.name}") for place, person in people
        ]
        self.fields["to"].choices = [("", "Choose"), *lines]


class AnswerForm(DeskForm):
    answer = forms.ChoiceField(
        label="Your answer",
        choices=[("accept", "Accept the case"), ("reject", "Reject it")],
        widget=forms.RadioSelect,
    )
    acts_as_va = forms.BooleanField(
        label="I am the victim's advocate here myself",
        help_text="Otherwise a SAPR VA of your installation is to be assigned at once (R20).",
        required=False,
    )


class ChangeForm(DeskForm):
    """Who leaves, who follows, and where the originals lie."""

    leaves = forms.ChoiceField(label="Who leaves")
    follows = forms.ChoiceField(label="Who follows")
    originals = forms.ChoiceField(
        label="Where the originals of the DD 2910 lie (when a SARC leaves)",
        required=False,
        choices=[
            ("", "Choose"),
            *((each.value, each.label) for each in Originals if each != Originals.UNKNOWN),
        ],
    )

    def __init__(self, *args, on_case, people, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        held = [
            (f"{row.role} {row.user_id}", f"{row.user.display_name}, {CaseRole(row.role).label}")
            for row in on_case
        ]
        self.fields["leaves"].choices = [("", "Choose"), *held]
        self.fields["follows"].choices = [
            ("", "Choose"),
            *((f"{role} {user.pk}", f"{user.display_name}, {CaseRole(role).label}") for role, user in people),
        ]


class OriginalsForm(DeskForm):
    originals = forms.ChoiceField(
        label="Where the originals lie, as you saw it",
        choices=[
            ("", "Choose"),
            *((each.value, each.label) for each in Originals if each != Originals.UNKNOWN),
        ],
    )
