"""Rungs and strength groups in plain words, for pages."""

from django.utils.translation import ngettext

from notifications.anonymity import Rung
from notifications.anonymity.rungs import ATTRIBUTES, BLANK
from notifications.strength.models import GradeBand, Sex, Status
from notifications.strength.rung_models import MINIMAL
from sapr.desk.spoken import spoken

OLDER = {MINIMAL: "Minimal", "area": "Area"}
SAID = {
    ("sex", "stated"): "sex",
    ("grade", "band"): "grade band",
    ("grade", "class"): "enlisted or officer",
    ("grade", "member"): "whether of a grade",
    ("period", "week"): "time to a week",
    ("period", "month"): "time to a month",
    ("period", "quarter"): "time to three months",
    ("period", "recent"): "recently or not",
    ("place", "on_off"): "on or off the installation",
    ("place", "installation"): "near the installation",
    ("offence", "stated"): "kind of offence",
    ("status", "stated"): "status",
}


def rung_label(key: str) -> str:
    """What a notice by this rung says beyond that there was a report."""
    if key in OLDER:
        return str(spoken(OLDER[key]))
    rung = Rung.of(key)
    said = [SAID.get((name, getattr(rung, name))) for name in ATTRIBUTES if getattr(rung, name) != BLANK]
    words = ", ".join(str(spoken(each)) for each in said if each)
    return f"{words[:1].upper()}{words[1:]}" if words else str(spoken("The part of the command alone"))


def reader_label(name: str) -> str:
    """What the engine calls a reader's guess, in words: about whom, and what that reader holds likely."""
    whom, _, prior = name.partition(":")
    about = {"victim": "The victim", "offender": "The alleged offender", "pair": "Both together"}.get(
        whom, whom
    )
    held = ", ".join(str(spoken(each.replace("_", " "))) for each in prior.split(":"))
    return f"{spoken(about)}: {held}"


def group_label(sex: str, grade: str, status: str, people: int) -> str:
    """Some people of a table, as one would count them aloud: “12 female members, E-1 to E-4”."""
    words = ngettext("%(people)s %(sex)s %(status)s", "%(people)s %(sex)s %(status)ss", people) % {
        "people": f"{people:,}",
        "sex": str(spoken(Sex(sex).label)).lower(),
        "status": str(spoken(Status(status).label)).lower(),
    }
    band = GradeBand(grade)
    return words + (f", {spoken(band.label)}" if band not in (GradeBand.NONE, GradeBand.ANY) else "")
