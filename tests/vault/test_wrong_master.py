"""A wrong master key seals nothing: not before the first rotation either."""

from uuid import uuid4

import psycopg
import pytest

from reports.vault import checks, keys
from reports.vault.errors import VaultLockedError
from reports.vault.models import CurrentWrapping, WrappedKey
from reports.vault.wrapping import available
from sapr.models import Kind
from sapr.signin import as_owner, in_database, url_of

WRONG = "ab" * 32


def web(vault) -> psycopg.Connection:
    url = in_database(url_of("web", "keys"), vault.stage.names["keys"])
    return psycopg.connect(url.replace("postgres:", "postgresql:", 1), autocommit=True)


def test_a_wrong_master_key_before_the_first_rotation_starts_and_seals_nothing(vault, settings) -> None:
    settings.KIND = Kind.REAL
    world, good = vault.stage.world, vault.master.read_text()
    assert CurrentWrapping.objects.get().kek_id == next(iter(available()))
    assert checks.one_master_key(None) == []
    for named in (True, False):
        if not named:
            # As a store of the first version: rows, and nothing that names their key.
            with as_owner("keys") as owner:
                owner.execute("DELETE FROM reports_currentwrapping")
        vault.master.write_text(f"{WRONG}\n")
        keys.forget()
        assert "no key of this process fits" in checks.one_master_key(None)[0].msg
        before = WrappedKey.objects.count()
        with pytest.raises(VaultLockedError):
            world.contact(name="Somebody Invented")
        assert WrappedKey.objects.count() == before
        # Also when the program were mistaken: the database knows.
        with web(vault) as account, pytest.raises(psycopg.errors.CheckViolation, match="another wrapping"):
            account.execute(
                "INSERT INTO reports_wrappedkey VALUES (gen_random_uuid(), %s, 'identity', %s, '\\x00')",
                [uuid4(), next(iter(available()))],
            )
        vault.master.write_text(good)
        keys.forget()
        assert checks.one_master_key(None) == []
        assert vault.opened(world.contact(name="Somebody Invented")) == "Somebody Invented"
    assert CurrentWrapping.objects.get().kek_id == next(iter(available()))


def test_of_two_first_keys_under_different_wrapping_keys_one_stands(stage) -> None:
    add = "INSERT INTO reports_wrappedkey VALUES (gen_random_uuid(), gen_random_uuid(), 'identity', %s, '\\x00')"
    url = in_database(url_of("web", "keys"), stage.names["keys"]).replace("postgres:", "postgresql:", 1)
    with psycopg.connect(url) as one, psycopg.connect(url, autocommit=True) as two:
        one.execute(add, ["1" * 16])
        two.execute("SET lock_timeout = '100ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            two.execute(add, ["2" * 16])
        one.commit()
        with pytest.raises(psycopg.errors.CheckViolation, match="another wrapping key"):
            two.execute(add, ["2" * 16])
        two.execute(add, ["1" * 16])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            two.execute("INSERT INTO reports_currentwrapping VALUES (gen_random_uuid(), 'x')")


def test_of_many_added_by_one_statement_each_is_looked_at(stage) -> None:
    """An import adds thousands: one under another wrapping key, or of an erased case, and none of them is taken."""
    mine, other, gone = "1" * 16, "2" * 16, uuid4()
    keys = (
        "INSERT INTO reports_wrappedkey SELECT gen_random_uuid(), case_id, 'identity', kek, '\\x00'"
        " FROM unnest(%s::uuid[], %s::text[]) AS added (case_id, kek)"
    )
    people = (
        "INSERT INTO reports_personindex (case_id, kek_id, digest)"
        " SELECT case_id, kek, '\\x00' FROM unnest(%s::uuid[], %s::text[]) AS added (case_id, kek)"
    )
    url = in_database(url_of("web", "keys"), stage.names["keys"]).replace("postgres:", "postgresql:", 1)
    with as_owner("keys") as owner, psycopg.connect(url, autocommit=True) as account:
        for table in ("wrappedkey", "personindex", "currentwrapping"):
            owner.execute(f"DELETE FROM reports_{table}")  # noqa: S608
        owner.execute(
            "INSERT INTO reports_tombstone (case_id, destroyed_at, clean) VALUES (%s, now(), true)", [gone]
        )
        first = uuid4()
        for add in (keys, people):
            # The first of all decide which wrapping key is in use, and agree on it.
            with pytest.raises(psycopg.errors.CheckViolation, match="another wrapping"):
                account.execute(add, [[uuid4(), uuid4()], [mine, other]])
        account.execute(keys, [[first], [mine]])
        assert owner.execute("SELECT kek_id FROM reports_currentwrapping").fetchall() == [(mine,)]
        for add in (keys, people):
            with pytest.raises(psycopg.errors.CheckViolation, match="another wrapping"):
                account.execute(add, [[uuid4(), uuid4()], [mine, other]])
            with pytest.raises(psycopg.errors.CheckViolation, match="destroyed"):
                account.execute(add, [[uuid4(), gone], [mine, mine]])
            account.execute(add, [[uuid4(), uuid4()], [mine, mine]])
        account.execute(people, [[first], [mine]])
        with pytest.raises(psycopg.errors.CheckViolation, match="another wrapping"):
            account.execute("UPDATE reports_personindex SET kek_id = %s WHERE case_id = %s", [other, first])
        # As a store of the first version: it stays with a key of its own.
        owner.execute("DELETE FROM reports_currentwrapping")
        with pytest.raises(psycopg.errors.CheckViolation, match="another wrapping"):
            account.execute(keys, [[uuid4(), uuid4()], [other, other]])
        account.execute(keys, [[uuid4()], [mine]])
