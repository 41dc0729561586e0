"""Whom the database takes for the viewer of a transaction, and by which outside system's key they ask.

Row-level security, bindings of actors and the place of a key are read from these two settings of the transaction.
"""

import sys
from types import TracebackType
from typing import NamedTuple

from django.db import connection, transaction

from sapr import cursors

TELL = "SELECT set_config('sapr.viewer', %s, true)"
TELL_BOTH = "SELECT set_config('sapr.viewer', %s, true), set_config('sapr.client', %s, true)"
# Who looked until now is read before it is set: a list of results is evaluated from left to right.
BEFORE = "SELECT current_setting('sapr.viewer', true), current_setting('sapr.client', true), "


class Looks(NamedTuple):
    """Who looks, as the database was told in this transaction: ids as text.

    `key` None: as it stood, so that whoever goes on as somebody else stays within the key of whoever called.
    `whole`: whatever is refused within ends all of it.
    """

    viewer: str
    key: str | None
    whole: bool = False


class As:
    """A transaction, or a part of one, in which that viewer looks; rolls back on any exception.

    Nested use gives the outer viewer back. For the same viewer again nothing is asked; where the outer use was
    `whole`, there is not even a savepoint to go back to.
    """

    def __init__(self, wanted: Looks) -> None:
        self.wanted = wanted

    def __enter__(self) -> None:
        wanted = self.wanted
        outer: Looks | None = getattr(connection, "looks", None)
        same = outer is not None and outer.viewer == wanted.viewer and wanted.key in (None, outer.key)
        self.outer, self.before = outer, None
        self.part = transaction.atomic(savepoint=not (same and outer.whole))
        inner = connection.in_atomic_block
        self.part.__enter__()
        if not same:
            try:
                self._tell(inner)
            except BaseException:
                self.part.__exit__(*sys.exc_info())
                raise
        key = wanted.key if outer is None or wanted.key is not None else outer.key
        connection.looks = Looks(wanted.viewer, key, wanted.whole)

    def _tell(self, inner: bool) -> None:
        wanted = self.wanted
        tell = TELL if wanted.key is None else TELL_BOTH
        values = [each for each in (wanted.viewer, wanted.key) if each is not None]
        # The outermost transaction takes the viewer with it: nobody is left to restore.
        sql = tell.replace("SELECT ", BEFORE) if inner else tell
        cursor = cursors.run(sql, values)
        if inner:
            self.before = [each or "" for each in cursor.fetchone()[:2]]
        cursors.give_back(sql, cursor)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection.looks = self.outer
        if self.before is not None and error is None:
            try:
                with connection.cursor() as cursor:
                    cursor.execute(TELL_BOTH, self.before)
            except BaseException:
                self.part.__exit__(*sys.exc_info())
                raise
        self.part.__exit__(kind, error, trace)
