"""Whether the database has every migration of this version; and migrating beside people who go on working."""

import logging
from functools import lru_cache
from time import sleep

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from sapr.errors import DomainError

log = logging.getLogger("sapr")
# Between two tries for a lock that somebody has: each migration is whole or not begun, so the next try goes on there.
PAUSES = (1.0, 2.0, 5.0, 10.0, 20.0)
NO_LOCK, TOO_LONG = "55P03", "57014"


@lru_cache(maxsize=1)
def _of_this_version() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def pending() -> bool:
    """Whether a migration of this version was not run in the case database yet. Read off the disk once."""
    return not _of_this_version() <= MigrationRecorder(connection).applied_migrations().keys()


def migrate() -> None:
    """Bring the case database to this version.

    No statement waits long for a lock, since everybody else would queue behind it (SAPR_MIGRATE_LOCK_TIMEOUT); none
    runs for ever (SAPR_MIGRATE_STATEMENT_TIMEOUT). Tried again a few times; then DomainError, and what is done stays.
    """
    with connection.cursor() as cursor:
        for name, value in (
            ("lock_timeout", settings.MIGRATE_LOCK_TIMEOUT),
            ("statement_timeout", settings.MIGRATE_STATEMENT_TIMEOUT),
        ):
            cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
    try:
        _try_again()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
            cursor.execute("RESET statement_timeout")


def _try_again() -> None:
    for pause in (*PAUSES, None):
        try:
            call_command("migrate", database="default", verbosity=0, interactive=False)
        except OperationalError as error:
            code = getattr(error.__cause__, "sqlstate", None)
            if code == TOO_LONG:
                raise DomainError(
                    "migration_too_long",
                    "A migration took longer than SAPR_MIGRATE_STATEMENT_TIMEOUT allows; it was undone, those before "
                    "it stand. Stop web and worker and type the same with more time.",
                    status=503,
                ) from None
            if code != NO_LOCK:
                raise
            if pause is None:
                raise DomainError(
                    "migration_locked_out",
                    "A migration did not get its lock: somebody has been in a transaction all the while. Nobody was "
                    "held up and those before it stand. Type the same again, or stop web and worker first.",
                    status=503,
                ) from None
            log.warning("migration_waits")
            sleep(pause)
        else:
            return
