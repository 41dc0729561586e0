"""How long an answer takes says nothing: the same work is done for what is there and for what is not.

The work is counted (queries, password hashes); the clock is only asked whether a difference could be seen at all,
in pairs taken by turns, so that a busy machine slows both.
"""

import re
import statistics
import time
from collections.abc import Callable
from math import comb
from unittest import mock
from uuid import uuid4

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import services
from notifications.models import Notice
from reports import access
from tests.factories import UserFactory
from tests.privacy.signing import signed_in
from tests.times import T0

PAIRS, VISIBLE = 60, 0.001


@pytest.fixture
def names(world, monkeypatch) -> dict[str, str]:
    """User names: one with a password, one without, one closed, and nobody's. Hashing costs a few milliseconds."""
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 4096)
    known = world.sarc
    services.password_change(user=known, password="a sentence that only one knows", at=T0)
    services.user_deactivate(user=UserFactory(username="closed"), actor=world.manager, at=T0)
    return {
        "known": known.username,
        "no password": world.va.username,
        "closed": "closed",
        "nobody": "nobody at all",
    }


def work(action: Callable[[], object]) -> tuple[int, int]:
    """Queries asked and passwords hashed."""
    with (
        mock.patch.object(
            Argon2PasswordHasher, "encode", autospec=True, side_effect=Argon2PasswordHasher.encode
        ) as one,
        mock.patch.object(
            Argon2PasswordHasher, "verify", autospec=True, side_effect=Argon2PasswordHasher.verify
        ) as two,
        CaptureQueriesContext(connection) as asked,
    ):
        action()
    return len(asked), one.call_count + two.call_count


def test_signing_in_is_the_same_work_for_every_name(names) -> None:
    done = {
        who: work(lambda name=name: authenticate(username=name, password="wrong"))
        for who, name in names.items()
    }
    assert len(set(done.values())) == 1, done
    assert done["nobody"][1] == 1


@pytest.fixture
def addresses(world) -> list[tuple[str, str]]:
    """Pairs: of somebody else's, and of nothing."""
    report = world.signed("restricted")
    with access.viewing(world.sarc):
        notice = Notice.objects.get()
    return [
        (each.format(report.case_id), each.format(uuid4()))
        for each in ("/admin/cases/{}/", "/admin/cases/{}/steps/", "/api/v1/cases/{}")
    ] + [(f"/admin/notices/{notice.pk}/", f"/admin/notices/{uuid4()}/")]


def test_looking_for_what_is_not_yours_is_the_work_of_looking_for_nothing(world, addresses) -> None:
    client = signed_in(world.stranger)
    for theirs, nothing in addresses:
        client.get(nothing)
        with CaptureQueriesContext(connection) as first:
            assert client.get(theirs).status_code == 404
        with CaptureQueriesContext(connection) as second:
            assert client.get(nothing).status_code == 404
        assert [words(each["sql"]) for each in first] == [words(each["sql"]) for each in second]


def words(statement: str) -> str:
    """The statement without its values."""
    return "SAVEPOINT" if "SAVEPOINT" in statement else re.split("WHERE|VALUES|SET ", statement)[0]


def seen(first: Callable[[], object], second: Callable[[], object], pairs: int) -> tuple[float, float]:
    """Median difference of pairs in seconds, and the chance of so uneven a count of longer ones (sign test)."""
    differences = []
    for number in range(pairs):
        took = {}
        for action in (first, second) if number % 2 else (second, first):
            begin = time.perf_counter()
            action()
            took[action] = time.perf_counter() - begin
        differences.append(took[first] - took[second])
    longer = sum(each > 0 for each in differences)
    tail = min(longer, pairs - longer)
    chance = min(1.0, 2 * sum(comb(pairs, k) for k in range(tail + 1)) / 2**pairs)
    return abs(statistics.median(differences)), chance


def told_apart(effect: float, chance: float) -> bool:
    return effect >= VISIBLE and chance <= 0.001


def test_the_clock_does_not_tell_them_apart_either(world, addresses, names) -> None:
    client = signed_in(world.stranger)
    theirs, nothing = addresses[0]
    assert not told_apart(*seen(lambda: client.get(theirs), lambda: client.get(nothing), PAIRS))

    def sign_in(who: str) -> Callable[[], object]:
        return lambda: authenticate(username=names[who], password="wrong")

    assert not told_apart(*seen(sign_in("known"), sign_in("nobody"), 20))


def test_the_clock_would_tell_of_a_password_that_is_not_hashed_for_nobody(names) -> None:
    """The measure itself is able to see what it looks for."""
    known = lambda: authenticate(username=names["known"], password="wrong")  # noqa: E731
    assert told_apart(*seen(known, lambda: None, 20))
