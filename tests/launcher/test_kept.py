"""A prepared database is used again only for exactly the migrations it was prepared by, and whole."""

import os
from pathlib import Path

import pytest

from launcher import kept
from launcher.layout import Layout


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    migration = tmp_path / "reports" / "migrations" / "sql" / "first.sql"
    migration.parent.mkdir(parents=True)
    migration.write_text("SELECT 1;")
    return Layout.of(tmp_path)


def made(folder: Path, text: str) -> Path:
    (folder / "base").mkdir(parents=True)
    (folder / "base" / "1").write_text(text)
    (folder / "base" / "1").chmod(0o600)
    return folder


def test_another_migration_is_another_database(layout):
    before = kept.place(layout)
    assert kept.place(layout) == before
    (layout.root / "reports" / "migrations" / "sql" / "first.sql").write_text("SELECT 2;")
    assert kept.place(layout) != before


def test_what_was_kept_comes_back_whole_with_its_modes(layout, tmp_path):
    copy = kept.place(layout)
    assert not kept.bring(copy, tmp_path / "data", tmp_path / "var2")
    kept.keep(copy, made(tmp_path / "a", "data"), made(tmp_path / "b", "var"))
    assert kept.bring(copy, tmp_path / "data", tmp_path / "var2")
    assert (tmp_path / "data" / "base" / "1").read_text() == "data"
    assert (tmp_path / "var2" / "base" / "1").read_text() == "var"
    assert os.stat(tmp_path / "data" / "base" / "1").st_mode & 0o777 == 0o600


def test_two_runs_may_keep_at_once_and_older_ones_go(layout, tmp_path):
    old, new = layout.kept / "old", kept.place(layout)
    data, var = made(tmp_path / "a", "data"), made(tmp_path / "b", "var")
    for copy in (old, new, new):
        kept.keep(copy, data, var)
    assert [each.name for each in layout.kept.iterdir()] == [new.name]
