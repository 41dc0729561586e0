"""Signing in to the plain app."""

from hashlib import sha256

from rest_framework import authentication, exceptions

from bench.plain.models import Token


class TokenAuthentication(authentication.TokenAuthentication):
    """REST framework's own, with the token kept as a hash: SAPR keeps its keys so."""

    def authenticate_credentials(self, key):
        token = Token.objects.select_related("user").filter(digest=sha256(key.encode()).digest()).first()
        if token is None or not token.user.is_active:
            raise exceptions.AuthenticationFailed
        return token.user, token
