"""What is known of the server when a request is drawn: who may what, what is there, which words and bodies are right.

What a schema alone can say leads to the first check and no further. So each request is somebody's, whose role was not
refused for that operation yet; its address is one under which the same person was told of something; and its body is
made from one that was right before, or from values that an answer gave under the same name.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.fuzz.places import NOTHING, Places

DATA = Path(__file__).resolve().parents[2] / "reports" / "policy" / "data"
# How many of the things and texts that answers told of are remembered, and of right bodies; the oldest are forgotten.
REMEMBERED, BODIES = 4_000, 40
# How often a text of a right request is exchanged for one that means something here.
EXCHANGED = 0.7
# One request in so many is somebody's who was refused before, and one in so many nobody's.
REFUSED, STRANGERS = 10, 25
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
INSTANT = re.compile(r'"(\d{4}-\d{2}-\d{2}T[0-9:.]+Z)"')
OK, CONFLICT, FORBIDDEN = range(200, 300), 409, 403


class Known:
    """`keys`: of the people who ask, one is drawn for each request. `roles`: what the owner of a key is; who is the
    same may the same."""

    def __init__(
        self, chance: random.Random, schema: dict[str, Any], keys: Iterable[str], roles: Mapping[str, str] | None = None
    ) -> None:  # fmt: skip
        self.chance, self.keys = chance, sorted(keys)
        self.roles = {key: (roles or {}).get(key, key) for key in self.keys}
        self.barred: set[tuple[str, str]] = set()
        self.places = Places(chance, schema, self.keys)
        self.told: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.right: dict[str, list[Any]] = defaultdict(list)
        self.last: dict[tuple[str, str], Any] = {}
        self.texts = sorted(set(_words()))
        self.named: dict[str, list[str]] = {}
        _sentences(schema, self.named)

    def a_key(self, operation: str) -> str:
        """Whose request it is; '' for nobody's."""
        if not self.chance.randrange(STRANGERS):
            return ""
        able = [key for key in self.keys if (operation, self.roles[key]) not in self.barred]
        return self.chance.choice(able if able and self.chance.randrange(REFUSED) else self.keys)

    def learn(
        self, operation: str, key: str, ids: dict[str, Any], body: Any, status: int, answer: str
    ) -> None:
        """What an answer tells: things that are there, addresses and bodies that were right, and who may not.

        A wrong body is refused before anything is looked up, so 422 says nothing of an id.
        """
        said: Any = None
        with suppress(ValueError):
            said = json.loads(answer)
        if status in OK or status == CONFLICT:
            self.places.fits(key, operation, ids)
        self.places.told(key, operation, ids, said)
        if status in OK:
            self.last[operation, key] = said
            if isinstance(body, dict | list):
                _add(self.right[operation], [body], BODIES)
            for name, text in _named_texts(said):
                _add(self.told[key, name], [text])
            _add(self.texts, INSTANT.findall(answer)[:2])
        if (
            status == FORBIDDEN
            and isinstance(said, dict)
            and said.get("code", "not_your_role") == "not_your_role"
        ):
            self.barred.add((operation, self.roles.get(key, key)))

    def a_body(self, operation: str) -> Any:
        """One that was right; None where none is known."""
        return self.chance.choice(self.right[operation]) if self.right[operation] else None

    def a_change(self, body: Any, other: Any, key: str) -> Any:
        """A right body as it is, with one place as in another body, or with some of its texts exchanged."""
        how = self.chance.randrange(4)
        if not isinstance(body, dict) or not body or how == 0:
            return body
        if how == 1 and isinstance(other, dict) and other:
            place = self.chance.choice(sorted(other))
            return {**body, place: other[place]}
        place = self.chance.choice(sorted(body))
        if how == 2:
            return {name: value for name, value in body.items() if name != place}
        return {**body, place: self.changed(body[place], key, place)}

    def changed(self, value: Any, key: str, name: str = "") -> Any:
        """The value with some of its texts exchanged, each for one that means something here."""
        if isinstance(value, dict):
            return {each: self.changed(inner, key, each) for each, inner in value.items()}
        if isinstance(value, list):
            return [self.changed(each, key, name) for each in value]
        if isinstance(value, str) and self.chance.random() < EXCHANGED:
            return self.places.an_id(key, name) if UUID.fullmatch(value) else self._a_text(key, name)
        return value

    def _a_text(self, key: str, name: str) -> str:
        for known in (self.told[key, name], self.named.get(name)):
            if known and self.chance.random() < EXCHANGED:
                return self.chance.choice(known)
        return self.chance.choice(self.texts)


def _add(known: list[Any], more: list[Any], most: int = REMEMBERED) -> None:
    known.extend(more)
    del known[:-most]


def _named_texts(said: Any) -> Iterator[tuple[str, str]]:
    if isinstance(said, dict):
        for name, value in said.items():
            if isinstance(value, str) and value and value != NOTHING:
                yield name, value
            yield from _named_texts(value)
    elif isinstance(said, list):
        for each in said:
            yield from _named_texts(each)


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
