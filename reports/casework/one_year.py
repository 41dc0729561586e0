"""The one question about converting, a year after a Restricted report (CK-18, EV-13), and the silence after it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from reports import ruled
from reports.election.contacts import locked
from reports.ledger.selectors import case_events
from reports.obligations.selectors import case_duties

KIND, TOPIC = "conversion_asked", "one_year_contact"


def require_may_ask(*, actor, case, at: datetime) -> None:
    """Refuse to ask before the year is over, and a second time (EV-13, EV-13c).

    The day of the mark is that of the duty that the report's signature opened, by the installation's calendar.
    """
    locked(case)
    mark = case_duties(viewer=actor, case=case).filter(discharged_by=KIND).first()
    zone = ZoneInfo(case.installation.zone)
    reached = mark is not None and at.astimezone(zone).date() >= mark.due_at.astimezone(zone).date()
    asked = asked_at(viewer=actor, case=case) is not None
    facts = {"election": "restricted", "one_year_reached": reached, "one_year_contact_made": asked}
    ruling = ruled.asked(case, TOPIC, facts | {"contact_reason": "one_year_mark"}, at)
    day = f" That is on {mark.due_at.astimezone(zone):%d %B %Y}." if mark is not None else ""
    ruled.require_allowed(
        ruling, rule="EV-13", otherwise=f"The victim is asked once a year has passed.{day}", path="at"
    )


def asked_at(*, viewer, case) -> datetime | None:
    """When the victim was asked. From then on nobody contacts them about converting again (EV-13c)."""
    return (
        case_events(viewer=viewer, case=case).filter(kind=KIND).values_list("occurred_at", flat=True).first()
    )


def require_may_tell_of_match(*, actor, case, consents: bool, only_details_given: bool, at: datetime) -> None:
    """After that talk a CATCH match is told only to a victim who agreed, and only by the details given (EV-14)."""
    if asked_at(viewer=actor, case=case) is None:
        return
    report = getattr(case, "report", None)
    facts = {
        "one_year_contact_made": True,
        "contact_reason": "catch_match",
        "catch_contact_consent": consents,
        "only_details_given": only_details_given,
    }
    if report is not None:
        facts["election"] = report.election
    ruling = ruled.asked(case, TOPIC, facts, at)
    ruled.require_allowed(
        ruling,
        rule="EV-14",
        otherwise="The victim did not agree to be told of a match, and was promised no further contact.",
    )
