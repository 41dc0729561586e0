"""`manage.py duties sweep|loop`: what the worker does every few seconds, once by hand or for ever without a broker."""

import logging
import signal
import threading
from argparse import ArgumentTypeError
from collections import Counter

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from notifications.sweeping import more, sweep
from sapr.commands import PlainCommand, add_json
from sapr.startup import verify

log = logging.getLogger("sapr.sweep")
LONGEST_PAUSE = 5.0
LONGEST = 60


def seconds(word: str) -> float:
    """Of the command line, which is never said back."""
    try:
        found = float(word)
    except ValueError:
        found = -1.0
    if not 0 <= found <= LONGEST:
        raise ArgumentTypeError(f"a number of seconds is needed, at most {LONGEST}")
    return found


class Command(PlainCommand):
    help = "Do what is due by the database's clock. Safe to repeat, and any number may run at once."

    def add_arguments(self, parser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="sweep|loop")
        add_json(actions.add_parser("sweep", help="look once, now"))
        loop = actions.add_parser(
            "loop", help="look again and again until a signal ends it; no broker is needed"
        )
        add_json(loop)
        loop.add_argument(
            "--every", type=seconds, default=5.0, metavar="SECONDS", help="between two looks (5)"
        )

    def handle(self, *args, action: str, **options) -> None:
        done = run(options["every"]) if action == "loop" else sweep()
        self.tell(done, [f"{name}: {count}" for name, count in done.items()], as_json=options["as_json"])


def run(every: float) -> dict[str, int]:
    """Sweep every so many seconds until SIGTERM or SIGINT, which let the item at hand be finished first.

    Returns how many of each kind were done in all.

    A database that is away is waited for, ever longer; nothing else ends the loop but a defect.
    """
    verify()
    over, pause = threading.Event(), every
    whole: Counter[str] = Counter()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    while not over.is_set():
        try:
            done = sweep(over.is_set)
        except (OperationalError, InterfaceError):
            log.warning("database_away")
            connection.close()
            over.wait(pause)
            pause = min(max(pause, 0.5) * 2, LONGEST_PAUSE)
        except DatabaseError:
            # A refusal, not an absence: what this sweep held is rolled back, and the next one meets it again.
            log.exception("sweep_failed")
            over.wait(every)
        else:
            pause = every
            whole.update(done)
            over.wait(0 if more(done) else every)
    return dict(whole)
