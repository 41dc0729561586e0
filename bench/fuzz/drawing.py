"""Requests from the schema: right ones and wrong ones of every operation, each somebody's."""

import json
from collections.abc import Callable, Iterable, Iterator
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


# One right request in so many is as its schema alone makes it, though a right body is known.
SCHEMA_ALONE = 3
# In place of a request: nothing more until every answer is there.
Drawn = Throw | None


def throws(
    schema: dict[str, Any],
    known: Known,
    number: int,
    last: Callable[[str], bool],
    way: Callable[[dict[str, Any]], Iterable[Drawn]] = lambda operations: (),
) -> Iterator[Drawn]:
    """Without end, every operation in turn; those whose path is `last` not before `number` others, since they take
    rights away from who throws. Each turn begins with the `way`, which is made of right requests alone."""
    operations = [each.ok() for each in schemathesis.openapi.from_dict(schema).get_all_operations()]
    early = [each for each in operations if not last(each.path)]
    by_name = {
        each.definition.raw["operationId"]: each
        for each in operations
        if "operationId" in each.definition.raw
    }
    drawn = 0
    for turn in count():
        yield from way(by_name)
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
    request.path_parameters = known.places.ids(throw.key, request.operation.path, list(throw.ids))
    right = known.a_body(throw.operation)
    if right is not None and known.chance.randrange(SCHEMA_ALONE):
        request.body = known.a_change(right, request.body, throw.key)
    elif isinstance(request.body, dict | list):
        request.body = known.changed(request.body, throw.key)
    return throw
