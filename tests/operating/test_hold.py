"""T31: a restored database sends nothing until a person says so, and then nothing twice."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import Client

from notifications.lateness.watching import Watchdog
from notifications.models import InboxItem
from notifications.outside.models import MailRound
from notifications.sweeping import sweep
from reports import access
from sapr import clock
from sapr.errors import DomainError
from sapr.operating import upkeep

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


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


def test_t31_mail_of_a_round_from_before_is_left_out_and_the_next_goes(stage, admin) -> None:
    def next_round() -> datetime:
        return MailRound.objects.get(made_at=None).planned_at

    def states(planned: datetime) -> list[str]:
        of_round = "SELECT state FROM notifications_outgoing WHERE planned_at = %s AND round_id IS NOT NULL"
        return [row[0] for row in admin.execute(of_round, [planned])]

    # Whoever is appointed today begins tomorrow.
    while swept(stage, clock.now() + 48 * HOUR)["rounds"]:
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
