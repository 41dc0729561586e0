"""Keeping a filter, and forgetting it: one's own. It is no fact of any case, so no event is written."""

from reports import access
from reports.finding.filters import Filter
from reports.finding.models import SavedFilter
from reports.finding.words import Name
from sapr.errors import DomainError


@access.service
def filter_save(*, actor, name: str, wanted: Filter) -> SavedFilter:
    """Keep the filter under one of the names of `Name`; what the actor had kept under it is replaced.

    DomainError `unknown_name`, `nothing_to_keep` (a filter that looks for nothing).
    """
    access.require(actor, "case_view")
    if name not in Name.values:
        raise DomainError("unknown_name", "Choose one of the names of the list.", path="name")
    if wanted == Filter():
        raise DomainError(
            "nothing_to_keep", "Choose what to look for first; an empty filter is the whole list."
        )
    row, _ = SavedFilter.objects.update_or_create(owner=actor, name=name, defaults=wanted.values())
    return row


@access.service
def filter_forget(*, actor, name: str) -> None:
    """Forget what the actor kept under that name; nothing happens where there is nothing."""
    access.require(actor, "case_view")
    SavedFilter.objects.filter(owner=actor, name=name).delete()
