"""`manage.py prepare`: bring both databases to this version and fix the kind. Safe to repeat."""

import gc

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from reports.ledger.services import append_system
from sapr import clock, keystore
from sapr.errors import DomainError
from sapr.models import Database, Kind
from sapr.operating import schema


class Command(BaseCommand):
    help = "Migrate the case database and the key store, and record the database's permanent kind."
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--kind", choices=Kind.values, required=True)

    def handle(self, *args, kind: str, **options) -> None:
        # Migrating draws every model again and again: the collector would look through them all as often.
        gc.set_threshold(100_000, 50, 50)
        try:
            schema.migrate()
        except DomainError as error:
            raise CommandError(error.message) from None
        keystore.migrate()
        with transaction.atomic():
            row = Database.objects.first()
            if row is None:
                Database(kind=kind).save(force_insert=True)
                append_system(kind="database_prepared", actor=None, at=clock.now(), data={"kind": kind})
            elif row.kind != kind:
                raise CommandError(
                    f"This database is of the kind '{row.kind}' for ever; it cannot become '{kind}'. Name another one."
                )
        self.stderr.write(f"database ready ({kind})")
