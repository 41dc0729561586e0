"""What an eligibility question is answered with."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple


class OptionOutcome(NamedTuple):
    """Whether one option is open, by which rules, and a sentence that can be read to the victim."""

    allowed: bool
    rules: tuple[str, ...]
    because: str


class StatusOutcome(NamedTuple):
    """What one status alone would give, before anything that closes an option."""

    status: str
    rules: tuple[str, ...]
    restricted: bool
    unrestricted: bool
    form: str | None


class Missing(NamedTuple):
    """A fact nobody stated that could change the answer."""

    fact: str
    why: str
    rules: tuple[str, ...]


class Change(NamedTuple):
    """One other value of one fact, and the answer it would give."""

    fact: str
    value: Any
    restricted: bool
    unrestricted: bool
    route: str


class Citation(NamedTuple):
    """Where a rule comes from and how far it may be trusted."""

    rule: str
    rule_set: str
    authority: str
    source: tuple[str, ...]
    confidence: str


class Override(NamedTuple):
    """A dated rule whose answer the profile's own layer replaced.

    `would_allow`: whether the dated rules allow the option, or could once the facts of `needs` are recorded. Equal
    to the decision's own answer where only route or form differ.
    """

    option: str
    rule: str
    rule_set: str
    would_allow: bool
    replaced_by: str
    needs: tuple[str, ...]


class Decision(NamedTuple):
    """Which options a person has on a day under a profile, and why.

    `adopted`: the rule sets that the person's Service had adopted, as the caller stated them.
    """

    on: date
    rule_set: str | None
    profile: str
    adopted: tuple[str, ...]
    route: str
    form: str | None
    options: Mapping[str, OptionOutcome]
    statuses: tuple[StatusOutcome, ...]
    missing: tuple[Missing, ...]
    would_change: tuple[Change, ...]
    citations: tuple[Citation, ...]
    overridden_by: tuple[Override, ...]
    facts_used: tuple[str, ...]

    def allowed(self, option: str) -> bool:
        """Whether `restricted` or `unrestricted` is open; KeyError for any other word."""
        return self.options[option].allowed

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "on": self.on.isoformat(),
            "rule_set": self.rule_set,
            "profile": self.profile,
            "adopted": list(self.adopted),
            "route": self.route,
            "form": self.form,
            "options": {name: _plain(outcome) for name, outcome in self.options.items()},
            "statuses": [_plain(each) for each in self.statuses],
            "missing": [_plain(each) for each in self.missing],
            "would_change": [_plain(each) for each in self.would_change],
            "citations": [_plain(each) for each in self.citations],
            "overridden_by": [_plain(each) for each in self.overridden_by],
            "facts_used": list(self.facts_used),
        }

    def explained_as(self, told: Mapping[str, Any]) -> "Decision | None":
        """This answer with the changes of an earlier one, as `to_dict` gave it, where both say the same; else None.

        Of the same facts in whichever order they were stated then: what follows their order follows this answer's, as
        if the changes had been looked for again.
        """
        mine, used = self.to_dict(), told.get("facts_used", ())
        here = {"facts_used": mine["facts_used"], "would_change": []}
        if sorted(used) != sorted(mine["facts_used"]) or mine != {**told, **here}:
            return None
        facts = (*self.facts_used, *(each.fact for each in self.missing))
        place = {name: nth for nth, name in enumerate(facts)}
        changes = [Change(**each) for each in told["would_change"]]
        if any(each.fact not in place for each in changes):
            return None
        changes.sort(key=lambda each: (-each.restricted - each.unrestricted, place[each.fact]))
        return self._replace(would_change=tuple(changes))


def _plain(record: Any) -> dict[str, Any]:
    return {key: list(value) if type(value) is tuple else value for key, value in record._asdict().items()}
