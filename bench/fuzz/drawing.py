"""Requests from the schema: right ones and wrong ones, with ids that are there and words that the rules know.

What a schema alone can say leads to the first check and no further. So text is often exchanged for a word of the
policy's vocabulary, an id or an instant that an answer of the server held before: then the services are reached.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

DATA = Path(__file__).resolve().parents[2] / "reports" / "policy" / "data"
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
# So many of one operation and mode before the next: enough that Hypothesis varies, few enough to see all soon.
RUN = 20
# How many things an answer told of are remembered; the oldest are forgotten.
REMEMBERED = 4_000
# How often a text of a right request is exchanged for one that means something here.
EXCHANGED = 0.7
NOT_THERE = (401, 403, 404, 405)
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
INSTANT = re.compile(r'"(\d{4}-\d{2}-\d{2}T[0-9:.]+Z)"')
Request = schemathesis.Case


class Known:
    """Words of the rules and of the schema's sentences, what the server's answers held, and which ids led somewhere."""

    def __init__(self, chance: random.Random, schema: dict[str, Any]) -> None:
        self.chance = chance
        self.ids: list[str] = []
        self.fitting: dict[str, list[str]] = {}
        self.texts = sorted(set(_words()))
        self.named: dict[str, list[str]] = {}
        _sentences(schema, self.named)

    def learn(self, request: Request, status: int, answer: str) -> None:
        """What an answer tells: things that are there; and ids that the address took, where it was found."""
        self.ids.extend(UUID.findall(answer))
        self.texts.extend(INSTANT.findall(answer)[:2])
        if status not in NOT_THERE:
            for name, value in (request.path_parameters or {}).items():
                fitting = self.fitting.setdefault(name, [])
                fitting.append(str(value))
                del fitting[:-REMEMBERED]
        del self.ids[:-REMEMBERED]
        del self.texts[:-REMEMBERED]

    def changed(self, value: Any, name: str = "") -> Any:
        """The value with some of its texts exchanged, each for one that means something here."""
        if isinstance(value, dict):
            return {key: self.changed(each, key) for key, each in value.items()}
        if isinstance(value, list):
            return [self.changed(each, name) for each in value]
        if isinstance(value, str) and self.chance.random() < EXCHANGED:
            return self.an_id(name) if UUID.fullmatch(value) else self._a_text(name)
        return value

    def an_id(self, name: str) -> str:
        fitting = self.fitting.get(name)
        if fitting and self.chance.random() < EXCHANGED:
            return self.chance.choice(fitting)
        return self.chance.choice(self.ids) if self.ids else "00000000-0000-4000-8000-000000000000"

    def _a_text(self, name: str) -> str:
        said = self.named.get(name)
        return self.chance.choice(said if said and self.chance.random() < EXCHANGED else self.texts)


def _words() -> Iterator[str]:
    for file in sorted(DATA.glob("*.json")):
        for match in re.finditer(r'"([a-z][a-z_0-9]{2,40}|DD [0-9-]+)"', file.read_text()):
            yield match[1]


def _sentences(part: Any, named: dict[str, list[str]]) -> None:
    """For each property of the schema the words of its description and its enumeration, wherever it stands."""
    if isinstance(part, dict):
        for name, each in (
            part.get("properties", {}).items() if isinstance(part.get("properties"), dict) else ()
        ):
            words = re.findall(r"[a-z][a-z_0-9]{2,40}", each.get("description", ""))
            named.setdefault(name, []).extend([*words, *filter(None, each.get("enum", []))])
        for each in part.values():
            _sentences(each, named)
    elif isinstance(part, list):
        for each in part:
            _sentences(each, named)


def requests(
    schema: dict[str, Any], known: Known, number: int, last: Callable[[str], bool]
) -> Iterator[Request]:
    """Requests without end, every operation in turn; those whose path is `last` only once asked so often: never
    before `number` others, since they take rights away from who throws."""
    operations = [each.ok() for each in schemathesis.openapi.from_dict(schema).get_all_operations()]
    early = [each for each in operations if not last(each.path)]
    drawn = 0
    for turn in count():
        for operation in operations if drawn >= number else early:
            for mode in MODES:
                for request in _some(operation, mode, turn):
                    yield _led_in(request, known) if mode is GenerationMode.POSITIVE else request
                    drawn += 1


def _some(operation: Any, mode: GenerationMode, turn: int) -> list[Request]:
    found: list[Request] = []

    @seed(turn)
    @settings(
        max_examples=RUN, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(request=operation.as_strategy(generation_mode=mode))
    def draw(request: Request) -> None:
        found.append(request)

    # What takes nothing cannot be asked wrongly.
    with suppress(Unsatisfiable):
        draw()
    return found


def _led_in(request: Request, known: Known) -> Request:
    """The right request, with what the server knows in place of what was made up."""
    request.path_parameters = {name: known.an_id(name) for name in request.path_parameters or {}}
    if isinstance(request.body, dict | list):
        request.body = known.changed(request.body)
    return request


def readable(request: Request) -> str:
    """One line that says enough to throw it again."""
    body = request.body if isinstance(request.body, dict | list) else repr(request.body)
    return json.dumps([request.method, request.formatted_path, request.query, body], default=repr)[:2000]
