"""Forms of signing in and of one's own second factors."""

from django import forms

from sapr.desk.forms import DeskForm

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class PasswordStepForm(DeskForm):
    username = forms.CharField(
        label="User name",
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class SecondFactorForm(DeskForm):
    """The code of an app or a recovery code, or what a passkey answered."""

    code = forms.CharField(
        required=False,
        max_length=20,
        label="Code",
        help_text="The six digits that your authenticator app shows, or one of your recovery codes.",
        widget=forms.TextInput(attrs=CODE),
    )
    credential = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)


class AppForm(DeskForm):
    code = forms.CharField(
        max_length=20,
        help_text="Scan the picture, then type the six digits that the app shows now.",
        widget=forms.TextInput(attrs=CODE),
    )


class PasskeyForm(DeskForm):
    name = forms.CharField(
        required=False,
        max_length=60,
        label="Its name",
        help_text="So that you know it again, such as “Blue security key”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    credential = forms.CharField(
        max_length=20_000,
        widget=forms.HiddenInput,
        error_messages={"required": "Press the button and follow what your browser asks."},
    )


class PasswordAgainForm(DeskForm):
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
