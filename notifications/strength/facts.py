"""What of a case a Restricted notice could print, in the engine's words."""

import json
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from notifications.anonymity import Settings
from notifications.anonymity.reporters import STATUSES
from notifications.strength.models import PlaceWord

# The sealed fields that the words are drawn from.
DRAWN_ON = frozenset({"sex", "grade", "incident_on", "place", "offence"})
PLACES = frozenset(PlaceWord.values)
GRADE = re.compile(r"\s*([EWO])\s*-?\s*(\d{1,2})\b", re.IGNORECASE)


def printable(case, known: dict[str, str], at: datetime, settings: Settings) -> dict[str, str]:
    """The facts that `anonymity.words` takes; what is not known, or not in its words, is left out.

    `known`: identity, account and the decision's record, as opened. `at`: the victim's signature.
    """
    day = at.astimezone(ZoneInfo(case.installation.zone)).date()
    statuses = json.loads(known.get("record", '{"facts": {}}'))["facts"].get("statuses", [])
    incident = known.get("incident_on")
    happened = date.fromisoformat(incident) if incident else None
    status = next((word for each, word in STATUSES.items() if each in statuses), None)
    found = {
        "sex": known.get("sex"),
        "grade": _grade(known.get("grade") or "", settings) if status == "member" else status and "none",
        "status": status,
        # A paper form may be older than what was told since.
        "period": settings.period_of(happened, day) if happened is None or happened <= day else None,
        "place": known.get("place") if known.get("place") in PLACES else None,
        "offence": known.get("offence"),
    }
    return {name: value for name, value in found.items() if value}


def _grade(text: str, settings: Settings) -> str | None:
    """The grade that a line like “E-4 (SPC)” begins with."""
    found = GRADE.match(text)
    grade = f"{found[1].upper()}{int(found[2])}" if found else ""
    return grade if grade in settings.band_of else None
