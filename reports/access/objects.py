"""What the access rows call each table, and how its rows hang on a case, a post, or a person."""

from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, Q

from reports.election.models import Case


class Kind(NamedTuple):
    """`case`: the column with the case's id; `post`, `own`, `installation`: the columns that those scopes compare."""

    name: str
    case: str = ""
    post: str = ""
    own: str = ""
    installation: str = ""


# By label, because this app does not import the one that holds the notices.
KINDS = {
    "reports.case": Kind("case", case="id"),
    "reports.report": Kind("report", case="case_id"),
    "reports.assignment": Kind("assignment", case="case_id"),
    "reports.identity": Kind("identity", case="case_id"),
    "reports.narrative": Kind("narrative", case="case_id"),
    "reports.decision": Kind("decision", case="case_id"),
    "reports.signedform": Kind("form", case="case_id"),
    "reports.kit": Kind("kit", case="case_id"),
    "reports.duty": Kind("duty", case="case_id"),
    "reports.event": Kind("event", case="case_id"),
    "reports.breakglass": Kind(
        "break_glass", case="case_id", own="asked_by_id", installation="installation_id"
    ),
    "reports.hold": Kind("hold", case="case_id"),
    "reports.kititem": Kind("kit_item", case="case_id"),
    "reports.kitcard": Kind("kit_card", case="kit__case_id", post="at_post_id"),
    "reports.custody": Kind("custody", case="card__kit__case_id", post="to_post_id"),
    "reports.erasure": Kind("erasure", case="case_id"),
    "notifications.notice": Kind("notice", case="case_id"),
    "notifications.reminder": Kind("reminder", case="notice__case_id", post="post_id"),
    "notifications.inboxitem": Kind("inbox_item", post="post_id"),
}
STATES = {
    "walked_away": Q(walked_away_at__isnull=False),
    "contact": Q(walked_away_at=None, report=None),
    "restricted": Q(report__election="restricted"),
    "unrestricted": Q(report__election="unrestricted"),
}
RESTRICTED_KIND = "commander_notice_restricted"


def kind_of(model: type[Model]) -> Kind:
    """What the rows call this model. KeyError for a model that no row can speak of: a defect, not a refusal."""
    return KINDS[model._meta.label_lower]


def column(row: Model, path: str) -> Any:
    """The value at a column's path (`notice__case_id`); None where the way leads past what this viewer sees."""
    value: Any = row
    for step in path.split("__"):
        try:
            value = getattr(value, step)
        except ObjectDoesNotExist:
            return None
    return value


def state_of(case: Case) -> str:
    """The state of a case, in the words of the access rows."""
    if case.walked_away_at is not None:
        return "walked_away"
    report = getattr(case, "report", None)
    return "contact" if report is None else report.election


def state_of_object(row: Model) -> str | None:
    """The state of the case that a row belongs to; None when that case is not there for this viewer.

    What lies in an inbox or reminds a post says by its own kind which report it is about: who reads it is on
    no case.
    """
    kind = kind_of(type(row))
    if kind.name == "inbox_item":
        return "restricted" if row.kind == RESTRICTED_KIND else "unrestricted"
    if isinstance(row, Case):
        return state_of(row)
    case = Case.objects.filter(pk=column(row, kind.case)).select_related("report").first()
    return None if case is None else state_of(case)


def case_id_of(row: Model) -> UUID | None:
    """The case that a row belongs to; None for what lies in an inbox."""
    kind = kind_of(type(row))
    return column(row, kind.case) if kind.case else None
