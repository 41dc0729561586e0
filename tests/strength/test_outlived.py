"""A rung stands only as long as the strength tables say what it was counted from (threats 5.2, 5.3)."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications import services
from notifications.anonymity import Correlation, Rung
from notifications.anonymity.covering import printable
from notifications.models import InboxItem, Notice, RungClock, UnitRung
from notifications.services import notice_release
from notifications.strength.engine import Engine
from notifications.strength.rungs import choose_anew, quarter_of, rung_of, standing
from notifications.strength.services import strength_import
from notifications.sweeping import DRAINS, next_due, sweep
from reports import access
from sapr import clock
from sapr.errors import DomainError
from tests.notices.release import release
from tests.strength.files import YEAR, file, of_place
from tests.times import T0

CAMP = "Camp Sample"
# A table's days are those of the highest place, which lives by UTC.
TENTH = datetime(2026, 3, 10, tzinfo=UTC)
Q2 = datetime(2026, 4, 1, 4, 0, tzinfo=UTC)


def imported(world, *lines: str, at: datetime = T0) -> None:
    strength_import(actor=world.manager, location=world.installation, text=file(*lines), at=at)


def in_two_parts(world, before: int, after: int) -> None:
    """A table whose people change on the tenth of March, eight days from now."""
    imported(
        world,
        *of_place(CAMP, before, "2026-01-01,2026-03-09"),
        *of_place(CAMP, after, "2026-03-10,2026-12-31"),
    )


def stands(world, at: datetime) -> UnitRung | None:
    with access.viewing(world.sarc):
        return standing(world.installation, at)


def history(world, at: datetime) -> list:
    """What the engine is fed with of this place, in the order of time."""
    held = Engine(world.installation, at)._history(quarter_of(world.installation, at))
    return [each for each in held if each.unit == str(world.installation.pk)]


def signed(world, at: datetime) -> Notice:
    report = world.signed("restricted", at=at)
    with access.viewing(world.sarc):
        return Notice.objects.select_related("unit_rung").get(case_id=report.case_id)


def test_a_period_with_fewer_people_ends_a_rung_and_its_words_on_that_day(stage, monkeypatch) -> None:
    """No import: the sweep looks on the day itself, and before it places what was released by the old rung."""
    world = stage.world
    in_two_parts(world, 400, 3)
    with stage.as_worker():
        sweep()
        assert next_due(TENTH) == TENTH
    before = TENTH - timedelta(hours=12)
    clock.move(before, hold=True)
    with stage.as_worker():
        sweep()
    waiting, on_the_way = signed(world, before), signed(world, before)
    assert waiting.rung != "minimal"
    monkeypatch.setattr(services.secrets, "choice", lambda slots: slots[-1])
    on_the_way = release(world.sarc, on_the_way, at=before)
    assert on_the_way.slot > TENTH
    clock.move(on_the_way.slot, hold=True)
    with stage.as_worker():
        sweep()
        assert set(
            RungClock.objects.filter(location=world.installation).values_list("look_at", flat=True)
        ) == {Q2}
    assert (stands(world, TENTH).turn, stands(world, TENTH).rung) == (1, "minimal")
    with access.viewing(world.commander):
        assert set(InboxItem.objects.values_list("body", flat=True)) == {on_the_way.minimal}


def test_between_the_day_and_the_sweep_a_notice_is_composed_and_released_by_the_tables_of_now(world) -> None:
    in_two_parts(world, 400, 3)
    waiting = signed(world, T0)
    clock.move(TENTH, hold=True)
    assert signed(world, TENTH).rung == "minimal"
    assert stands(world, TENTH).turn == 1
    with pytest.raises(DomainError) as refusal:
        notice_release(
            actor=world.sarc, notice_id=waiting.pk, minimal=False, at=TENTH - timedelta(days=8),
            bytes_seen=services.digest_of(waiting.wording),
        )  # fmt: skip
    assert refusal.value.code == "rung_superseded"


def test_words_are_not_placed_while_a_boundary_passed_unlooked(stage, monkeypatch) -> None:
    """A look that fails holds no notice up, but it goes out as MINIMAL."""
    world = stage.world
    in_two_parts(world, 400, 400)
    before = TENTH - timedelta(hours=12)
    clock.move(before, hold=True)
    with stage.as_worker():
        sweep()
    monkeypatch.setattr(services.secrets, "choice", lambda slots: slots[-1])
    released = release(world.sarc, signed(world, before), at=before)
    clock.move(released.slot, hold=True)
    monkeypatch.setattr("notifications.sweeping.DRAINS", [each for each in DRAINS if each.name != "chosen"])
    with stage.as_worker():
        assert sweep()["placed"] == 1
    with access.viewing(world.commander):
        assert InboxItem.objects.get().body == released.minimal


def test_the_end_of_the_tables_ends_the_rung_too(stage) -> None:
    world = stage.world
    imported(world, *of_place(CAMP, 400, "2026-01-01,2026-03-09"))
    waiting = signed(world, T0)
    clock.move(TENTH, hold=True)
    with stage.as_worker():
        sweep()
    assert (stands(world, TENTH).rung, stands(world, TENTH).tables) == ("minimal", [])
    with pytest.raises(DomainError):
        release(world.sarc, waiting, at=T0 + timedelta(hours=1))
    # Nothing changes any more, so nothing is chosen any more.
    with access.viewing(world.manager):
        assert choose_anew(world.installation, actor=world.manager, at=TENTH) == []


def test_what_the_new_numbers_carry_stays_with_them_and_both_are_history(world) -> None:
    in_two_parts(world, 400, 390)
    before = TENTH - timedelta(hours=12)
    clock.move(before, hold=True)
    waiting = signed(world, before)
    first = stands(world, before)
    clock.move(TENTH, hold=True)
    with access.viewing(world.sarc):
        second = rung_of(world.installation, actor=world.sarc, at=TENTH)
        assert (second.turn, second.rung) == (1, first.rung)
        assert second.k < first.k
        assert second.classes == first.classes
        held = history(world, TENTH)
    assert [sum(group.people for group in each.population.groups) for each in held] == [1600, 1560]
    with access.viewing(world.sarc):
        assert rung_of(world.installation, actor=world.sarc, at=TENTH) == second
    # The words are the same, so what was composed by them goes out.
    assert release(world.sarc, waiting, at=TENTH).wording == waiting.wording


def test_what_replaces_a_rung_is_recorded_with_its_own_numbers_and_classes(world) -> None:
    """Not with those of the finer words that the new tables alone would allow."""
    imported(world, *of_place(CAMP, 400))
    with access.viewing(world.sarc):
        engine = Engine(world.installation, T0)
        standing_rung = UnitRung(
            location=world.installation, quarter=quarter_of(world.installation, T0),
            rung="installation.blank.blank.week.installation.blank.blank",
        )  # fmt: skip
        finest = engine.choose(world.installation, previous=None, quarter=standing_rung.quarter)
        kept = engine.within(world.installation, finest, standing_rung)
    assert "stated" not in kept.rung
    assert {tuple(held) for held in kept.classes} == printable(Rung.of(kept.rung), engine.settings)
    assert kept.k > finest.k
    assert kept.smallest > finest.smallest


def test_what_a_place_gave_away_when_a_rung_stood_is_held_against_the_next_one(world) -> None:
    imported(world, *of_place(CAMP, 400), f"gives_away,,{YEAR},female,,,,,on_installation")
    with access.viewing(world.sarc):
        rung_of(world.installation, actor=world.sarc, at=T0)
    clock.move(Q2, hold=True)
    imported(world, *of_place(CAMP, 400), at=Q2)
    with access.viewing(world.sarc):
        then, now = history(world, Q2)
    assert then.correlations == (Correlation("on_installation", {"sex": "female"}),)
    assert now.correlations == ()
