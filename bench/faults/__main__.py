"""`./run faults [--kills N] [--due N] [--seed N] [--pace SECONDS] [--speed N] [--state FILE] [--json]`."""

import argparse
import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from bench.faults.ground import Ground, ground
from bench.faults.state import State, load
from launcher.failure import Stop
from launcher.progress import Progress

PROBLEMS = ("lost", "duplicates", "late", "signed_and_gone", "broken_chains")


def main(words: list[str]) -> int:
    """0 when nothing was lost, came twice or late; 1 when something was; 2 for a wrong command line."""
    signal.signal(signal.SIGTERM, _end)
    state = _state(_arguments(words))
    with ground(state, Progress()) as here:
        found = _run(state, here)
        state.phase = "done"
        state.keep()
    if state.path is not None:
        state.path.unlink()
    well = not any(found[name] for name in PROBLEMS)
    _tell(found, as_json="--json" in words)
    return 0 if well else 1


def _end(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run faults", description=__doc__)
    parser.add_argument(
        "--kills", type=int, default=1000, help="how often something is killed with -9 (1000)"
    )
    parser.add_argument("--due", type=int, default=10_000, help="how many duties fall due at least (10000)")
    parser.add_argument("--seed", type=int, default=7, help="of the random order (7)")
    parser.add_argument(
        "--pace",
        type=float,
        default=1.8,
        help="seconds between two kills, about (1.8); longer where the story would go faster than --speed",
    )
    parser.add_argument(
        "--speed",
        type=float,
        default=96,
        help="seconds of the story in a second, at most, while notices fall due (96: a day in a quarter of an hour)",
    )
    parser.add_argument("--state", type=Path, help="a file: a run that was broken off goes on from it")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser.parse_args(words)


def _state(given: argparse.Namespace) -> State:
    state = load(given.state) if given.state else None
    if state is None:
        return State(given.kills, given.due, given.seed, given.pace, given.speed, path=given.state)
    if (state.kills, state.due, state.seed) != (given.kills, given.due, given.seed):
        raise Stop(
            f"{given.state} is of another run: name the same --kills, --due and --seed, or another file.", 2
        )
    state.resumed += 1
    return state


def _run(state: State, here: Ground) -> dict[str, Any]:
    # The rest of the project is imported only now: its settings are read from the environment.
    os.environ.clear()
    os.environ.update(here.stage.for_command("roles") | {"SAPR_ROLE": "web", "EMAIL_URL": "dummymail://"})
    import django

    django.setup()
    from bench.faults import counting, running, seeding
    from bench.faults.processes import Crew
    from sapr import clock

    progress = Progress()
    if state.phase == "seeding":
        if here.ask("SELECT 1 FROM accounts_location LIMIT 1"):
            raise Stop("The run was broken off before it had begun: remove the state file and start again.")
        with progress.step(f"signing reports until {state.due} duties fall due"):
            clock.move(seeding.START, hold=True)
            seeding.fill(state, here.ask, progress.tick)
        state.instants = running.instants_of(here, state.even_hours)
        state.phase = "killing"
        state.keep()
    accepted = Path(state.var) / "accepted"
    crew = Crew(here, Path(state.var), accepted)
    try:
        if state.phase == "killing":
            with progress.step(f"killing {state.kills - state.done} times"):
                running.Run(state, here, crew).go(progress.tick)
            state.phase = "counting"
            state.keep()
    finally:
        crew.end()
    found = counting.counted(state, here, accepted)
    kills = {**dict(sorted(state.killed.items())), "all": state.done}
    share = round(state.inside / state.done, 3) if state.done else 0.0
    run = {"seed": state.seed, "kills": kills, "inside": state.inside, "share_inside": share}
    return run | found | _speed(state) | {"resumed": state.resumed}


def _speed(state: State) -> dict[str, Any]:
    """How fast the run went, asked for and reached: seconds a kill, and seconds of the story in one of the machine.

    The latter while notices fall due; `stood`: seconds for which the story's clock waited for the machine.
    """
    reached = state.speed * state.told / state.elapsed if state.elapsed else 0.0
    return {
        "seconds": round(state.elapsed),
        "stood": round(state.elapsed - state.told),
        "seconds_a_kill": {
            "asked": round(state.pace, 2),
            "reached": round(state.elapsed / max(state.done, 1), 2),
        },
        "story_seconds_a_second": {"asked": state.speed, "reached": round(reached, 1)},
    }


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
