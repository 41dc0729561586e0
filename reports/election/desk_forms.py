"""The forms of contact, signing and conversion."""

from datetime import datetime
from typing import Any

from django import forms

from accounts import selectors as staff
from accounts.models import Location, Role
from reports import policy
from reports.casework.events import STEPS
from reports.election.contents import OFFENCES, PLACES, SEXES
from reports.election.conversion import LOST_FORM
from reports.election.models import Election
from reports.election.signatures import LIMIT as DRAWN_LIMIT
from reports.obligations.models import LateReason
from reports.validation import LONG
from sapr.desk.forms import DeskForm, LocalInstantField, text_area
from sapr.desk.words import label

IDENTITY = ("name", "dod_id", "phone", "email", "grade", "sex", "unit_commander_post", "offender_post")
NARRATIVE = ("text", "incident_on", "place", "offence")
SIGNATURE_HELP = "Type the name as it is signed on the paper."


class SealedForm(DeskForm):
    """What a contact may hold. All of it optional; each line says why it is asked."""

    name = forms.CharField(required=False, max_length=200, help_text="Needed only to sign a form.")
    phone = forms.CharField(
        required=False, max_length=200, label="Safe phone", help_text="A number at which a call does no harm."
    )
    email = forms.CharField(
        required=False, max_length=200, label="Safe e-mail", help_text="Used by people, never by this system."
    )
    dod_id = forms.CharField(
        required=False, max_length=200, label="DoD ID number", help_text="Ten digits, for the form."
    )
    grade = forms.CharField(
        required=False,
        max_length=200,
        help_text="Like E-4, for the form. A Restricted notice says it only where that singles nobody out.",
    )
    sex = forms.ChoiceField(
        required=False,
        choices=[("", "Not stated"), *((value, label(value)) for value in SEXES)],
        label="Sex",
        help_text="A Restricted notice says it only where that singles nobody out, whoever the victim is.",
    )
    unit_commander_post = forms.ModelChoiceField(
        queryset=None,
        required=False,
        label="Unit commander",
        empty_label="Not stated",
        help_text="An Unrestricted report goes to this post; a Restricted notice is kept away from it.",
    )
    offender_post = forms.ModelChoiceField(
        queryset=None,
        required=False,
        label="The alleged offender holds this post",
        empty_label="None of these, or not stated",
        help_text="Notices are routed around this post.",
    )
    text = forms.CharField(
        required=False,
        max_length=LONG,
        widget=text_area(),
        label="Account, in the person's own words",
        help_text="Sealed at once. Nothing of it goes into a Restricted notice.",
    )
    incident_on = forms.CharField(
        required=False,
        max_length=20,
        widget=forms.DateInput(attrs={"type": "date"}),
        label="Date of the incident",
        help_text="A Restricted notice says within a week, a month or three months at most.",
    )
    place = forms.ChoiceField(
        required=False,
        choices=[(value, label(value)) for value in PLACES],
        initial="not_stated",
        widget=forms.RadioSelect,
        label="Where",
        help_text="A Restricted notice says no more than on or off the installation.",
    )
    offence = forms.ChoiceField(
        required=False,
        choices=[("", "Not stated"), *((value, label(value, "offence")) for value in OFFENCES)],
        label="What happened",
        help_text="A Restricted notice says no more than this, and only where that singles nobody out.",
    )

    def __init__(self, *args: Any, installations: list[Location], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_commander_post"].queryset = staff.posts_under(installations, Role.UNIT_COMMANDER)
        self.fields["offender_post"].queryset = staff.posts_with_inbox(installations)

    def identity(self) -> dict[str, str]:
        """The identity fields that were filled in."""
        return self._filled(IDENTITY)

    def narrative(self) -> dict[str, str]:
        """The account fields that were filled in."""
        return self._filled(NARRATIVE)

    def _filled(self, names: tuple[str, ...]) -> dict[str, str]:
        values = {name: self.cleaned_data.get(name) for name in names}
        return {name: str(getattr(value, "pk", value)) for name, value in values.items() if value}


class ContactForm(SealedForm):
    """A first contact: who sent the person, and what they choose to say."""

    source = forms.ChoiceField(
        choices=[(value, label(value, "from")) for value in STEPS["referral_received"].details["from"]],
        initial="self",
        label="By which door the person came",
        help_text="Starts the duty to assign an advocate. What else each door obliges stands below.",
    )
    installation = forms.ModelChoiceField(queryset=None, required=False, empty_label=None)
    field_order = ["source", "installation"]

    def __init__(self, *args: Any, installations: list[Location], **kwargs: Any) -> None:
        super().__init__(*args, installations=installations, **kwargs)
        field = self.fields["installation"]
        field.queryset = staff.locations().filter(pk__in=[each.pk for each in installations])
        if len(installations) < 2:
            field.widget = forms.HiddenInput()


class SignatureForm(DeskForm):
    """Both signatures with their instants."""

    victim_signature = forms.CharField(max_length=200, label="Victim's signature", help_text=SIGNATURE_HELP)
    victim_signed_at = LocalInstantField(label="Signed by the victim at", show_hidden_initial=True)
    advocate_signature = forms.CharField(
        max_length=200, label="Signature of SARC or SAPR VA", help_text=SIGNATURE_HELP
    )
    advocate_signed_at = LocalInstantField(label="Signed by SARC or SAPR VA at", show_hidden_initial=True)

    def __init__(self, *args: Any, now: datetime, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("victim_signed_at", "advocate_signed_at"):
            self.fields[name].starts_at(now, zone)
            self.fields[name].help_text = f"Local time of the installation ({zone})."
        self.fields["victim_signed_at"].help_text += " Every clock starts here."


def late_reason_field() -> forms.ChoiceField:
    """Asked only when the service finds the notice overdue."""
    return forms.ChoiceField(
        required=False,
        choices=[("", "Choose"), *LateReason.choices],
        label="Why is this form entered only now?",
        help_text="Something that this form makes due is overdue already. It is recorded so, with this reason.",
    )


class SignForm(SignatureForm):
    """The election form: one set of initials per acknowledgement, then the signatures.

    `asks_confirmation` and `asks_reason` are set when a paper form is entered late.
    """

    final = "sign"
    edition = forms.CharField(widget=forms.HiddenInput, max_length=20)
    election = forms.ChoiceField(
        choices=Election.choices,
        widget=forms.RadioSelect,
        label="The victim's election",
        error_messages={"required": "Choose Restricted or Unrestricted."},
    )
    confirm_minimal = forms.BooleanField(
        required=False, label="I have read these words. Place them when this form is signed."
    )
    late_reason = late_reason_field()
    # The strokes of a signature that is drawn instead of typed, as the page's script writes them.
    victim_drawn = forms.CharField(required=False, max_length=DRAWN_LIMIT, widget=forms.HiddenInput)
    advocate_drawn = forms.CharField(required=False, max_length=DRAWN_LIMIT, widget=forms.HiddenInput)
    asks_confirmation = asks_reason = False

    def __init__(self, *args: Any, form: policy.FormEdition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for who in ("victim", "advocate"):
            # Drawn, it need not be typed.
            self.fields[f"{who}_signature"].required = not self.data.get(f"{who}_drawn")
        self.paper = form
        self.fields["edition"].initial = form.edition
        for key, sentence, _ in form.acknowledgements:
            self.fields[f"initials-{key}"] = forms.CharField(
                required=False,
                max_length=8,
                label=sentence,
                widget=forms.TextInput(attrs={"autocomplete": "off", "size": 6}),
            )
        self.order_fields(["election", *(f"initials-{line[0]}" for line in form.acknowledgements)])

    def acknowledgements(self) -> list[tuple[forms.BoundField, str]]:
        """Each acknowledgement's field, and the one option it is for ('' for both)."""
        return [
            (self[f"initials-{key}"], applies_to[0] if len(applies_to) == 1 else "")
            for key, _, applies_to in self.paper.acknowledgements
        ]

    def signatures(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """For each signer where it is typed, and where a drawing is kept."""
        return [(self[f"{who}_signature"], self[f"{who}_drawn"]) for who in ("victim", "advocate")]

    def initials(self) -> dict[str, str]:
        """What was initialled, of the acknowledgements that the chosen option asks for."""
        option = self.cleaned_data["election"]
        return {
            key: self.cleaned_data[f"initials-{key}"]
            for key, _, applies_to in self.paper.acknowledgements
            if option in applies_to
        }


class ConvertForm(SignatureForm):
    """A new signature makes a Restricted report Unrestricted, for ever; sealed to what was shown before it."""

    confirmation = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    form = forms.ChoiceField(
        required=False,
        label="Signed on",
        help_text="The form for a lost one may be signed from afar; no other may.",
    )
    remotely = forms.BooleanField(required=False, label="The victim signed from afar")
    late_reason = late_reason_field()
    confirm = forms.BooleanField(
        label="The victim wants these offices told now. I know that there is no way back.",
        error_messages={"required": "Tick the box first: there is no way back from this step."},
    )

    def __init__(self, *args: Any, first_form: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"].choices = [
            ("", f"The conversion part of {first_form}"),
            (LOST_FORM, f"{LOST_FORM} (a lost form)"),
        ]

    def seal(self, digest: str) -> None:
        """Bind the form to what is shown with it; what was confirmed before is confirmed anew."""
        self.fields["confirmation"].initial = digest
        if self.is_bound:
            self.data = self.data.copy()
            self.data["confirmation"] = digest
            self.data.pop("confirm", None)
