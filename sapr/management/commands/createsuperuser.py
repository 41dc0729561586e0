"""`manage.py createsuperuser`: there is none."""

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Refused: no account stands above the rules."
    requires_system_checks = []

    def handle(self, *args, **options) -> None:
        raise CommandError(
            "There is no superuser. `manage.py staff bootstrap` makes the first two programme managers."
        )
