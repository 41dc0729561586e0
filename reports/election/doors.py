"""The doors by which somebody comes (R19), and what the rules oblige whoever stands at each.

An election is the victim's alone: no door sends anything to anybody. What a commander owes the MCIO is the commander's
own duty, fulfilled by the commander; here it is only recorded (`commander_told_mcio`). The one duty that a door opens
with us is to assign a SAPR VA at once (R20).
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from reports import policy
from reports.adoption.selectors import basis_for

# In the order of the page that names them.
DOORS = ("law_enforcement", "commander", "sarc", "sapr_va", "healthcare")
ELECTIONS = ("restricted", "unrestricted")
# What a door owes; that it may take a report (`allow`) or what may be known besides (`tell`) is no duty.
OBLIGING = ("require", "refuse")


@dataclass(frozen=True)
class Duty:
    """One thing a door owes. `election`: for which election only; '' for both and before there is one."""

    rule: str
    sentence: str
    election: str


@dataclass(frozen=True)
class Door:
    """A door and what it owes by the rules of a day."""

    name: str
    duties: tuple[Duty, ...]


def door(name: str, *, at: datetime, zone: str) -> Door:
    """What this door owes at an instant, by the day it then is in that zone; nothing for a door without rules."""
    if name not in DOORS:
        return Door(name, ())
    always = _sayings(name, "", at, zone)
    of_election = [
        Duty(rule, sentence, election)
        for election in ELECTIONS
        for rule, sentence in _sayings(name, election, at, zone).items()
        if rule not in always
    ]
    return Door(name, (*(Duty(rule, sentence, "") for rule, sentence in always.items()), *of_election))


def doors(*, at: datetime, zone: str) -> list[Door]:
    """All five, in order."""
    return [door(name, at=at, zone=zone) for name in DOORS]


def _sayings(name: str, election: str, at: datetime, zone: str) -> dict[str, str]:
    facts = {"taker": name} | ({"election": election} if election else {})
    on = at.astimezone(ZoneInfo(zone)).date()
    found = basis_for(facts, on=on, at=at)
    ruling = policy.ruling("take_report", facts, on=on, profile=found.profile, adopted=found.adopted)
    return {each.rule: each.sentence for each in ruling.says if each.effect in OBLIGING}
