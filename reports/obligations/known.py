"""What is known of a case without opening a seal, for whoever asks the rules."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reports import policy
from reports.ledger.models import Event
from reports.obligations.turns import layers_of

FINAL, REOPENED = "final_disposition_decided", "disposition_reopened"
# What a case of an earlier system begins with: it says how the case stood there.
CARRIED = "legacy_imported"
# What `disposed_at` goes by.
DISPOSING = (FINAL, REOPENED, CARRIED)


def known_of(case, zone: str) -> dict[str, Any]:
    """Its report, and the Service whose rows opened a duty."""
    known: dict[str, Any] = {}
    report = getattr(case, "report", None)
    if report is not None:
        known["election"] = report.election
        known["signed_on"] = report.signed_at.astimezone(ZoneInfo(zone)).date()
    return known | service_by(layers_of(case.pk))


def service_by(layers: Iterable[str]) -> dict[str, Any]:
    """The Service to which one of these layers belongs, as a fact; {} when none is a Service's."""
    named = [service for service in map(policy.service_of, layers) if service is not None]
    return {"service": named[-1]} if named else {}


def disposed_at(case) -> datetime | None:
    """When the final disposition was decided; None while there is none, or while it is open again."""
    last = Event.objects.filter(case_id=case.pk, kind__in=DISPOSING).order_by("-seq").first()
    if last is not None and last.kind == CARRIED:
        return disposed_before(last)
    return last.occurred_at if last is not None and last.kind == FINAL else None


def disposed_before(event: Event) -> datetime | None:
    """When an earlier system, from which the case came, had the final disposition decided; None for never."""
    said = event.data.get("disposed_at")
    return datetime.fromisoformat(said) if said else None
