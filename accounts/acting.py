"""Who acts: the database binds names and rights to the viewer, also where nobody is signed in yet."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

SET_VIEWER = "SELECT set_config('sapr.viewer', %s, true)"


@contextmanager
def acting(user) -> Iterator[None]:
    """A transaction in which the database takes this person for the viewer; None: the system itself.

    For what somebody does before there is a session, and for services that are called without a page around
    them. Nested use gives the outer viewer back; rolls back on any exception.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('sapr.viewer', true)")
        before = cursor.fetchone()[0] or ""
        cursor.execute(SET_VIEWER, [str(user.pk) if user else ""])
        yield
        cursor.execute(SET_VIEWER, [before])
