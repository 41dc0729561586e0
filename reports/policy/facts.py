"""The facts contract: what callers may state about a person and a case, checked value by value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .conditions import OPERATORS, Condition, compile_condition, evaluate, gate_of
from .errors import FactsError, PolicyDataError
from .rows import parse_date
from .tables import Table


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One key of the contract."""

    id: str
    type: str
    label: str
    why: str
    question: str
    uses: frozenset[str]
    values: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0
    empty_means_missing: bool = False

    def clean(self, value: Any) -> Any:
        """The value in its canonical form (lists: a tuple in contract order, each once), or FactsError."""
        if self.type == "boolean":
            if value is True or value is False:
                return value
            raise FactsError("wrong_type", self.id, "This must be true or false.")
        if self.type == "choice":
            if type(value) is not str:
                raise FactsError("wrong_type", self.id, "This must be one of the listed words.")
            if value not in self.values:
                raise FactsError("unknown_value", self.id, self._listed())
            return value
        if self.type == "integer":
            if type(value) is not int or not self.minimum <= value <= self.maximum:
                raise FactsError(
                    "wrong_type",
                    self.id,
                    f"This must be a whole number from {self.minimum} to {self.maximum}.",
                )
            return value
        if self.type == "date":
            return self._clean_date(value)
        return self._clean_list(value)

    def _clean_date(self, value: Any) -> date:
        if type(value) is date:
            return value
        try:
            return parse_date(value)
        except ValueError:
            raise FactsError("wrong_type", self.id, "This must be a calendar date, YYYY-MM-DD.") from None

    def _clean_list(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise FactsError("wrong_type", self.id, "This must be a list.")
        for index, each in enumerate(value):
            if type(each) is not str:
                raise FactsError("wrong_type", f"{self.id}[{index}]", "This must be one of the listed words.")
            if each not in self.values:
                raise FactsError("unknown_value", f"{self.id}[{index}]", self._listed())
        if len(value) < 2:
            return tuple(value)
        return tuple(each for each in self.values if each in value)

    def _listed(self) -> str:
        return f"This must be one of: {', '.join(self.values)}."

    def check_operand(self, operator: str, operand: Any) -> None:
        """ValueError unless a condition may compare this fact so."""
        kind = {"choice": "scalar", "boolean": "scalar"}.get(self.type, self.type)
        if OPERATORS[operator] != kind:
            raise ValueError(f"operator {operator!r} does not fit fact {self.id!r}")
        if kind == "integer":
            if type(operand) is not int:
                raise ValueError(f"fact {self.id!r} is compared with a whole number")
            return
        if not isinstance(operand, list) or not operand:
            raise ValueError(f"fact {self.id!r} is compared with a non-empty list")
        for each in operand:
            if each is not True and each is not False if self.type == "boolean" else each not in self.values:
                raise ValueError(f"unknown value {each!r} of fact {self.id!r}")


@dataclass(frozen=True, slots=True)
class Impossible:
    """A combination that cannot be true."""

    id: str
    when: Condition
    path: str
    sentence: str
    gate: str | None


class FactsContract:
    """All keys, the impossible combinations and the range of dates."""

    def __init__(self, table: Table, wording: Mapping[str, str]) -> None:
        self.specs: dict[str, FactSpec] = {}
        for file, row in table.rows:
            try:
                spec = FactSpec(
                    **{**row, "values": tuple(row.get("values", ())), "uses": frozenset(row["uses"])}
                )
            except (KeyError, TypeError) as error:
                raise PolicyDataError(file, str(row.get("id")), f"not a fact: {error}") from None
            if spec.id in self.specs:
                raise PolicyDataError(file, spec.id, "this fact stands twice")
            self.specs[spec.id] = spec
        self._by_use = {
            use: {name: spec for name, spec in self.specs.items() if use in spec.uses}
            for use in {use for spec in self.specs.values() for use in spec.uses}
        }
        self.impossible: tuple[Impossible, ...] = tuple(
            self._impossible(row, file) for file, row in table.records.get("impossible", ())
        )
        self.earliest = date.fromisoformat(table.words["earliest"])
        self.latest = date.fromisoformat(table.words["latest"])
        self._wording = wording

    def _impossible(self, row: Mapping[str, Any], file: str) -> Impossible:
        try:
            when = compile_condition(row["when"], self.specs)
            return Impossible(row["id"], when, row["path"], row["sentence"], gate_of(when))
        except (KeyError, ValueError) as error:
            raise PolicyDataError(file, str(row.get("id")), str(error)) from None

    def clean(self, facts: Any, use: str) -> dict[str, Any]:
        """Checked facts in canonical form; FactsError names the first thing wrong."""
        if not isinstance(facts, Mapping):
            raise FactsError("wrong_type", "", "The facts must be an object of names and values.")
        cleaned: dict[str, Any] = {}
        specs = self._by_use.get(use, {})
        for key, value in facts.items():
            spec = specs.get(key) if type(key) is str else None
            if spec is None:
                raise FactsError("unknown_fact", str(key)[:60], "No rule knows a fact of this name.")
            clean = spec.clean(value)
            if clean or not spec.empty_means_missing:
                cleaned[key] = clean
        clash = self.clash(cleaned)
        if clash is not None:
            raise FactsError("impossible_facts", clash.path, clash.sentence)
        return cleaned

    def clash(self, cleaned: Mapping[str, Any]) -> Impossible | None:
        """The first impossible combination among cleaned facts, if any."""
        for each in self.impossible:
            if (each.gate is None or each.gate in cleaned) and evaluate(each.when, cleaned)[0]:
                return each
        return None

    def check_date(self, value: Any, path: str) -> date:
        """A plain date within range, or FactsError."""
        if not isinstance(value, date) or isinstance(value, datetime):
            raise FactsError("wrong_type", path, self._wording["bad_date"])
        if value < self.earliest:
            sentence = self._wording["early_date"].format(earliest=self.earliest)
            raise FactsError("date_out_of_range", path, sentence)
        if value > self.latest:
            raise FactsError("date_out_of_range", path, self._wording["late_date"])
        return value

    def labels(self, names: tuple[str, ...]) -> str:
        """The facts' labels as one phrase."""
        return "; ".join(self.specs[name].label for name in dict.fromkeys(names))

    def alternatives(self, name: str, value: Any, thresholds: Mapping[str, frozenset[int]]) -> Iterator[Any]:
        """Other values of this one fact: numbers only at the rules' thresholds, lists by one element."""
        spec = self.specs[name]
        if spec.type == "boolean":
            yield from (each for each in (True, False) if each is not value)
        elif spec.type == "choice":
            yield from (each for each in spec.values if each != value)
        elif spec.type == "integer":
            yield from (each for each in sorted(thresholds.get(name, ())) if each != value)
        else:
            held = value or ()
            for each in held:
                if len(held) > 1 or not spec.empty_means_missing:
                    yield tuple(other for other in held if other != each)
            for each in spec.values:
                if each not in held:
                    yield tuple(other for other in spec.values if other in held or other == each)
