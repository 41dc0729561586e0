"""What the REST door takes about a contact and a signature."""

from sapr.fields import InstantField, StrictSerializer, TextField


class IdentityInput(StrictSerializer):
    """Who the victim is. Sealed; an empty text clears a field, an absent key leaves it."""

    name = TextField(required=False, help_text="The name as it is to be written.")
    dod_id = TextField(required=False, help_text="Ten digits.")
    phone = TextField(required=False, help_text="A number at which the victim may be called.")
    email = TextField(required=False, help_text="An address to which the victim may be written.")
    grade = TextField(required=False, help_text="Grade or rank.")
    sex = TextField(required=False, help_text="female or male.")
    unit_commander_post = TextField(required=False, help_text="Id of the victim's unit commander's post.")
    offender_post = TextField(required=False, help_text="Id of a post that notices must not reach.")


class NarrativeInput(StrictSerializer):
    """What happened. Sealed; an empty text clears a field, an absent key leaves it."""

    text = TextField(required=False, help_text="At most 20,000 characters.")
    incident_on = TextField(required=False, help_text="YYYY-MM-DD.")
    place = TextField(required=False, help_text="on_installation, off_installation or not_stated.")
    offence = TextField(required=False, help_text="penetrative or contact.")


class Signatures(StrictSerializer):
    """Both signatures with their instants. Every clock starts at the victim's."""

    victim_signature = TextField(help_text="The name as the victim signed.")
    victim_signed_at = InstantField(help_text="When the victim signed.")
    advocate_signature = TextField(help_text="The name as the SARC or SAPR VA signed.")
    advocate_signed_at = InstantField(help_text="When the SARC or SAPR VA signed.")
    late_reason = TextField(
        required=False, help_text="Needed when something this form makes due is overdue already."
    )
