"""`manage.py backup`: the case database as one file. The key store is copied apart, without history (`keys copy`)."""

from pathlib import Path

from sapr import backup
from sapr.commands import PlainCommand, add_json


class Command(PlainCommand):
    help = "Write the whole case database into a new file. What is sealed stays sealed in it; keys are not in it."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--to", type=Path, required=True, help="a file that does not exist yet")
        parser.add_argument(
            "--server",
            action="store_true",
            dest="whole_server",
            help="all files of the database server instead: what `instant` begins from",
        )
        add_json(parser)

    def handle(self, *args, to: Path, whole_server: bool, as_json: bool, **options) -> None:
        made = backup.backup(to, whole_server=whole_server)
        self.tell(
            made,
            [
                f"{made['bytes']:,} bytes, SHA-256 {made['sha256']}, {'' if made['encrypted'] else 'NOT '}encrypted",
                f"key store copied to {made['key_store_copies']} place(s)",
            ],
            as_json=as_json,
        )
