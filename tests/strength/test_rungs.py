"""The rung of an addressee and quarter: chosen once, from strength data alone, known before any report."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from threading import Barrier, Thread

from django.db import connections

from notifications.models import Notice, RungClock, UnitRung
from notifications.strength.rungs import next_quarter, quarter_of, rung_of, standing
from notifications.strength.services import strength_import
from notifications.sweeping import next_due, sweep
from reports import access
from reports.ledger.models import Event
from sapr import clock
from tests.strength.files import file, of_place
from tests.times import T0

CAMP = "Camp Sample"
Q2 = datetime(2026, 4, 1, 4, 0, tzinfo=UTC)  # 00:00 in New York


def chosen(world, at: datetime = T0) -> UnitRung:
    with access.viewing(world.sarc):
        return rung_of(world.installation, actor=world.sarc, at=at)


def imported(world, people: int, at: datetime = T0) -> None:
    strength_import(
        actor=world.manager, location=world.installation, text=file(*of_place(CAMP, people)), at=at
    )


def test_a_quarter_is_that_of_the_locations_own_calendar(world) -> None:
    camp = world.installation
    assert quarter_of(camp, Q2 - timedelta(seconds=1)) == date(2026, 1, 1)
    assert quarter_of(camp, Q2) == date(2026, 4, 1)
    assert next_quarter(camp, T0) == Q2
    assert (
        next_quarter(camp, datetime(2026, 12, 31, 23, 0, tzinfo=UTC)).isoformat()
        == "2027-01-01T00:00:00-05:00"
    )


def test_without_a_table_and_for_too_few_it_is_minimal(world) -> None:
    assert chosen(world) is None
    imported(world, 5)
    assert (chosen(world).rung, chosen(world).k) == ("minimal", None)


def test_the_first_table_of_a_place_chooses_at_once_and_its_end_ends_its_words(world) -> None:
    text = file(*of_place(CAMP, 200, "2026-01-01,2026-03-31"))
    strength_import(actor=world.manager, location=world.installation, text=text, at=T0)
    with access.viewing(world.sarc):
        assert standing(world.installation, T0).rung != "minimal"
    clock.move(Q2, hold=True)
    assert chosen(world, Q2) is None


def test_it_is_chosen_once_and_says_by_what(world) -> None:
    imported(world, 200)
    rung = chosen(world)
    assert rung == chosen(world, T0 + timedelta(days=3))
    assert rung.rung.startswith("installation.")
    assert rung.k >= 25
    assert not rung.confirm
    assert min(map(float, rung.numbers.values())) == float(rung.k)
    assert {"DN-03", "DN-20", "DN-24"} <= set(rung.rules)
    assert len(rung.tables) == 1
    assert rung.smallest == sum(each["people"] for each in rung.examples)
    with access.viewing(world.manager):
        events = Event.objects.filter(kind="rung_chosen").values_list("data__choice", flat=True)
        assert str(rung.pk) in events


def test_nothing_of_a_case_moves_it(world) -> None:
    imported(world, 200)
    before = chosen(world)
    for name, sex in (("Ann Invented", "female"), ("Bob Invented", "male")):
        world.signed("restricted", name=name, sex=sex)
    assert chosen(world) == before
    with access.viewing(world.sarc):
        assert set(Notice.objects.values_list("unit_rung", flat=True)) == {before.pk}


def test_a_smaller_table_never_leaves_a_finer_rung_standing(world) -> None:
    imported(world, 500)
    finer = chosen(world)
    imported(world, 3)
    coarser = chosen(world)
    assert (coarser.turn, coarser.rung) == (1, "minimal")
    assert len(coarser.tables) == 1
    assert coarser.tables != finer.tables
    # And the number of the quarter's first choice still stands as it was.
    with access.viewing(world.sarc):
        assert UnitRung.objects.get(location=world.installation, turn=0) == finer


def test_what_replaces_a_rung_says_nothing_that_it_did_not_say(world) -> None:
    from notifications.anonymity import Rung, Settings
    from notifications.anonymity.rungs import not_finer

    ladders = Settings.of(T0.date()).ladders
    imported(world, 400)
    rungs = [chosen(world)]
    for people in (150, 60, 30, 12):
        imported(world, people)
        rungs.append(chosen(world))
    assert len({each.rung for each in rungs}) > 2
    for finer, coarser in pairwise(rungs):
        assert not_finer(Rung.of(coarser.rung), Rung.of(finer.rung), ladders)


def test_a_larger_table_waits_for_the_next_quarter(world) -> None:
    imported(world, 60)
    before = chosen(world)
    imported(world, 120)
    kept = chosen(world)
    assert (kept.rung, kept.turn) == (before.rung, 1)
    assert kept.k > before.k  # of the people of now
    clock.move(Q2, hold=True)
    after = chosen(world, Q2)
    assert (after.quarter, after.turn) == (date(2026, 4, 1), 0)
    assert after.tables != before.tables
    assert after.k > before.k


def test_earlier_choices_are_fed_to_the_next_one(world, monkeypatch) -> None:
    from notifications.strength import engine

    fed: dict[str, list] = {}
    real = engine.anonymity.choose

    def choose(population, addressee, history, *args, **kwargs):
        fed[addressee] = [(each.rung.key, each.quarters_ago) for each in history if each.unit == addressee]
        return real(population, addressee, history, *args, **kwargs)

    monkeypatch.setattr(engine.anonymity, "choose", choose)
    imported(world, 200)
    first = chosen(world)
    clock.move(Q2, hold=True)
    chosen(world, Q2)
    assert fed[str(world.installation.pk)] == [(first.rung, 1)]


def test_the_sweep_chooses_for_every_addressee_when_a_quarter_begins(stage) -> None:
    world = stage.world
    world.strength(900)
    with stage.as_worker():
        assert sweep()["chosen"] == 3  # looked at: Camp Sample, Fort Elsewhere and their command
        assert sweep()["chosen"] == 0
        assert next_due(Q2) == datetime(2026, 4, 1, 0, 0, tzinfo=UTC)  # the command lives by UTC
        clock.move(Q2, hold=True)
        assert sweep()["chosen"] == 3
        assert set(RungClock.objects.values_list("look_at", flat=True)) == {
            datetime(2026, 7, 1, 4, 0, tzinfo=UTC),
            datetime(2026, 7, 1, 0, 0, tzinfo=UTC),
        }
    with access.viewing(world.sarc):
        assert standing(world.installation, Q2).rung != "minimal"
        assert standing(world.posts["stranger"].location, Q2) is None


def test_two_that_choose_at_once_keep_one_rung(stage) -> None:
    stage.world.strength(900)
    start, found = Barrier(3), []

    def choose() -> None:
        try:
            start.wait()
            found.append(chosen(stage.world).pk)
        finally:
            connections.close_all()

    threads = [Thread(target=choose) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert len(set(found)) == 1
    with access.viewing(stage.world.manager):
        assert Event.objects.filter(kind="rung_chosen").count() == 1
