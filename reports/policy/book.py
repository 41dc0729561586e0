"""The rule book: every data file of a directory, read once and checked against each other."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from .errors import FactsError, PolicyDataError
from .facts import FactsContract
from .rows import Rule, check_versions, parse_date, parse_rule

TABLES = ("sources", "rule_sets", "profiles", "vocabulary", "wording", "facts")
DEFAULT_PROFILE = "seed"


class Book:
    """Checked policy data. Rows are found by family, id, date and profile; nothing here knows a rule."""

    def __init__(self, documents: Mapping[str, Any]) -> None:
        tables: dict[str, tuple[str, Any]] = {}
        families: dict[str, tuple[str, Any]] = {}
        for file, content in documents.items():
            kind = "table" if isinstance(content, dict) and "table" in content else "family"
            if not isinstance(content, dict) or kind not in content:
                raise PolicyDataError(file, "file", "a file names its table or its family")
            (tables if kind == "table" else families)[content[kind]] = (file, content)
        for name in TABLES:
            if name not in tables:
                raise PolicyDataError(f"{name}.json", "file", "this file is missing")
        try:
            self._registers(tables)
        except (KeyError, TypeError) as error:
            raise PolicyDataError("tables", "file", f"malformed: {error!r}") from None
        self.rules: tuple[Rule, ...] = tuple(
            parse_rule(raw, file=file, family=family, registers=self.registers)
            for family, (file, content) in families.items()
            for raw in content.get("rows", ())
        )
        check_versions(self.rules)
        self._check_references()

    def _registers(self, tables: Mapping[str, tuple[str, Any]]) -> None:
        self.vocabulary: dict[str, Any] = tables["vocabulary"][1]
        self.wording: dict[str, str] = tables["wording"][1]
        self.sources = {row["id"]: row for row in tables["sources"][1]["rows"]}
        file, content = tables["rule_sets"]
        self.rule_sets = {row["id"]: row for row in content["rows"]}
        dated = []
        for row in content["rows"]:
            for source in row["sources"]:
                if source not in self.sources:
                    raise PolicyDataError(file, row["id"], f"unknown source {source!r}")
            if row["by_date"]:
                try:
                    dated.append((parse_date(row["effective_from"]), row["id"]))
                except ValueError as error:
                    raise PolicyDataError(file, row["id"], str(error)) from None
        self._dated_sets = sorted(dated)
        self._set_dates = [day for day, _ in self._dated_sets]
        self.profiles: dict[str, tuple[str, ...]] = {
            row["id"]: tuple(row["layers"]) for row in tables["profiles"][1]["rows"]
        }
        self.registers = {
            "sources": self.sources,
            "rule_set": self.rule_sets,
            "layer": {layer for layers in self.profiles.values() for layer in layers},
            "confidence": self.vocabulary["confidence"],
            "selected_by": self.vocabulary["selected_by"],
        }
        self.facts = FactsContract(tables["facts"][1], tables["facts"][0], self.wording)

    def _check_references(self) -> None:
        known = {rule.id for rule in self.rules}
        for rule in self.rules:
            for other in (
                *rule.replaces,
                *rule.parameters.get("lifts", ()),
                *rule.parameters.get("carried_by", ()),
            ):
                if other not in known:
                    raise rule.error(f"dangling reference to {other!r}")

    def family(self, name: str) -> Iterator[Rule]:
        """All rows of a family, switched on or not."""
        return (rule for rule in self.rules if rule.family == name)

    def active(self, family: str, on: date, profile: str) -> tuple[Rule, ...]:
        """The rows of a family that hold on that day under that profile, later layers first."""
        held: dict[tuple[str, str], Rule] = {}
        for layer in self.layers(profile):
            rows = [r for r in self.family(family) if r.layer == layer and r.enabled and r.in_force(on)]
            gone = {other for row in rows for other in row.replaces}
            held = {key: rule for key, rule in held.items() if rule.id not in gone}
            held.update({(layer, rule.id): rule for rule in rows})
        return tuple(held.values())

    def layers(self, profile: str) -> tuple[str, ...]:
        """The layers of a profile, or FactsError for an unknown one."""
        if not isinstance(profile, str) or profile not in self.profiles:
            raise FactsError("unknown_value", "profile", f"This must be one of: {', '.join(self.profiles)}.")
        return self.profiles[profile]

    def rule_set_on(self, on: date) -> str:
        """The newest rule set in force on that day."""
        return self._dated_sets[bisect_right(self._set_dates, on) - 1][1]
