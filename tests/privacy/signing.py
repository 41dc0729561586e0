"""How the tests of this folder sign somebody in, and where sessions lie: the one place to change when that changes."""

from importlib import import_module

from django.conf import settings
from django.test import Client

from tests.signed_in import passed

SESSIONS = "accounts_session"


def signed_in(user, **kwargs) -> Client:
    """A client of the user's; a defect is a 500, not an exception."""
    client = Client(raise_request_exception=False, **kwargs)
    passed(client, user)
    return client


def packed(session: dict) -> str:
    """A session's data as its row holds it."""
    return import_module(settings.SESSION_ENGINE).SessionStore().encode(session)


def unpacked(session_data: str) -> dict:
    """What a session row holds."""
    return import_module(settings.SESSION_ENGINE).SessionStore().decode(session_data)
