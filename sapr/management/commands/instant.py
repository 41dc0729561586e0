"""`manage.py instant`: a backup of the case database as it was at an instant, out of the server's files and its log."""

from argparse import ArgumentTypeError
from datetime import datetime
from pathlib import Path

from sapr.commands import PlainCommand, add_json
from sapr.operating import instants


def instant(word: str) -> datetime:
    """Of the command line, which is never said back."""
    try:
        found = datetime.fromisoformat(word)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ArgumentTypeError("an instant with its zone is needed, such as 2026-03-02T14:59:00Z")
    return found


class Command(PlainCommand):
    help = (
        "Recover a throw-away server to an instant and write its case database into a new backup file. "
        "Touches no database of yours; `restore` brings the file back."
    )
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--base", type=Path, required=True, help="a file of `backup --server`")
        parser.add_argument("--wal", type=Path, required=True, dest="log", help="the place that `wal` fills")
        parser.add_argument("--at", type=instant, required=True, help="such as 2026-03-02T14:59:00Z")
        parser.add_argument("--to", type=Path, required=True, help="a file that does not exist yet")
        parser.add_argument(
            "--identity", type=Path, metavar="FILE", help="the secret key they are encrypted for"
        )
        add_json(parser)

    def handle(self, *args, as_json: bool, base: Path, log: Path, at: datetime, to: Path, **options) -> None:
        made = instants.at_instant(base=base, log=log, at=at, to=to, identity=options["identity"])
        lines = [f"{made['bytes']:,} bytes, as of {made['at']}. Bring it back with: restore --from {to}"]
        self.tell(made, lines, as_json=as_json)
