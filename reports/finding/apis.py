"""REST: what the list of one's cases may be asked for; the words are those of the page."""

from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from reports.access import CaseLine
from reports.election.outputs import CaseSummary, case_row, line_row
from reports.finding import selectors
from reports.finding.filters import LISTS, Filter
from reports.finding.forms import FIRST_YEAR, LAST_YEAR
from sapr import clock, showing
from sapr.apis import BaseApi, operation, page_of
from sapr.errors import DomainError
from sapr.fields import DayField, PageQuery, UuidField, WordField
from sapr.paging import Place, page, page_asked, turned

NEWEST, OLDEST = "newest", "oldest"
# As on the page: what a calendar can still add a day to.
BOUNDS = [MinValueValidator(date(FIRST_YEAR, 1, 1)), MaxValueValidator(date(LAST_YEAR - 1, 12, 31))]


class CaseQuery(PageQuery):
    """Which of one's cases, in which order. Days are of one's own installation's calendar."""

    order = WordField(
        [NEWEST, OLDEST],
        required=False,
        help_text="By when the contact was opened; newest first without it.",
    )
    stands = WordField(LISTS["stands"].values, required=False, help_text="What the case is.")
    running = WordField(LISTS["running"].values, required=False, help_text="Open or closed.")
    place = UuidField(required=False, help_text="An installation at which one is SARC or SAPR VA.")
    role = WordField(LISTS["role"].values, required=False, help_text="In which role one carries it.")
    due = WordField(LISTS["due"].values, required=False, help_text="What is due in it.")
    kit = WordField(LISTS["kit"].values, required=False, help_text="Which evidence it has.")
    opened = WordField(LISTS["opened"].values, required=False, help_text="When the contact was opened.")
    opened_from = DayField(
        required=False, validators=BOUNDS, help_text="First day on which the contact was opened."
    )
    opened_to = DayField(
        required=False, validators=BOUNDS, help_text="Last day on which the contact was opened."
    )


class CaseListApi(BaseApi):
    """The caller's cases, newest first unless asked otherwise; with filters those that they mean."""

    verb = "case_view"
    QuerySerializer = CaseQuery
    OutputSerializer = CaseSummary

    @operation(
        "List one's cases", name="case_list", query=CaseQuery, answers=page_of(CaseSummary, "Case"),
        refusals=[422],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        wanted = _filter(request, self.query)
        newest = self.query.get("order") != OLDEST
        if wanted == Filter():
            ask = partial(_lines, request.user, newest)
            found = page_asked(ask, place=_place, query=self.query, show=line_row)
            if found is not None:
                return Response(found)
        rows = selectors.cases_found(viewer=request.user, wanted=wanted, at=clock.now())
        rows = turned(rows, by="opened_at", newest_first=newest)
        show = lambda case: showing.shown(self.OutputSerializer, case_row(case))  # noqa: E731
        return Response(page(rows, by="opened_at", newest_first=newest, query=self.query, show=show))


def _lines(viewer: User, newest_first: bool, after: Place | None, most: int) -> list[CaseLine] | None:
    return selectors.case_lines(viewer=viewer, after=after, newest_first=newest_first, most=most)


def _place(line: CaseLine) -> Place:
    return datetime.fromisoformat(line.opened_at), UUID(line.id)


def _filter(request: Request, query: dict[str, Any]) -> Filter:
    """The filter of a checked CaseQuery. Refuses an installation that is not one's own (`unknown_value`)."""
    place = query.get("place")
    if place is not None:
        place = next(
            (own for own in selectors.places(viewer=request.user, at=clock.now()) if own.pk == place), None
        )
        if place is None:
            raise DomainError(
                "unknown_value", "place: choose an installation at which you work on cases.", path="place"
            )
    return Filter.of(query | {"place": place})
