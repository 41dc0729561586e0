"""What may stand after `./run`."""

from dataclasses import dataclass, field

from launcher.failure import Stop

HELP = """\
./run                        set up and serve the demo at http://localhost:8000
./run --port N               … at another port
./run --no-demo              serve the real database, empty at first
./run --check                start everything on a throw-away database, try it, print one JSON line, stop
./run faults …              kill everything at random while duties fall due, and count what was lost (docs/deadlines.md)
./run bench …                fill databases with up to 1,000,000 reports, measure (docs/performance.md)
./run fuzz …                 throw requests made from the API's schema at the real server (docs/performance.md)
./run manage COMMAND …       a management command in the same environment and database as served last
./run --no-demo manage …     … in the real database
./run anonymity …            the brute force of the commander notice; needs no database; --help says more
./test [pytest arguments]    set up and run the whole test suite

With DATABASE_URL, OWNER_DATABASE_URL and WORKER_DATABASE_URL (and CELERY_BROKER_URL if wished) set,
`./run --no-demo` uses your servers instead of starting its own. Everything made lies under var/.
"""


@dataclass
class Options:
    """The command line, understood. `port` is None where nothing was said."""

    mode: str = "serve"
    port: int | None = None
    real: bool = False
    command: list[str] = field(default_factory=list)


def parse(words: list[str]) -> Options:
    """Raises Stop with exit code 2 and one sentence for anything not in HELP."""
    options = Options()
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in ("-h", "--help"):
            options.mode = "help"
        elif word == "--no-demo":
            options.real = True
        elif word == "--check":
            options.mode = "check"
        elif word in ("manage", "faults", "bench", "fuzz"):
            options.mode, options.command, rest = word, rest, []
        elif word == "anonymity":
            options.mode, options.command, rest = word, [word, *rest], []
        elif word == "--port" or word.startswith("--port="):
            value = word.removeprefix("--port=") if "=" in word else (rest.pop(0) if rest else "")
            options.port = _port(value)
        else:
            raise Stop(f"./run does not know “{word}”; ./run --help lists what it knows.", 2)
    if options.mode == "check" and (options.real or options.port):
        raise Stop("./run --check stands alone: it picks its own ports and a throw-away database.", 2)
    return options


def _port(value: str) -> int:
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise Stop("--port needs a number from 1 to 65535, as in ./run --port 8001.", 2)
    return int(value)
