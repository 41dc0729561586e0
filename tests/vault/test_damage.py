"""Rows that open under no key stop no erasure, and nothing that a key opens is lost over them."""

import logging
from unittest.mock import patch
from uuid import uuid4

import psycopg
import pytest

from reports.vault import keyfiles, keys, state, store
from reports.vault.errors import ErasedError, VaultLockedError
from reports.vault.models import PersonIndex, WrappedKey
from sapr.errors import DomainError
from sapr.signin import as_owner, in_database, url_of
from tests.times import T0


def test_a_row_that_the_web_process_made_up_stops_no_erasure(vault) -> None:
    gone, other = vault.cases[0], vault.cases[1]
    in_use, made_up = keys.wrapping_in_use().kek_id, uuid4()
    url = in_database(url_of("web", "keys"), vault.stage.names["keys"]).replace("postgres:", "postgresql:", 1)
    with psycopg.connect(url, autocommit=True) as web:
        web.execute(
            "INSERT INTO reports_wrappedkey VALUES (%s, gen_random_uuid(), 'identity', %s, 'x')",
            [made_up, in_use],
        )
        web.execute("UPDATE reports_personindex SET digest = 'x' WHERE case_id = %s", [other.pk])
    old_epoch = vault.epoch.read_text()
    # A rotation says so first; it destroys nobody's keys and can wait.
    with pytest.raises(DomainError, match=f"Row {made_up} .*--skip-damaged"):
        store.rotate(at=T0)
    with patch.object(logging.getLogger("sapr"), "handle") as handled:
        destroyed = store.destroy(gone.pk, at=T0)
    assert (destroyed.classes, destroyed.damaged) == (["identity", "narrative"], [made_up, other.pk])
    (said,) = [call.args[0] for call in handled.call_args_list if call.args[0].msg == "keys_damaged"]
    assert said.fields == {"count": 2, "rows": [str(made_up), str(other.pk)]}
    with pytest.raises(ErasedError):
        vault.opened(gone)
    assert [vault.opened(case) for case in vault.cases[1:]] == ["Invented 1", "Invented 2"]
    assert old_epoch.strip() not in vault.epoch.read_text()
    assert PersonIndex.objects.get(case_id=other.pk).digest is None
    found = state.status(T0)
    assert (found["damaged"], found["unknown"], found["under_others"], found["pending"]) == (1, 0, 0, False)
    # Set aside as it is: later acts go past it, and it opens nothing.
    assert bytes(WrappedKey.objects.get(pk=made_up).wrapped) == b"x"
    assert store.rotate(at=T0).damaged == []
    with pytest.raises(VaultLockedError):
        keys.case_key(WrappedKey.objects.get(pk=made_up).case_id, "identity")


def test_a_rotation_skips_changed_rows_only_when_told(vault) -> None:
    row = WrappedKey.objects.filter(case_id=vault.cases[2].pk).first()
    with as_owner("keys") as owner:
        owner.execute("UPDATE reports_wrappedkey SET wrapped = 'x' WHERE id = %s", [row.pk])
    with pytest.raises(DomainError, match=str(row.pk)):
        store.rotate(at=T0)
    assert store.rotate(at=T0, skip_damaged=True).damaged == [row.pk]
    assert [vault.opened(case) for case in vault.cases[:2]] == ["Invented 0", "Invented 1"]


def test_under_a_wrong_master_key_nothing_counts_as_damaged(vault) -> None:
    good, before = vault.master.read_text(), list(WrappedKey.objects.order_by("id").values())
    for wrong in (f"{'ab' * 32}\n", "00" * 32):
        vault.master.write_text(wrong)
        for act in (
            lambda: store.destroy(vault.cases[0].pk, at=T0),
            lambda: store.rotate(at=T0, skip_damaged=True),
        ):
            keys.forget()
            with pytest.raises(DomainError, match="no master key and epoch"):
                act()
    vault.master.write_text(good)
    keys.forget()
    assert list(WrappedKey.objects.order_by("id").values()) == before
    assert len(keyfiles.read(vault.epoch)) == 1
    assert vault.opened(vault.cases[0]) == "Invented 0"
