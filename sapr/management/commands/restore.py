"""`manage.py restore`: a backup back into an empty database, closed until what was erased is erased again."""

from pathlib import Path

from sapr import backup
from sapr.commands import PlainCommand, add_json


class Command(PlainCommand):
    help = (
        "Fill an empty case database from a backup. Web and worker are let in only after every tombstone was "
        "replayed on the key store and the ledger was verified."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--from", type=Path, required=True, dest="source", help="a file that `backup` wrote"
        )
        parser.add_argument(
            "--aside", action="store_true", help="keep the present database under another name"
        )
        parser.add_argument(
            "--identity", type=Path, metavar="FILE", help="the secret key of an encrypted backup"
        )
        add_json(parser)

    def handle(
        self, *args, source: Path, aside: bool, identity: Path | None, as_json: bool, **options
    ) -> None:
        done = backup.restore(source, aside=aside, identity=identity)
        lines = [
            f"restored: {done['events']} events verified, {done['tombstones']} destroyed key(s) taken out again"
        ]
        if done["kept_as"]:
            lines.append(
                f"The database that was here is kept as {done['kept_as']}; drop it when it is not needed."
            )
        if done["checkpoints_ahead"]:
            lines.append(
                f"The folder of checkpoints holds {done['checkpoints_ahead']}, for which this backup is too old. Put "
                "the folder's files away and keep them: until then no checkpoint is signed (docs/ledger.md)."
            )
        lines.append("It is on hold: nothing is placed or sent until you look and type: release --confirm")
        self.tell(done, lines, as_json=as_json)
