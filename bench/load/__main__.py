"""`./run bench [--sizes N,N] [--state FOLDER] [--fill] [--pages] [--json]`."""

import argparse
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from bench.load.ground import ROOT, Ground, ground
from launcher.failure import Stop
from launcher.progress import Progress

SIZES = (1_000, 10_000, 100_000, 1_000_000)


def main(words: list[str]) -> int:
    """0 when everything was measured; 1 when a page failed; 2 for a wrong command line."""
    signal.signal(signal.SIGTERM, _end)
    given = _arguments(words)
    found: dict[str, Any] = {}
    with ground(given.state, Progress()) as here:
        for size in given.sizes:
            found[str(size)] = _of_size(here, size, given)
    _tell(found, as_json=given.json)
    return 0


def _end(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--sizes", type=_sizes, default=SIZES, help="how many reports, such as 1000,100000")
    parser.add_argument(
        "--state", type=Path, default=ROOT / "var" / "bench", help="where the databases are kept (var/bench)"
    )
    parser.add_argument("--fill", action="store_true", help="make the databases and measure nothing")
    parser.add_argument("--pages", action="store_true", help="measure the pages (all there is so far)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser.parse_args(words)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.split(","))


def _of_size(here: Ground, size: int, given: argparse.Namespace) -> Any:
    stage = here.prepared(size, Progress())
    env = stage.for_command("roles") | {"SAPR_ROLE": "web", "EMAIL_URL": "dummymail://"}
    print(f"{size:>10,} ", end="", file=sys.stderr, flush=True)
    _module("bench.load.filling", [str(size)], env)
    print(file=sys.stderr)
    return None if given.fill else json.loads(_module("bench.load.pages", [str(here.port)], env))


def _module(name: str, words: list[str], env: dict[str, str]) -> str:
    argv = [sys.executable, "-W", "ignore", "-m", name, *words]
    done = subprocess.run(
        argv, cwd=ROOT, env=os.environ | env, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise Stop(f"{name} ended with the exit code {done.returncode}; its own lines above say why.")
    return done.stdout


def _tell(found: dict[str, Any], *, as_json: bool) -> None:
    print(json.dumps(found) if as_json else "\n".join(f"{name}: {value}" for name, value in found.items()))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(stop.sentence, file=sys.stderr)
        sys.exit(stop.code)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
