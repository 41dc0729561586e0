"""`./run --check`: does the whole thing work here? Answers with one JSON line and leaves nothing behind."""

import json
import time
from pathlib import Path
from typing import Any

from launcher import embedded, ports, process, steps
from launcher.contract import Stage
from launcher.environment import Environment
from launcher.failure import Interrupted, Stop, explain
from launcher.layout import Layout
from launcher.progress import Progress


def check(root: Path) -> int:
    """0 when everything was found working, else 1; the line on standard output says the same."""
    start = time.monotonic()
    try:
        found = _try_everything(root)
    except Stop as stop:
        found = {"ok": False, "error": stop.sentence}
    except OSError as error:
        found = {"ok": False, "error": explain(error)}
    except Interrupted:
        found = {"ok": False, "error": "It was interrupted; start it again."}
    found["seconds"] = round(time.monotonic() - start, 1)
    print(json.dumps(found), flush=True)
    return 0 if found["ok"] else 1


def _try_everything(root: Path) -> dict[str, Any]:
    progress = Progress(total=7)
    environment = Environment(Layout.of(root))
    with progress.step("environment"):
        if not environment.is_ready():
            environment.make(progress)
    with embedded.throwaway(root, "demo", "sapr_demo", ports.free(), progress) as stage:
        with progress.step("database roles"):
            steps.roles(stage, progress)
        with progress.step("migrations and reference data"):
            steps.prepare(stage, progress)
        with progress.step("demo"):
            accounts = steps.seed(stage, progress)
        return _sign_in(stage, accounts, progress)


def _sign_in(stage: Stage, accounts: list[dict[str, str]], progress: Progress) -> dict[str, Any]:
    if not accounts:
        raise Stop("The demo was not filled, so there is nobody to sign in as.")
    sarc = next((account for account in accounts if account["role"].upper() == "SARC"), accounts[0])
    services: list[steps.Process] = []
    try:
        with progress.step("web server and worker"):
            services.append(steps.web(stage))
            services.append(steps.worker(stage))
            steps.await_services(*services, stage.port, progress)
        with progress.step("sign-in and worker round trip"):
            found = steps.selfcheck(stage, sarc, progress)
    finally:
        process.end_all(services)
    failed = [name for name, worked in found.items() if worked is False]
    return {"ok": not failed, **found, **({"error": f"Failed: {', '.join(failed)}."} if failed else {})}
