"""`./test`: environment, browser and a throw-away database, then pytest with the caller's arguments."""

from pathlib import Path

from launcher import browser, embedded, ports, process, steps
from launcher.environment import Environment
from launcher.layout import Layout
from launcher.progress import Progress

_DATABASE = "sapr_test"


def run_tests(root: Path, arguments: list[str]) -> int:
    """pytest's exit code; 3 when all that could run passed but some tests could not run here."""
    layout = Layout.of(root)
    progress = Progress()
    environment = Environment(layout, dev=True)
    if not environment.is_ready():
        with progress.step("environment with test tools"):
            environment.make(progress)
    missing = browser.provide(layout, progress)
    with embedded.throwaway(root, "rehearsal", _DATABASE, ports.free(), progress) as stage:
        with progress.step("throw-away database"):
            steps.roles(stage, progress)
            steps.prepare(stage, progress)
        # The tests check the roles themselves, so they are told all that `roles` is told.
        env = stage.for_command("roles")
        del env["SAPR_ROLE"]
        plugin = []
        if missing:
            plugin = ["-p", "tests.missing"]
            env["SAPR_MISSING_BROWSER"] = missing
        return process.foreground([layout.python, "-m", "pytest", *plugin, *arguments], env=env, cwd=root)
