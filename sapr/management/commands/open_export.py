"""`manage.py open_export`: everything that this system holds, as one file for one reader (docs/openformat.md)."""

from pathlib import Path
from uuid import UUID

from django.core.management.base import CommandError

from sapr.commands import PlainCommand, add_json
from sapr.openformat import leaving, schema
from sapr.openformat.cut import Cut


class Command(PlainCommand):
    help = (
        "Write everything, sealed contents in clear inside an age file, for the holder of one key. Two programme "
        "managers agree on it first (page Exports). With --check nothing is written: only the SHA-256 is told."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "export", nargs="?", type=UUID, help="the number of the request that was approved"
        )
        parser.add_argument("--to", type=Path, help="a file that does not exist yet")
        parser.add_argument("--recipient", help="the reader's public key: age1…")
        parser.add_argument("--cut", type=Cut.read, help="as in an earlier file's first line")
        parser.add_argument("--check", action="store_true", help="tell the SHA-256 alone; nothing leaves")
        parser.add_argument("--schema", action="store_true", help="print the JSON Schema of a line")
        add_json(parser)

    def handle(self, *args, export, to, recipient, cut, check, as_json, **options) -> None:
        if options["schema"]:
            self.stdout.write(schema.written(), ending="")
            return
        if check:
            done = leaving.checked(cut)
        elif export and to and recipient:
            done = leaving.open_export(to, export_id=export, recipient=recipient, cut=cut)
        else:
            raise CommandError("Name the request, --to FILE and --recipient age1…; or --check.")
        told = [f"{done['lines']:,} lines up to {done['cut']}", f"SHA-256 of what is in it: {done['sha256']}"]
        self.tell(done, told, as_json=as_json)
