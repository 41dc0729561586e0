"""One line of the account: who came to know what, by which act and which rules; and the rules' own words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from accounts.models import Role
from reports import policy
from reports.vault.services import PURPOSES
from sapr.desk.words import label
from sapr.knowing.acts import Act
from sapr.knowing.reading import OWN
from sapr.knowing.words import BODIES, NO_RULE, OPERATOR, OWN_FIELDS


class Cited(NamedTuple):
    """A rule by its id, and what it says."""

    id: str
    sentence: str


class Who(NamedTuple):
    """A person, a post or an outside body. `role`: the role of then, a word; `holders`: of a post, then."""

    sort: str
    key: str
    name: str
    role: str = ""
    holders: tuple[str, ...] = ()

    @property
    def role_words(self) -> str:
        """The role in words; '' for none."""
        return str(Role(self.role).label) if self.role else ""


@dataclass(frozen=True)
class Line:
    """One way in which one act made something known to somebody.

    `fields`: labels of what; empty when what was said is not on record, or (`nothing`) when nothing was. `rung`: how
    much the words of a Restricted notice said, as a key. `rules`: by which; none is a finding.
    """

    act: Act
    who: Who
    how: str
    fields: tuple[str, ...]
    rules: tuple[Cited, ...]
    rung: str = ""
    nothing: bool = False

    @property
    def ruleless(self) -> str:
        """Why no rule is named, where none is."""
        if self.rules:
            return ""
        return str(OPERATOR if self.who.key == "operator" else NO_RULE)

    @property
    def purpose(self) -> str:
        """Why a seal was opened, in words; '' for what is no opening."""
        named = self.act.data.get("purpose", "") if self.act.kind == "sealed_opened" else ""
        return PURPOSES.get(named, named)


# What whoever is on the case, or reads what is addressed to them, is held to need.
NEED = {"need_to_know": True}


@lru_cache(maxsize=4096)
def seen_by(role: str, election: str, facts: tuple, on: date) -> tuple[frozenset[str], tuple[Cited, ...]]:
    found = policy.visibility(role, {"election": election, **dict(facts)}, on=on)
    return frozenset(found.fields), tuple(cited(rule, on) for rule in found.rules)


@lru_cache(maxsize=4096)
def cited(rule: str, on: date) -> Cited:
    try:
        return Cited(rule, policy.rule(rule, on=on).sentence)
    except policy.FactsError:
        return Cited(rule, policy.rule(rule).sentence)


def labels(fields: Iterable[str]) -> tuple[str, ...]:
    known = policy.visibility_words()[1]
    return tuple(str(known.get(each) or OWN_FIELDS[each.removeprefix(OWN)]) for each in fields)


def body(word: str, of: str) -> Who:
    return Who("body", word, str(BODIES[word]) if word in BODIES else label(word, of))
