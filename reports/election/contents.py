"""The sealed contents of a contact: which fields there are, how they are checked and written."""

from datetime import date
from typing import Any

from django.db import models

from reports.election.models import Case, Identity
from reports.validation import LONG, text
from reports.vault.services import sealed_fields
from sapr.errors import DomainError

DIGITS_IN_DOD_ID = 10
# Longer than a line of text.
LIMITS = {"text": LONG}


def write(model: type[models.Model], case: Case, values: dict[str, Any]) -> bool:
    """Seal the given fields of the case's one row of that model; True when something was written.

    Refuses unknown fields, too long text, control characters, a DoD ID that is not ten digits, and a date
    that is none. An empty text clears the field.
    """
    known = sealed_fields(model)
    for name in values:
        if name not in known:
            raise DomainError("unknown_field", f"{name}: there is no such field.", path=name)
    cleaned = {name: text(value, name, limit=LIMITS.get(name, 200)) or None for name, value in values.items()}
    _check_shapes(cleaned)
    row = model.objects.filter(case=case).first()
    if row is None:
        model(case=case, **cleaned).save(force_insert=True)
        return bool(values)
    for name, value in cleaned.items():
        setattr(row, name, value)
    if cleaned:
        row.save(update_fields=list(cleaned))
    return bool(cleaned)


def _check_shapes(values: dict[str, str | None]) -> None:
    dod_id = values.get("dod_id")
    if dod_id and not (dod_id.isascii() and dod_id.isdigit() and len(dod_id) == DIGITS_IN_DOD_ID):
        raise DomainError("bad_dod_id", "A DoD ID number has ten digits.", path="dod_id")
    incident_on = values.get("incident_on")
    if incident_on:
        try:
            date.fromisoformat(incident_on)
        except ValueError:
            raise DomainError(
                "bad_date", "Write the date of the incident as YYYY-MM-DD.", path="incident_on"
            ) from None


def require_name(case: Case) -> None:
    """A form cannot be signed by nobody: refuse when the contact has no name yet."""
    row = Identity.objects.filter(case=case).first()
    if row is None or row.name is None:
        raise DomainError("name_needed", "Enter the victim's name before signing.", path="name")
