"""The right way, whole: every operation that can be reached without waiting for days, each with a right request."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bench.fuzz import cases, offices
from bench.fuzz.drawing import Drawn
from bench.fuzz.going import Walk, day
from bench.fuzz.knowing import Known

# Whose requests it is made of: people of the demo.
WALKERS = {"sarc", "va", "va2", "commander", "unit", "mcio", "manager", "manager2", "higher", "custodian"}

ASKERS = ("sarc", "manager", "commander", "custodian", "mcio", "higher")


def way(known: Known, keys: Mapping[str, str], operations: Mapping[str, Any]) -> Iterator[Drawn]:
    """The requests in their order. `operations`: by name. Nothing where the people of the demo are not there."""
    if not set(keys) >= WALKERS:
        return
    walk = Walk(operations, known, keys)
    yield from walk.look_round()
    yield from _reads(walk)
    yield from walk.ask("sarc", "form_edition", query={"form": "DD 2910", "on": day()})
    yield from walk.ask("sarc", "eligibility", {"facts": cases.MEMBER, "on": day()})
    yield from offices.settings(walk)
    grant = yield from offices.longer_time(walk)
    yield from cases.no_reports(walk)
    restricted = yield from cases.report(walk, "restricted")
    unrestricted = yield from cases.report(walk, "unrestricted")
    done = yield from cases.report(walk, "unrestricted")
    yield from offices.notices(walk, restricted)
    yield from offices.usual_time(walk, grant)
    yield from offices.details_told(walk, unrestricted)
    yield from offices.emergency(walk, restricted)
    yield from cases.kit(walk, restricted)
    yield from cases.kit_to_mcio(walk, unrestricted)
    yield from cases.catch(walk, restricted)
    yield from cases.exceptions(walk, restricted)
    yield from cases.papers(walk, unrestricted, "unrestricted")
    yield from cases.matters(walk, unrestricted)
    yield from offices.meeting(walk)
    yield from cases.the_end(walk, done)
    for case in (restricted, unrestricted):
        yield from _reads(walk, ("sarc",), case_id=case["id"])
    yield from cases.converted(walk, restricted)
    yield from offices.people_move(walk, restricted)
    yield from offices.exports(walk)
    yield from offices.staff(walk)
    yield from _reads(walk)


def _reads(walk: Walk, whose: Iterable[str] = ASKERS, **ids: str) -> Iterator[Drawn]:
    """Every read that needs this address and no other, by the people whom it could be for: what is there is known
    from then on."""
    for name, operation in walk.operations.items():
        needed = set(re.findall(r"\{(\w+)\}", operation.path))
        if operation.method.upper() == "GET" and needed == set(ids):
            for who in whose:
                yield from walk.ask(who, name, **ids)
