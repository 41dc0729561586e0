"""`./run bench [--sizes N,N] [--state FOLDER] [--fill] [--json]`."""

import argparse
import json
import signal
import sys
from pathlib import Path
from types import FrameType

from bench.load import measuring
from bench.load.ground import ROOT, ground
from launcher.contract import Stage
from launcher.failure import Stop
from launcher.progress import Progress

SIZES = (1_000, 10_000, 100_000, 1_000_000)


def main(words: list[str]) -> int:
    """0 when every page keeps to what was promised; 1 when one does not; 2 for a wrong command line."""
    signal.signal(signal.SIGTERM, _end)
    given = _arguments(words)
    stages: dict[str, Stage] = {}
    with ground(given.state, Progress()) as here:
        for size in given.sizes:
            stage = here.prepared(size, Progress())
            print(f"{size:>10,} ", end="", file=sys.stderr, flush=True)
            measuring.module("bench.load.filling", [str(size)], stage)
            print(file=sys.stderr)
            stages[str(size)] = stage
        if given.fill:
            return 0
        found = measuring.measured(stages)
    compared = measuring.compared(found)
    if given.json:
        print(json.dumps({"pages": found, "compared": compared}))
    else:
        print("\n".join(measuring.table(found)))
    return 0 if all(each["ratio"] <= measuring.PROMISED for each in compared) else 1


def _end(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument(
        "--sizes", type=_sizes, default=SIZES, help="how many reports, smallest first, such as 1000,100000"
    )
    parser.add_argument(
        "--state", type=Path, default=ROOT / "var" / "bench", help="where the databases are kept (var/bench)"
    )
    parser.add_argument("--fill", action="store_true", help="make the databases and measure nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON document, plans included")
    return parser.parse_args(words)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted(int(each) for each in text.split(",")))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(stop.sentence, file=sys.stderr)
        sys.exit(stop.code)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
