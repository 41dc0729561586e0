"""`manage.py who_knew`: who knew what of a case, when, by which rule; from the ledger, verified in the same run."""

from pathlib import Path

from django.core.management.base import CommandError

from reports.ledger import exporting
from reports.ledger.selectors import chain_named
from sapr import clock
from sapr.commands import PlainCommand, add_json
from sapr.knowing import telling
from sapr.knowing.proved import account_of
from sapr.knowing.services import shown_to_operator

CHANGED = "The ledger was changed outside this system. Stop, and keep a copy of the database."


class Command(PlainCommand):
    help = (
        "Print who came to know what of a case, at which instant, through which event and by which rule, worked out "
        "from the events that this run verifies. Opens nothing sealed; runs as the owner role; recorded on the case."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("case", help="the case's number or id")
        parser.add_argument("--out", type=Path, metavar="FILE", help="write it to a new file")
        add_json(parser)

    def handle(self, *args, case: str, out: Path | None, as_json: bool, **options) -> None:
        found = account_of(chain_named(case))
        result, words = telling.as_data(found), telling.in_words(found)
        if out:
            text = telling.dumped(result) if as_json else "\n".join(words)
            with exporting.new_file(out) as file:
                file.write(f"{text}\n".encode())
            result = {name: result[name] for name in ("case", "ok", "head", "digest")} | {"file": str(out)}
            words = [f"Written to {out}", *telling.check(found)]
        self.tell(result, words, as_json=as_json)
        if found.bad:
            raise CommandError(CHANGED)
        # Last, and never in a chain that does not hold: the account ends where it was verified.
        shown_to_operator(case_id=found.case_id, at=clock.now())
