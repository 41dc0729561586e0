"""`manage.py drill`: a backup brought back on a throw-away server, with everything that is promised of it tested."""

from datetime import datetime
from pathlib import Path

from django.core.management.base import CommandError

from sapr.commands import PlainCommand, add_json
from sapr.errors import DomainError
from sapr.management.commands.instant import instant
from sapr.operating.drill import Point, drill


class Command(PlainCommand):
    help = (
        "Practise bringing everything back: a backup made now, or a point in time, on a throw-away server with a copy "
        "of the keys. Touches nothing of this installation; the outcome is an event."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--base", type=Path, help="with --wal and --at: a file of `backup --server`")
        parser.add_argument("--wal", type=Path, dest="log", help="the place that `wal` fills")
        parser.add_argument("--at", type=instant, help="such as 2026-03-02T14:59:00Z")
        parser.add_argument(
            "--identity", type=Path, metavar="FILE", help="the secret key they are encrypted for"
        )
        add_json(parser)

    def handle(self, *args, as_json: bool, **options) -> None:
        report = drill(_point(options["base"], options["log"], options["at"], options["identity"]))
        self.tell(report.as_data(), report.lines(), as_json=as_json)
        if not report.ok:
            raise CommandError("Not everything held; the lines above say what.")


def _point(base: Path | None, log: Path | None, at: datetime | None, identity: Path | None) -> Point | None:
    if base is None and log is None and at is None:
        return None
    if base is None or log is None or at is None:
        raise DomainError("point_not_whole", "A point in time needs --base, --wal and --at.", path="at")
    return Point(base, log, at, identity)
