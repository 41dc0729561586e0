"""Two starts on one var/ folder, and how the second one finds out about the first."""

import pytest

from launcher import serve
from launcher.failure import Stop
from launcher.layout import Layout
from launcher.lock import Lock


def test_only_one_holds_it(layout: Layout) -> None:
    first, second = Lock(layout.lock), Lock(layout.lock)
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()


def test_a_second_run_is_told_where_the_first_one_is(layout: Layout) -> None:
    first, second = Lock(layout.lock), Lock(layout.lock)
    assert first.take()
    first.tell(purpose="serve", url="http://localhost:8000")
    with pytest.raises(Stop, match=r"already running at http://localhost:8000 \(process \d+\)"):
        serve._take(second)
    first.release()
    second.release()


def test_a_command_that_does_not_end_is_named(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "_WAIT_FOR_COMMAND", 0.1)
    first, second = Lock(layout.lock), Lock(layout.lock)
    assert first.take()
    first.tell(purpose="manage")
    with pytest.raises(Stop, match=r"command \(process \d+\) still uses the database"):
        serve._take(second)
    first.release()
    second.release()


def test_what_a_dead_holder_wrote_blocks_nobody(layout: Layout) -> None:
    layout.lock.write_text('{"purpose": "serve", "pid": 1, "ready": true}')
    lock = Lock(layout.lock)
    assert lock.take()
    assert "purpose" not in lock.holder()
    lock.release()
