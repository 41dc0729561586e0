"""`manage.py rehearse`: what falls due in the coming months, run forward in memory on a copy of the open duties."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from accounts.selectors import user_named
from reports.policy.delays import add_months
from reports.rehearsal import reading, telling
from reports.rehearsal.in_lines import lines
from sapr import clock
from sapr.commands import PlainCommand, add_json
from sapr.errors import DomainError

LONGEST = 120


class Command(PlainCommand):
    help = (
        "Rehearse the coming months: what falls due when and for whom, who has how much, what lapses and what would be "
        "missed. Reads and writes nothing else. Without --as it counts by post and names no case and nobody."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--months", type=int, required=True, help=f"how many, up to {LONGEST}")
        parser.add_argument(
            "--from",
            type=date.fromisoformat,
            dest="begin",
            help="the first day that is told (default: today)",
        )
        parser.add_argument("--as", dest="username", help="this person's own cases, by their numbers")
        add_json(parser)

    def handle(
        self, *args, months: int, begin: date | None, username: str | None, as_json: bool, **options
    ) -> None:
        span = _span(months, begin)
        viewer = None
        if username:
            viewer = user_named(username)
            if viewer is None:
                raise DomainError("no_such_user", "There is no account of that user name.", path="as")
        opened = reading.of_viewer(viewer) if viewer else reading.everything()
        found = telling.document(opened, span, viewer)
        self.tell(found, list(lines(found)), as_json=as_json)


def _span(months: int, begin: date | None) -> telling.Span:
    """From the first day, or now, so many months on; by the calendar of UTC, since installations have their own."""
    now = clock.now()
    if not 1 <= months <= LONGEST:
        raise DomainError("bad_months", f"Rehearse 1 to {LONGEST} months.", path="months")
    first = now
    if begin is not None:
        if begin < now.date():
            raise DomainError(
                "in_the_past", "What has passed is not rehearsed. Choose today or a later day.", path="from"
            )
        first = max(now, datetime.combine(begin, time(), tzinfo=UTC))
    last = datetime.combine(add_months(first.date(), months), first.timetz(), tzinfo=ZoneInfo("UTC"))
    return telling.Span(now, first, last)
