"""How each element is derived from a case. Nothing is guessed: what is not known is empty."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import Certification
from reports import access
from reports.casework.cmg.models import AgendaLine, Outcome
from reports.casework.matters.models import Matter
from reports.casework.models import Assignment, CaseRole
from reports.dsaid.elements import Element
from reports.election.models import Case, Decision, Election, Identity, Narrative
from reports.evidence.models import Kit, KitState
from reports.obligations.models import Duty, DutyState
from reports.vault.services import open_sealed

NOTICES = ("commander_notice_restricted", "commander_notice_details")
MATTERS = {
    "military_protective_order": "protective_order",
    "civil_protective_order": "civil_order",
    "high_risk_response_team": "high_risk",
}
# By what an offered service stands, beside being offered.
SERVICE_STATES = {"services_accepted": {"accepted", "complete"}, "services_declined": {"declined"}}


@dataclass
class Known:
    """What is known of one case, by one query a table for many cases."""

    case: Case
    at: datetime
    matters: list[Matter] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    kits: list[str] = field(default_factory=list)
    meetings: list[datetime] = field(default_factory=list)
    roles: dict[str, list[UUID]] = field(default_factory=dict)
    certified: Collection[UUID] = ()
    opened: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def day(self, instant: datetime | None) -> str | None:
        """The day by the installation's own calendar."""
        zone = ZoneInfo(self.case.installation.zone)
        return instant.astimezone(zone).date().isoformat() if instant else None

    def of_kind(self, kind: str) -> list[Matter]:
        return [each for each in self.matters if each.kind == kind]


def gathered(*, viewer, cases: list[Case], chosen: list[Element], at: datetime) -> list[Known]:
    """The cases, the viewer's own, with what the chosen elements need. Sealed columns are opened of Unrestricted
    reports alone, each look an event of its case."""
    found = {case.pk: Known(case, at) for case in cases}
    ids = list(found)
    for matter in access.rows(viewer, "case_view", Matter).filter(case__in=ids).order_by("opened_at", "id"):
        found[matter.case_id].matters.append(matter)
    duties = access.rows(viewer, "case_view", Duty).filter(case__in=ids, kind__in=NOTICES)
    for case_id, state in duties.order_by("opened_at", "id").values_list("case_id", "state"):
        found[case_id].notices.append(state)
    for case_id, state in (
        access.rows(viewer, "case_view", Kit).filter(case__in=ids).values_list("case_id", "state")
    ):
        found[case_id].kits.append(state)
    lines = access.rows(viewer, "case_view", AgendaLine).filter(case__in=ids, meeting__held_at__isnull=False)
    for case_id, held in lines.exclude(outcome=Outcome.DROPPED).values_list("case_id", "meeting__held_at"):
        found[case_id].meetings.append(held)
    people = access.rows(viewer, "case_view", Assignment).filter(case__in=ids, ended_at=None)
    for case_id, role, user in people.values_list("case_id", "role", "user_id"):
        found[case_id].roles.setdefault(role, []).append(user)
    of_staff = Certification.objects.filter(starts_at__lte=at, ends_at__gt=at, revoked_at=None)
    certified = set(of_staff.values_list("user_id", flat=True))
    for known in found.values():
        known.certified = certified
        _open(viewer, known, {each.sealed for each in chosen if each.sealed}, at)
    return list(found.values())


def _open(viewer, known: Known, labels: set[str], at: datetime) -> None:
    report = getattr(known.case, "report", None)
    if report is None or report.election != Election.UNRESTRICTED:
        return
    for model in (Identity, Narrative, Decision):
        table = model._meta.model_name
        names = [label.partition(".")[2] for label in sorted(labels) if label.startswith(f"{table}.")]
        rows = access.rows(viewer, "case_view", model).filter(case=known.case)
        row = (rows.order_by("-decided_at") if model is Decision else rows).first() if names else None
        if row is None:
            continue
        opened = open_sealed(record=row, actor=viewer, purpose="dsaid", at=at, fields=names)
        known.opened |= {f"{table}.{name}": value for name, value in opened.items()}
    if record := known.opened.get("decision.record"):
        known.facts = json.loads(record)["facts"]


def value_of(element: Element, known: Known) -> Any:
    """The value, None where there is none. Of a Restricted report only what may exist for one."""
    report = getattr(known.case, "report", None)
    if report is None or (report.election == Election.RESTRICTED and not element.restricted):
        return None
    return WAYS[element.origin](known, element)


def _fact(known: Known, element: Element) -> Any:
    name = element.codes_of.partition(".")[2] or "deployed"
    return known.facts.get(name)


def _pre_service(known: Known, element: Element) -> bool | None:
    timing = known.facts.get("assault_timing")
    return None if timing is None else timing == "before_service"


def _report_type(known: Known, element: Element) -> str:
    return "converted" if known.case.report.converted_at else known.case.report.election


def _notice_met(known: Known, element: Element) -> bool | None:
    closed = [each for each in known.notices if each in (DutyState.DISCHARGED, DutyState.MISSED)]
    return all(each == DutyState.DISCHARGED for each in closed) if closed else None


def _services(known: Known, element: Element) -> list[str]:
    states = SERVICE_STATES.get(element.name)
    return sorted({each.what for each in known.of_kind("service") if states is None or each.state in states})


def _certified(known: Known, element: Element) -> bool | None:
    role = CaseRole.SARC if element.name == "sarc_certified" else CaseRole.VA
    people = known.roles.get(role, [])
    return all(each in known.certified for each in people) if people else None


def _words(kind: str) -> Callable[[Known, Element], list[str]]:
    return lambda known, element: sorted({each.what for each in known.of_kind(kind) if each.what})


WAYS: dict[str, Callable[[Known, Element], Any]] = {
    "sealed_word": lambda known, element: known.opened.get(element.sealed),
    "fact": _fact,
    "pre_service": _pre_service,
    "subjects": lambda known, element: len(known.of_kind("subject")),
    "subject_standing": _words("subject"),
    "dispositions": _words("action"),
    "referrals": _words("referral"),
    "services": _services,
    "referral_dates": lambda known, element: sorted(
        {day for each in known.of_kind("referral") if (day := known.day(each.opened_at))}
    ),
    "kit_sealed": lambda known, element: any(each != KitState.NUMBERED for each in known.kits),
    "kit": lambda known, element: bool(known.kits),
    "report_type": _report_type,
    "report_date": lambda known, element: known.day(known.case.report.signed_at),
    "election": lambda known, element: known.case.report.election,
    "conversion_date": lambda known, element: known.day(known.case.report.converted_at),
    "cmg_dates": lambda known, element: sorted({day for each in known.meetings if (day := known.day(each))}),
    "matter_there": lambda known, element: bool(known.of_kind(MATTERS[element.name])),
    "transfers": _words("expedited_transfer"),
    "notice_met": _notice_met,
    "certified": _certified,
}
