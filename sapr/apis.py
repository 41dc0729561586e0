"""What every REST operation shares: a declared verb, the viewer's transaction, strict input, its schema entry."""

from collections.abc import Callable, Iterable
from functools import cache
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.drainage import set_override
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.clients import door
from reports import access
from sapr import showing, standing
from sapr.contract import again, sparse, versions
from sapr.crossing import once_more
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

    A refusal anywhere in the handler rolls the whole transaction back: nothing is half written. `only_reads`: a POST
    that changes nothing. It runs each time, whatever key it comes with: each call is a look of its own. `only_looks`:
    one whose single write is the record of its look, so that clock and roles are asked once for it, as for a GET.
    """

    verb: str
    only_reads = False
    only_looks = False
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
        handler = door.narrowed(request, handler)
        # By their names in WSGI: to ask for `headers` is to have all of them read.
        if "HTTP_TRANSFER_ENCODING" in request.META:
            # WSGI hands over no body without its length: to go on would be to lose what was sent.
            raise DomainError("length_required", "Send the body with its length, not in chunks.", status=411)
        # Read and checked before anything is looked up: a bad body says the same about every case.
        query = request.query_params.dict() if request.META.get("QUERY_STRING") else {}
        asks = method in ("get", "head")
        output = getattr(self, "OutputSerializer", None)
        wanted = query.pop(sparse.NAME, None) if asks and output is not None else None
        self.only = None if wanted is None else sparse.chosen(wanted, output)
        self.query = self._checked(self.QuerySerializer, query)
        self.given = {} if asks else self._checked(self.InputSerializer, request.data)
        self.sent = None if asks or self.only_reads else again.sent_with_key(request)

        def in_view(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if not asks and not self.only_looks:
                standing.wrote()
            with access.entering(request.user, whole=True):
                return (self._read if asks else self._write)(handler, request, *args, **kwargs)

        def in_turn(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            return once_more(lambda: in_view(request, *args, **kwargs))

        setattr(self, method, in_turn)

    @classmethod
    def paged(cls) -> bool:
        """Whether the operation's GET answers with a page of a list."""
        return issubclass(cls.QuerySerializer, PageQuery)

    def case_of(self, request: Request, **kwargs: Any) -> UUID | None:
        """The case whose version (sapr.contract.versions) the operation's thing has; None: it has none."""
        return kwargs.get("case_id")

    def _read(self, handler: Callable, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        response = handler(request, *args, **kwargs)
        if self.only is not None:
            response.data = sparse.thinned(response.data, self.only, paged=self.paged())
        if self.paged():
            return response
        case_id = self.case_of(request, **kwargs)
        return versions.conditional(request, self._written(response), case_id)

    def _write(self, handler: Callable, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        before = self.sent and again.answered_before(self.sent)
        if before:
            answer = self._bytes(before.content, before.status)
            answer[again.REPLAYED] = "true"
            return answer
        expected = request.META.get("HTTP_IF_MATCH")
        if expected is not None:
            versions.require_match(request.user, expected, self.case_of(request, **kwargs))
        response = handler(request, *args, **kwargs)
        if self.sent is None:
            return response
        response = self._written(response)
        again.keep(self.sent, again.Answer(response.status_code, response.content))
        return response

    def _written(self, response: Response) -> HttpResponse:
        """The answer as the bytes that go out."""
        content = self.renderer_classes[0]().render(response.data, "application/json", {})
        return self._bytes(content, response.status_code)

    @staticmethod
    def _bytes(content: bytes, status: int) -> HttpResponse:
        response = HttpResponse(content, status=status, content_type="application/json")
        if status == HTTPStatus.NO_CONTENT:
            del response["Content-Type"]
        return response

    @staticmethod
    def _checked(serializer: type[StrictSerializer], data: Any) -> dict[str, Any]:
        if not data and isinstance(data, dict) and not serializer._declared_fields:
            return {}
        return dict(_checker(serializer).run_validation(data))

    def answer(self, instance: Any, status: int = 200) -> Response:
        """The instance as the operation's OutputSerializer shows it."""
        return Response(showing.shown(self.OutputSerializer, instance), status=status)


@cache
def _checker(serializer: type[StrictSerializer]) -> StrictSerializer:
    """Made once: REST framework makes the fields anew for each instance, and checking changes none of them."""
    return serializer()


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
