"""Identifiers say nothing about when or in which order they were issued; and credentials are all alike."""

import secrets
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models

from accounts.services import api_key_create, enrolment_create
from reports import policy
from reports.vault.models import NO_CASE
from sapr import logs
from sapr.desk import once
from tests.times import T0

OURS = ("accounts", "reports", "notifications")
ISSUED = 40_000
# Short enough to be read out: of so many some are alike by chance, and more than five in one of a million runs.
TWICE = {"error number": 5}


def rank_correlation(ids: list[str]) -> float:
    """Spearman's: of the order of issue with the order of the values."""
    rank = {value: place for place, value in enumerate(sorted(ids))}
    n = len(ids)
    distance = sum((place - rank[value]) ** 2 for place, value in enumerate(ids))
    return 1 - 6 * distance / (n * (n * n - 1))


def shared_prefix(ids: list[str]) -> int:
    """The longest beginning, after the fixed one, that more than a tenth of all have in common."""
    fixed = len(_common(ids))
    for length in range(1, 9):
        counts: dict[str, int] = {}
        for value in ids:
            key = value[fixed : fixed + length]
            counts[key] = counts.get(key, 0) + 1
        if max(counts.values()) < len(ids) / 10:
            return length - 1
    return 8


def _common(ids: list[str]) -> str:
    first, last = min(ids), max(ids)
    return first[: next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))]


def by_time() -> str:
    """A UUIDv7: 48 bits of milliseconds, then chance."""
    by_time.now += 1
    return uuid.UUID(bytes=by_time.now.to_bytes(6, "big") + secrets.token_bytes(10)).hex


by_time.now = 1_790_000_000_000

ISSUERS: dict[str, Callable[[], str]] = {
    "id": lambda: uuid.uuid4().hex,
    "evidence number": policy.new_control_number,
    "case number": lambda: policy.new_control_number(prefix="C"),
    "form token": once.new_token,
    "error number": logs.new_error_id,
}


@pytest.mark.parametrize("what", ISSUERS)
def test_what_is_issued_says_nothing_about_when(what) -> None:
    """10,000 and more: |rho| < 0.03 (six standard deviations), one length, no beginning in common."""
    ids = [ISSUERS[what]() for _ in range(ISSUED)]
    assert len(set(ids)) >= ISSUED - TWICE.get(what, 0)
    assert abs(rank_correlation(ids)) < 0.03
    assert {len(value) for value in ids} == {len(ids[0])}
    assert shared_prefix(ids) == 0


def test_ids_that_hold_the_time_would_not_pass() -> None:
    ids = [by_time() for _ in range(ISSUED)]
    assert rank_correlation(ids) > 0.99
    counted = [f"{number:010d}" for number in range(ISSUED)]
    assert rank_correlation(counted) > 0.99
    assert shared_prefix([f"2026-{secrets.choice('ABC')}{secrets.token_hex(4)}" for _ in range(999)]) > 0


def test_every_primary_key_is_drawn_by_uuid4() -> None:
    """Or it is the key of the row that it belongs to, or the zero id of a table that has one row."""
    keys = [model._meta.pk for each in OURS for model in apps.get_app_config(each).get_models()]
    assert {key.default for key in keys if isinstance(key, models.UUIDField)} == {
        uuid.uuid4,
        models.NOT_PROVIDED,
        NO_CASE,
    }


def test_credentials_are_random_and_of_one_length(world) -> None:
    keys = [api_key_create(user=world.va, valid=timedelta(days=1), actor=None, at=T0) for _ in range(200)]
    links = [enrolment_create(user=world.other_va, actor=None, at=T0) for _ in range(200)]
    for issued in (keys, links):
        assert len(set(issued)) == 200
        assert {len(value) for value in issued} == {len(issued[0])}
        assert abs(rank_correlation(issued)) < 0.45
