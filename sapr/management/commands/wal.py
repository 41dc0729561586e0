"""`manage.py wal`: the server's log from its spool into a place, encrypted; every minute, by a timer."""

from pathlib import Path

from sapr.commands import PlainCommand, add_json
from sapr.operating import wal


class Command(PlainCommand):
    help = "Encrypt the files of the server's log from its spool folder into a place. Asks nothing of a database."
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--from", type=Path, required=True, dest="spool", help="where archive_command copies to"
        )
        parser.add_argument(
            "--to", type=Path, required=True, dest="archive", help="a folder on another machine"
        )
        add_json(parser)

    def handle(self, *args, spool: Path, archive: Path, as_json: bool, **options) -> None:
        shipped = wal.ship(spool, archive)
        self.tell({"shipped": shipped}, [f"{shipped} file(s) encrypted into the place"], as_json=as_json)
