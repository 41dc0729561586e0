"""Signed-in browsers without a browser: Django's test client."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from reports import policy
from tests.signed_in import signed_in
from tests.times import T0
from tests.world import CANARIES


@pytest.fixture
def sign_in(world) -> Callable[..., Client]:
    """`sign_in(user)`: a client whose session is the user's; both factors count as passed."""
    return signed_in


@pytest.fixture
def sarc(world, sign_in) -> Client:
    """The SARC at the desk."""
    return sign_in(world.sarc)


def text(response) -> str:
    """The page as text."""
    return response.content.decode()


def names_a_case(page: str) -> bool:
    """Whether a case's number stands on the page; the random token of a form may hold its first letters."""
    return bool(re.search(r"\bC-[0-9A-Z]{4}-", page))


def once_token(response) -> str:
    """The token of the first form of a page."""
    return re.search(r'name="once" value="([^"]+)"', text(response))[1]


def sign_data(
    option: str, *, at: str = "2026-03-02T10:00", form: str = "DD 2910", **changed: str
) -> dict[str, str]:
    """The fields of a complete election form, as the browser sends them. `at`: local time of the installation."""
    paper = policy.form_edition(form, T0.date())
    data = {f"initials-{line[0]}": "ZC" for line in paper.acknowledgements}
    data |= {
        "election": option,
        "edition": paper.edition,
        "victim_signature": CANARIES["name"],
        "victim_signed_at": at,
        "advocate_signature": "Invented Advocate",
        "advocate_signed_at": at,
    }
    return data | changed
