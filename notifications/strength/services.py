"""Recording strength tables: each as a new version, whole or not at all."""

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from django.db import transaction

from notifications.strength.cells import People
from notifications.strength.lacking import Lack, lacking_in
from notifications.strength.models import Correlation, SharePresent, Strength, StrengthTable
from notifications.strength.rungs import choose_anew
from notifications.strength.tables import Tree
from notifications.strength.text import Fault, StrengthFile, read
from reports import access
from reports.ledger.services import append_system
from sapr.errors import DomainError

VERB = "import_strength"
LOCK = "SELECT pg_advisory_xact_lock(hashtext('notifications_strengthtable'))"


class Checked(NamedTuple):
    """A file as it would be recorded: its digest, what it says, or every fault in it; and whom it leaves out."""

    sha256: str
    found: StrengthFile | None
    faults: list[Fault]
    lacking: list[Lack]


def strength_check(*, actor, location, text: str) -> Checked:
    """Read a strength file for a place without writing anything."""
    access.require(actor, VERB)
    found, faults = read(text, Tree(named=True).by_name(location.pk))
    lacking = lacking_in(found, location.pk) if found else []
    return Checked(digest_of(text), found, faults, lacking)


class Total(NamedTuple):
    """The people of one place in one period of a file."""

    name: str
    valid_from: date
    valid_to: date
    people: int


def totals(found: StrengthFile) -> list[Total]:
    """What a file says of each place and period, all groups together, for a look before it is recorded."""
    counted: dict[tuple, int] = {}
    for line in found.people:
        key = (line.place, line.valid_from, line.valid_to)
        counted[key] = counted.get(key, 0) + line.people
    places = Tree(named=True).places
    return sorted(
        Total(places[pk].name, first, last, people) for (pk, first, last), people in counted.items()
    )


def digest_of(text: str) -> str:
    """SHA-256 (hex) of the text in UTF-8, whose line ends a browser may have changed: CRLF counts as LF."""
    return sha256(text.replace("\r\n", "\n").encode("utf-8", "surrogatepass")).hexdigest()


@access.service
def strength_import(*, actor, location, text: str, at: datetime, seen: str | None = None) -> StrengthTable:
    """A programme manager records a file as the newest version for a place and everything below it.

    All of it or nothing: with a fault in any line the first is named (`path` is its line). `seen`: the digest of
    the file that was shown; another one is refused. A rung that the new table no longer carries is chosen anew at once.
    """
    access.require(actor, VERB, at)
    checked = strength_check(actor=actor, location=location, text=text)
    if checked.found is None:
        first, more = checked.faults[0], len(checked.faults) - 1
        others = (
            f" {more} more lines cannot be used." if more > 1 else " One more line cannot be used." * more
        )
        raise DomainError(
            first.code, f"Line {first.line}: {first.sentence}{others}", path=f"line[{first.line}]"
        )
    if seen is not None and seen != checked.sha256:
        raise DomainError(
            "file_changed", "The file changed since you read the preview. Check it again.", status=409
        )
    table = _record(location, checked.found, checked.sha256, actor, at, kind="strength_imported")
    choose_anew(location, actor=actor, at=at)
    table.refresh_from_db()
    return table


@transaction.atomic
def strength_record(
    *,
    location,
    valid_from: date,
    valid_to: date,
    groups: Iterable[tuple],
    actor,
    at: datetime,
    below: Iterable[tuple] = (),
) -> StrengthTable:
    """Keep one table that the system itself makes: (sex, grade band, people[, component, status]) for each group.

    `below`: the same of a place below, its location before each. Numbers of people are no event's data.
    """
    lines = [(location, *group) for group in groups] + [(place, *group) for place, *group in below]
    people = [
        People(place.pk, valid_from, valid_to, sex, band, *(rest or ("any", "any")), people=number)
        for place, sex, band, number, *rest in lines
    ]
    digest = sha256(repr([tuple(map(str, line)) for line in people]).encode()).hexdigest()
    return _record(location, StrengthFile(people, [], []), digest, actor, at, kind="strength_recorded")


def _record(location, found: StrengthFile, digest: str, actor, at: datetime, *, kind: str) -> StrengthTable:
    first, last = found.period
    table = StrengthTable(
        location=location,
        recorded_by=actor,
        recorded_at=at,
        valid_from=first,
        valid_to=last,
        sha256=digest,
        rows=found.count,
    )
    table.save(force_insert=True)
    Strength.objects.bulk_create(
        Strength(
            table=table,
            location_id=line.place,
            valid_from=line.valid_from,
            valid_to=line.valid_to,
            sex=line.sex,
            grade_band=line.grade_band,
            component=line.component,
            status=line.status,
            people=line.people,
        )
        for line in found.people
    )
    SharePresent.objects.bulk_create(
        SharePresent(
            table=table,
            location_id=line.place,
            valid_from=line.valid_from,
            valid_to=line.valid_to,
            percent=line.percent,
        )
        for line in found.present
    )
    Correlation.objects.bulk_create(
        Correlation(
            table=table,
            valid_from=line.valid_from,
            valid_to=line.valid_to,
            place=line.word,
            unit_id=line.unit,
            sex=line.sex,
        )
        for line in found.correlated
    )
    append_system(
        kind=kind,
        actor=actor,
        at=at,
        data={
            "location": str(location.pk),
            "table": str(table.pk),
            "valid_from": first.isoformat(),
            "valid_to": last.isoformat(),
            "sha256": digest,
            "rows": found.count,
        },
    )
    return table
