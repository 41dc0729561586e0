"""What is known of a case without opening a seal, for whoever asks the rules."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reports import policy
from reports.ledger.models import Event
from reports.obligations.turns import layers_of

FINAL, REOPENED = "final_disposition_decided", "disposition_reopened"


def known_of(case, zone: str) -> dict[str, Any]:
    """Its report, and the Service whose rows opened a duty."""
    known: dict[str, Any] = {}
    report = getattr(case, "report", None)
    if report is not None:
        known["election"] = report.election
        known["signed_on"] = report.signed_at.astimezone(ZoneInfo(zone)).date()
    for layer in layers_of(case.pk):
        service = policy.service_of(layer)
        if service is not None:
            known["service"] = service
    return known


def disposed_at(case) -> datetime | None:
    """When the final disposition was decided; None while there is none, or while it is open again."""
    last = Event.objects.filter(case_id=case.pk, kind__in=(FINAL, REOPENED)).order_by("-seq").first()
    return last.occurred_at if last is not None and last.kind == FINAL else None
