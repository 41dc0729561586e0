"""What a change of the settings would mean, read from the policy's own rows. Writes nothing, asks no database."""

from datetime import date
from typing import NamedTuple

from reports import policy
from reports.adoption.selectors import Basis


class Difference(NamedTuple):
    """Rows that no longer stand, and those that stand in their place; either may be empty."""

    before: tuple[policy.Rule, ...]
    after: tuple[policy.Rule, ...]


def profiles() -> tuple[str, ...]:
    """The profiles that the policy knows."""
    return tuple(policy.default_policy().book.profiles)


def layers(profile: str) -> list[str]:
    """What a profile lays one over the other, the lowest first, in the policy's own sentences; none if unknown."""
    book = policy.default_policy().book
    if profile not in book.profiles:
        return []
    return [book.layer_names[layer] for layer in book.layers(profile)]


def gives_way(profile: str) -> bool:
    """Whether some row of the profile stands back where a Service has adopted a later rule set."""
    book = policy.default_policy().book
    if profile not in book.profiles:
        return False
    return any(rule.enabled and rule.yields_to for rule in book.rules if rule.layer in book.layers(profile))


def unknown(*settings: Basis) -> list[str]:
    """The profiles among these settings that the policy does not know: their folder is gone."""
    return sorted({each.profile for each in settings if each.profile not in profiles()})


def rule_sets() -> frozenset[str]:
    """Every rule set that the policy knows, adoptable or not."""
    return frozenset(policy.default_policy().book.rule_sets)


def adoptable() -> dict[str, date]:
    """The later rule sets to which some row in use gives way, and the first day of each; oldest first."""
    book = policy.default_policy().book
    named = {name for rule in book.rules if rule.enabled for name in rule.yields_to}
    dated = {name: book.rule_sets[name] for name in named if book.rule_sets[name]["by_date"]}
    found = [(date.fromisoformat(row["effective_from"]), name) for name, row in dated.items()]
    return {name: first for first, name in sorted(found)}


def differences(before: Basis, after: Basis, *, service: str | None, on: date) -> list[Difference]:
    """What stands otherwise on that day; a row stands beside those it replaces."""
    old, new = _standing(before, service, on), _standing(after, service, on)
    gone, come = [row for row in old if row not in new], [row for row in new if row not in old]
    found = []
    for row in [each for each in gone if each.replaces]:
        instead = [each for each in come if each.id in row.replaces]
        found.append(Difference((row,), tuple(instead)))
        come = [each for each in come if each not in instead]
        gone.remove(row)
    for row in come:
        instead = [each for each in gone if each.id in row.replaces]
        found.append(Difference(tuple(instead), (row,)))
        gone = [each for each in gone if each not in instead]
    return [*found, *(Difference((row,), ()) for row in gone)]


def _standing(basis: Basis, service: str | None, on: date) -> list[policy.Rule]:
    book = policy.default_policy().book
    families = dict.fromkeys(rule.family for rule in book.rules)
    return [
        row for family in families for row in book.active(family, on, basis.profile, service, basis.adopted)
    ]
