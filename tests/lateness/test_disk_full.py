"""The database's disk is full: nothing is lost, nothing half written, and it is told."""

import os
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.core import mail
from django.db import OperationalError, connections

from notifications.lateness.watching import Watchdog
from notifications.models import DecisionStage, InboxItem, Notice, NoticeDecision, NoticeState
from notifications.sweeping import sweep
from reports import access
from reports.ledger.models import Event
from reports.obligations.models import Duty, DutyState
from sapr import clock
from tests.stage import in_database
from tests.times import T0

LAST_SLOT = T0 + timedelta(hours=20)
FULL = Path("/dev/full")


@contextmanager
def no_room_for(table: str, stage):
    """The table is empty and no byte more fits: its file stands on the device that is always full.

    So it is the kernel that says "no space left on device", and PostgreSQL that makes of it what it does.
    """
    url = in_database(os.environ["ADMIN_DATABASE_URL"], stage.names["default"])
    connections.close_all()
    with psycopg.connect(url, autocommit=True) as admin:
        # What other tests wrote and took back has left room in the copied file.
        admin.execute(f"VACUUM FULL {table}")
        admin.execute("CHECKPOINT")
        query = "SELECT current_setting('data_directory'), pg_relation_filepath(%s), pg_relation_size(%s)"
        folder, name, size = admin.execute(query, [table, table]).fetchone()
    assert size == 0
    file = Path(folder, name)
    kept = file.with_name(f"{file.name}.kept")
    file.rename(kept)
    file.symlink_to(FULL)
    try:
        yield
    finally:
        connections.close_all()
        kept.replace(file)


def test_a_full_disk_loses_nothing_writes_nothing_by_half_and_is_told(stage) -> None:
    world, dog = stage.world, Watchdog()
    cases = [world.signed("restricted").case_id for _ in range(2)]

    def at(instant, act):
        clock.move(instant, hold=True)
        with stage.as_worker():
            return act()

    at(LAST_SLOT - timedelta(minutes=1), sweep)
    assert at(LAST_SLOT - timedelta(minutes=1), dog.look)
    with no_room_for("notifications_inboxitem", stage):
        for minutes in (0, 1, 2, 3):
            with pytest.raises(OperationalError) as error:
                at(LAST_SLOT + timedelta(minutes=minutes), sweep)
            # 53100: the disk is full.
            assert error.value.__cause__.sqlstate == "53100"
            assert at(LAST_SLOT + timedelta(minutes=minutes), dog.look) == (minutes < 3), (
                "within five minutes"
            )
        assert [message.to for message in mail.outbox] == [[world.manager.email]]
        with stage.as_worker():
            assert not InboxItem.objects.exists()
            assert not NoticeDecision.objects.filter(stage=DecisionStage.PLACED).exists()
            assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.COMPOSED}
        with access.viewing(world.sarc):
            assert not Event.objects.filter(kind="commander_notice_placed").exists()
    # There is room again, and nobody has to do anything.
    again = LAST_SLOT + timedelta(minutes=4)
    assert at(again, sweep)["placed"] == 2
    assert at(again, dog.look)
    with access.viewing(world.sarc):
        for case in cases:
            duty = Duty.objects.get(case_id=case, kind="commander_notice_restricted")
            assert (duty.state, duty.closed_at) == (DutyState.DISCHARGED, again)
            assert Event.objects.filter(case_id=case, kind="commander_notice_placed").count() == 1
    with access.viewing(world.commander):
        assert InboxItem.objects.count() == 2
