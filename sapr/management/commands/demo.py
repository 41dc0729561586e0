"""`manage.py demo seed`: invented staff and cases for a demo database."""

from sapr.commands import PlainCommand, add_json
from sapr.demo.seeding import seed


class Command(PlainCommand):
    help = "Fill a demo database, once, with invented staff and six invented cases."

    def add_arguments(self, parser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="seed")
        add_json(actions.add_parser("seed", help="fill it; each account's password is printed only now"))

    def handle(self, *args, as_json: bool, **options) -> None:
        accounts = seed()
        lines = [f"{each['username']:<12}{each['role']:<28}{each['password']}" for each in accounts]
        self.tell(
            {"seeded": bool(accounts), "accounts": accounts},
            lines or ["This demo is filled already."],
            as_json=as_json,
        )
