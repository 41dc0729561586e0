"""What a line of an export says of a case: words of lists, days and numbers; nothing that is sealed."""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _

from reports import access
from reports.election.models import Case
from reports.obligations.models import Duty, DutyState

NO_DUTIES: dict[str, Any] = {"open": 0, "overdue": 0, "in_time": 0, "late": 0, "next": None}


class Field(NamedTuple):
    """A column: what people read, and its value of a case and the numbers of its duties."""

    label: Any
    of: Callable[[Case, dict[str, Any]], Any]


def _day(case: Case, instant: datetime | None) -> str:
    """The day by the installation's own calendar."""
    return instant.astimezone(ZoneInfo(case.installation.zone)).date().isoformat() if instant else ""


def _of_report(case: Case, name: str) -> Any:
    return getattr(getattr(case, "report", None), name, None)


FIELDS: dict[str, Field] = {
    "number": Field(_("Case number"), lambda case, duties: case.number),
    "state": Field(_("State"), lambda case, duties: case.state.lower()),
    "election": Field(_("Report"), lambda case, duties: _of_report(case, "election") or ""),
    "opened_on": Field(_("Opened on"), lambda case, duties: _day(case, case.opened_at)),
    "signed_on": Field(_("Signed on"), lambda case, duties: _day(case, _of_report(case, "signed_at"))),
    "converted_on": Field(
        _("Converted on"), lambda case, duties: _day(case, _of_report(case, "converted_at"))
    ),
    "duties_open": Field(_("Open duties"), lambda case, duties: duties["open"]),
    "duties_overdue": Field(_("Open duties that are late"), lambda case, duties: duties["overdue"]),
    "duties_in_time": Field(_("Duties done in time"), lambda case, duties: duties["in_time"]),
    "duties_late": Field(_("Duties done late"), lambda case, duties: duties["late"]),
    "next_due_on": Field(_("Next duty due on"), lambda case, duties: _day(case, duties["next"])),
}


def of_cases(*, viewer, cases: list[Case], fields: Iterable[str], at: datetime) -> str:
    """The lines as CSV with a head, in the order of the cases; `cases` are the viewer's own."""
    still = Q(state=DutyState.OPEN)
    counted = (
        access.rows(viewer, "case_view", Duty)
        .filter(case__in=[case.pk for case in cases])
        .values("case_id")
        .annotate(
            open=Count("id", filter=still),
            overdue=Count("id", filter=still & Q(due_at__lt=at)),
            in_time=Count("id", filter=Q(state=DutyState.DISCHARGED)),
            late=Count("id", filter=Q(state=DutyState.MISSED)),
            next=Min("due_at", filter=still),
        )
        .order_by()
    )
    duties = {row["case_id"]: row for row in counted}
    written = io.StringIO(newline="")
    table = csv.writer(written)
    chosen = [name for name in FIELDS if name in set(fields)]
    table.writerow(chosen)
    for case in cases:
        numbers = duties.get(case.pk, NO_DUTIES)
        table.writerow([FIELDS[name].of(case, numbers) for name in chosen])
    return written.getvalue()
