"""The project's own commands that the launcher calls, and what it expects of each."""

import http.client
import json
import signal
import subprocess
import sys
import time
from typing import Any

from launcher import failure, process
from launcher.contract import Stage
from launcher.failure import Stop
from launcher.progress import Progress

Process = subprocess.Popen[bytes]


def manage(stage: Stage, words: list[str], what: str, progress: Progress, stdin: str | None = None) -> str:
    """Runs `manage.py`; its standard output. Stop says what failed and the last line of the complaint."""
    log = stage.layout.log(words[0])
    code, output, complaint = process.finish(
        [stage.layout.python, "manage.py", *words],
        log=log,
        tick=progress.tick,
        cwd=stage.layout.root,
        env=stage.for_command(words[0]),
        stdin=stdin,
    )
    if code:
        if failure.disk_full_in(complaint):
            raise Stop(failure.DISK_FULL)
        raise Stop(f"{what} failed ({failure.last_line(complaint or output)}); the whole is in {log}.")
    return output


def roles(stage: Stage, progress: Progress) -> None:
    """Creates logins and databases; may be repeated."""
    manage(stage, ["roles"], "Creating the database roles", progress)


def prepare(stage: Stage, progress: Progress) -> None:
    """Migrates and loads reference data; may be repeated."""
    manage(stage, ["prepare", "--kind", stage.kind], "Preparing the database", progress)
    stage.layout.prepared(stage.kind).touch()


def seed(stage: Stage, progress: Progress) -> list[dict[str, str]]:
    """Fills the demo once; the accounts with their one-time passwords, or none when it was filled before."""
    told = as_object(manage(stage, ["demo", "seed", "--json"], "Filling the demo", progress), "demo seed")
    return list(told.get("accounts", [])) if told.get("seeded") else []


def selfcheck(stage: Stage, account: dict[str, str], progress: Progress) -> dict[str, Any]:
    """Signs in and has the worker do one thing; what the command found out."""
    words = ["selfcheck", "--url", f"http://127.0.0.1:{stage.port}", "--username", account["username"]]
    words += ["--password-stdin", "--json"]
    told = manage(stage, words, "The check", progress, stdin=f"{account['password']}\n")
    return as_object(told, "selfcheck")


def as_object(output: str, command: str) -> dict[str, Any]:
    """The JSON object a command printed."""
    try:
        told = json.loads(output)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Stop(f"manage.py {command} did not answer with a JSON object.")
    return told


def web(stage: Stage) -> Process:
    """The web server on loopback. No access log: paths and addresses of visitors are not ours to keep."""
    words = [
        "-m",
        "gunicorn",
        "sapr.wsgi",
        "--bind",
        f"127.0.0.1:{stage.port}",
        "--workers",
        "2",
        "--threads",
        "4",
    ]
    words += [
        "--config",
        "python:sapr.operating.serving",
        "--no-control-socket",
        "--log-level",
        "warning",
        "--logger-class",
        "sapr.logs.ServerLogger",
    ]
    return _service(stage, words, stage.for_web())


def worker(stage: Stage) -> Process:
    """Celery's worker with its beat in one process tree.

    Under root Celery warns of root's rights; the worker holds no key and only its own login, so the line is left out.
    """
    words = ["-W", "ignore::UserWarning:celery.platforms"]
    words += [
        "-m",
        "celery",
        "--quiet",
        "-A",
        "sapr.worker",
        "worker",
        "-B",
        "--schedule",
        stage.layout.beat_schedule(stage.kind),
    ]
    words += ["--pidfile=", "-n", "w@local", "--concurrency", "1"]
    words += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
    return _service(stage, words, stage.for_worker())


def watchdog(stage: Stage) -> Process:
    """What raises an alarm when nothing sweeps: a process of its own, in the worker's account."""
    return _service(stage, ["manage.py", "watchdog"], stage.for_worker())


def _service(stage: Stage, words: list[Any], env: dict[str, str]) -> Process:
    # Whatever a service says goes to standard error: standard output is kept for results.
    return process.spawn(
        [stage.layout.python, *words],
        env=env,
        cwd=stage.layout.root,
        output=sys.stderr.fileno(),
        death=signal.SIGTERM,
    )


def await_services(web: Process, worker: Process, port: int, progress: Progress, seconds: float = 60) -> None:
    """Returns once /healthz answers 200; Stop when a service ends before that or the page stays silent."""
    limit = time.monotonic() + seconds
    while not healthy(port):
        for name, service in (("web server", web), ("worker", worker)):
            if service.poll() is not None:
                code = service.returncode
                raise Stop(
                    f"The {name} ended while starting (exit code {code}); its own lines above say why."
                )
        if time.monotonic() > limit:
            raise Stop(
                f"http://127.0.0.1:{port}/healthz did not answer within {seconds:.0f} seconds; see the lines above."
            )
        progress.tick()
        time.sleep(0.1)


def healthy(port: int) -> bool:
    """Whether the server on this port says that it is well."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
