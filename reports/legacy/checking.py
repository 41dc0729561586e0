"""A row held against the directory, the calendar and the rules of its own days."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reports import policy
from reports.election.contents import DIGITS_IN_DOD_ID
from reports.legacy.course import Course, course_of
from reports.legacy.deciding import decided, in_order
from reports.legacy.directory import Directory, Place
from reports.legacy.problems import Problem, UnfitError
from reports.legacy.shapes import whole
from reports.validation import EARLIEST

# The instants of a row in the order in which they happen; each with where it stands.
ORDER = (
    ("opened_at",), ("report", "signed_at"), ("report", "converted_at"), ("disposed_at",), ("closed_at",),
)  # fmt: skip


@dataclass
class Old:
    """One case as it is to be entered.

    `said`: the row as it came, in one order, for the commitment to it. `record`: what is sealed of the decision.
    """

    row: dict[str, Any]
    place: Place
    sarcs: tuple[str, ...]
    election: str
    state: str
    form: str
    edition: str
    decision: policy.Decision
    course: Course
    unit_commander_post: str = ""
    said: bytes = field(default=b"", repr=False)
    record: bytes = field(default=b"", repr=False)


def checked(raw: dict[str, Any], known: Directory) -> Old:
    """The case that a parsed row tells of; UnfitError with everything that is wrong with it."""
    problems: list[Problem] = []
    row = whole()(raw, "", problems)
    if problems:
        raise UnfitError(*problems)
    report, facts = row["report"], row["facts"]
    _instants(row, known, problems)
    place = known.places.get(row["installation"])
    if place is None:
        raise UnfitError(*problems, Problem("unknown_installation", "installation"))
    sarcs = _sarcs(row, place, problems)
    identity = row.get("identity", {})
    number = identity.get("dod_id", "0" * DIGITS_IN_DOD_ID)
    if not (number.isascii() and number.isdigit() and len(number) == DIGITS_IN_DOD_ID):
        problems.append(Problem("bad_dod_id", "identity.dod_id"))
    post = known.commanders.get(identity["unit"], "") if "unit" in identity else ""
    if "unit" in identity and not post:
        problems.append(Problem("unknown_unit", "identity.unit"))
    if "kit" in row:
        _kit(row["kit"], problems)
    _elected(row, problems)
    if problems:
        raise UnfitError(*problems)
    decision, record = decided(report, facts, place.zone, known.answers)
    form, edition = _paper(report, decision, place)
    course = course_of(row, place, known.cutover)
    election = "unrestricted" if "converted_at" in report else report["election"]
    said = in_order(raw).encode()
    return Old(row, place, sarcs, election, _state(row), form, edition, decision, course, post, said, record)


def _instants(row: dict[str, Any], known: Directory, problems: list[Problem]) -> None:
    """Nothing before 2005, after now, after the cut-over, or before what it follows."""
    before = None
    for path in ORDER:
        at = row
        for name in path:
            at = at.get(name) if at is not None else None
        if at is not None:
            _instant(at, ".".join(path), known, problems)
            if before is not None and at < before:
                problems.append(Problem("wrong_order", ".".join(path)))
            before = max(at, before or at)
    for name, at in row.get("kit", {}).items():
        if name != "number":
            _instant(at, f"kit.{name}", known, problems)
    for number, duty in enumerate(row.get("duties", ()), start=1):
        if duty["due_at"] < EARLIEST:
            problems.append(Problem("date_out_of_range", f"duties.{number}.due_at"))
        if "done_at" in duty:
            _instant(duty["done_at"], f"duties.{number}.done_at", known, problems)
            if duty["ended"] != "done":
                problems.append(Problem("wrong_order", f"duties.{number}.done_at"))
    incident = row.get("narrative", {}).get("incident_on")
    # The far side of the date line may be a calendar day ahead of UTC.
    if incident is not None and incident > known.tomorrow:
        problems.append(Problem("in_the_future", "narrative.incident_on"))


def _instant(at: datetime, path: str, known: Directory, problems: list[Problem]) -> None:
    if at < EARLIEST:
        problems.append(Problem("date_out_of_range", path))
    elif at > known.now:
        problems.append(Problem("in_the_future", path))
    elif at > known.cutover:
        problems.append(Problem("after_cutover", path))


def _sarcs(row: dict[str, Any], place: Place, problems: list[Problem]) -> tuple[str, ...]:
    if not place.sarcs:
        problems.append(Problem("no_sarc", "installation"))
    elif "sarc" not in row:
        return tuple(place.sarcs.values())
    elif row["sarc"] not in place.sarcs:
        problems.append(Problem("not_its_sarc", "sarc"))
    else:
        return (place.sarcs[row["sarc"]],)
    return ()


def _kit(kit: dict[str, Any], problems: list[Problem]) -> None:
    try:
        kit["number"] = policy.check_control_number(kit["number"])
    except policy.FactsError:
        problems.append(Problem("bad_kit_number", "kit.number"))
    if kit.get("sealed_at", kit["issued_at"]) < kit["issued_at"]:
        problems.append(Problem("wrong_order", "kit.sealed_at"))


def _elected(row: dict[str, Any], problems: list[Problem]) -> None:
    converted = "converted_at" in row["report"]
    if converted and row["report"]["election"] != "restricted":
        problems.append(Problem("not_convertible", "report.converted_at"))
    if "disposed_at" in row and row["report"]["election"] == "restricted" and not converted:
        problems.append(Problem("unrestricted_only", "disposed_at"))


def _paper(report: dict[str, Any], decision: policy.Decision, place: Place) -> tuple[str, str]:
    """Form and edition, as they were told or as the day had them."""
    on = report["signed_at"].astimezone(ZoneInfo(place.zone)).date()
    form = report.get("form") or decision.form or "DD 2910"
    try:
        if "edition" in report:
            return form, policy.form_named(form, report["edition"]).edition
        return form, policy.form_edition(form, on).edition
    except policy.FactsError:
        raise UnfitError(Problem("wrong_form", "report.edition")) from None


def _state(row: dict[str, Any]) -> str:
    if "closed_at" in row:
        return "CLOSED"
    if "converted_at" in row["report"]:
        return "CONVERTED"
    return "RESTRICTED_OPEN" if row["report"]["election"] == "restricted" else "UNRESTRICTED_OPEN"
