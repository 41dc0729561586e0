"""A signing whose session the server ends: before whichever statement, also while others are on their way."""

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from reports.election.services import report_sign
from sapr.away import is_away
from tests.api.test_database_away import Ending
from tests.stage import admin_connection, admin_url

WRITTEN = (
    "reports_report", "reports_signedform", "reports_decision", "reports_event", "reports_duty", "notifications_ladder",
    "notifications_notice", "notifications_acknowledgement", "notifications_noticedecision", "notifications_reminder",
)  # fmt: skip


def test_a_signing_that_is_cut_off_before_any_statement_is_not_there_at_all(stage) -> None:
    world = stage.world
    world.strength(5000)
    paper = world.paper(world.decided(), "restricted")

    def signed(ending: Ending) -> bool:
        # What a server does before each request.
        close_old_connections()
        try:
            with connection.execute_wrapper(ending):
                report_sign(actor=world.sarc, **paper)
        except (OperationalError, InterfaceError) as error:
            if not is_away(error):
                raise
            return False
        return True

    def rows(there) -> list[int]:
        count = "SELECT count(*) FROM {}"
        return [there.execute(count.format(table)).fetchone()[0] for table in WRITTEN]

    with admin_connection() as admin, psycopg.connect(admin_url(stage.names["default"])) as there:
        there.autocommit = True
        before, cut = rows(there), 0
        while not signed(ending := Ending(admin, cut + 1)):
            assert rows(there) == before, cut
            cut += 1
        assert ending.left > 0
        assert cut > 15
        after = rows(there)
    assert all(now > then for now, then in zip(after, before, strict=True))
