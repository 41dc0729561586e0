"""Rule rows: one dated, cited statement each, the same shape in every family."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from .errors import PolicyDataError

REQUIRED = (
    "id",
    "layer",
    "rule_set",
    "valid_from",
    "valid_to",
    "selected_by",
    "authority",
    "sources",
    "confidence",
    "enabled",
    "sentence",
    "parameters",
)
OPTIONAL = ("replaces", "yields_to", "note", "enabled_because")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One version of one rule. `valid_to` is the first day on which it no longer holds; None means open.

    `yields_to`: where a Service has adopted one of these rule sets, the row no longer stands.
    """

    family: str
    file: str
    id: str
    layer: str
    rule_set: str
    valid_from: date
    valid_to: date | None
    selected_by: str
    document: str
    paragraph: str
    sources: tuple[str, ...]
    confidence: str
    enabled: bool
    sentence: str
    parameters: Mapping[str, Any]
    replaces: tuple[str, ...] = ()
    yields_to: frozenset[str] = frozenset()
    note: str | None = None
    enabled_because: str | None = None

    @property
    def authority(self) -> str:
        """Document and paragraph on one line."""
        return f"{self.document}, {self.paragraph}"

    @property
    def name(self) -> str:
        """How errors name this row."""
        return f"{self.id} ({self.layer}, from {self.valid_from})"

    def in_force(self, on: date) -> bool:
        """Whether this version holds on that day, switched on or not."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def error(self, message: str) -> PolicyDataError:
        """The error that names this row."""
        return PolicyDataError(self.file, self.name, message)


def parse_date(value: Any) -> date:
    """An ISO calendar date, or ValueError."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("a date is written YYYY-MM-DD")
    return date.fromisoformat(value)


def parse_rule(raw: Any, *, file: str, family: str, registers: Mapping[str, Any]) -> Rule:
    """A checked Rule; PolicyDataError names file and row. `registers` holds the known words."""
    label = str(raw.get("id")) if isinstance(raw, dict) else "row"

    def wrong(message: str) -> PolicyDataError:
        return PolicyDataError(file, label, message)

    if not isinstance(raw, dict):
        raise wrong("a row is an object")
    for key in REQUIRED:
        if key not in raw:
            raise wrong(f"{key} is missing")
    for key in raw:
        if key not in REQUIRED and key not in OPTIONAL:
            raise wrong(f"unknown key {key!r}")
    try:
        valid_from = parse_date(raw["valid_from"])
        valid_to = None if raw["valid_to"] is None else parse_date(raw["valid_to"])
    except ValueError as error:
        raise wrong(str(error)) from None
    if valid_to is not None and valid_to <= valid_from:
        raise wrong("valid_to must come after valid_from")
    authority = raw["authority"]
    if not isinstance(authority, dict) or not authority.get("document") or not authority.get("paragraph"):
        raise wrong("missing citation: authority needs document and paragraph")
    if not raw["sources"]:
        raise wrong("missing citation: at least one source")
    for source in raw["sources"]:
        if source not in registers["sources"]:
            raise wrong(f"unknown source {source!r}")
    for key in ("rule_set", "layer", "confidence", "selected_by"):
        if raw[key] not in registers[key]:
            raise wrong(f"unknown {key} {raw[key]!r}")
    for rule_set in raw.get("yields_to", ()):
        if rule_set not in registers["rule_set"]:
            raise wrong(f"unknown rule_set {rule_set!r}")
    if not raw["sentence"]:
        raise wrong("the plain sentence is missing")
    if raw["confidence"] == "unverified" and raw["enabled"] and not raw.get("enabled_because"):
        raise wrong("an unverified row is off unless enabled_because says why")
    return Rule(
        family=family,
        file=file,
        id=raw["id"],
        layer=raw["layer"],
        rule_set=raw["rule_set"],
        valid_from=valid_from,
        valid_to=valid_to,
        selected_by=raw["selected_by"],
        document=authority["document"],
        paragraph=authority["paragraph"],
        sources=tuple(raw["sources"]),
        confidence=raw["confidence"],
        enabled=raw["enabled"] is True,
        sentence=raw["sentence"],
        parameters=MappingProxyType(raw["parameters"]),
        replaces=tuple(raw.get("replaces", ())),
        yields_to=frozenset(raw.get("yields_to", ())),
        note=raw.get("note"),
        enabled_because=raw.get("enabled_because"),
    )


def check_versions(rules: Iterable[Rule]) -> None:
    """Versions of one rule in one layer follow each other without overlap or gap, within one family."""
    versions: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        versions.setdefault((rule.layer, rule.id), []).append(rule)
    for held in versions.values():
        held.sort(key=lambda rule: rule.valid_from)
        for earlier, later in pairwise(held):
            if later.family != earlier.family:
                raise later.error(f"the same id stands in family {earlier.family}")
            if earlier.valid_to is None or later.valid_from < earlier.valid_to:
                raise later.error("overlap with the version before")
            if later.valid_from > earlier.valid_to:
                raise later.error("gap after the version before")
