"""What whoever runs the system does, one after the other in one database whose clock only goes forward.

T31: restored, it sends nothing until a person says so, and then nothing twice. Numbers for a monitor. Migrations.
"""

import threading
from datetime import datetime, timedelta
from io import StringIO

import psycopg
import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import Client

from accounts.models import Location, User
from notifications.lateness.watching import Watchdog
from notifications.models import InboxItem
from notifications.outside.models import MailRound
from notifications.sweeping import demo_clock_advance, sweep
from reports import access
from sapr import clock
from sapr.errors import DomainError
from sapr.operating import checks, schema, upkeep
from sapr.operating.gauges import OfWorker, _in_fives
from sapr.operating.metrics import text
from tests.operating.reading import says_nothing, value
from tests.stage import admin_url, throwaway_copy
from tests.times import T0
from tests.world import CANARIES, World

pytestmark = pytest.mark.slow
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture(scope="module")
def stage(django_db_blocker):
    """One copy of the database for all tests here."""
    with django_db_blocker.unblock(), throwaway_copy() as copy:
        clock.move(T0, hold=True)
        copy.world = World.build()
        yield copy


def inbox(stage) -> int:
    """How many notices lie in the commander's."""
    with access.viewing(stage.world.commander):
        return InboxItem.objects.count()


def signed(stage) -> datetime:
    """A report; the last slot of its notice."""
    case = stage.world.signed("restricted", at=clock.now()).case
    with access.viewing(stage.world.sarc):
        return case.notices.get().last_slot


def swept(stage, at: datetime) -> dict[str, int]:
    clock.move(at, hold=True)
    with stage.as_worker():
        return sweep()


def released(stage) -> str:
    out = StringIO()
    with stage.as_owner():
        with pytest.raises(CommandError, match="not verified"):
            call_command("release", "--confirm", stdout=out)
        upkeep.note("verified")
        call_command("release", "--confirm", stdout=out)
    return out.getvalue()


def test_t31_nothing_is_sent_on_hold_and_nothing_twice_after_it(stage, admin) -> None:
    """The backup is of when one notice was placed and another was not yet due; it is restored hours later."""
    swept(stage, signed(stage))
    assert inbox(stage) == 1
    due = signed(stage)
    upkeep.hold(admin)
    assert set(swept(stage, due + HOUR).values()) == {0}
    with stage.as_worker():
        assert Watchdog().look() is False
        with pytest.raises(DatabaseError, match="on hold"), connection.cursor() as cursor:
            cursor.execute("INSERT INTO notifications_inboxitem (id) VALUES (gen_random_uuid())")
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["released"]) == (503, False)
    assert Client().get("/healthz").status_code == 200
    assert (inbox(stage), mail.outbox) == (1, [])
    assert "lifted" in released(stage)
    assert swept(stage, clock.now())["placed"] == 1
    assert swept(stage, clock.now() + MINUTE)["placed"] == 0
    assert inbox(stage) == 2
    with stage.as_owner(), pytest.raises(DomainError, match="Nothing is on hold"):
        upkeep.lift()

    def refused() -> list[str]:
        return [each.id for each in checks.a_hold_is_lifted_after_the_ledger_was_verified(None, ["default"])]

    assert refused() == []
    admin.execute("UPDATE sapr_upkeep SET at = at - interval '1 day' WHERE kind = 'verified'")
    assert refused() == ["sapr.E029"]


def test_t31_mail_of_a_round_from_before_is_left_out_and_the_next_goes(stage, admin) -> None:
    def next_round() -> datetime:
        return MailRound.objects.get(made_at=None).planned_at

    def states(planned: datetime) -> list[str]:
        of_round = "SELECT state FROM notifications_outgoing WHERE planned_at = %s AND round_id IS NOT NULL"
        return [row[0] for row in admin.execute(of_round, [planned])]

    # Whoever is appointed today begins tomorrow.
    clock.move(clock.now() + 48 * HOUR, hold=True)
    while swept(stage, clock.now())["rounds"]:
        pass
    due = next_round()
    swept(stage, due - 5 * MINUTE)
    assert set(states(due)) == {"queued"}
    mail.outbox.clear()
    upkeep.hold(admin)
    swept(stage, due + MINUTE)
    with stage.as_worker(), connection.cursor() as cursor, pytest.raises(DatabaseError, match="on hold"):
        cursor.execute("UPDATE notifications_outgoing SET attempts = attempts + 1")
    released(stage)
    swept(stage, due + 2 * MINUTE)
    assert set(states(due)) == {"dropped"}
    assert mail.outbox == []
    following = next_round()
    swept(stage, following - 5 * MINUTE)
    swept(stage, following)
    assert set(states(following)) == {"sent"}
    assert len(mail.outbox) == len(states(following))


def test_numbers_of_due_work_tell_of_no_single_case_and_of_a_standstill(stage) -> None:
    """One Restricted notice that falls due, is placed or is late shows nowhere but in the alarm."""
    cases = [stage.world.signed("restricted", at=clock.now()).case for _ in range(2)]
    with access.viewing(stage.world.sarc):
        slots = [case.notices.get().last_slot for case in cases]
        numbers = [case.number for case in cases]

    def at(instant) -> bytes:
        clock.move(instant, hold=True)
        return text(OfWorker())

    names = [
        *Location.objects.values_list("name", flat=True),
        *User.objects.values_list("username", flat=True),
    ]
    told = [*CANARIES.values(), *names, *numbers, *(str(case.pk) for case in cases)]
    with stage.as_worker():
        says_nothing(at(clock.now()), told)
        # With a worker that does what is due; then one Restricted notice is due, and is placed.
        slot = max(slots)
        demo_clock_advance(to=slot - timedelta(seconds=1), hold=True)
        quiet = {
            "sapr_due_work": 0,
            "sapr_due_work_late_seconds": 0,
            "sapr_on_hold": 0,
            "sapr_channels_dead": 0,
        }
        for do in (lambda: None, sweep):
            said = at(slot)
            assert {name: value(said, name) for name in quiet} == quiet
            do()
        assert value(said, "sapr_last_look_age_seconds", process="sweep") <= 1
        # Nobody does it: the standstill shows, and not of what.
        demo_clock_advance(to=slot + timedelta(minutes=1), hold=True)
        stood = at(slot + timedelta(days=2))
        assert value(stood, "sapr_due_work_late_seconds") > 3600
        assert value(stood, "sapr_due_work") % 5 == 0
        says_nothing(stood, told)
    assert [_in_fives(each) for each in (0, 4, 5, 9, 10)] == [0, 0, 5, 5, 10]
    with stage.as_owner():
        upkeep.note("backup")
    with stage.as_worker():
        said = text(OfWorker())
        assert value(said, "sapr_done_timestamp_seconds", what="backup") == clock.now().timestamp()
        assert 0 < value(said, "sapr_database_sessions_ratio") <= 1
    says_nothing(said, told)


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
                reader.execute("SET statement_timeout = '20s'")
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
    # Long enough for the statements around it, also on a busy machine.
    settings.MIGRATE_STATEMENT_TIMEOUT = "500ms"

    def a_migration(*args, **kwargs) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(60)")

    monkeypatch.setattr(schema, "call_command", a_migration)
    with stage.as_owner(), pytest.raises(DomainError, match="took longer"):
        schema.migrate()
