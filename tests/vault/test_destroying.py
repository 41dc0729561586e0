"""Destroying a case's keys: that case is unreadable from then on, everywhere, and no other is."""

import json
from uuid import uuid4

import psycopg
import pytest
from django.test import Client

from reports.vault import keyfiles, keys, places, rewrap, store
from reports.vault.errors import ErasedError, VaultLockedError
from reports.vault.master import masters
from reports.vault.models import NO_CASE, Tombstone
from reports.vault.wrapping import Wrapping, available
from sapr.errors import DomainError
from sapr.signin import as_owner, in_database, url_of
from tests.api.door import Door
from tests.signed_in import passed
from tests.times import T0


def rows_of(case_id) -> list[tuple[str, str, bytes]]:
    with as_owner("keys") as owner:
        return owner.execute(
            "SELECT sensitivity, kek_id, wrapped FROM reports_wrappedkey WHERE case_id = %s", [case_id]
        ).fetchall()


def everything_in(folder) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_the_case_is_gone_and_every_other_opens(vault) -> None:
    gone, *others = vault.cases
    # A place that is away stops it before anything is destroyed.
    away = vault.place.rename(vault.place.with_name("unmounted"))
    with pytest.raises(DomainError, match="cannot be written"):
        store.destroy(gone.pk, at=T0)
    assert vault.opened(gone) == "Invented 0"
    assert not Tombstone.objects.exists()
    away.rename(vault.place)

    before, old_epoch = rows_of(gone.pk), vault.epoch.read_text().strip()
    destroyed = store.destroy(gone.pk, at=T0)
    assert destroyed.classes == ["identity", "narrative"]
    assert destroyed.places == [vault.place.name]
    assert [vault.opened(case) for case in others] == ["Invented 1", "Invented 2"]
    with pytest.raises(ErasedError):
        vault.opened(gone)
    assert rows_of(gone.pk) == []
    # What an older copy of the store still holds opens under nothing that is left.
    for sensitivity, kek_id, wrapped in before:
        assert kek_id not in available()
        for wrapping in available().values():
            with pytest.raises(VaultLockedError):
                wrapping.unwrap(gone.pk, sensitivity, wrapped)
    # The proof that it was the epoch that mattered: with the old one, the master key opens them.
    assert Wrapping.of(masters()[0], bytes.fromhex(old_epoch)).unwrap(gone.pk, before[0][0], before[0][2])
    assert old_epoch.encode() not in everything_in(vault.epoch.parent)
    (new_epoch,) = keyfiles.read(vault.epoch)
    # A second call does nothing.
    assert store.destroy(gone.pk, at=T0) == store.Destroyed([], 0, [])
    assert keyfiles.read(vault.epoch) == (new_epoch,)


def test_no_key_is_made_for_it_again_not_even_by_hand(vault) -> None:
    gone = vault.cases[0]
    store.destroy(gone.pk, at=T0)
    keys.forget()
    with pytest.raises(ErasedError):
        keys.case_key(gone.pk, "evidence", create=True)
    url = in_database(url_of("web", "keys"), vault.stage.names["keys"]).replace("postgres:", "postgresql:", 1)
    with psycopg.connect(url, autocommit=True) as account:
        add = "INSERT INTO reports_wrappedkey VALUES (gen_random_uuid(), %s, 'evidence', %s, '\\x00')"
        in_use = keys.wrapping_in_use().kek_id
        with pytest.raises(psycopg.errors.CheckViolation, match="destroyed"):
            account.execute(add, [gone.pk, in_use])
        with pytest.raises(psycopg.errors.CheckViolation, match="another wrapping key"):
            account.execute(add, [uuid4(), "0" * 16])
        account.execute(add, [uuid4(), in_use])
        for forbidden in (
            "DELETE FROM reports_wrappedkey",
            "UPDATE reports_wrappedkey SET wrapped = '\\x00'",
            "DELETE FROM reports_personindex",
            "INSERT INTO reports_tombstone VALUES (gen_random_uuid(), now(), true)",
            "DELETE FROM reports_tombstone",
            "UPDATE reports_currentwrapping SET kek_id = 'x'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                account.execute(forbidden)
    with as_owner("keys") as owner:
        for forbidden in ("DELETE FROM reports_tombstone", "TRUNCATE reports_tombstone"):
            with pytest.raises(psycopg.errors.CheckViolation, match="for ever"):
                owner.execute(forbidden)


def test_doors_answer_in_a_sentence_and_lists_go_on(vault) -> None:
    world = vault.stage.world
    gone, started = world.signed("restricted").case, vault.cases[0]
    door = Door(world.sarc)
    # The web process has just had the key in its hands.
    assert door.ask("POST", f"cases/{gone.pk}/sealed", {"purpose": "case_work"}).status_code == 200
    store.destroy(gone.pk, at=T0)
    refused = door.ask("POST", f"cases/{gone.pk}/sealed", {"purpose": "case_work"})
    assert (refused.status_code, refused.json()["code"]) == (410, "erased")
    assert door.get(f"cases/{gone.pk}").status_code == 200
    assert len(door.read("cases")["items"]) == 4
    desk = Client()
    passed(desk, world.sarc)
    for page in ("", "cases/", f"cases/{gone.pk}/"):
        assert desk.get(f"/admin/{page}").status_code == 200, page
    store.destroy(started.pk, at=T0)
    pages = (
        "",
        *[
            "questions/",
            "options/",
            "sign/",
            "convert/",
            "steps/",
            "evidence/",
            "contact/",
            "walk-away/",
            "advocate/",
        ],
    )
    statuses = {
        (case, page): desk.get(f"/admin/cases/{case.pk}/{page}").status_code
        for case in (gone, started)
        for page in pages
    }
    assert set(statuses.values()) <= {200, 302, 404, 410}
    # The one that would show something sealed without a click.
    assert statuses[gone, "options/"] == 410
    assert statuses[gone, ""] == statuses[started, ""] == 200
    page = desk.post(f"/admin/cases/{gone.pk}/open/")
    assert page.status_code == 410
    assert "was erased" in page.content.decode()
    page = desk.post(f"/admin/cases/{gone.pk}/contact/", {"name": "Somebody", "place": ""})
    assert page.status_code == 410


def test_the_copy_in_every_place_is_the_latest_state_only(vault, tmp_path, settings) -> None:
    further = tmp_path / "further"
    further.mkdir()
    settings.KEY_STORE_PLACES = [*settings.KEY_STORE_PLACES, str(further)]
    with store.store_locked() as connection:
        places.copy(connection, keyfiles.read(vault.epoch))
    gone, epoch = vault.cases[0], vault.epoch.read_text().strip()
    assert str(gone.pk) in (further / places.COPY).read_text()
    store.destroy(gone.pk, at=T0)
    for place in (vault.place, further):
        text = everything_in(place).decode()
        assert epoch not in text
        lines = [json.loads(line) for line in (place / places.COPY).read_text().splitlines()]
        held = {line["row"]["case_id"] for line in lines[1:-1] if line["table"] == "reports_wrappedkey"}
        assert held == {str(case.pk) for case in vault.cases[1:]} | {str(NO_CASE)}
        assert str(gone.pk) in (place / places.TOMBSTONES).read_text()
        assert {path.name for path in place.iterdir()} == {places.COPY, places.TOMBSTONES}


def test_a_key_that_a_restore_brought_back_is_removed_again(vault) -> None:
    gone = vault.cases[0]
    before = rows_of(gone.pk)
    store.destroy(gone.pk, at=T0)
    assert store.replay_tombstones() == 0
    with as_owner("keys") as owner:
        # As an older copy of the store has it: the rows, and no tombstone.
        owner.execute("ALTER TABLE reports_tombstone DISABLE TRIGGER USER")
        owner.execute("DELETE FROM reports_tombstone")
        owner.execute("ALTER TABLE reports_tombstone ENABLE TRIGGER USER")
        owner.execute("ALTER TABLE reports_wrappedkey DISABLE TRIGGER USER")
        for sensitivity, kek_id, wrapped in before:
            owner.execute(
                "INSERT INTO reports_wrappedkey VALUES (gen_random_uuid(), %s, %s, %s, %s)",
                [gone.pk, sensitivity, kek_id, wrapped],
            )
        owner.execute("ALTER TABLE reports_wrappedkey ENABLE TRIGGER USER")
    assert store.replay_tombstones() == 2
    assert rows_of(gone.pk) == []
    assert Tombstone.objects.get(case_id=gone.pk).clean
    assert vault.opened(vault.cases[1]) == "Invented 1"
    with pytest.raises(ErasedError):
        vault.opened(gone)


def test_a_reader_who_does_not_let_go_is_waited_for_only_so_long(vault, monkeypatch) -> None:
    gone = vault.cases[0]
    monkeypatch.setattr(rewrap, "PATIENCE", "100ms")
    with as_owner("keys") as reader, reader.transaction():
        reader.execute("SELECT count(*) FROM reports_wrappedkey")
        with pytest.raises(DomainError, match="Type this again to finish"):
            store.destroy(gone.pk, at=T0)
    assert not Tombstone.objects.get(case_id=gone.pk).clean
    store.destroy(gone.pk, at=T0)
    assert Tombstone.objects.get(case_id=gone.pk).clean
    assert vault.opened(vault.cases[1]) == "Invented 1"
