"""The rule book: every data file of its directories, read once and checked against each other."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from .errors import FactsError, PolicyDataError
from .facts import FactsContract
from .rows import Rule, check_versions, parse_date, parse_rule
from .tables import Table, sort_documents

# each table with the words it cannot do without
TABLES = {
    "sources": ("rows",),
    "rule_sets": ("rows",),
    "profiles": ("rows", "layers", "service_layers"),
    "vocabulary": ("confidence", "selected_by", "options", "routes", "forms", "roles", "events", "topics"),
    "wording": ("bad_date", "early_date", "late_date"),
    "facts": ("rows", "earliest", "latest"),
    "contradictions": (),
}
DEFAULT_PROFILE = "seed"


class Book:
    """Checked policy data. Rows are found by family, id, date and layers; nothing here knows a rule."""

    def __init__(self, documents: Mapping[str, Any]) -> None:
        tables, families = sort_documents(documents, TABLES)
        try:
            self._registers(tables)
        except (KeyError, TypeError) as error:
            raise PolicyDataError("tables", "file", f"malformed: {error!r}") from None
        self.rules: tuple[Rule, ...] = tuple(
            parse_rule(raw, file=file, family=family, registers=self.registers)
            for family, file, content in families
            for raw in content.get("rows", ())
        )
        self.ids = frozenset(rule.id for rule in self.rules)
        # the newest version that a layer took from a rule set stands for it
        self.by_layer_and_set = {
            (rule.id, rule.layer, rule.rule_set): rule
            for rule in sorted(self.rules, key=lambda each: each.valid_from)
        }
        check_versions(self.rules)
        self._check_references()
        self.contradictions = self._settled(tables["contradictions"])

    def _settled(self, table: Table) -> Mapping[str, Mapping[str, Any]]:
        """Where sources disagree: each row says how that is settled, and names rules that exist."""
        for file, row in table.rows:
            for key in ("topic", "positions", "resolved"):
                if not row.get(key):
                    raise PolicyDataError(file, str(row.get("id")), f"{key} is missing")
            for rule in row.get("rules", ()):
                if rule not in self.ids:
                    raise PolicyDataError(file, str(row.get("id")), f"dangling reference to {rule!r}")
        return table.by_id()

    def _registers(self, tables: Mapping[str, Table]) -> None:
        self.vocabulary: dict[str, Any] = tables["vocabulary"].words
        self.wording: dict[str, str] = tables["wording"].words
        self.sources = tables["sources"].by_id()
        self.rule_sets = tables["rule_sets"].by_id()
        profiles = tables["profiles"]
        self.layer_names: dict[str, str] = profiles.words["layers"]
        self.service_layers: dict[str, Any] = profiles.words["service_layers"]
        self.profiles: dict[str, tuple[str, ...]] = {
            name: tuple(row["layers"]) for name, row in profiles.by_id().items()
        }
        self._date_rule_sets(tables["rule_sets"])
        for file, row in profiles.rows:
            for layer in row["layers"]:
                if layer not in self.layer_names:
                    raise PolicyDataError(file, row["id"], f"unknown layer {layer!r}")
        self.registers = {
            "sources": self.sources,
            "rule_set": self.rule_sets,
            "layer": self.layer_names,
            "confidence": self.vocabulary["confidence"],
            "selected_by": self.vocabulary["selected_by"],
        }
        self.facts = FactsContract(tables["facts"], self.wording)

    def _date_rule_sets(self, table: Table) -> None:
        """Sort the dated sets by profile: those that name it, or else all that name none."""
        dated: dict[str | None, list[tuple[date, str]]] = {None: []}
        for file, row in table.rows:
            for source in row["sources"]:
                if source not in self.sources:
                    raise PolicyDataError(file, row["id"], f"unknown source {source!r}")
            for profile in row.get("profiles", ()):
                if profile not in self.profiles:
                    raise PolicyDataError(file, row["id"], f"unknown profile {profile!r}")
            if row["by_date"]:
                try:
                    since = parse_date(row["effective_from"])
                except ValueError as error:
                    raise PolicyDataError(file, row["id"], str(error)) from None
                for profile in row.get("profiles", [None]):
                    dated.setdefault(profile, []).append((since, row["id"]))
        # as two columns, to be searched by date
        self._dated_sets: dict[str, tuple[list[date], list[str]]] = {}
        for name in self.profiles:
            sets = sorted(dated.get(name, dated[None]))
            self._dated_sets[name] = ([since for since, _ in sets], [each for _, each in sets])

    def _check_references(self) -> None:
        for rule in self.rules:
            for other in (
                *rule.replaces,
                *rule.parameters.get("lifts", ()),
                *rule.parameters.get("carried_by", ()),
            ):
                if other not in self.ids:
                    raise rule.error(f"dangling reference to {other!r}")

    def family(self, name: str) -> Iterator[Rule]:
        """All rows of a family, switched on or not."""
        return (rule for rule in self.rules if rule.family == name)

    def active(
        self,
        family: str,
        on: date,
        profile: str,
        service: str | None = None,
        adopted: frozenset[str] = frozenset(),
    ) -> tuple[Rule, ...]:
        """The rows of a family that hold on that day in these layers, later layers last."""
        return self.select(self.family(family), on, self.layers(profile, service), adopted)

    def select(
        self, rules: Iterable[Rule], on: date, layers: Iterable[str], adopted: frozenset[str]
    ) -> tuple[Rule, ...]:
        """Of these rows those that hold on that day, each layer putting aside what its rows replace."""
        rules = [rule for rule in rules if rule.enabled and rule.in_force(on)]
        held: dict[tuple[str, str], Rule] = {}
        for layer in layers:
            rows = [rule for rule in rules if rule.layer == layer and not rule.yields_to & adopted]
            gone = {other for row in rows for other in row.replaces}
            held = {key: rule for key, rule in held.items() if rule.id not in gone}
            held.update({(layer, rule.id): rule for rule in rows})
        return tuple(held.values())

    def layers(self, profile: str, service: str | None = None) -> tuple[str, ...]:
        """The layers of a profile, the Service's own after the one it lies upon; FactsError if unknown."""
        if not isinstance(profile, str) or profile not in self.profiles:
            raise FactsError("unknown_value", "profile", f"This must be one of: {', '.join(self.profiles)}.")
        layers = self.profiles[profile]
        own = self.service_layers["by"].get(service)
        if own is None or self.service_layers["after"] not in layers:
            return layers
        place = layers.index(self.service_layers["after"]) + 1
        return (*layers[:place], own, *layers[place:])

    def adopted(self, rule_sets: Any) -> frozenset[str]:
        """The ids of rule sets that a Service has adopted, checked; FactsError for anything else."""
        if not isinstance(rule_sets, list | tuple | set | frozenset):
            raise FactsError("wrong_type", "adopted", "This must be a list of rule sets.")
        for each in rule_sets:
            if not isinstance(each, str) or each not in self.rule_sets:
                raise FactsError("unknown_value", "adopted", "There is no rule set of this name.")
        return frozenset(rule_sets)

    def rule_set_starts(self) -> set[date]:
        """The first days of all dated rule sets."""
        return {since for dates, _ in self._dated_sets.values() for since in dates}

    def rule_set_on(self, on: date, profile: str) -> str | None:
        """The newest rule set in force on that day for the profile; None before its first."""
        dates, sets = self._dated_sets[profile]
        place = bisect_right(dates, on)
        return sets[place - 1] if place else None
