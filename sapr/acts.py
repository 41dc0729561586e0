"""An operation declared by its service: what it takes is what the service takes, but for the actor and the time."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from inspect import Parameter, signature, unwrap
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from sapr import clock
from sapr.apis import BaseApi, NoInput, operation
from sapr.fields import DayField, FlagField, InstantField, NumberField, StrictSerializer, TextField, UuidField

# (who calls, what was given by name): the thing; or the refusal.
Find = Callable[[Any, Mapping[str, Any]], Any]
FIELDS: dict[Any, type[serializers.Field]] = {
    str: TextField, bool: FlagField, int: NumberField, UUID: UuidField, datetime: InstantField, date: DayField,
    Any: serializers.JSONField,
}  # fmt: skip


class EventOutput(serializers.Serializer):
    """What was recorded."""

    event = serializers.UUIDField(help_text="The event of the case's ledger.")


def of_event(event: UUID) -> dict[str, UUID]:
    """EventOutput of a service that gives back the event's id."""
    return {"event": event}


def act(
    address: str,
    service: Callable[..., Any],
    *,
    verb: str,
    says: str,
    takes: Mapping[str, str | serializers.Field] | None = None,
    answers: type[serializers.Serializer] | None = None,
    show: Callable[[Any], Any] = lambda result: result,
    status: int = 200,
    refusals: Iterable[int] = (404, 409),
    only_reads: bool = False,
    finds: Mapping[str, Find] | None = None,
    also: Collection[str] = (),
) -> URLPattern:
    """POST `address` calls the service as the caller, now; its name is the operation's.

    `takes`: for each argument that the body holds, what it means, or the field that reads it where the annotation
    alone does not say it (a field may give back anything, a person for a user name). What the address names comes
    from there; `actor` from the request, and `at`, unless the body gives it. What has a default may be left out.
    `answers`: how the result is shown, after `show`; without it the answer is 204 and empty.
    `only_reads`: it changes nothing but the record of the look (sapr.apis.BaseApi).
    `finds`: for each argument that is a thing, what finds it for the caller among what was given, or refuses; what
    only serves to find is not handed on. `also`: further verbs, any of which is enough.

    Raises TypeError at start, if an argument comes from nowhere.
    """
    takes, finds = takes or {}, finds or {}
    _all_come_from_somewhere(address, service, {*takes, *finds})
    name = "".join(part.title() for part in service.__name__.split("_"))
    body = type(f"{name}Input", (StrictSerializer,), _fields(service, takes)) if takes else NoInput

    known = frozenset(signature(service).parameters)
    own = signature(service).parameters.get("at")
    # A service that can do without an instant is not given one that nobody said.
    dated = own is not None and ("at" not in takes or own.default is Parameter.empty)

    def post(self: BaseApi, request: Request, **ids: UUID) -> Response:
        given = self.given | ids
        if dated and "at" not in given:
            given["at"] = clock.now()
        for argument, find in finds.items():
            given[argument] = find(request.user, given)
        result = service(
            actor=request.user, **{name: value for name, value in given.items() if name in known}
        )
        return self.answer(show(result), status) if answers else Response(status=204)

    post.__doc__ = service.__doc__
    described = operation(
        says, name=service.__name__, takes=body if takes else None, answers=answers,
        status=status if answers else 204, refusals={*refusals, 422},
    )(post)  # fmt: skip
    content = {
        "verb": verb,
        "also": also,
        "only_reads": only_reads,
        "InputSerializer": body,
        "OutputSerializer": answers,
        "post": described,
    }
    view = type(f"{name}Api", (BaseApi,), content | {"service": service, "__doc__": service.__doc__})
    return path(address, view.as_view())


def _all_come_from_somewhere(address: str, service: Callable, takes: Collection[str]) -> None:
    for name, parameter in signature(service).parameters.items():
        known = name in {"actor", "at", *takes} or f":{name}>" in address
        if not known and parameter.default is Parameter.empty:
            raise TypeError(f"{service.__name__}: {name} is neither in the address nor taken from the body")


def _fields(service: Callable, takes: Mapping[str, str | serializers.Field]) -> dict[str, serializers.Field]:
    hints, parameters = get_type_hints(unwrap(service)), signature(service).parameters
    fields = {}
    for name, said in takes.items():
        if isinstance(said, serializers.Field):
            fields[name] = said
        else:
            needed = name != "at" and parameters[name].default is Parameter.empty
            fields[name] = _field(hints[name], required=needed, help_text=said)
    return fields


def _field(hint: Any, **more: Any) -> serializers.Field:
    """The strict field of an annotation; TypeError for one that needs a field of its own."""
    args = get_args(hint)
    if get_origin(hint) is UnionType and NoneType in args:
        return _field(next(each for each in args if each is not NoneType), allow_null=True, **more)
    origin = get_origin(hint) or hint
    if hint in FIELDS:
        return FIELDS[hint](**more)
    if args and issubclass(origin, Mapping):
        return serializers.DictField(child=_field(args[1]), **more)
    if args and issubclass(origin, Collection):
        return serializers.ListField(child=_field(args[0]), **more)
    raise TypeError(f"{hint} needs a field of its own")
