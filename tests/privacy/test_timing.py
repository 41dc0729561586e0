"""How long an answer takes says nothing: the same work is done for what is there and for what is not.

The work is counted (queries, password hashes); the clock is only asked whether a difference could be seen at all,
in pairs taken by turns, so that a busy machine slows both. Seen is a tenth of what the thing takes at all: a machine
that is half as fast takes twice as long for everything, also for a difference that nobody sees on a faster one.
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

PAIRS, SIGN_INS, INBOXES, SHARE = 100, 60, 40, 10
# How often two things that differ by less than that are told apart: at three comparisons a run, in 6 of 100,000 runs.
FALSE_ALARM = 2e-5


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


def told_apart(first: Callable[[], object], second: Callable[[], object], pairs: int = PAIRS) -> bool:
    """Whether one takes longer by more than a tenth of the longer's time, beyond doubt."""
    times: dict[Callable[[], object], list[float]] = {first: [], second: []}
    for number in range(pairs):
        for action in (first, second) if number % 2 else (second, first):
            begin = time.perf_counter()
            action()
            times[action].append(time.perf_counter() - begin)
    visible = max(statistics.median(took) for took in times.values()) / SHARE
    differences = [one - two for one, two in zip(times[first], times[second], strict=True)]
    beyond = max(sum(each > visible for each in differences), sum(each < -visible for each in differences))
    return beyond >= needed(pairs)


def needed(pairs: int) -> int:
    """In how many pairs one has to be longer by that much: a sign test, either way, about what can be seen.

    Where the median difference is less, each pair goes beyond it with a chance of one half at most.
    """
    return next(count for count in range(pairs + 1) if 2 * at_least(count, pairs) <= FALSE_ALARM)


def at_least(count: int, pairs: int) -> float:
    """The chance of so many heads of so many coins."""
    return sum(comb(pairs, heads) for heads in range(count, pairs + 1)) / 2**pairs


def test_the_clock_s_false_alarms_are_rarer_than_one_in_ten_thousand_runs() -> None:
    compared = (PAIRS, SIGN_INS, INBOXES)
    assert sum(2 * at_least(needed(pairs), pairs) for pairs in compared) <= 1e-4
    # And a difference that shows in nine pairs of ten is not missed.
    assert all(needed(pairs) <= 0.9 * pairs for pairs in compared)


def test_the_clock_does_not_tell_them_apart_either(world, addresses, names) -> None:
    client = signed_in(world.stranger)
    theirs, nothing = addresses[0]
    assert not told_apart(lambda: client.get(theirs), lambda: client.get(nothing))

    def sign_in(who: str) -> Callable[[], object]:
        return lambda: authenticate(username=names[who], password="wrong")

    assert not told_apart(sign_in("known"), sign_in("nobody"), SIGN_INS)


def test_the_clock_would_tell_of_a_password_that_is_not_hashed_for_nobody(names) -> None:
    """The measure itself is able to see what it looks for."""
    known = lambda: authenticate(username=names["known"], password="wrong")  # noqa: E731
    assert told_apart(known, lambda: None, SIGN_INS)
