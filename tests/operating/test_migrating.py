"""Migrations wait for nobody long, so that nobody waits for them, and say what to do."""

import threading

import psycopg
import pytest
from django.db import connection

from sapr.errors import DomainError
from sapr.operating import schema
from tests.stage import admin_url


def test_a_migration_gives_way_to_a_transaction_and_goes_on_after_it(stage, monkeypatch, settings) -> None:
    """With a real transaction that reads the table, and a real reader who comes while the migration waits."""
    settings.MIGRATE_LOCK_TIMEOUT, settings.MIGRATE_STATEMENT_TIMEOUT = "50ms", "5s"
    tries, gone = [], threading.Event()

    def a_migration(*args, **kwargs) -> None:
        tries.append(True)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE sapr_upkeep ADD COLUMN of_a_later_version integer")

    monkeypatch.setattr(schema, "call_command", a_migration)
    monkeypatch.setattr(schema, "PAUSES", (0.01, 0.01))
    with stage.as_owner(), psycopg.connect(admin_url(stage.names["default"])) as busy:
        busy.execute("SELECT * FROM sapr_upkeep")
        with pytest.raises(DomainError, match="did not get its lock"):
            schema.migrate()
        assert len(tries) == 3

        def pause(seconds: float) -> None:
            # Between two tries whoever reads is let through at once.
            with psycopg.connect(admin_url(stage.names["default"])) as reader:
                reader.execute("SET statement_timeout = '2s'")
                reader.execute("SELECT * FROM sapr_upkeep")
            busy.rollback()
            gone.set()

        monkeypatch.setattr(schema, "sleep", pause)
        schema.migrate()
        assert (len(tries), gone.is_set()) == (5, True)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(of_a_later_version), current_setting('lock_timeout') FROM sapr_upkeep"
            )
            assert cursor.fetchone() == (0, "0")


def test_a_migration_that_takes_too_long_is_undone_and_says_so(stage, monkeypatch, settings) -> None:
    settings.MIGRATE_STATEMENT_TIMEOUT = "50ms"

    def a_migration(*args, **kwargs) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(2)")

    monkeypatch.setattr(schema, "call_command", a_migration)
    with stage.as_owner(), pytest.raises(DomainError, match="took longer"):
        schema.migrate()
