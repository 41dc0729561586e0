"""Forms of the pages about API clients."""

from django import forms

from accounts import selectors
from accounts.clients import limits
from accounts.clients.scopes import VERBS, Scope, rooms
from accounts.forms import PersonChoice
from accounts.models import LocationKind
from sapr.desk.forms import DeskForm, text_area

VERB_WORDS = {"read": "Read", "write": "Write: everything that is sent, looks at sealed parts included"}


class KeyForm(DeskForm):
    """What a key is for. A key never changes: for another scope another key is proposed."""

    places = forms.MultipleChoiceField(
        label="Installations and commands",
        widget=forms.CheckboxSelectMultiple,
        help_text="Cases and inboxes of other places do not exist for this key.",
    )
    rooms = forms.MultipleChoiceField(
        label="Parts of the API",
        widget=forms.CheckboxSelectMultiple,
        help_text="The first part of the address.",
    )
    verbs = forms.MultipleChoiceField(
        label="It may",
        choices=[(each, VERB_WORDS[each]) for each in VERBS],
        widget=forms.CheckboxSelectMultiple,
    )
    fields_shown = forms.CharField(
        label="Fields of answers",
        required=False,
        max_length=20_000,
        widget=text_area(4),
        help_text="One in a line, such as cases:id or cases:duties.kind. A part for which none is named shows all.",
    )
    fingerprint = forms.CharField(
        label="Fingerprint of its certificate",
        required=False,
        max_length=100,
        help_text="SHA-256, 64 hexadecimal digits. The key then works only together with this certificate.",
    )
    valid_days = forms.IntegerField(
        label="Valid for days", min_value=1, max_value=limits.LONGEST_DAYS, initial=limits.USUAL_DAYS
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        places = selectors.locations().exclude(kind=LocationKind.UNIT)
        self.fields["places"].choices = [(str(each.pk), each.name) for each in places]
        self.fields["rooms"].choices = [(each, each) for each in sorted(rooms())]

    def scope(self) -> Scope:
        """What was chosen."""
        given = self.cleaned_data
        names = tuple(given["fields_shown"].split())
        return Scope(
            tuple(given["places"]), tuple(given["rooms"]), tuple(given["verbs"]), names, given["fingerprint"]
        )


class ClientForm(KeyForm):
    """A new client and its first key."""

    name = forms.CharField(
        label="Name of the system", max_length=80, help_text="Of the system, never of a person."
    )
    user = PersonChoice(queryset=None, label="Acts in the name of", empty_label="Choose")
    per_minute = forms.IntegerField(
        label="Requests in a minute",
        min_value=1,
        max_value=limits.MOST_PER_MINUTE,
        initial=limits.PER_MINUTE,
    )
    field_order = ["name", "user"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = selectors.people().filter(is_active=True)
