"""What every REST operation shares: a declared verb, the viewer's transaction, strict input, its schema entry."""

from collections.abc import Callable, Iterable
from typing import Any

from drf_spectacular.drainage import set_override
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reports import access
from sapr import showing, standing
from sapr.errors import DomainError
from sapr.fields import PageQuery, StrictSerializer
from sapr.jsonio import AsciiJSONRenderer, OnlyJSON, StrictJSONParser
from sapr.problems import PROBLEM

# Every operation may answer these; an operation that takes a body adds its own.
ALWAYS = {401: "Not signed in.", 403: "The caller's appointments do not include this step."}
WITH_BODY = {
    400: "The body is not JSON.",
    411: "The body came in chunks, without its length.",
    413: "The body is larger than 4 MB.",
    415: "The body is not declared as application/json.",
    422: "Something in the request cannot be accepted; `code` and `path` say what.",
}
OTHER = {
    404: "There is no such thing, or it is not the caller's.",
    429: "As many identities were opened as an hour allows.",
    409: "This does not fit what has happened already.",
    422: WITH_BODY[422],
}


class NoInput(StrictSerializer):
    """An operation without a body: an empty one or {} is taken."""


class ProblemSerializer(serializers.Serializer):
    """A refusal (RFC 9457)."""

    type = serializers.CharField(help_text="urn:sapr:problem: and the code.")
    title = serializers.CharField(help_text="The HTTP status in words.")
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable; docs/api.md lists them.")
    detail = serializers.CharField(help_text="A sentence for a person.")
    path = serializers.CharField(required=False, help_text="The input it is about.")
    rule = serializers.CharField(required=False, help_text="The policy rule that refuses.")


class BaseApi(APIView):
    """One operation. `verb` names what it needs; the handler runs in the viewer's own transaction.

    A refusal anywhere in the handler rolls the whole transaction back: nothing is half written.
    """

    verb: str
    InputSerializer: type[StrictSerializer] = NoInput
    QuerySerializer: type[StrictSerializer] = NoInput
    http_method_names = ["get", "head", "post", "patch"]
    parser_classes = [StrictJSONParser]
    renderer_classes = [AsciiJSONRenderer]
    content_negotiation_class = OnlyJSON
    metadata_class = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Nested serializers take the operation's name in the schema."""
        super().__init_subclass__(**kwargs)
        for part in ("InputSerializer", "OutputSerializer"):
            own = cls.__dict__.get(part)
            if own is not None and own.__qualname__ == f"{cls.__qualname__}.{part}":
                set_override(own, "component_name", cls.__name__.removesuffix("Api"))

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Until something is written, the clock and the caller's roles are asked once, as for a page."""
        with standing.one_look():
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = request.method.lower()
        handler = getattr(self, method, None) if method in self.http_method_names else None
        if handler is None:
            self.http_method_not_allowed(request)
        if "Transfer-Encoding" in request.headers:
            # WSGI hands over no body without its length: to go on would be to lose what was sent.
            raise DomainError("length_required", "Send the body with its length, not in chunks.", status=411)
        # Read and checked before anything is looked up: a bad body says the same about every case.
        self.query = self._checked(self.QuerySerializer, request.query_params.dict())
        self.given = {} if method in ("get", "head") else self._checked(self.InputSerializer, request.data)

        def in_view(request: Request, *args: Any, **kwargs: Any) -> Response:
            if method not in ("get", "head"):
                standing.wrote()
            with access.entering(request.user):
                return handler(request, *args, **kwargs)

        setattr(self, method, in_view)

    @staticmethod
    def _checked(serializer: type[StrictSerializer], data: Any) -> dict[str, Any]:
        checked = serializer(data=data)
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)

    def answer(self, instance: Any, status: int = 200) -> Response:
        """The instance as the operation's OutputSerializer shows it."""
        return Response(showing.shown(self.OutputSerializer, instance), status=status)


def operation(
    summary: str,
    *,
    name: str,
    answers: Any,
    takes: Any = None,
    query: Any = None,
    status: int = 200,
    refusals: Iterable[int] = (),
) -> Callable[[Callable], Callable]:
    """The schema entry of an operation: `name` is its operationId, `refusals` its statuses beyond the common."""
    told = ALWAYS | (WITH_BODY if takes else {}) | {code: OTHER[code] for code in refusals}
    responses: dict[Any, Any] = {status: answers}
    responses |= {
        (code, PROBLEM): OpenApiResponse(ProblemSerializer, description=sentence)
        for code, sentence in sorted(told.items())
    }
    return extend_schema(
        summary=summary,
        operation_id=name,
        request=takes,
        parameters=[query] if query else None,
        responses=responses,
    )


def page_of(item: type[serializers.Serializer], name: str) -> serializers.Serializer:
    """The schema of a page (sapr.paging) of such items."""
    fields = {
        "items": item(many=True),
        "next": serializers.CharField(
            allow_null=True, help_text="The cursor of the next page; null: no more."
        ),
    }
    return type(f"{name}Page", (serializers.Serializer,), fields)()


__all__ = ["BaseApi", "NoInput", "PageQuery", "ProblemSerializer", "operation", "page_of"]
