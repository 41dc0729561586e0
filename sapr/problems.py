"""Refusals as problem documents (RFC 9457)."""

import json
import math
import sys
from http import HTTPStatus
from typing import Any

from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import IntegrityError, OperationalError, ProgrammingError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseServerError, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect
from django.template import loader
from django.views import defaults
from psycopg.errors import DeadlockDetected, InsufficientPrivilege, LockNotAvailable, QueryCanceled
from rest_framework import exceptions
from rest_framework.response import Response

from reports.policy import FactsError
from reports.vault.errors import ErasedError, VaultLockedError
from sapr.away import is_away
from sapr.errors import DomainError, NotFoundError
from sapr.logs import new_error_id

PROBLEM = "application/problem+json"
API = "/api/"
# Nothing that a caller sent is repeated at greater length than this.
LONGEST_PATH = 200
# 503 where nothing else says when: as long as the sentence of `held_up` says.
A_MINUTE = 60
# What Django REST framework's own refusals are called here.
FRAMEWORK_CODES: dict[type[exceptions.APIException], tuple[str, str]] = {
    exceptions.ParseError: ("malformed", "The request body is not valid JSON."),
    exceptions.UnsupportedMediaType: (
        "unsupported_media_type",
        "Send JSON (Content-Type: application/json).",
    ),
    exceptions.NotAuthenticated: ("not_signed_in", "Sign in or send a valid API key."),
    exceptions.AuthenticationFailed: ("not_signed_in", "Sign in or send a valid API key."),
    exceptions.PermissionDenied: ("not_allowed", "This is not allowed for you."),
    exceptions.MethodNotAllowed: ("method_not_allowed", "This address does not take that method."),
    exceptions.Throttled: ("too_many_requests", "Too many requests. Go on after the time in Retry-After."),
}
# The same for what a field of the REST door finds wrong (status 422).
FIELD_CODES: dict[str, tuple[str, str]] = {
    "required": ("missing", "this is needed. Fill it in."),
    "null": ("missing", "this is needed. Leave the key out or give a value."),
    "unknown_field": ("unknown_field", "there is no such field."),
    "naive_time": ("naive_time", "give the time zone with the time."),
    "invalid_choice": ("unknown_value", "choose one of the words that the schema lists."),
    "min_value": ("out_of_range", "this number is too small."),
    "max_value": ("out_of_range", "this number is too large."),
}
OTHERWISE = ("wrong_type", "this is not what is expected here. The schema at /api/schema/ says what is.")
SIGNED_OUT = DomainError("not_signed_in", "Sign in or send a valid API key.", status=401)
# Not "nothing was saved": where the connection broke while the last word was said, nobody knows.
AWAY = DomainError(
    "database_away",
    "The database does not answer now. Look in a minute whether your last step was saved, then go on or do it again.",
    status=503,
)
UNREADABLE = DomainError("malformed", "The request cannot be read.", status=400)


def as_refusal(error: BaseException) -> DomainError | None:
    """The refusal that an exception stands for; None when it is a defect of ours."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, FactsError):
        return DomainError(error.code, error.message, path=error.path)
    if isinstance(error, Http404):
        return NotFoundError()
    if isinstance(error, RequestDataTooBig):
        return DomainError("too_large", "This is more than the system takes at once. Shorten it.", status=413)
    if isinstance(error, IntegrityError):
        return DomainError("conflict", "Somebody did the same at this moment. Reload and look.", status=409)
    if isinstance(error, ProgrammingError) and isinstance(error.__cause__, InsufficientPrivilege):
        # Row-level security, behind a service that let it pass: an appointment ended between the two.
        return DomainError(
            "not_your_role", "Your access ended while this was being done. Nothing was saved.", status=403
        )
    if isinstance(error, OperationalError) and isinstance(
        error.__cause__, LockNotAvailable | QueryCanceled | DeadlockDetected
    ):
        # The limits of a session (sapr.sessions), or two that waited for each other.
        return DomainError(
            "held_up", "Something else holds this up. Nothing was saved; try again in a minute.", status=503
        )
    if is_away(error):
        return AWAY
    if isinstance(error, RecursionError):
        return DomainError("malformed", "The request body is nested too deeply.", status=400)
    if isinstance(error, SuspiciousOperation | BadRequest | MultiPartParserError | UnreadablePostError):
        return UNREADABLE
    if isinstance(error, ErasedError):
        return DomainError(
            "erased", "The sealed part of this case was erased. Nobody can read it again.", status=410
        )
    if isinstance(error, VaultLockedError):
        return DomainError(
            "sealed", "The sealed part cannot be opened now. Tell the programme office.", status=503
        )
    return None


def document(refusal: DomainError) -> dict[str, Any]:
    """The problem document as plain values; text is cut and made writable whatever the caller sent."""
    body: dict[str, Any] = {
        "type": f"urn:sapr:problem:{refusal.code}",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "code": refusal.code,
        "detail": _writable(refusal.message),
    }
    return body | {k: _writable(v) for k, v in (("path", refusal.path), ("rule", refusal.rule)) if v}


def _writable(text: str) -> str:
    """Long texts cut; a lone half of a surrogate pair, which no UTF-8 can carry, replaced."""
    short = text if len(text) <= LONGEST_PATH * 4 else f"{text[: LONGEST_PATH * 4]}…"
    return short.encode("utf-8", "replace").decode()


def retry_headers(refusal: DomainError) -> dict[str, str]:
    """Retry-After in whole seconds, where waiting helps; a 503 always says when to come again."""
    seconds = refusal.retry_after
    if seconds is None and refusal.status == HTTPStatus.SERVICE_UNAVAILABLE:
        seconds = A_MINUTE
    return {} if seconds is None else {"Retry-After": str(max(1, math.ceil(seconds)))}


def problem(refusal: DomainError) -> Response:
    """A problem document, for Django REST framework's views."""
    return Response(
        document(refusal), status=refusal.status, content_type=PROBLEM, headers=retry_headers(refusal)
    )


def plain_problem(refusal: DomainError) -> HttpResponse:
    """The same bytes for code outside Django REST framework: handlers and middleware."""
    body = json.dumps(document(refusal), separators=(",", ":"))
    return HttpResponse(body, status=refusal.status, content_type=PROBLEM, headers=retry_headers(refusal))


def problem_handler(error: Exception, context: dict) -> Response | None:
    """Django REST framework's hook: every refusal a problem document; None for what `handler500` answers."""
    refusal = as_refusal(error)
    if refusal is AWAY:
        return None
    if refusal is not None:
        return problem(refusal)
    if isinstance(error, exceptions.ValidationError):
        return problem(_field_refusal(*_first(error.detail)))
    if isinstance(error, exceptions.APIException):
        code, message = FRAMEWORK_CODES.get(type(error), (error.default_code, str(error.default_detail)))
        wait = getattr(error, "wait", None)
        response = problem(DomainError(code, message, status=error.status_code, retry_after=wait))
        if getattr(error, "auth_header", None):
            response["WWW-Authenticate"] = error.auth_header
        return response
    return None


def _field_refusal(path: str, found: str) -> DomainError:
    code, sentence = FIELD_CODES.get(found, OTHERWISE)
    path = path if len(path) <= LONGEST_PATH else f"{path[:LONGEST_PATH]}…"
    return DomainError(code, f"{path or 'The body'}: {sentence}", path=path)


def _first(detail: Any, path: str = "") -> tuple[str, str]:
    """The first error of a serializer's nested answer: where, and which code."""
    if isinstance(detail, dict):
        key, value = next(iter(detail.items()))
        return _first(value, path if key == "non_field_errors" else f"{path}.{key}".strip("."))
    if isinstance(detail, list):
        return _first(next((item for item in detail if item), ""), path)
    return path, getattr(detail, "code", "")


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that does not exist: under /api/ the same answer as for a thing that does not."""
    if request.path.startswith(API):
        return plain_problem(NotFoundError())
    return defaults.page_not_found(request, exception)


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django itself refuses. Whose session was ended while it ran is led to sign-in."""
    if isinstance(exception, SessionInterrupted):
        return plain_problem(SIGNED_OUT) if request.path.startswith(API) else redirect("admin:login")
    if request.path.startswith(API):
        return plain_problem(
            as_refusal(exception) or DomainError("malformed", "The request cannot be read.", status=400)
        )
    return defaults.bad_request(request, exception)


def handler500(request: HttpRequest) -> HttpResponse:
    """A defect of ours: said without any detail but the id under which the log has its type and place.

    Also where the database is away, whoever noticed: a view, or what stands before and after all views. For that
    nothing may be asked that is in it, as the pages of the desk do.
    """
    request.error_id = new_error_id()
    if is_away(sys.exc_info()[1]):
        return _away(request)
    if request.path.startswith(API):
        sentence = (
            f"The system failed. Nothing was saved; tell the programme office the number {request.error_id}."
        )
        return plain_problem(DomainError("internal", sentence, status=500))
    page = loader.get_template("500.html").render({"error_id": request.error_id})
    return HttpResponseServerError(page)


def _away(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        return plain_problem(AWAY)
    page = loader.get_template("503.html").render({"error_id": request.error_id})
    return HttpResponse(page, status=AWAY.status, headers=retry_headers(AWAY))
