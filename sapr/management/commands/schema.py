"""`manage.py schema`: the description of the REST door against the one that is kept, and keeping it."""

from django.core.management.base import CommandError

from sapr.commands import PlainCommand, add_json
from sapr.contract import frozen
from sapr.contract.promises import compared

SHOWN = 20


class Command(PlainCommand):
    help = "Compare the REST door with docs/openapi.json; exit code 1 where they differ. Needs no database."
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--write", action="store_true", help="keep it as it is now, in docs/openapi.json")
        parser.add_argument(
            "--because",
            default="",
            help="why a change that breaks programs is made all the same; goes to docs/openapi_breaks.json",
        )
        add_json(parser)

    def handle(self, *args, **options) -> None:
        write = options["write"]
        if write:
            same, changes = False, frozen.freeze(options["because"])
        else:
            made = frozen.document()
            same = frozen.FROZEN.exists() and frozen.FROZEN.read_text() == frozen.written(made)
            changes = compared(frozen.frozen(), made)
        lines = [f"breaks programs: {each}" for each in changes.breaking]
        lines += [f"adds: {each}" for each in changes.additive[:SHOWN]]
        if len(changes.additive) > SHOWN:
            lines.append(f"… and {len(changes.additive) - SHOWN} more additions.")
        state = (
            "Kept in docs/openapi.json."
            if write
            else "Nothing differs."
            if same
            else f"To keep it: {frozen.COMMAND}"
        )
        told = {
            "breaking": changes.breaking,
            "additive": changes.additive,
            "kept": write,
            "same": same or write,
        }
        self.tell(told, [*lines, state], as_json=options["as_json"])
        if not (same or write):
            raise CommandError("The REST door differs from docs/openapi.json.")
