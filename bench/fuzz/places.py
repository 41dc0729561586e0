"""Which addresses there are: whom each thing was shown to, and under what."""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

NOTHING = "00000000-0000-4000-8000-000000000000"
PART = re.compile(r"\{(\w+)\}$")
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
# How many addresses of a kind are remembered for a person; how often one is used where one is known.
REMEMBERED, USED = 400, 0.9


class Places:
    """An address is known by its template up to a parameter, `/cases/{case_id}/kits/{kit_id}`: its ids."""

    def __init__(self, chance: random.Random, schema: dict[str, Any], keys: Sequence[str]) -> None:
        self.chance, self.keys = chance, keys
        self.stems = {stem for path in schema["paths"] for stem in _stems(path)}
        self.known: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
        self.named: dict[tuple[str, str], list[str]] = defaultdict(list)

    def fits(self, key: str, operation: str, ids: dict[str, Any]) -> None:
        """These ids were no wrong ones for this person."""
        for stem in _stems(operation.split(" ", 1)[1]):
            self._add(
                key, stem, {name: str(ids[name]) for name in re.findall(r"\{(\w+)\}", stem) if name in ids}
            )

    def told(self, key: str, operation: str, ids: dict[str, Any], said: Any) -> None:
        """What an answer told of: the things of a list or a new one under its address, and ids by their names."""
        path = operation.split(" ", 1)[1]
        things = said.get("items", [said]) if isinstance(said, dict) else []
        below = [stem for stem in self.stems if stem.rpartition("/")[0] in (path, path.rpartition("/")[0])]
        for stem in below:
            named = PART.search(stem)
            for each in things if named else ():
                if isinstance(each, dict) and UUID.fullmatch(str(each.get("id", ""))):
                    self._add(
                        key, stem, {name: str(value) for name, value in ids.items()} | {named[1]: each["id"]}
                    )
        for name, value in _ids(said):
            for stem in self.stems:
                if stem.count("{") == 1 and stem.endswith(f"{{{_id_name(name)}}}"):
                    self._add(key, stem, {_id_name(name): value})
            _keep(self.named[key, _id_name(name)], value)

    def ids(self, key: str, path: str, wanted: Sequence[str]) -> dict[str, str]:
        """The ids of a whole address for this person: of the longest part that is known, and the rest by name."""
        found: dict[str, str] = {}
        for stem in sorted(_stems(path), key=len, reverse=True):
            known = self.known[key, stem]
            if known and self.chance.random() < USED:
                found = dict(self.chance.choice(known[-8:] if self.chance.random() < 0.5 else known))
                break
        return {name: found[name] if name in found else self.an_id(key, name) for name in wanted}

    def an_id(self, key: str, name: str) -> str:
        """One that this person was told under that name, or under any, or that somebody else was."""
        name, other = _id_name(name), self.chance.choice(self.keys)
        for known in (self.named[key, name], self.named[key, ""], self.named[other, name]):
            if known and self.chance.random() < USED:
                return self.chance.choice(known)
        return NOTHING

    def _add(self, key: str, stem: str, ids: dict[str, str]) -> None:
        known = self.known[key, stem]
        if ids not in known:
            known.append(ids)
            del known[:-REMEMBERED]
        for name, value in ids.items():
            _keep(self.named[key, name], value)
            _keep(self.named[key, ""], value)


def _keep(known: list[str], value: str) -> None:
    if value not in known:
        known.append(value)
        del known[:-REMEMBERED]


def _stems(path: str) -> list[str]:
    return [path[: match.end()] for match in re.finditer(r"\{\w+\}", path)]


def _id_name(name: str) -> str:
    return name if not name or name.endswith("_id") else f"{name}_id"


def _ids(said: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(said, dict):
        for each, value in said.items():
            # The id of what stands under a name is that name's.
            yield from _ids(value, name if each == "id" else each)
    elif isinstance(said, list):
        for each in said:
            yield from _ids(each, name)
    elif isinstance(said, str) and UUID.fullmatch(said):
        yield name, said
