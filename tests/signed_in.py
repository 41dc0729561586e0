"""A session that passed both factors, without typing either: hashing and codes have tests of their own."""

from importlib import import_module

from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.test import Client

from accounts import sessions
from accounts.acting import acting

BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(user, **kwargs) -> Client:
    """A client whose session is the user's and passed both factors."""
    client = Client(**kwargs)
    passed(client, user)
    return client


def passed(client: Client, user) -> None:
    """As if the user had signed in with both factors in this client."""
    client.force_login(user, backend=BACKEND)
    # Django notes the machine's own time there, which is later than the held clock's.
    user.last_login = None
    user.save(update_fields=["last_login"])
    store = import_module(settings.SESSION_ENGINE).SessionStore
    session = store(client.cookies[settings.SESSION_COOKIE_NAME].value)
    sessions.mark_passed(session, "totp")
    session.save()


def app_of(user) -> str:
    """An authenticator app for the user; its secret."""
    secret = totp.generate_totp_secret()
    with acting(user):
        totp.TOTP.activate(user, secret)
    return secret


def code_of(secret: str, steps: int = 0) -> str:
    """What the app shows now, or that many half minutes later."""
    now = sorted(totp.yield_hotp_counters_from_time())[1]
    return totp.format_hotp_value(totp.hotp_value(secret, now + steps))


def typed_in(client: Client, username: str, password: str, code: str):
    """Both steps of signing in, as a person types them; the answer to the last one."""
    step = client.post("/admin/login/?next=/admin/", {"username": username, "password": password})
    assert step.status_code == 302, step.content
    return client.post("/admin/second-factor/", {"code": code})
