"""What the access rows call each table, and how its rows hang on a case, a post, or a person."""

from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, Q

from reports.election.models import Case, CaseState


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
    "reports.paper": Kind("paper", case="case_id"),
    "reports.handout": Kind("hand_out", case="case_id"),
    "reports.copyrequest": Kind("copy_request", case="case_id"),
    "reports.matter": Kind("matter", case="case_id"),
    "reports.meeting": Kind("meeting", installation="installation_id"),
    "reports.attendance": Kind("attendance", installation="meeting__installation_id"),
    "reports.agendaline": Kind(
        "agenda_line", case="case_id", own="meeting__co_chair_id", post="meeting__chair_post_id"
    ),
    "reports.minutes": Kind("minutes", case="case_id"),
    "reports.move": Kind("move", case="case_id"),
    "reports.offer": Kind("offer", own="offered_to_id"),
    "reports.handover": Kind("handover", case="case_id", installation="installation_id"),
    "reports.disclosure": Kind("disclosure", case="case_id"),
    "reports.exceptionstatement": Kind("exception_statement", post="post_id"),
    "reports.catchentry": Kind("catch_entry", case="case_id"),
    "reports.catchcontact": Kind("catch_contact", case="case_id"),
    "reports.catchcredentials": Kind("catch_credentials", case="case_id"),
    "notifications.notice": Kind("notice", case="case_id"),
    "notifications.reminder": Kind("reminder", case="notice__case_id", post="post_id"),
    "notifications.escalation": Kind("escalation", case="case_id", post="post_id"),
    "notifications.inboxitem": Kind("inbox_item", post="post_id"),
    "notifications.acknowledgement": Kind("acknowledgement", case="case_id"),
    "notifications.extension": Kind("extension", case="case_id"),
    "notifications.recomposing": Kind("recomposing", case="case_id"),
    "notifications.finerwording": Kind("finer_wording", case="case_id"),
    "notifications.extensiongrant": Kind("extension_grant", post="post_id", installation="location_id"),
}
INQUIRIES = frozenset({CaseState.SRI, CaseState.SRI_CATCH})
UNSIGNED = INQUIRIES | {CaseState.CONTACT}
# What a case is to those who look at it; closing one changes nothing of that.
STATES = {
    "walked_away": Q(walked_away_at__isnull=False),
    "contact": Q(walked_away_at=None, state=CaseState.CONTACT),
    "inquiry": Q(walked_away_at=None, state__in=INQUIRIES),
    "limited": Q(state=CaseState.OPEN_LIMITED_INFO) | Q(state=CaseState.CLOSED, report=None),
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
    report = getattr(case, "report", None)
    return state_in_words(case.state, report.election if report else None, case.walked_away_at is not None)


def state_in_words(state: str, election: str | None, walked_away: bool) -> str:
    """The same of its columns; `election`: that of its report, None without one."""
    if walked_away:
        return "walked_away"
    if election is not None:
        return election
    if state in INQUIRIES:
        return "inquiry"
    return "contact" if state == CaseState.CONTACT else "limited"


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
