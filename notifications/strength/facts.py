"""What of a case a Restricted notice could print, in the engine's words."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

from notifications.anonymity import Settings
from notifications.strength.models import PlaceWord

# What the eligibility questions call a person, and what a strength table does; whoever is none of these is in no table.
STATUSES = {
    "service_member": "member",
    "guard_reserve": "member",
    "military_dependent": "dependent",
    "civilian_dependent": "dependent",
    "dod_civilian": "civilian",
}


def printable(case, known: dict[str, str], at: datetime, settings: Settings) -> dict[str, str]:
    """The facts that `anonymity.words` takes; what is not known, or not in its words, is left out.

    `known`: identity, account and the decision's record, as opened. `at`: the victim's signature. Nothing asks for sex and
    kind of offence, so a notice never states them of anybody.
    """
    day = at.astimezone(ZoneInfo(case.installation.zone)).date()
    asked = json.loads(known.get("record", '{"facts": {}}'))["facts"]
    incident = known.get("incident_on")
    happened = date.fromisoformat(incident) if incident else None
    statuses = {STATUSES[each] for each in asked.get("statuses", []) if each in STATUSES}
    grade = (known.get("grade") or "").upper().replace("-", "").strip()
    found = {
        "status": statuses.pop() if len(statuses) == 1 else None,
        "grade": grade if grade in settings.band_of else None,
        # A paper form may be older than what was told since.
        "period": settings.period_of(happened, day) if happened is None or happened <= day else None,
        "place": known.get("place") if known.get("place") in PlaceWord.values else None,
    }
    return {name: value for name, value in found.items() if value}
