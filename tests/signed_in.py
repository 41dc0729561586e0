"""A session that passed both factors, without typing either: hashing and codes have tests of their own."""

from importlib import import_module

from django.conf import settings
from django.test import Client

from accounts import sessions

BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(user, **kwargs) -> Client:
    """A client whose session is the user's and passed both factors."""
    client = Client(**kwargs)
    passed(client, user)
    return client


def passed(client: Client, user) -> None:
    """As if the user had signed in with both factors in this client."""
    client.force_login(user, backend=BACKEND)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    session = store(client.cookies[settings.SESSION_COOKIE_NAME].value)
    sessions.mark_passed(session, "totp")
    session.save()
