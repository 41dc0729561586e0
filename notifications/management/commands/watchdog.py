"""`manage.py watchdog`: looks whether somebody looks for due work; a process of its own beside web and worker."""

import signal
import threading

from notifications.lateness.watching import Watchdog
from reports import policy
from sapr.commands import PlainCommand, add_json


class Command(PlainCommand):
    help = "Raise an alarm, by mail and on standard error, when nothing sweeps. Runs until a signal ends it."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--once", action="store_true", help="look once and say whether all is well")
        add_json(parser)

    def handle(self, *args, once: bool, as_json: bool, **options) -> None:
        dog = Watchdog()
        if once:
            well = dog.look()
            self.tell(
                {"well": well}, ["All is well." if well else "Nothing looks for due work."], as_json=as_json
            )
            return
        over = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: over.set())
        while not over.is_set():
            dog.look()
            over.wait(policy.watch().look_every.total_seconds())
