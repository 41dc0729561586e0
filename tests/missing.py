"""A pytest plugin that `./test` loads where Chromium is missing: leaves browser tests out, names them, exits 3."""

import os

import pytest

MISSING_EXIT = 3
_LEFT_OUT = pytest.StashKey[list[str]]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Runs after `-k` and `-m`, so that only tests somebody asked for are called missing."""
    left_out = [item for item in items if item.get_closest_marker("browser")]
    if left_out:
        config.stash[_LEFT_OUT] = [item.nodeid for item in left_out]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Not a success although nothing failed; a failure keeps its own code."""
    harmless = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    if session.config.stash.get(_LEFT_OUT, []) and session.exitstatus in harmless:
        session.exitstatus = MISSING_EXIT


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Says by name what was not run, and why."""
    names = config.stash.get(_LEFT_OUT, [])
    if names:
        terminalreporter.section("not run here", yellow=True)
        terminalreporter.write_line(os.environ.get("SAPR_MISSING_BROWSER", "Chromium is missing."))
        for name in names:
            terminalreporter.write_line(f"  {name}")
