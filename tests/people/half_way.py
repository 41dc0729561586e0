"""Somebody half way in, and what their factors are."""

from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.factors import services

PASSWORD = "six invented words for one test"


def half(username: str = "sarc") -> Client:
    """Somebody who typed the right password and nothing else."""
    client = Client()
    step = client.post("/admin/login/?next=/admin/", {"username": username, "password": PASSWORD})
    assert step["Location"] == "/admin/second-factor/"
    return client


def fresh(client: Client) -> None:
    """The password was typed again."""
    assert client.post("/admin/factors/password/", {"password": PASSWORD}).status_code == 302


def text(answer) -> str:
    """The page as text."""
    return answer.content.decode()


def rows(user) -> dict[str, Authenticator]:
    """The person's factors by their type."""
    return {row.type: row for row in services.factors_of(user)}
