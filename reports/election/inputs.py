"""What the REST door takes about a contact and a signature."""

from sapr.fields import InstantField, StrictSerializer, TextField


class IdentityInput(StrictSerializer):
    """Who the victim is. Sealed; an empty text clears a field, an absent key leaves it."""

    name = TextField(required=False)
    dod_id = TextField(required=False, help_text="Ten digits.")
    phone = TextField(required=False)
    email = TextField(required=False)
    grade = TextField(required=False)
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

    victim_signature = TextField()
    victim_signed_at = InstantField()
    advocate_signature = TextField()
    advocate_signed_at = InstantField()
    late_reason = TextField(
        required=False, help_text="Needed when something this form makes due is overdue already."
    )
