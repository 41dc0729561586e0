"""Wrapping every key anew touches no case, and a kill at any point loses none of them."""

import os
import threading
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from reports.election.contacts import contact_complete
from reports.vault import keyfiles, keys, places, rewrap, state, store
from reports.vault.errors import ErasedError
from reports.vault.master import epochs, masters
from reports.vault.models import CurrentWrapping, PersonIndex, WrappedKey
from reports.vault.people import cases_of_person
from reports.vault.wrapping import Wrapping, available
from sapr.errors import DomainError
from sapr.signin import as_owner, in_database, url_of
from tests.processes import wait_until
from tests.times import T0
from tests.vault.killing import killed

NAMES = ["Invented 0", "Invented 1", "Invented 2"]
# What is called, and at which call of it the process dies: before the first epoch is on disk, between the two names
# of a key file, in the middle of a batch, between batches, before copies, before the old secrets go.
POINTS = [
    ("reports.vault.keyfiles.os.link", 1),
    ("reports.vault.keyfiles._settle", 1),
    ("reports.vault.keyfiles.shred", 1),
    ("reports.vault.store.add_master", 1),
    ("reports.vault.store.finish", 1),
    ("reports.vault.rewrap.move", 1),
    ("reports.vault.wrapping.Wrapping.unwrap", 2),
    ("reports.vault.wrapping.Wrapping.unwrap", 4),
    ("reports.vault.places.copy", 1),
    ("reports.vault.keyfiles.replace", 4),
    ("reports.vault.keyfiles.replace", 5),
    ("reports.vault.keyfiles.shred", 5),
]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch) -> None:
    monkeypatch.setattr(rewrap, "BATCH", 2)


def remnants(vault) -> set[str]:
    """What lies beside the key files."""
    folder = vault.epoch.parent
    return {path.name for path in folder.rglob("*") if path.is_file()} - {
        "master.key", "key.epoch", places.COPY, places.TOMBSTONES,
    }  # fmt: skip


def test_a_rotation_touches_no_case_and_leaves_no_row_behind(vault) -> None:
    before = {row.pk: bytes(row.wrapped) for row in WrappedKey.objects.all()}
    old_master, old_epoch = masters(), epochs()
    done = store.rotate(at=T0, master=True)
    assert (done.rewrapped, done.resumed) == (len(before) + PersonIndex.objects.count(), False)
    assert (len(masters()), len(epochs())) == (1, 1)
    assert masters() != old_master
    assert epochs() != old_epoch
    in_use = Wrapping.of(masters()[0], epochs()[0]).kek_id
    assert CurrentWrapping.objects.get().kek_id == in_use
    for row in WrappedKey.objects.all():
        assert row.kek_id == in_use
        assert bytes(row.wrapped) != before.get(row.pk)
    assert [vault.opened(case) for case in vault.cases] == NAMES
    # No statement of a rotation goes to the cases: they are not even connected to.
    connection.close()
    with patch("psycopg.connect", wraps=__import__("psycopg").connect) as connected:
        store.rotate(at=T0)
    assert {call.args[0].rpartition("/")[2] for call in connected.call_args_list} == {
        vault.stage.names["keys"]
    }


def test_killed_anywhere_everything_opens_and_the_next_call_finishes(vault) -> None:
    world = vault.stage.world
    for point in POINTS:
        before = (masters()[-1], epochs()[-1])
        assert killed(lambda: store.rotate(at=T0, master=True), *point), point
        assert [vault.opened(case) for case in vault.cases] == [*NAMES, *["Later"] * (len(vault.cases) - 3)]
        assert state.status(T0)["pending"], point
        # Work goes on between the kill and whoever comes to finish.
        vault.cases.append(world.contact(name="Later"))
        store.rotate(at=T0, master=True)
        assert (len(masters()), len(epochs())) == (1, 1), point
        assert before[0] != masters()[0]
        assert remnants(vault) == set(), point
        assert not state.status(T0)["pending"], point
        in_use = Wrapping.of(masters()[0], epochs()[0]).kek_id
        assert set(WrappedKey.objects.values_list("kek_id", flat=True)) == {in_use}, point
        everything = b"".join(path.read_bytes() for path in vault.epoch.parent.rglob("*") if path.is_file())
        assert not [key for key in before if key.hex().encode() in everything], point
    assert [vault.opened(case) for case in vault.cases] == [*NAMES, *["Later"] * len(POINTS)]


def test_an_erasure_killed_anywhere_is_finished_by_the_next_call(vault) -> None:
    world = vault.stage.world
    for target, call in [
        ("reports.vault.store._remove", 1),
        ("reports.vault.store.add_epoch", 1),
        ("reports.vault.store.finish", 1),
        ("reports.vault.wrapping.Wrapping.unwrap", 3),
        ("reports.vault.places.copy", 1),
        ("reports.vault.keyfiles.replace", 4),
    ]:
        gone = world.contact(name="Gone")
        held = [(row.sensitivity, bytes(row.wrapped)) for row in WrappedKey.objects.filter(case_id=gone.pk)]
        assert killed(lambda case=gone: store.destroy(case.pk, at=T0), target, call), target
        store.destroy(gone.pk, at=T0)
        with pytest.raises(ErasedError):
            vault.opened(gone)
        for sensitivity, wrapped in held:
            for wrapping in available().values():
                with pytest.raises(Exception, match="fits"):
                    wrapping.unwrap(gone.pk, sensitivity, wrapped)
        for path in (vault.epoch, vault.place / places.COPY):
            assert not path.with_name(f"{path.name}.old").exists()
        assert str(gone.pk) not in "".join(
            line for line in (vault.place / places.COPY).read_text().splitlines() if "wrappedkey" in line
        )
    assert [vault.opened(case) for case in vault.cases] == NAMES


def test_keys_of_the_first_version_and_keys_under_a_new_master_key_open(vault, settings) -> None:
    """Before there were epochs the master key wrapped alone."""
    first = Wrapping.of(masters()[0], None)
    with as_owner("keys") as owner:
        for row in WrappedKey.objects.all():
            key = available()[row.kek_id].unwrap(row.case_id, row.sensitivity, bytes(row.wrapped))
            owner.execute(
                "UPDATE reports_wrappedkey SET kek_id = %s, wrapped = %s WHERE id = %s",
                [first.kek_id, first.wrap(row.case_id, row.sensitivity, key), row.pk],
            )
    assert [vault.opened(case) for case in vault.cases] == NAMES
    store.rotate(at=T0)
    assert first.kek_id not in set(WrappedKey.objects.values_list("kek_id", flat=True))
    assert [vault.opened(case) for case in vault.cases] == NAMES
    # A master key that is kept elsewhere gets its successor there.
    (old,) = masters()
    settings.MASTER_KEY_FILE, settings.MASTER_KEY = "", old.hex()
    with pytest.raises(DomainError, match="not in a file"):
        store.rotate(at=T0, master=True)
    settings.MASTER_KEY = f"{'ab' * 32}\n{old.hex()}"
    store.rotate(at=T0)
    settings.MASTER_KEY = "ab" * 32
    assert [vault.opened(case) for case in vault.cases] == NAMES


def test_a_kits_number_issued_before_is_found_after_the_master_key_changed(vault) -> None:
    from reports.evidence.services import kit_number_issue, kit_seal

    world = vault.stage.world
    report = world.signed("restricted")
    _, number = kit_number_issue(actor=world.sarc, case_id=report.case_id, at=T0)
    store.rotate(at=T0, master=True)
    keys.forget()
    kit = kit_seal(actor=world.sarc, case_id=report.case_id, number=number, at=T0)
    assert kit.state == "sealed"


def test_a_key_looked_at_before_a_rotation_is_looked_at_again_after_it(vault) -> None:
    """Of a case that was asked about, what is remembered of its other keys may be wrapped under a key that is gone."""
    first, other = vault.cases[0].pk, vault.cases[1].pk
    keys.forget()
    keys.case_key(first, "identity")
    rotating = threading.Thread(target=store.rotate, kwargs={"at": T0, "master": True})
    rotating.start()
    rotating.join()
    keys.case_key(other, "identity")
    assert keys.case_key(first, "narrative")


def test_a_key_that_is_being_added_is_waited_for(vault) -> None:
    """The first rotation of all: nothing has yet said which wrapping key is in use."""
    case, url = uuid4(), in_database(url_of("web", "keys"), vault.stage.names["keys"])
    before = next(iter(available().values()))
    rotating = threading.Thread(target=store.rotate, kwargs={"at": T0})
    with psycopg.connect(url.replace("postgres:", "postgresql:", 1)) as web, as_owner("keys") as owner:
        web.execute(
            "INSERT INTO reports_wrappedkey VALUES (gen_random_uuid(), %s, 'identity', %s, %s)",
            [case, before.kek_id, before.wrap(case, "identity", bytes(32))],
        )
        rotating.start()
        waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'reports_wrappedkey'::regclass"
        wait_until(lambda: owner.execute(waits).fetchone(), "the rotation waits")
        web.commit()
    rotating.join()
    row = WrappedKey.objects.get(case_id=case)
    assert row.kek_id == CurrentWrapping.objects.get().kek_id
    keys.forget()
    assert keys.case_key(case, "identity")


def test_a_row_that_no_key_opens_stops_it_before_anything_changes(vault) -> None:
    with as_owner("keys") as owner:
        owner.execute("UPDATE reports_wrappedkey SET kek_id = 'ff' WHERE case_id = %s", [vault.cases[2].pk])
    held = (masters(), epochs())
    for act in (lambda: store.rotate(at=T0, master=True), lambda: store.destroy(vault.cases[0].pk, at=T0)):
        with pytest.raises(DomainError, match="no master key and epoch"):
            act()
    assert (masters(), epochs()) == held
    assert vault.opened(vault.cases[0]) == "Invented 0"


def test_a_row_that_was_changed_is_named_and_everything_else_goes_on(vault) -> None:
    row = WrappedKey.objects.filter(case_id=vault.cases[2].pk).first()
    with as_owner("keys") as owner:
        broken = bytes(row.wrapped)[:-1] + bytes([row.wrapped[-1] ^ 1])
        owner.execute("UPDATE reports_wrappedkey SET wrapped = %s WHERE id = %s", [broken, row.pk])
    with pytest.raises(DomainError, match=str(row.pk)):
        store.rotate(at=T0)
    assert [vault.opened(case) for case in vault.cases[:2]] == NAMES[:2]
    with as_owner("keys") as owner:
        owner.execute("DELETE FROM reports_wrappedkey WHERE id = %s", [row.pk])
    assert store.rotate(at=T0).resumed
    assert [vault.opened(case) for case in vault.cases[:2]] == NAMES[:2]


def test_a_number_that_changes_in_the_middle_of_a_rotation_stands(vault) -> None:
    """The rotation has read the old digest when the web process writes the new one."""
    world, case, original = vault.stage.world, vault.cases[0], Wrapping.unmask

    def in_between(self, masked: bytes) -> bytes:
        if not asked:
            asked.append(masked)
            contact_complete(
                actor=world.sarc, case_id=case.pk, at=T0, identity={"dod_id": "1112223334"}, narrative={}
            )
        return original(self, masked)

    asked: list[bytes] = []
    with patch.object(Wrapping, "unmask", in_between):
        store.rotate(at=T0)
    assert cases_of_person("1112223334") == [case.pk]


def test_a_file_is_replaced_whole_and_its_earlier_bytes_are_overwritten(tmp_path: Path) -> None:
    path, first, second = tmp_path / "key", b"\x01" * 32, b"\x02" * 32
    keyfiles.write(path, (first,))
    assert path.stat().st_mode & 0o777 == 0o600
    # Whoever could read the key before can read it afterwards.
    path.chmod(0o640)
    # A second name for the same bytes on the disk: what an undelete would find.
    os.link(path, tmp_path / "undeleted")
    keyfiles.write(path, (second, first))
    assert (tmp_path / "undeleted").read_bytes() == bytes(65)
    assert keyfiles.read(path) == (second, first)
    assert path.stat().st_mode & 0o777 == 0o640
    for broken in ("", "zz" * 32, "01" * 31, "\u0661" * 64):
        path.write_text(broken)
        with pytest.raises(DomainError, match="key") as error:
            keyfiles.read(path)
        assert not broken or broken not in str(error.value)
