"""`manage.py seed_world`: an invented population of any size, for a demo or rehearsal database."""

import sys
import time
from datetime import datetime

from sapr.commands import PlainCommand, add_json
from sapr.world.seeding import Wanted
from sapr.world.seeding import seed as make
from sapr.world.telling import accounts, told

SHOWN_EVERY = 2.0


def _long(seconds: float) -> str:
    """A span in words, coarse."""
    return f"{seconds:.0f} seconds" if seconds < 100 else f"{seconds / 60:.0f} minutes"


class Command(PlainCommand):
    help = (
        "Fill an empty demo or rehearsal database with invented installations, staff and cases of the past years. "
        "The same numbers give the same facts. Nothing of the past is placed in an inbox or mailed."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--reports", type=int, required=True, help="how many signed reports")
        parser.add_argument("--years", type=int, required=True, help="over how many years, until now")
        parser.add_argument("--seed", type=int, default=7, help="another number gives another world")
        add_json(parser)

    def handle(self, *args, reports: int, years: int, seed: int, as_json: bool, **options) -> None:
        started = time.monotonic()
        world = make(Wanted(reports, years, seed), progress=self._progress())
        made = told(world, time.monotonic() - started)
        lines = [f"{name.replace('_', ' ')}: {value}" for name, value in made.items()]
        people = accounts(world)
        lines += [f"{each['username']:<24}{each['password']}" for each in people]
        self.tell(made | {"accounts": people}, lines, as_json=as_json)

    def _progress(self):
        """A line on standard error every few seconds: how many reports, up to which month, how long still."""
        started = last = time.monotonic()

        def show(done: int, of: int, at: datetime) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last < SHOWN_EVERY and done < of:
                return
            last = now
            left = (now - started) / max(1, done) * (of - done)
            end = "\r" if sys.stderr.isatty() and done < of else "\n"
            told = (
                f"{done:,} of {of:,} reports ({done * 100 // of} %), {at:%Y-%m}, about {_long(left)} to go "
            )
            self.stderr.write(told, ending=end)

        return show
