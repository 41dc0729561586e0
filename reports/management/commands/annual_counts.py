"""`manage.py annual_counts`: the reports of a fiscal year, for a programme manager."""

from accounts.selectors import user_named
from reports.statistics.services import annual_counts
from sapr import clock
from sapr.commands import PlainCommand, add_json
from sapr.errors import DomainError

NOT_FOR_PUBLICATION = "Exact totals, not for publication: a table is published only after disclosure control."


class Command(PlainCommand):
    help = (
        "Count the reports of a fiscal year (1 October to 30 September, by each installation's own calendar): both "
        "options and the conversions, over all installations. Asked for in a programme manager's name and recorded."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--fy", type=int, required=True, help="the year in which it ends, such as 2026")
        parser.add_argument(
            "--manager", required=True, metavar="USERNAME", help="the programme manager who asks"
        )
        add_json(parser)

    def handle(self, *args, fy: int, manager: str, as_json: bool, **options) -> None:
        actor = user_named(manager)
        if actor is None:
            raise DomainError("no_such_user", "There is no account of that user name.", path="manager")
        found = annual_counts(actor=actor, fy=fy, at=clock.now())
        # On standard error, so that it is read also where the result is piped on.
        self.stderr.write(NOT_FOR_PUBLICATION)
        words = [
            f"Fiscal year {fy}" + ("" if found.complete else " (not over yet: counted until now)"),
            f"  reports                                    {found.restricted_initial + found.unrestricted_initial:>8,}",
            f"  signed Restricted                          {found.restricted_initial:>8,}",
            f"  signed Unrestricted                        {found.unrestricted_initial:>8,}",
            f"  conversions in the year                    {found.conversions:>8,}",
            f"    of reports signed in the same year       {found.converted_same_year:>8,}",
            f"  Restricted at its end                      {found.restricted_remaining:>8,}",
            f"  Unrestricted at its end, converted ones in {found.unrestricted:>8,}",
        ]
        told = found.to_dict() | {"warning": NOT_FOR_PUBLICATION}
        self.tell(told, words, as_json=as_json)
