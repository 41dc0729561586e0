"""Signing in by API key."""

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header

from accounts.services import api_key_user
from sapr import clock


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer sapr_…`: the request acts for the key's member of staff."""

    def authenticate(self, request):
        parts = get_authorization_header(request).decode("latin-1").split()
        if not parts or parts[0].lower() != "bearer":
            return None
        user = api_key_user(key=parts[1], at=clock.now()) if len(parts) == 2 else None
        if user is None:
            raise exceptions.AuthenticationFailed
        return user, None

    def authenticate_header(self, request) -> str:
        return "Bearer"
