"""A pytest plugin for two processes that share the whole suite: whoever is free takes the next file.

Both collect everything; a file in the folder `SAPR_TEST_TURNS` says that a part was taken. So neither waits at the end
for longer than the last part of the other takes, however much a file has grown.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

# Taken whole, since their files share what is dear to make.
WHOLE = ("tests/accessible", "tests/openformat")
# Begun first: what takes longest would otherwise be what the other process waits for.
FIRST = (
    "tests/accessible",
    "tests/access/test_matrix.py",
    "tests/privacy/test_canaries.py",
    "tests/load/test_fuzz.py",
    "tests/demo/test_demo.py",
    "tests/openformat",
    "tests/walkthrough/test_replay.py",
    "tests/operating/test_drill.py",
    "tests/api/test_fuzz.py",
    "tests/browser/test_stories.py",
    "tests/erasure/test_erased_for_ever.py",
    "tests/operating/test_rolling.py",
    "tests/legacy/test_killed.py",
    "tests/access/test_oracles.py",
    "tests/privacy/test_pages.py",
)


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """pytest's own loop, over the parts that this process gets."""
    if session.testsfailed or session.config.option.collectonly:
        return None
    folder = Path(os.environ["SAPR_TEST_TURNS"])
    items = taken(parts(session.items), folder)
    item = next(items, None)
    while item is not None:
        # The next part is taken before this one's last test, whose teardown depends on what comes.
        following = next(items, None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True


def parts(items: Iterable[pytest.Item]) -> dict[str, list[pytest.Item]]:
    """The tests by file, or by folder where that is taken whole; what takes longest first, else as collected."""
    found: dict[str, list[pytest.Item]] = {}
    for item in items:
        file = item.nodeid.split("::", 1)[0]
        found.setdefault(next((each for each in WHOLE if file.startswith(f"{each}/")), file), []).append(item)
    first = {name: found.pop(name) for name in FIRST if name in found}
    return first | found


def taken(found: dict[str, list[pytest.Item]], folder: Path) -> Iterator[pytest.Item]:
    """The tests of the parts that nobody took before."""
    for name, tests in found.items():
        try:
            (folder / name.replace("/", "-")).touch(exist_ok=False)
        except FileExistsError:
            continue
        yield from tests
