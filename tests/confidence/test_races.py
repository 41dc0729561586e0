"""The same step by several people at one moment: it is taken once."""

from sapr import clock
from tests.access.together import together
from tests.confidence.conftest import advised, duties_about, kinds_of, make
from tests.confidence.test_catch import join
from tests.confidence.test_one_year import MARK, ask
from tests.times import T0


def test_ck_18_dx_4_ca_10_of_several_at_once_one_counts(stage) -> None:
    world = stage.world
    report = world.signed("restricted")
    row = advised(world, report)
    assert together(*(lambda: make(world, row) for _ in range(3))) == ["done", "out_of_turn", "out_of_turn"]
    assert len(duties_about(world, row.pk)) == 1
    assert together(*(lambda: join(world, report.case, at=T0) for _ in range(3))) == [
        "already_joined", "already_joined", "done",
    ]  # fmt: skip
    clock.move(MARK, hold=True)
    assert together(*(lambda: ask(world, report, MARK) for _ in range(3))) == [
        "done", "rules_forbid", "rules_forbid",
    ]  # fmt: skip
    kinds = kinds_of(world, report.case_id)
    assert [kinds.count(kind) for kind in ("disclosure_made", "catch_joined", "conversion_asked")] == [
        1,
        1,
        1,
    ]
