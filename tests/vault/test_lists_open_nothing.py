"""Lists, counts and pages that show no sealed part neither open one nor unwrap a key."""

from collections import Counter

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.test import Client

from reports.vault import keys, wrapping
from tests.api.door import Door
from tests.signed_in import passed

CASES = 50
# Sealed by every contact of a test world, in two classes.
CANARY_FIELDS = 8


@pytest.fixture
def used(monkeypatch) -> Counter:
    """How often any key was used, whichever way."""
    counted: Counter = Counter()

    class Counting:
        def __init__(self, key: bytes) -> None:
            counted["made"] += 1
            self._aead = AESGCM(key)

        def encrypt(self, *args) -> bytes:
            counted["sealed"] += 1
            return self._aead.encrypt(*args)

        def decrypt(self, *args) -> bytes:
            counted["opened"] += 1
            return self._aead.decrypt(*args)

    for module in (keys, wrapping):
        monkeypatch.setattr(module, "AESGCM", Counting)
    return counted


def test_fifty_cases_cost_no_key(world, used) -> None:
    report = world.signed("restricted")
    world.signed("unrestricted")
    for _ in range(CASES - 2):
        world.contact()
    desk, door = Client(), Door(world.sarc)
    passed(desk, world.sarc)
    keys.forget()
    used.clear()
    for page in (
        "",
        "cases/",
        "cases/?stands=restricted",
        f"cases/{report.case_id}/",
        "inbox/",
        "counts/",
        "policy/",
    ):
        assert desk.get(f"/admin/{page}").status_code == 200, page
    assert desk.post("/admin/counts/").status_code == 200
    for path in (
        "cases?limit=100",
        f"cases/{report.case_id}",
        "duties?limit=100",
        "notices",
        "inbox",
        "counts",
    ):
        assert door.get(path).status_code == 200, path
    assert used == {}
    # And this is what it would look like if one of them opened something.
    assert door.post(f"cases/{report.case_id}/sealed", {"purpose": "case_work"}).status_code == 200
    assert used["opened"] >= CANARY_FIELDS
