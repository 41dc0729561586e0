"""`manage.py anonymity …`: the brute force of the commander notice. Needs no database and no secret."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from notifications.anonymity.trial.run import run
from sapr.commands import PlainCommand, add_json

_MOST = 10_000_000


class Command(PlainCommand):
    help = (
        "Invent units of 15 to 3,000 people and years of notices in them, and guess at every notice as a reader would "
        "who knows the tables, everybody by name and all that came before. Fails (exit code 1) when a class is smaller "
        "than K, when another victim of the same printed class would have changed a byte, when anything but the words "
        "tells sex or grade, or when a small unit has a finer wording that passes. The same seed gives the same "
        "figures. 100,000 notices take some minutes on one core."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--notices", type=int, default=10_000, help="how many (default: 10000)")
        parser.add_argument("--seed", type=int, default=7, help="of the invention (default: 7)")
        add_json(parser)

    def handle(self, *args, notices: int, seed: int, as_json: bool, **options) -> None:
        if not 1 <= notices <= _MOST:
            raise CommandError(f"--notices needs a number from 1 to {_MOST}.")
        said = 0

        def progress(done: int) -> None:
            nonlocal said
            if done - said >= max(notices // 50, 500):
                said = done
                self.stderr.write(f"{done} of {notices} notices looked at")

        found = run(notices, seed, progress)
        self.tell(found, _lines(found), as_json=as_json)
        if not found["ok"]:
            raise CommandError("The notices give more away than they may: see “failed”.")


def _lines(found: dict[str, Any]) -> list[str]:
    says = found["says_more_than_minimal"]
    return [
        f"{found['notices']} notices in {found['worlds']} invented commands, seed {found['seed']}",
        f"smallest effective class: {found['k_smallest']} (needed: {found['k_required']})",
        f"a classifier without the words: {found['auc']} (0.5 is a guess)",
        f"wordings searched the long way round: {found['exhaustive_searches']}",
        f"says more than MINIMAL: {says['all']:.1%}",
        *(
            f"  units of {size}: {each['share']:.1%} of {each['notices']}"
            for size, each in says["by_unit_size"].items()
        ),
        f"failed: {found['failed']}",
        "all held" if found["ok"] else "NOT all held",
    ]
