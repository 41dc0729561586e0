"""What is planted: one random marker per sensitive thing and person, in the shapes that the fields take.

A marker's `parts` are searched as well, so that a leak of the surname alone is found. A sealed field in which
no marker ever stood makes `test_every_sealed_field_held_a_marker` red: plant one in `story`, or name the field in
NOT_DISTINCT with the reason.
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

# Sealed fields whose values are vocabulary or ids that stand elsewhere in clear by design, so no marker is possible.
NOT_DISTINCT = {
    "identity.unit_commander_post": "the id of a post of the staff directory",
    "identity.offender_post": "the id of a post of the staff directory",
    "narrative.place": "one of three words",
    "identity.sex": "one of two words",
    "narrative.offence": "one of two words",
    "decision.record": "vocabulary; searched by slices of the sealed text itself",
}
LETTERS = "BCDFGHJKMNPQRSTVWXZ23456789"
FIRST_DAY, DAYS = date(2006, 1, 1), 5000
# Days that the project itself writes down, in rules, pages and demo data: no marker.
ROOT = Path(__file__).parents[2]
WRITTEN = {
    found
    for folder in ("docs", "fixtures", "reports/policy/data")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".md", ".json")
    for found in re.findall(r"\d{4}-\d{2}-\d{2}", path.read_text(encoding="utf-8"))
}
# No day is two persons': where it may stand of one, it would be found of the other.
DRAWN: set[str] = set()


def token(length: int = 9) -> str:
    """Capitals and digits that no word of the project contains."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


@dataclass(frozen=True)
class Marker:
    """`secret`: a credential, of which a digest may be kept; `kept_in`: sinks in which it has to stand.

    `raw`: the bytes that the value spells, where it is a key.
    """

    name: str
    value: str = field(repr=False)
    parts: tuple[str, ...] = field(default=(), repr=False)
    secret: bool = False
    kept_in: frozenset[str] = frozenset()
    raw: bytes = field(default=b"", repr=False)


def words(name: str) -> Marker:
    """A text with what encodings treat differently: a blank, an accent, a quote, &, + and <."""
    first, second = token(), token()
    return Marker(name, f"{first} Zoë+&<{second}'", (first, second))


def digits(name: str) -> Marker:
    return Marker(name, f"{secrets.randbelow(9 * 10**9) + 10**9}")


def day(name: str) -> Marker:
    """A date, also in the orders in which people and libraries write it."""
    days = (FIRST_DAY + timedelta(days=number) for number in range(DAYS))
    value = secrets.choice([each for each in days if each.isoformat() not in WRITTEN | DRAWN])
    DRAWN.add(value.isoformat())
    spelled = tuple(
        value.strftime(form) for form in ("%Y%m%d", "%d.%m.%Y", "%m/%d/%Y", "%d %B %Y", "%B %d, %Y")
    )
    return Marker(name, value.isoformat(), spelled)


@dataclass(frozen=True)
class Person:
    """Everything that one invented victim tells, and signs."""

    key: str
    name: Marker
    dod_id: Marker
    phone: Marker
    email: Marker
    grade: Marker
    text: Marker
    incident_on: Marker
    victim_signature: Marker
    advocate_signature: Marker
    initials: Marker

    @classmethod
    def invent(cls, key: str) -> "Person":
        def name(what: str) -> str:
            return f"{key} {what}"

        mail, phone = token(), f"{secrets.randbelow(9 * 10**9) + 10**9}"
        return cls(
            key=key,
            name=words(name("name")),
            dod_id=digits(name("dod_id")),
            phone=Marker(name("phone"), f"+1 {phone}", (phone,)),
            email=Marker(name("email"), f"{mail}@nowhere.invalid", (mail,)),
            grade=words(name("grade")),
            text=words(name("text")),
            incident_on=day(name("incident_on")),
            victim_signature=words(name("victim_signature")),
            advocate_signature=words(name("advocate_signature")),
            initials=Marker(name("initials"), token(8)),
        )

    def markers(self) -> list[Marker]:
        return [each for each in vars(self).values() if isinstance(each, Marker)]

    def identity(self) -> dict[str, str]:
        return {each: getattr(self, each).value for each in ("name", "dod_id", "phone", "email", "grade")}

    def narrative(self) -> dict[str, str]:
        return {each: getattr(self, each).value for each in ("text", "incident_on")}

    def signatures(self) -> dict[str, str]:
        return {each: getattr(self, each).value for each in ("victim_signature", "advocate_signature")}
