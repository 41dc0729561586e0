"""The sealed contents of a contact: which fields there are, how they are checked and written."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import models

from accounts.models import Post, Role
from reports.election.models import Case, InformedBy
from reports.validation import LONG, text
from reports.vault.keys import commitment
from reports.vault.people import note_person
from reports.vault.services import sealed_fields
from sapr import clock
from sapr.errors import DomainError

DIGITS_IN_DOD_ID = 10
PLACES = ("on_installation", "off_installation", "not_stated")
SEXES = ("female", "male")
OFFENCES = ("penetrative", "contact")
WORDS = {"place": PLACES, "sex": SEXES, "offence": OFFENCES}
# Fields that name a post of the staff directory.
POSTS = frozenset({"unit_commander_post", "offender_post"})
# Longer than a line of text.
LIMITS = {"text": LONG}


def write(model: type[models.Model], case: Case, values: dict[str, Any]) -> dict[str, str]:
    """Seal the given fields of the case's one row of that model; what was sealed, for the event.

    The result maps each field's label to a keyed commitment of its value; {} when nothing was given.

    Refuses unknown fields, too long text, control characters, a DoD ID that is not ten digits, and a date
    that is none. An empty text clears the field.
    """
    known = sealed_fields(model)
    for name in values:
        if name not in known:
            raise DomainError("unknown_field", f"{name}: there is no such field.", path=name)
    cleaned = {name: text(value, name, limit=LIMITS.get(name, 200)) or None for name, value in values.items()}
    _check_shapes(cleaned)
    # A case with limited information is found by nobody's number: a search would show it beside the person's report.
    if "dod_id" in cleaned and case.informed_by == InformedBy.VICTIM:
        note_person(case.pk, cleaned["dod_id"])
    sealed = {
        known[name].label: commitment(case.pk, (value or "").encode()) for name, value in cleaned.items()
    }
    row = model.objects.filter(case=case).first()
    if row is None:
        model(case=case, **cleaned).save(force_insert=True)
        return sealed
    for name, value in cleaned.items():
        setattr(row, name, value)
    if cleaned:
        row.save(update_fields=list(cleaned))
    return sealed


def check_dod_id(text_: str) -> None:
    """Refuse what is not a DoD ID number."""
    if not (text_.isascii() and text_.isdigit() and len(text_) == DIGITS_IN_DOD_ID):
        raise DomainError("bad_dod_id", "A DoD ID number has ten digits.", path="dod_id")


def _check_shapes(values: dict[str, str | None]) -> None:
    if values.get("dod_id"):
        check_dod_id(values["dod_id"])
    for name, words in WORDS.items():
        if values.get(name) and values[name] not in words:
            raise DomainError("unknown_value", f"{name}: choose one of {', '.join(words)}.", path=name)
    if values.get("incident_on"):
        _check_incident(values["incident_on"])
    for name in POSTS:
        if values.get(name):
            _check_post(name, values[name])


def _check_incident(text_: str) -> None:
    try:
        day = date.fromisoformat(text_)
    except ValueError:
        raise DomainError(
            "bad_date", "Write the date of the incident as YYYY-MM-DD.", path="incident_on"
        ) from None
    # The far side of the date line may be a calendar day ahead of UTC.
    if day > clock.now().date() + timedelta(days=1):
        raise DomainError("in_the_future", "The incident cannot lie in the future.", path="incident_on")


def _check_post(name: str, value: str) -> None:
    """A post of the directory; the unit commander's is a unit commander's, wherever the unit is."""
    try:
        post = Post.objects.filter(pk=UUID(value)).first()
    except ValueError:
        post = None
    if post is None or (name == "unit_commander_post" and post.role != Role.UNIT_COMMANDER):
        raise DomainError("unknown_value", f"{name}: choose a post from the list.", path=name)


def require_name(named: bool) -> None:
    """A form cannot be signed by nobody: refuse when the contact has no name yet."""
    if not named:
        raise DomainError("name_needed", "Enter the victim's name before signing.", path="name")
