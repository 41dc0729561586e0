"""What a person began in the intake and did not submit, for the pages that they come back to."""

from typing import NamedTuple

from django import template
from django.urls import reverse

from reports.election.drafts import selectors
from reports.election.drafts.models import Draft, Step

register = template.Library()


# The page of a step that has a case.
PAGES = {Step.DETAILS: "contact_edit", Step.QUESTIONS: "questions", Step.SIGN: "sign"}


class Begun(NamedTuple):
    """A draft, the page on which it stands again, and by whose clock it is shown."""

    row: Draft
    url: str
    zone: str


@register.simple_tag
def unfinished(user) -> list[Begun]:
    """The drafts of whoever looks, the newest first; nothing of them is opened."""
    return [_begun(row) for row in selectors.unfinished(viewer=user)]


def _begun(row: Draft) -> Begun:
    if row.case is None:
        return Begun(row, f"{reverse('admin:contact_new')}?draft={row.pk}", "UTC")
    page = PAGES[Step(row.step)]
    return Begun(row, reverse(f"admin:{page}", args=[row.case_id]), row.case.installation.zone)
