"""Requests from the schema: right ones and wrong ones of every operation, each somebody's."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from typing import Any, NamedTuple

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from bench.fuzz.knowing import Known

MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
# So many of one operation and mode before the next: enough that Hypothesis varies, few enough to see all soon.
RUN = 20


class Throw(NamedTuple):
    """A request and the key it goes out with; '' for whatever credentials the schema made up."""

    request: schemathesis.Case
    key: str

    @property
    def operation(self) -> str:
        return f"{self.request.method.upper()} {self.request.operation.path}"

    @property
    def ids(self) -> dict[str, Any]:
        return dict(self.request.path_parameters or {})

    def readable(self) -> str:
        """One line that says enough to throw it again."""
        of = self.request
        body = of.body if isinstance(of.body, dict | list) else repr(of.body)
        return json.dumps([of.method, of.formatted_path, of.query, body], default=repr)[:2000]


def throws(schema: dict[str, Any], known: Known, number: int, last: Callable[[str], bool]) -> Iterator[Throw]:
    """Without end, every operation in turn; those whose path is `last` not before `number` others, since they take
    rights away from who throws."""
    operations = [each.ok() for each in schemathesis.openapi.from_dict(schema).get_all_operations()]
    early = [each for each in operations if not last(each.path)]
    drawn = 0
    for turn in count():
        for operation in operations if drawn >= number else early:
            for mode in MODES:
                for request in _some(operation, mode, turn):
                    drawn += 1
                    throw = Throw(request, known.a_key(f"{request.method.upper()} {operation.path}"))
                    yield _led_in(throw, known) if mode is GenerationMode.POSITIVE else throw


def _some(operation: Any, mode: GenerationMode, turn: int) -> list[schemathesis.Case]:
    found: list[schemathesis.Case] = []

    @seed(turn)
    @settings(
        max_examples=RUN, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(request=operation.as_strategy(generation_mode=mode))
    def draw(request: schemathesis.Case) -> None:
        found.append(request)

    # What takes nothing cannot be asked wrongly.
    with suppress(Unsatisfiable):
        draw()
    return found


def _led_in(throw: Throw, known: Known) -> Throw:
    """The right request, with what is known to this person in place of what was made up."""
    request = throw.request
    request.path_parameters = {name: known.an_id(throw.key, name) for name in throw.ids}
    if isinstance(request.body, dict | list):
        request.body = known.changed(request.body, throw.key)
    return throw
