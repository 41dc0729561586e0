"""`manage.py selfcheck`: signs in over HTTP and has the worker do one thing."""

import sys

from django.core.management.base import CommandError

from sapr import roundtrip
from sapr.commands import PlainCommand, add_json

FAILURES = {
    "signed_in": "Signing in failed: check user name and password. Outside a demo nobody else has the second factor.",
    "page": "The first page did not answer after signing in.",
    "worker": f"The worker did nothing within {roundtrip.WORKER_SECONDS} seconds. Is it running?",
}


class Command(PlainCommand):
    help = "Check the running system: sign in at its address, open the first page, one worker round trip."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--url", required=True, help="such as http://localhost:8000")
        parser.add_argument("--username", required=True)
        parser.add_argument(
            "--password-stdin", action="store_true", required=True, help="read it from one line"
        )
        add_json(parser)

    def handle(self, *args, url: str, username: str, as_json: bool, **options) -> None:
        password = sys.stdin.readline().rstrip("\r\n")
        found: dict[str, object] = {**roundtrip.sign_in(url, username, password), **roundtrip.ask_worker()}
        lines = [f"{name}: {'yes' if value else 'NO'}" for name, value in found.items() if name in FAILURES]
        self.tell(found, lines, as_json=as_json)
        failed = next((name for name in FAILURES if not found[name]), None)
        if failed:
            raise CommandError(FAILURES[failed])
