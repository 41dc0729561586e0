"""Signing in to the REST door: by API key, or with the desk's session."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions

from accounts.asking import asked_by
from accounts.clients import keys
from accounts.sessions import passed_both
from sapr.errors import DomainError

KEY_PARTS = 2


class KeyAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer sapr_…` (somebody's) or `saprc_…` (an outside system's): it acts for the key's account.

    `request.auth` is the ClientKey of an outside system, else None.
    """

    def authenticate(self, request):
        # By its name in WSGI: to ask for `headers` is to have all of them read.
        parts = request.META.get("HTTP_AUTHORIZATION", "").split()
        if not parts or parts[0].lower() != "bearer":
            return None
        if len(parts) != KEY_PARTS:
            raise exceptions.AuthenticationFailed
        asked = asked_by(parts[1], keys.fingerprint_of(request))
        if asked is None:
            raise exceptions.AuthenticationFailed
        # Told by the same question; whether that is too fast is said once it is clear what was asked for.
        request.wait = asked.wait
        return asked.user, asked.key

    def authenticate_header(self, request) -> str:
        return "Bearer"


class SessionAuthentication(authentication.SessionAuthentication):
    """The session of somebody signed in to the desk with both factors. Every write needs the CSRF token; a key none."""

    def authenticate(self, request):
        # The middleware lets nobody else through; a door that opens onto cases asks once more.
        return super().authenticate(request) if passed_both(request.session) else None

    def enforce_csrf(self, request) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied:
            raise DomainError(
                "csrf_failed", "Send the CSRF token in the header X-CSRFToken, or use an API key.", status=403
            ) from None


class KeyScheme(OpenApiAuthenticationExtension):
    """How the schema names the key."""

    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key of somebody (`manage.py staff apikey`) or of an outside system (docs/clients.md).",
        }


class SessionScheme(OpenApiAuthenticationExtension):
    """How the schema names the session."""

    target_class = SessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "The desk's session; writes also need the header X-CSRFToken.",
        }
