"""The first form of a case: signed here, or in the earlier system that the case came from and only named here."""

from typing import NamedTuple

from reports.election.models import Case, FormKind, SignedForm
from reports.ledger.models import Event
from reports.obligations.known import CARRIED
from sapr.errors import DomainError


class FirstForm(NamedTuple):
    """Which form the election was signed on, and its edition."""

    form: str
    edition: str


def first_form(case: Case) -> FirstForm:
    """The form of the election. `case` has a report."""
    row = SignedForm.objects.filter(case=case, kind=FormKind.ELECTION).order_by("victim_signed_at").first()
    if row is not None:
        return FirstForm(row.form, row.edition)
    said = Event.objects.get(case_id=case.pk, kind=CARRIED).data
    return FirstForm(said["form"], said["edition"])


def form_kept_here(case: Case) -> SignedForm:
    """The row of the election form; refuses where the paper lies in an earlier system and was never entered here."""
    row = SignedForm.objects.filter(case=case, kind=FormKind.ELECTION).first()
    if row is None:
        raise DomainError(
            "form_elsewhere",
            "The election form of this case lies in the earlier system. Ask there for it.",
            status=409,
        )
    return row
