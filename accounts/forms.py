"""Forms of the staff pages and of enrolment."""

from zoneinfo import available_timezones

from django import forms

from accounts import selectors, signing
from accounts.models import LocationKind, Role
from sapr import clock
from sapr.desk.forms import DeskForm, LocalInstantField


class PersonForm(DeskForm):
    username = forms.CharField(max_length=60, help_text="What the person types to sign in.")
    display_name = forms.CharField(label="Name shown", max_length=120)
    email = forms.EmailField(
        label="E-mail", help_text="It only ever receives a message that says: please sign in."
    )


class LocationForm(DeskForm):
    kind = forms.ChoiceField(choices=LocationKind.choices)
    name = forms.CharField(max_length=120)
    zone = forms.CharField(
        label="Time zone",
        max_length=60,
        initial="UTC",
        help_text="The zone its people live by, such as America/New_York. Clocks and slots follow it.",
    )
    parent = forms.ModelChoiceField(
        queryset=None,
        required=False,
        label="Belongs to",
        empty_label="Nothing above it",
        help_text="A unit belongs to its installation, an installation to its higher command.",
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = selectors.locations().exclude(kind=LocationKind.UNIT)

    def clean_zone(self) -> str:
        zone = self.cleaned_data["zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(
                "This is not the name of a time zone. Write it like America/New_York."
            )
        return zone


class PostForm(DeskForm):
    location = forms.ModelChoiceField(queryset=None, empty_label="Choose")
    role = forms.ChoiceField(choices=Role.choices)
    title = forms.CharField(max_length=120, help_text="As it stands on the door, without a person's name.")
    next_higher = forms.ModelChoiceField(
        queryset=None,
        required=False,
        label="Next higher post",
        empty_label="None",
        help_text="Receives what this post would, when it is vacant or its holder is involved in the case. "
        "The commander's post of an installation or a unit needs one.",
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = selectors.locations()
        self.fields["next_higher"].queryset = selectors.posts()


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, user) -> str:
        return f"{user.display_name} ({user.username})"


class AppointmentForm(DeskForm):
    user = PersonChoice(queryset=None, label="Person", empty_label="Choose")
    post = forms.ModelChoiceField(queryset=None, empty_label="Choose")
    ends_at = LocalInstantField(
        required=False, label="Ends (UTC)", help_text="Leave empty: until further notice."
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = selectors.people().filter(is_active=True)
        self.fields["post"].queryset = selectors.posts()


class DecisionForm(DeskForm):
    decision = forms.ChoiceField(
        choices=[("approve", "Approve it"), ("refuse", "Refuse it")], widget=forms.RadioSelect
    )


class CertificationForm(DeskForm):
    user = PersonChoice(queryset=None, label="Person", empty_label="Choose")
    starts_on = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(
        label="Last day",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="As the certificate says; it is renewed every two years. Days are those of the installation.",
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = selectors.people().filter(is_active=True)

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("starts_on") and given.get("ends_on") and given["ends_on"] < given["starts_on"]:
            self.add_error("ends_on", "The last day is before the first.")
        for name in ("starts_on", "ends_on"):
            if given.get(name) and not 2005 <= given[name].year <= 9000:
                self.add_error(name, "Check the year.")


class EnrolForm(DeskForm):
    code = forms.CharField(
        label="One-time code",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
        help_text="The part of your enrolment link after the # sign. It is filled in when you open the link.",
    )
    password = forms.CharField(
        label="New password",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. A sentence that only you know is good.",
    )
    again = forms.CharField(
        label="The same password again",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", "The two passwords differ. Type them again.")


class PasswordForm(EnrolForm):
    """Changing one's own password."""

    code = None
    old = forms.CharField(
        label="Present password",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["old", "password", "again"]

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old(self) -> str:
        # Counted as at sign-in: whoever sits down at an open session guesses three times and no more.
        given, at = self.cleaned_data["old"], clock.keyboard_now()
        if not signing.password_again(user=self.user, password=given, at=at):
            raise forms.ValidationError(
                "This is not your present password, or there were three failures in fifteen minutes; wait then."
            )
        return self.cleaned_data["old"]
