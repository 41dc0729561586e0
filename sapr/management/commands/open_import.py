"""`manage.py open_import`: an open export into an empty system (docs/openformat.md)."""

from pathlib import Path

from sapr.commands import PlainCommand, add_json
from sapr.openformat import arriving
from sapr.openformat.lines import ImportRefusedError


def _key(text: str) -> bytes:
    found = bytes.fromhex(text)
    if len(found) != 32:
        raise ValueError
    return found


class Command(PlainCommand):
    help = (
        "Fill an empty system from an open export. All of it comes in, sealed under new keys and verified, or nothing. "
        "Afterwards people may sign in; nothing is placed or sent until `release --confirm`."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, help="the file that open_export wrote")
        parser.add_argument(
            "--identity", type=Path, required=True, help="the file with the reader's secret key"
        )
        parser.add_argument(
            "--key",
            type=_key,
            action="append",
            default=[],
            help="public key of its checkpoints, the newest first",
        )
        add_json(parser)

    def handle(self, *args, file, identity, key, as_json, **options) -> None:
        try:
            done = arriving.open_import(file, identity=identity, keys=key)
        except ImportRefusedError as error:
            for each in error.wrong:
                self.stdout.write(" ".join(f"{name}={value}" for name, value in each.items()))
            raise
        told = [
            f"{done['lines']:,} lines came in up to {done['cut']}; {done['events']:,} events verified.",
            f"The system gives the same bytes again: SHA-256 {done['sha256']}",
            "People have no password here: staff get enrolment links.",
            "It is on hold: nothing is placed or sent until you look and type: release --confirm",
        ]
        self.tell(done, told, as_json=as_json)
