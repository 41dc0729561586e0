"""What one rule set changed against another: the rows in force under each, side by side.

A dated set is seen on the day it takes effect, every layer by itself. A set without a date is seen on the day
that its row in the register names (`compared_on`), with its own layers laid over those they lie upon.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from .book import Book
from .errors import FactsError
from .rows import Rule, parse_date

# what of two versions is compared, and said to differ
_COMPARED = ("sentence", "parameters", "authority", "confidence", "enabled")
View = dict[tuple[str, str], Rule]


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule that is not the same in both; `layer` is the layer in which it stands or which it lies upon."""

    id: str
    layer: str
    before: Rule | None
    after: Rule | None

    @property
    def change(self) -> str:
        """`added`, `removed` or `changed`."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def family(self) -> str:
        """The family of the rule."""
        return (self.after or self.before).family

    @property
    def differs(self) -> tuple[str, ...]:
        """For a changed rule, what of it is not the same; empty when it was only issued again."""
        if self.before is None or self.after is None:
            return ()
        return tuple(name for name in _COMPARED if getattr(self.before, name) != getattr(self.after, name))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "id": self.id,
            "change": self.change,
            "family": self.family,
            "layer": self.layer,
            "differs": list(self.differs),
            "before": _plain(self.before),
            "after": _plain(self.after),
        }


def _plain(rule: Rule | None) -> dict[str, Any] | None:
    if rule is None:
        return None
    return {
        "rule_set": rule.rule_set,
        "sentence": rule.sentence,
        "authority": rule.authority,
        "sources": list(rule.sources),
        "confidence": rule.confidence,
        "enabled": rule.enabled,
        "valid_from": rule.valid_from.isoformat(),
        "valid_to": rule.valid_to and rule.valid_to.isoformat(),
    }


def compare(book: Book, first: str, second: str) -> tuple[Difference, ...]:
    """The differences in the order of the data; FactsError `unknown_value` lists the known rule sets."""
    before, after = view(book, first, "before"), view(book, second, "after")
    layers = _own_layers(book, {first, second})
    found = [
        Difference(rule_id, layer, before.get((layer, rule_id)), after.get((layer, rule_id)))
        for layer, rule_id in dict.fromkeys((*before, *after))
        if layer in layers
    ]
    place = {rule: index for index, rule in enumerate(book.rules)}
    changed = [each for each in found if each.before is not each.after]
    return tuple(sorted(changed, key=lambda each: place[each.after or each.before]))


def day_of(book: Book, rule_set: str, path: str = "rule_set") -> date:
    """The day on which a rule set is looked at; FactsError for an unknown one."""
    row = book.rule_sets.get(rule_set)
    if row is None:
        raise FactsError("unknown_value", path, f"This must be one of: {', '.join(book.rule_sets)}.")
    return parse_date(row["effective_from"] if row["by_date"] else row["compared_on"])


def view(book: Book, rule_set: str, path: str = "rule_set") -> View:
    """The rows, switched on or off, that stand under this rule set, by (layer, id)."""
    day = day_of(book, rule_set, path)
    undated = _undated_layers(book)
    held: View = {
        (rule.layer, rule.id): rule for rule in book.rules if rule.layer not in undated and rule.in_force(day)
    }
    for layer, base in undated.items():
        rows = [rule for rule in book.rules if rule.layer == layer and rule.in_force(day)]
        if any(rule.rule_set == rule_set for rule in rows):
            _lay_over(held, rows, base)
    return held


def _own_layers(book: Book, rule_sets: set[str]) -> set[str]:
    """The layers that belong together with those in which these sets have rows; another jurisdiction's do not."""
    spoken = {rule.layer for rule in book.rules if rule.rule_set in rule_sets}
    together = [set(layers) for layers in book.profiles.values()]
    together.append({book.service_layers["after"], *book.service_layers["by"].values()})
    for each in together * len(together):
        if each & spoken:
            spoken |= each
    return spoken or set(book.layer_names)


def _undated_layers(book: Book) -> dict[str, str]:
    """The layers that hold nothing but rows of sets without a date, each with the layer it lies upon."""
    dated = {rule.layer for rule in book.rules if book.rule_sets[rule.rule_set]["by_date"]}
    return {
        layer: layers[index - 1]
        for layers in book.profiles.values()
        for index, layer in enumerate(layers)
        if index and layer not in dated
    }


def _lay_over(held: View, rows: list[Rule], base: str) -> None:
    for rule in rows:
        for other in rule.replaces if rule.enabled else ():
            held.pop((base, other), None)
    held.update({(base, rule.id): rule for rule in rows})
