"""`manage.py client_code`: the Python client in docs/client against the API as it is, and writing it anew."""

from django.core.management.base import CommandError

from sapr.commands import PlainCommand, add_json
from sapr.generated import client


class Command(PlainCommand):
    help = "Compare docs/client with the API's description; exit code 1 where they differ. Needs no database."
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--write", action="store_true", help="write the client anew")
        add_json(parser)

    def handle(self, *args, write: bool, as_json: bool, **options) -> None:
        differ = []
        for name, text in client.files(client.served()).items():
            path = client.FOLDER / name
            if path.exists() and path.read_text() == text:
                continue
            differ.append(name)
            if write:
                path.write_text(text)
        state = (
            "Nothing differs."
            if not differ
            else "Written."
            if write
            else "To write it: manage client_code --write"
        )
        self.tell({"differ": differ, "written": write}, [*differ, state], as_json=as_json)
        if differ and not write:
            raise CommandError("The client in docs/client is not the API's.")
