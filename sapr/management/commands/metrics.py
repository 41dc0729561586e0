"""`manage.py metrics`: numbers for a monitor that only the worker's account can read; a process of its own."""

import signal
import threading

from sapr.commands import PlainCommand, add_json
from sapr.errors import DomainError
from sapr.operating import exporter
from sapr.operating.gauges import OfWorker
from sapr.operating.metrics import text

LISTEN = "127.0.0.1:9464"


class Command(PlainCommand):
    help = "Tell a monitor how the system does: due work, outbox, last backup. Runs until a signal ends it."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--listen", default=LISTEN, metavar="ADDRESS:PORT", help=f"where ({LISTEN})")
        parser.add_argument("--once", action="store_true", help="print the numbers once")
        add_json(parser)

    def handle(self, *args, listen: str, once: bool, as_json: bool, **options) -> None:
        if once:
            said = text(OfWorker()).decode()
            self.tell({"metrics": said}, [said], as_json=as_json)
            return
        host, _, port = listen.rpartition(":")
        if not port.isdigit():
            raise DomainError("bad_address", f"Give an address and a port, such as {LISTEN}.", path="listen")
        server = exporter.server(host.strip("[]"), int(port))
        for number in (signal.SIGTERM, signal.SIGINT):
            # From another thread: the server waits for its loop to end.
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        with server:
            server.serve_forever()
