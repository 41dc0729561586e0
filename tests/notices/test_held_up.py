"""What fails, hangs or lasts holds up nothing else of a sweep, nor a demo's clock."""

import os
from datetime import timedelta
from threading import Timer

import psycopg

from notifications import sweeping
from notifications.lateness.beating import health
from notifications.lateness.watching import Watchdog
from notifications.sweeping import sweep
from sapr import clock
from tests.stage import in_database
from tests.times import T0

LAST_SLOT = T0 + timedelta(hours=20)


def refuse(*args, **kwargs):
    raise ValueError("a defect")


def test_a_session_that_hangs_in_one_case_holds_up_no_other(stage, monkeypatch) -> None:
    held, _ = (stage.world.signed("restricted") for _ in range(2))
    clock.move(LAST_SLOT, hold=True)
    monkeypatch.setattr(sweeping, "PATIENCE", "100ms", raising=False)
    url = in_database(os.environ["ADMIN_DATABASE_URL"], stage.names["default"])
    # Without this a sweep that waits for ever would hang here as well.
    ender = Timer(60, lambda: hung.close())
    with psycopg.connect(url) as hung, stage.as_worker():
        hung.execute("SELECT FROM reports_chainhead WHERE case_id = %s FOR UPDATE", [held.case_id])
        ender.start()
        assert sweep()["placed"] == 1
        ender.cancel()
    clock.move(LAST_SLOT + timedelta(minutes=2), hold=True)
    with stage.as_worker():
        assert sweep()["placed"] == 1


def test_a_failing_item_that_is_put_off_does_not_hold_the_demos_clock(stage, monkeypatch) -> None:
    """Put off by a minute each time, it must not make the clock of a jump go by the minute."""
    stage.world.signed("restricted")
    monkeypatch.setattr(sweeping, "place", refuse)
    target = LAST_SLOT + timedelta(minutes=30)
    with stage.as_worker():
        assert sweeping.demo_clock_advance(to=target) < 20
    assert clock.now() >= target


def test_dn_41_the_watchdog_sees_what_the_sweep_does_not_do(stage, monkeypatch) -> None:
    """A kind that fails as a whole holds up no other; that it fails, or that a notice stays undone, is an alarm."""
    stage.world.signed("restricted")
    dog = Watchdog()

    def look(at) -> tuple[bool, int]:
        clock.move(at, hold=True)
        with stage.as_worker():
            placed = sweep()["placed"]
            return dog.look(), placed

    assert look(T0) == (True, 0)
    with monkeypatch.context() as broken:
        broken.setattr(sweeping.rounds, "ensure", refuse)
        broken.setattr(sweeping, "place", refuse)
        for minutes in (2, 4):
            well, _ = look(T0 + timedelta(minutes=minutes))
        assert not well, "no round can be planned"
    assert look(T0 + timedelta(minutes=5)) == (True, 0)
    for minutes in (3, 1):
        assert look(LAST_SLOT - timedelta(minutes=minutes)) == (True, 0)
    with monkeypatch.context() as broken:
        broken.setattr(sweeping, "place", refuse)
        assert look(LAST_SLOT + timedelta(minutes=1)) == (True, 0)
        assert look(LAST_SLOT + timedelta(minutes=3.5)) == (False, 0)
        assert not health(clock.keyboard_now())["sweeping"]
    monkeypatch.setattr(sweeping.rounds, "ensure", refuse)
    assert look(LAST_SLOT + timedelta(minutes=6)) == (True, 1)


def test_handing_out_ends_in_time_however_much_waits(db, monkeypatch) -> None:
    """A slow mail server must not keep the next sweep from looking."""
    seconds, sent = iter(range(0, 1000, 9)), []
    monkeypatch.setattr(sweeping, "drop_expired", lambda at: 0)
    monkeypatch.setattr(sweeping, "send_one", lambda at: sent.append(at) or True)
    monkeypatch.setattr(sweeping, "monotonic", lambda: next(seconds), raising=False)
    assert sweeping._hand_out(lambda: False) == len(sent) == 2
