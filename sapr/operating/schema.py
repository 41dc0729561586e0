"""Whether the database has every migration of this version."""

from functools import lru_cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


@lru_cache(maxsize=1)
def _of_this_version() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def pending() -> bool:
    """Whether a migration of this version was not run in the case database yet. Read off the disk once."""
    return not _of_this_version() <= MigrationRecorder(connection).applied_migrations().keys()
