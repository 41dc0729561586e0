"""`./run bench [--sizes N,N] [--json [FILE]] [--parts …] [--state FOLDER] [--chart FILE] [--fill]`."""

import argparse
import json
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from bench.load import measuring
from bench.load.ground import ROOT, Ground, ground
from bench.mixes import charting, judging, memory
from bench.mixes import measuring as mixes
from launcher.contract import Stage
from launcher.failure import Stop
from launcher.progress import Progress

SIZES = (1_000, 10_000, 100_000, 1_000_000)
PARTS = ("mixes", "pages", "memory")
# What another command measures and writes into the same file (docs/performance.md).
IMPORTING = "importing"


def main(words: list[str]) -> int:
    """0 when everything keeps to what was promised; 1 when something does not; 2 for a wrong command line."""
    signal.signal(signal.SIGTERM, _end)
    given = _arguments(words)
    _fill(given)
    if given.fill:
        return 0
    found: dict[str, Any] = _kept(given.json)
    with ground(given.state, Progress()) as here:
        stages = {str(size): here.stage(size) for size in given.sizes}
        for part in given.parts:
            print(f"measuring: {part}", file=sys.stderr, flush=True)
            found |= MEASURED[part](here, stages)
            _keep(found, given)
    return _told(found, given)


def _mixes(here: Ground, stages: dict[str, Stage]) -> dict[str, Any]:
    seconds = mixes.measured(here, stages)
    return {
        "sizes": judging.told(seconds),
        "growth": judging.growth(seconds),
        "bars": {"mixes": [each._asdict() for each in judging.bars(seconds)]},
    }


def _pages(here: Ground, stages: dict[str, Stage]) -> dict[str, Any]:
    found = measuring.measured(stages)
    return {"pages": found, "compared": measuring.compared(found)}


def _memory(here: Ground, stages: dict[str, Stage]) -> dict[str, Any]:
    """Of the smallest size: what a process keeps does not depend on how many reports there are."""
    stage = next(iter(stages.values()))
    told = json.loads(measuring.module("bench.mixes.preparing", ["1"], stage))
    works = mixes.of_sapr(stage.port, told)
    asked = [works[name] for name in ("list", "list, desk", "statistics", "counts")]
    return {"memory": {"web worker": memory.of_web(stage, asked), "Celery worker": memory.of_worker(stage)}}


MEASURED = {"mixes": _mixes, "pages": _pages, "memory": _memory}


def _fill(given: argparse.Namespace) -> None:
    """Make what is missing. Without waiting for the disk: these rows can be made again."""
    with ground(given.state, Progress(), careful=False) as here:
        for size in given.sizes:
            stage = here.prepared(size, Progress())
            print(f"{size:>10,} ", end="", file=sys.stderr, flush=True)
            measuring.module("bench.load.filling", [str(size)], stage)
            print(file=sys.stderr)


def _kept(path: Path | None) -> dict[str, Any]:
    """What an earlier run wrote there of the parts that are not measured now."""
    known = path is not None and path.is_file() and path.stat().st_size
    return json.loads(path.read_text(encoding="utf-8")) if path and known else {IMPORTING: None}


def _keep(found: dict[str, Any], given: argparse.Namespace) -> None:
    """After each part, so that a run that is broken off goes on with `--parts`."""
    if "memory" in found:
        found["bars"] = found.get("bars", {}) | {
            "memory": [each._asdict() for each in memory.bars(found["memory"])]
        }
    if given.json:
        given.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if given.chart and "sizes" in found:
        given.chart.write_text(charting.drawn(found["sizes"]), encoding="utf-8")


def _told(found: dict[str, Any], given: argparse.Namespace) -> int:
    bars = [judging.Bar(**each) for part in found.get("bars", {}).values() for each in part]
    lines = []
    if "sizes" in found:
        lines += judging.table(found["sizes"], found["growth"], [])
    if "pages" in found:
        lines += measuring.table(found["pages"])
    print("\n".join(lines + [judging.say(each) for each in bars]))
    pages = [each["ratio"] <= measuring.PROMISED for each in found.get("compared", ())]
    return 0 if all(each.kept for each in bars) and all(pages) else 1


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
    parser.add_argument(
        "--parts",
        type=_parts,
        default=PARTS,
        help="what is measured, all of it if not said: mixes,pages,memory",
    )
    parser.add_argument(
        "--json", type=Path, help="write everything to this file; what it holds of other parts stays"
    )
    parser.add_argument("--chart", type=Path, help="draw the mixes into this file (SVG)")
    return parser.parse_args(words)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted(int(each) for each in text.split(",")))


def _parts(text: str) -> tuple[str, ...]:
    found = tuple(text.split(","))
    if not set(found) <= set(PARTS):
        raise argparse.ArgumentTypeError(f"choose among {','.join(PARTS)}")
    return found


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(stop.sentence, file=sys.stderr)
        sys.exit(stop.code)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
