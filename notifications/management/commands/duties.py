"""`manage.py duties sweep`: what the worker does every few seconds, done once by hand."""

from notifications.sweeping import sweep
from sapr.commands import PlainCommand, add_json


class Command(PlainCommand):
    help = "Place the notices, reminders and mails that are due by the database's clock. Safe to repeat."

    def add_arguments(self, parser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="sweep")
        add_json(actions.add_parser("sweep", help="look once, now"))

    def handle(self, *args, as_json: bool, **options) -> None:
        done = sweep()
        self.tell(done, [f"{name}: {count}" for name, count in done.items()], as_json=as_json)
