"""`manage.py ledger verify`: does every chain of events still hold?"""

from itertools import groupby
from uuid import UUID

from django.core.management.base import CommandError

from reports.ledger.selectors import every_event, first_bad_event
from sapr.commands import PlainCommand, add_json
from sapr.errors import DomainError


class Command(PlainCommand):
    help = "Recompute the hash chains of the ledger. Runs as the owner role, which may read every chain."

    def add_arguments(self, parser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="verify")
        verify = actions.add_parser("verify", help="exit code 1 when a link does not hold")
        which = verify.add_mutually_exclusive_group(required=True)
        which.add_argument("--case", type=UUID, help="one case's chain, by the case's id")
        which.add_argument(
            "--all", action="store_true", dest="whole", help="every chain, the system's own too"
        )
        add_json(verify)

    def handle(self, *args, case: UUID | None, as_json: bool, **options) -> None:
        chains, events, bad = 0, 0, []
        for _, chain in groupby(
            every_event(case_id=case).iterator(chunk_size=500), lambda each: each.case_id
        ):
            counted = _Counted(chain)
            if (broken := first_bad_event(counted)) is not None:
                bad.append(broken)
                counted.exhaust()
            chains, events = chains + 1, events + counted.count
        if case is not None and chains == 0:
            raise DomainError(
                "no_chain", "There is no event of that case. Give the case's id, not its number."
            )
        found = [{"case": str(each.case_id), "seq": each.seq, "kind": each.kind} for each in bad]
        lines = [f"{chains} chain(s), {events} event(s): {'NOT intact' if bad else 'intact'}"]
        lines += [
            f"case {each['case']}: event {each['seq']} ({each['kind']}) does not hold" for each in found
        ]
        self.tell({"ok": not bad, "chains": chains, "events": events, "bad": found}, lines, as_json=as_json)
        if bad:
            raise CommandError(
                "The ledger was changed outside this system. Stop, and keep a copy of the database."
            )


class _Counted:
    """Counts what passes by."""

    def __init__(self, events) -> None:
        self._events, self.count = events, 0

    def __iter__(self):
        for event in self._events:
            self.count += 1
            yield event

    def exhaust(self) -> None:
        """Count the rest as well."""
        self.count += sum(1 for _ in self._events)
