"""One web session that hangs holds up nobody for long: it is ended, and who waits is told to try again."""

import psycopg
import pytest
from django.db import DatabaseError, connection

from notifications.models import Notice, NoticeState
from reports import access
from sapr.problems import as_refusal
from sapr.sessions import LIMITS
from tests.notices.release import release
from tests.stage import in_database

HELD = "SELECT 1 FROM notifications_notice FOR UPDATE"


def wait_for_it(world, limit: str) -> None:
    with access.viewing(world.sarc), connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, '50ms', true)", [limit])
        cursor.execute(HELD)


def test_a_web_session_that_hangs_lets_go_and_who_waits_is_not_kept_waiting(stage) -> None:
    world = stage.world
    world.signed("restricted")
    url = in_database(stage.env["DATABASE_URL"], stage.names["default"])
    with psycopg.connect(url) as hangs:
        shown = {name: hangs.execute(f"SHOW {name}").fetchone()[0] for name in LIMITS}
        assert shown == LIMITS
        hangs.execute("SELECT set_config('sapr.viewer', %s, true)", [str(world.sarc.pk)])
        assert hangs.execute(HELD).fetchone()
        # Sooner than in life, so that nobody waits here; said last, so that it is not ended before it holds anything.
        hangs.execute("SET LOCAL idle_in_transaction_session_timeout = '100ms'")
        with access.viewing(world.sarc):
            released = release(world.sarc, Notice.objects.select_related("case", "case__installation").get())
        assert released.state == NoticeState.RELEASED
        with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
            hangs.execute("SELECT 1")
    # One that works on and on: the other is told, and nothing of theirs is saved.
    with psycopg.connect(url) as works:
        works.execute("SELECT set_config('sapr.viewer', %s, true)", [str(world.sarc.pk)])
        assert works.execute(HELD).fetchone()
        for limit in ("lock_timeout", "statement_timeout"):
            with pytest.raises(DatabaseError) as error:
                wait_for_it(world, limit)
            refusal = as_refusal(error.value)
            assert (refusal.code, refusal.status) == ("held_up", 503)
