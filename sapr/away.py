"""Telling that the database is away: it cannot be reached, lets nobody in, or ended the session meanwhile."""

from django.db import InterfaceError, OperationalError, connections
from psycopg import errors

# What PostgreSQL itself says: too many sessions, shutting down, starting, and broken connections (class 08).
SAID = frozenset({"53300", "57P01", "57P02", "57P03", "57P05"})
BROKEN = "08"


def is_away(error: BaseException | None) -> bool:
    """Whether the error says that, of either database. What was being saved is saved or is not: nobody was told."""
    if isinstance(error, InterfaceError):
        # Said of wrong use, too, of a connection that stands.
        return any(
            each.connection is not None and each.connection.closed
            for each in connections.all(initialized_only=True)
        )
    if not isinstance(error, OperationalError) or isinstance(error.__cause__, errors.PipelineAborted):
        return False
    code = getattr(error.__cause__, "sqlstate", None)
    # Without a code nothing of PostgreSQL's answered: refused on the way in, or the connection is gone.
    return code is None or code in SAID or code.startswith(BROKEN)
