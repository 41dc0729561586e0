"""The text of an Unrestricted notice: the fields its recipient needs to know, and no other."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.models import Role
from accounts.selectors import post_at

NOT_STATED = "not stated"
LABELS = {
    "victim_name": "Name",
    "victim_status": "Status",
    "service": "Service",
    "victim_contact": "Safe contact",
    "signed_at": "Signed (local time)",
    "incident_on": "Date of the incident",
    "on_installation": "Where",
    "incident_place": "Place",
    "offender_relationship": "Relationship to the alleged offender",
    "sarc_contact": "Your contact",
}
PLACES = {"on_installation": "on the installation", "off_installation": "off the installation"}


def details_text(spec, case, known: dict[str, str], at: datetime) -> str:
    """The notice of `spec` (policy.NoticeSpec), from the case's opened contents and decided facts.

    `known`: identity, account and the decision's record, as opened. `at`: the victim's signature.
    """
    values = _values(case, known, at)
    lines = [f"{LABELS[name]}: {values.get(name) or NOT_STATED}" for name in spec.fields]
    parts = (spec.templates["title"], spec.templates["intro"], "\n".join(lines), spec.templates["closing"])
    return "\n\n".join(parts) + "\n"


def _values(case, known: dict[str, str], at: datetime) -> dict[str, str]:
    facts = json.loads(known.get("record", '{"facts": {}}'))["facts"]
    sarc = post_at(case.installation, Role.SARC)
    contact = [known[name] for name in ("phone", "email") if name in known]
    return {
        "victim_name": known.get("name", ""),
        "victim_status": ", ".join(facts.get("statuses", [])).replace("_", " "),
        "service": facts.get("service", "").replace("_", " "),
        "victim_contact": ", ".join(contact),
        "signed_at": at.astimezone(ZoneInfo(case.installation.zone)).strftime("%Y-%m-%d %H:%M"),
        "incident_on": known.get("incident_on", ""),
        "on_installation": PLACES.get(known.get("place", ""), ""),
        "incident_place": case.installation.name if known.get("place") == "on_installation" else "",
        "offender_relationship": facts.get("offender_relationship", "").replace("_", " "),
        "sarc_contact": sarc.title if sarc else "",
    }
