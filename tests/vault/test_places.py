"""A copy is whole or refused, and the key store knows where its copies lie."""

import logging
from unittest.mock import patch

import pytest
from psycopg import sql

from reports.vault import copies, places, rewrap, state, store
from reports.vault.errors import ErasedError
from reports.vault.models import WrappedKey
from sapr.errors import DomainError
from sapr.signin import as_owner
from tests.times import T0
from tests.vault.killing import killed


def emptied() -> None:
    with as_owner("keys") as owner:
        for table in ("wrappedkey", "personindex", "currentwrapping"):
            owner.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(f"reports_{table}")))


def test_a_copy_that_was_cut_or_changed_is_refused(vault) -> None:
    copies.copy()
    emptied()
    copied = vault.place / places.COPY
    whole = copied.read_text()
    lines = whole.splitlines(keepends=True)
    broken = ["".join(lines[:count]) for count in range(len(lines))]
    broken += [
        "".join(lines[:3] + lines[4:]),
        whole[:-1],
        whole + lines[-1],
        whole.replace("identity", "narrativ", 1),
    ]
    for text in broken:
        copied.write_text(text)
        with pytest.raises(DomainError, match="no whole copy"):
            copies.load(vault.place)
        assert not WrappedKey.objects.exists()
        assert state.status(T0)["places"][0]["keys"] is None
    copied.write_text(whole)
    assert copies.load(vault.place) == 7  # two for each case, and the index of persons
    assert vault.opened(vault.cases[0]) == "Invented 0"


def test_a_copy_made_in_the_middle_of_a_rotation_is_loaded_too(vault, monkeypatch) -> None:
    monkeypatch.setattr(rewrap, "BATCH", 2)
    assert killed(lambda: store.rotate(at=T0), "reports.vault.wrapping.Wrapping.unwrap", 4)
    copies.copy()
    emptied()
    copies.load(vault.place)
    store.rotate(at=T0)
    assert vault.opened(vault.cases[0]) == "Invented 0"


def test_no_erasure_passes_over_a_place_that_still_holds_a_copy(vault, settings, tmp_path) -> None:
    gone, named = vault.cases[0], list(settings.KEY_STORE_PLACES)
    copies.copy()
    other = tmp_path / "other"
    other.mkdir()
    for setting in ([], [str(other)]):
        settings.KEY_STORE_PLACES = setting
        for act in (
            lambda: store.destroy(gone.pk, at=T0),
            lambda: store.rotate(at=T0),
            store.replay_tombstones,
        ):
            with pytest.raises(DomainError, match="keys forget-place"):
                act()
    assert vault.opened(gone) == "Invented 0"
    # Taken off the list by name: the copy goes with that when it is within reach.
    settings.KEY_STORE_PLACES = named
    with pytest.raises(DomainError, match="out of SAPR_KEY_STORE_PLACES first"):
        copies.forget_place(vault.place)
    settings.KEY_STORE_PLACES = [str(other)]
    with pytest.raises(DomainError, match="never copied"):
        copies.forget_place(tmp_path)
    place = vault.stage.env["SAPR_KEY_STORE_PLACES"]
    with patch.object(logging.getLogger("sapr"), "handle") as handled:
        copies.forget_place(vault.epoch.parent / "place")
    assert handled.call_args.args[0].msg == "key_place_forgotten"
    assert not (vault.epoch.parent / "place" / places.COPY).exists()
    assert place == str(vault.epoch.parent / "place")
    assert store.destroy(gone.pk, at=T0).places == ["other"]
    with pytest.raises(ErasedError):
        vault.opened(gone)


def test_what_a_kill_leaves_of_the_list_of_tombstones_goes_with_the_next_act(vault) -> None:
    first, second = vault.cases[:2]
    store.destroy(first.pk, at=T0)
    for act in (
        lambda: store.destroy(second.pk, at=T0),
        lambda: store.rotate(at=T0),
        store.replay_tombstones,
    ):
        left = vault.place / f"{places.TOMBSTONES}.old"
        left.write_text("what a kill left")
        assert state.status(T0)["pending"]
        act()
        assert not left.exists()
        assert not state.status(T0)["pending"]
