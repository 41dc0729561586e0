"""The certificate of a kit's destruction, drawn from the row that two persons wrote."""

from datetime import datetime
from zoneinfo import ZoneInfo

from reports.evidence import selectors
from reports.evidence.cards import number_on
from reports.evidence.custody_models import EndState
from reports.evidence.models import KitCard
from sapr.documents import render_pdf
from sapr.errors import NotFoundError


def certificate(*, viewer, card: KitCard, zone: str) -> bytes:
    """Who proposed and who did it, when, and by which rules, of a kit that the viewer may handle; no name."""
    end = selectors.destruction(card=card)
    if end is None or end.state != EndState.DONE:
        raise NotFoundError
    rows = [
        ("Evidence number", number_on(card)),
        ("Kept until the end of", f"{end.keep_until:%B %Y}"),
        ("Proposed by", f"{end.proposed_by.display_name}, {_local(end.proposed_at, zone)}"),
        ("Confirmed by the proposer", "No conversion. No personal property asked back."),
        ("Destroyed by", f"{end.decided_by.display_name}, {_local(end.decided_at, zone)}"),
        ("Rules", ", ".join(end.rules)),
    ]
    return render_pdf(
        "form",
        {
            "title": "Certificate of destruction",
            "lead": ["The kit of this number and all that was in it were destroyed by two persons."],
            "sections": [{"heading": "Kit", "rows": [{"label": a, "value": b} for a, b in rows]}],
            "reference": f"Record {end.pk}",
        },
    )


def _local(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%d %B %Y, %H:%M} ({zone})"
