"""Whom the database takes for the viewer: each part of a transaction its own, and afterwards who it was before."""

from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from accounts.acting import acting
from reports import access
from tests.clients.systems import made

NOW = "SELECT current_setting('sapr.viewer', true), coalesce(current_setting('sapr.client', true), '')"


def looks() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(NOW)
        return cursor.fetchone()


def test_whoever_acts_within_gives_the_viewer_back_also_when_refused(world):
    sarc, va = str(world.sarc.pk), str(world.va.pk)
    with access.viewing(world.sarc):
        for within in (access.viewing, acting):
            with within(world.va):
                assert looks() == (va, "")
                # The same as the outermost, and not as who is nearest.
                with access.viewing(world.sarc):
                    assert looks() == (sarc, "")
                assert looks() == (va, "")
            assert looks() == (sarc, "")
            with pytest.raises(ValueError, match="refused"), within(world.va):
                raise ValueError("refused")
            assert looks() == (sarc, "")
            # Undone from further out: the database forgets the inner one, and so do we.
            with pytest.raises(ValueError, match="undone"), transaction.atomic(), within(None):
                raise ValueError("undone")
            with access.viewing(world.va):
                assert looks() == (va, "")
    assert looks() == ("", "")


def test_a_systems_key_stays_in_force_for_whoever_goes_on_and_is_gone_afterwards(world):
    row, _ = made(world, world.sarc)
    world.sarc.client_key = row
    sarc, va, key = str(world.sarc.pk), str(world.va.pk), str(row.pk)
    with access.viewing(world.sarc):
        assert looks() == (sarc, key)
        with access.viewing(world.va):
            assert looks() == (va, key)
            with access.viewing(world.sarc):
                assert looks() == (sarc, key)
        assert looks() == (sarc, key)
    assert looks() == ("", "")
    # Somebody is looked for without the key first: it is told, and taken back to none.
    world.sarc.client_key = None
    with access.viewing(world.sarc):
        world.sarc.client_key = row
        with access.viewing(world.sarc):
            assert looks() == (sarc, key)
        assert looks() == (sarc, "")


def test_the_same_viewer_is_told_once_and_a_service_at_the_door_needs_no_savepoint(world):
    with access.entering(world.sarc, whole=True), CaptureQueriesContext(connection) as door:
        with access.viewing(world.sarc):
            pass
        with access.viewing(world.sarc), access.viewing(world.sarc):
            pass
    # Only the service within a service has a savepoint: its refusal may be caught.
    assert [each["sql"].split()[0] for each in door] == ["SAVEPOINT", "RELEASE"]
    with access.entering(world.sarc), CaptureQueriesContext(connection) as page, access.viewing(world.sarc):
        pass
    assert [each["sql"].split()[0] for each in page] == ["SAVEPOINT", "RELEASE"]


def test_a_refusal_that_was_caught_at_the_door_lets_nothing_be_written_after_it(world):
    """Without a savepoint the whole request goes with it, or nothing would be left of it half."""

    def caught() -> None:
        with access.entering(world.sarc, whole=True):
            with suppress(ValueError), access.viewing(world.sarc):
                raise ValueError("refused")
            world.contact()

    with pytest.raises(TransactionManagementError):
        caught()
    # A page shows the form again, and goes on.
    with access.entering(world.sarc):
        with suppress(ValueError), access.viewing(world.sarc):
            raise ValueError("refused")
        assert world.contact()
