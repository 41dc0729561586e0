"""`./run fuzz [--requests N] [--seed N] [--json]`."""

import argparse
import json
import random
import signal
import sys
from types import FrameType

from bench.fuzz.drawing import throws
from bench.fuzz.ground import target
from bench.fuzz.knowing import Known
from bench.fuzz.throwing import SLOW, Found, thrown
from bench.fuzz.way import way
from launcher.failure import Stop
from launcher.progress import Progress

# What takes appointments and accounts away from who throws, and so comes in the last fifth.
ENDING = "/staff"


def main(words: list[str]) -> int:
    """0 when nothing failed and nothing took over five seconds; 1 when something did; 2 for a wrong command line."""
    signal.signal(signal.SIGTERM, _end)
    given = _arguments(words)
    progress = Progress()
    with target(progress) as here:
        known = Known(random.Random(given.seed), here.schema, here.keys.values(), here.roles)
        drawn = throws(
            here.schema, known, given.requests * 4 // 5,
            lambda path: path.removeprefix("/api/v1").startswith(ENDING),
            lambda operations: way(known, here.keys, operations),
        )  # fmt: skip
        with progress.step(f"throwing {given.requests:,} requests"):
            found = thrown(here, drawn, known, given.requests, progress.tick)
    print(json.dumps(told(found)) if given.json else "\n".join(f"{k}: {v}" for k, v in told(found).items()))
    return 1 if found.failures or found.slow else 0


def told(found: Found) -> dict[str, object]:
    """What a run says of itself."""
    return {
        "requests": found.sent,
        "failures": found.failures[:50],
        f"over_{SLOW:.0f}_seconds": found.slow[:50],
        "slowest_seconds": round(found.slowest, 2),
        "statuses": dict(sorted(found.statuses.items())),
        "operations": len(found.operations),
        "got_through": len(found.operations) - len(found.unreached()),
        "never_got_through": found.unreached(),
    }


def _end(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=50_000, help="how many requests (50000)")
    parser.add_argument("--seed", type=int, default=7, help="of the random choices (7)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser.parse_args(words)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(stop.sentence, file=sys.stderr)
        sys.exit(stop.code)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
