"""Refusals as problem documents (RFC 9457)."""

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from reports.policy import FactsError
from reports.vault.keys import VaultLockedError
from sapr.errors import DomainError, NotFoundError

PROBLEM = "application/problem+json"
# What Django REST framework's own refusals are called here.
FRAMEWORK_CODES = {
    exceptions.ParseError: ("malformed", "The request body is not valid JSON."),
    exceptions.UnsupportedMediaType: ("unsupported_media_type", "Send JSON (Content-Type: application/json)."),
    exceptions.NotAuthenticated: ("not_signed_in", "Sign in or send a valid API key."),
    exceptions.AuthenticationFailed: ("not_signed_in", "Sign in or send a valid API key."),
    exceptions.PermissionDenied: ("not_allowed", "This is not allowed for you."),
    exceptions.MethodNotAllowed: ("method_not_allowed", "This address does not take that method."),
    exceptions.NotAcceptable: ("not_acceptable", "Only JSON is served here."),
}


def as_refusal(error: Exception) -> DomainError | None:
    """The refusal that an exception stands for; None when it is a defect of ours."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, FactsError):
        return DomainError(error.code, error.message, path=error.path)
    if isinstance(error, Http404):
        return NotFoundError()
    if isinstance(error, RequestDataTooBig):
        return DomainError("too_large", "This is more than the system takes at once. Shorten it.", status=413)
    if isinstance(error, RecursionError):
        return DomainError("malformed", "The request body is nested too deeply.", status=400)
    if isinstance(error, VaultLockedError):
        return DomainError(
            "sealed", "The sealed part cannot be opened now. Tell the programme office.", status=503
        )
    return None


def problem(refusal: DomainError, **extra) -> Response:
    """A problem document."""
    body = {
        "type": f"urn:sapr:problem:{refusal.code}",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "code": refusal.code,
        "detail": refusal.message,
    }
    body |= {k: v for k, v in (("path", refusal.path), ("rule", refusal.rule)) if v} | extra
    return Response(body, status=refusal.status, content_type=PROBLEM)


def problem_handler(error: Exception, context: dict) -> Response | None:
    """Django REST framework's hook: every refusal a problem document; None for a defect (a plain 500)."""
    refusal = as_refusal(error)
    if refusal is not None:
        return problem(refusal)
    if isinstance(error, exceptions.ValidationError):
        path, message = _first(error.detail)
        return problem(DomainError("invalid", message, status=400, path=path))
    if isinstance(error, exceptions.APIException):
        code, message = FRAMEWORK_CODES.get(type(error), (error.default_code, str(error.detail)))
        response = problem(DomainError(code, message, status=error.status_code))
        if getattr(error, "auth_header", None):
            response["WWW-Authenticate"] = error.auth_header
        return response
    return None


def _first(detail, path: str = "") -> tuple[str, str]:
    """The first error of a serializer's nested answer: where, and what."""
    if isinstance(detail, dict):
        key, value = next(iter(detail.items()))
        return _first(value, path if key == "non_field_errors" else f"{path}.{key}".strip("."))
    if isinstance(detail, list):
        return _first(next((item for item in detail if item), ""), path)
    return path, str(detail)
