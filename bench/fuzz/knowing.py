"""What is known of the server when a request is drawn: who may what, which ids are there, which words mean something.

What a schema alone can say leads to the first check and no further. So each request is somebody's, whose role was not
refused for that operation yet, and its ids are of those that the same person's answers held before.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "reports" / "policy" / "data"
# How many things an answer told of are remembered; the oldest are forgotten.
REMEMBERED = 4_000
# How often a text of a right request is exchanged for one that means something here.
EXCHANGED = 0.7
# One request in so many is somebody's who was refused before, and one in so many nobody's.
REFUSED, STRANGERS = 10, 25
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
INSTANT = re.compile(r'"(\d{4}-\d{2}-\d{2}T[0-9:.]+Z)"')
NOTHING = "00000000-0000-4000-8000-000000000000"
OK, CONFLICT, FORBIDDEN = range(200, 300), 409, 403


class Known:
    """`keys`: of the people who ask, one is drawn for each request."""

    def __init__(self, chance: random.Random, schema: dict[str, Any], keys: Iterable[str]) -> None:
        self.chance, self.keys = chance, sorted(keys)
        self.barred: set[tuple[str, str]] = set()
        self.seen: dict[str, list[str]] = defaultdict(list)
        self.fitting: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.texts = sorted(set(_words()))
        self.named: dict[str, list[str]] = {}
        _sentences(schema, self.named)

    def a_key(self, operation: str) -> str:
        """Whose request it is; '' for nobody's."""
        if not self.chance.randrange(STRANGERS):
            return ""
        able = [key for key in self.keys if (operation, key) not in self.barred]
        return self.chance.choice(able if able and self.chance.randrange(REFUSED) else self.keys)

    def learn(self, operation: str, key: str, ids: dict[str, Any], status: int, answer: str) -> None:
        """What an answer tells: things that are there, ids that the address took, and who may not.

        A wrong body is refused before anything is looked up, so 422 says nothing of an id.
        """
        _add(self.seen[key], UUID.findall(answer))
        _add(self.texts, INSTANT.findall(answer)[:2])
        if status in OK or status == CONFLICT:
            for name, value in ids.items():
                _add(self.fitting[key, name], [str(value)])
        if status == FORBIDDEN:
            self.barred.add((operation, key))

    def changed(self, value: Any, key: str, name: str = "") -> Any:
        """The value with some of its texts exchanged, each for one that means something here."""
        if isinstance(value, dict):
            return {each: self.changed(inner, key, each) for each, inner in value.items()}
        if isinstance(value, list):
            return [self.changed(each, key, name) for each in value]
        if isinstance(value, str) and self.chance.random() < EXCHANGED:
            return self.an_id(key, name) if UUID.fullmatch(value) else self._a_text(name)
        return value

    def an_id(self, key: str, name: str) -> str:
        """One that fitted there for this person, or that they were shown, or that anybody was."""
        for known in (self.fitting[key, name], self.seen[key], self.seen[self.chance.choice(self.keys)]):
            if known and self.chance.random() < EXCHANGED:
                return self.chance.choice(known)
        return NOTHING

    def _a_text(self, name: str) -> str:
        said = self.named.get(name)
        return self.chance.choice(said if said and self.chance.random() < EXCHANGED else self.texts)


def _add(known: list[str], more: list[str]) -> None:
    known.extend(more)
    del known[:-REMEMBERED]


def _words() -> Iterator[str]:
    for file in sorted(DATA.glob("*.json")):
        for match in re.finditer(r'"([a-z][a-z_0-9]{2,40}|DD [0-9-]+)"', file.read_text()):
            yield match[1]


def _sentences(part: Any, named: dict[str, list[str]]) -> None:
    """For each property of the schema the words of its description and its enumeration, wherever it stands."""
    if isinstance(part, dict):
        properties = part.get("properties")
        for name, each in properties.items() if isinstance(properties, dict) else ():
            words = re.findall(r"[a-z][a-z_0-9]{2,40}", each.get("description", ""))
            named.setdefault(name, []).extend([*words, *filter(None, each.get("enum", []))])
        for each in part.values():
            _sentences(each, named)
    elif isinstance(part, list):
        for each in part:
            _sentences(each, named)
