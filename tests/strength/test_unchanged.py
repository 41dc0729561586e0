"""Whether a rung stands is asked in one statement; it must answer as the engine does, which reads everything."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from notifications.strength import periods
from notifications.strength.engine import Engine
from notifications.strength.models import Strength, StrengthTable
from notifications.strength.rungs import choose_anew, quarter_of, standing
from notifications.strength.services import strength_import
from notifications.strength.unchanged import stands
from reports import access
from sapr import clock
from tests.strength.files import YEAR, file, of_place
from tests.times import T0

CAMP, COMPANY, ELSEWHERE = "Camp Sample", "1st Sample Company", "Fort Elsewhere"
BEFORE, AFTER = "2026-01-01,2026-03-09", "2026-03-10,2026-12-31"
# 23:30 of the ninth where the camp lies, and the tenth already where the highest place does.
TENTH = datetime(2026, 3, 10, 3, 30, tzinfo=UTC)
PRESENT, OFF = f"present,{CAMP},%s,,,,,40,", f"gives_away,%s,{YEAR},,,,,,off_installation"
OTHERS = f"gives_away,{ELSEWHERE},{AFTER},,,,,,off_installation"
# Few people: what is compared is not how much may be said of them.
# What is recorded before the rung is chosen, and after it: each a place's own table.
TABLES = {
    "nothing": ([], []),
    "one table": ([(CAMP, of_place(CAMP, 5))], []),
    "people end": ([(CAMP, [*of_place(CAMP, 5), *of_place(COMPANY, 4, BEFORE)])], []),
    "people begin": ([(CAMP, [*of_place(CAMP, 5), *of_place(COMPANY, 4, AFTER)])], []),
    "all end": ([(CAMP, of_place(CAMP, 5, BEFORE))], []),
    "a share begins": ([(CAMP, [*of_place(CAMP, 5), PRESENT % AFTER])], []),
    "a share stays": ([(CAMP, [*of_place(CAMP, 5), PRESENT % YEAR])], []),
    "a unit is given away": ([(CAMP, [*of_place(CAMP, 5), *of_place(COMPANY, 4), OFF % COMPANY])], []),
    "a sex is, later": (
        [(CAMP, [*of_place(CAMP, 5), f"gives_away,,{AFTER},female,,,,,on_installation"])],
        [],
    ),
    "a unit elsewhere is, later": (
        [("Higher Command", [*of_place(CAMP, 5), *of_place(ELSEWHERE, 4), OTHERS])],
        [],
    ),
    "a newer one": ([(CAMP, of_place(CAMP, 5))], [(CAMP, of_place(CAMP, 5))]),
    "a newer one of the unit": ([(CAMP, of_place(CAMP, 5))], [(COMPANY, of_place(COMPANY, 4))]),
    "a newer one of the command": ([(CAMP, of_place(CAMP, 5))], [("Higher Command", of_place(CAMP, 5))]),
    "a newer one of others": ([(CAMP, of_place(CAMP, 5))], [(ELSEWHERE, of_place(ELSEWHERE, 4))]),
    "a newer one without it": ([(CAMP, of_place(CAMP, 5))], [("Higher Command", of_place(ELSEWHERE, 4))]),
    "others alone": ([(ELSEWHERE, of_place(ELSEWHERE, 4))], []),
    "an older one speaks again": ([(CAMP, of_place(CAMP, 3)), (CAMP, of_place(CAMP, 5, BEFORE))], []),
}


def recorded(world, tables) -> None:
    for name, lines in tables:
        place = next(each for each in world.places if each.name == name)
        strength_import(actor=world.manager, location=place, text=file(*lines), at=clock.now())


@pytest.fixture
def places(world):
    camp = world.installation
    company, elsewhere = world.posts["unit_commander"].location, world.posts["stranger"].location
    world.places = [camp, camp.parent, company, elsewhere]
    yield world
    del world.places


def both(world, at: datetime) -> list:
    """What the one statement says of the camp and of the company, and what the engine does."""
    said = []
    for place in world.places[0], world.places[2]:
        found, engine, rung = (
            stands(place.pk, quarter_of(place, at), at),
            Engine(place, at),
            standing(place, at),
        )
        known = (engine.speaks_of(place), rung, rung is not None and engine.same_words(rung))
        # Where nobody is counted nothing more is asked, so it need not be known.
        said.append(
            ((found.speaks, found.rung, found.same and found.speaks), (*known[:2], known[2] and known[0]))
        )
        if rung is not None:
            fields = [field.attname for field in rung._meta.concrete_fields]
            assert [getattr(found.rung, name) for name in fields] == [getattr(rung, name) for name in fields]
    return said


def test_dn_24_the_short_answer_is_the_engines_for_every_table_and_day(places) -> None:
    world, changed = places, set()
    for name, (before, after) in TABLES.items():
        with transaction.atomic():
            recorded(world, before)
            with access.viewing(world.sarc):
                choose_anew(world.installation, actor=world.sarc, at=T0)
            for at in (T0, TENTH):
                clock.move(at, hold=True)
                with access.viewing(world.sarc):
                    for short, long in both(world, at):
                        assert short == long, (name, at)
                        changed.add(short[0::2])
            clock.move(T0, hold=True)
            if after:
                with transaction.atomic():
                    # As it is while a rung was not looked at: nobody chooses anew.
                    for place, lines in after:
                        unlooked(world, place, lines)
                    with access.viewing(world.sarc):
                        for short, long in both(world, T0):
                            assert short == long, name
                            changed.add(short[0::2])
            transaction.set_rollback(True)
    assert changed == {(True, True), (True, False), (False, False)}


def unlooked(world, name: str, lines: list[str]) -> None:
    from notifications.strength import services

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services, "choose_anew", lambda *_, **__: [])
        recorded(world, [(name, lines)])


def test_what_is_kept_is_bounded_and_of_whole_tables(places, monkeypatch) -> None:
    world = places
    monkeypatch.setattr(periods, "_kept", {})
    recorded(world, [(CAMP, of_place(CAMP, 5))])
    with access.viewing(world.sarc):
        stands(world.installation.pk, quarter_of(world.installation, T0), T0)
        assert {place for _, place in periods._kept} == {
            str(world.installation.pk),
            str(world.places[2].pk),
            "",
        }
        # Ids and days alone.
        assert {len(value) for kept in periods._kept.values() for each in kept for value in each[:2]} == {10}
        monkeypatch.setattr(periods, "MOST", 4)
        table = str(StrengthTable.objects.get().pk)
        periods.periods_of([(table, str(world.places[3].pk))])
        periods.periods_of([(table, str(world.places[1].pk))])
        assert len(periods._kept) <= 4
    # One that has not all its lines yet: what is read of it now is not what it will say.
    head = StrengthTable(
        location=world.installation,
        recorded_at=T0,
        valid_from=T0.date(),
        valid_to=T0.date(),
        sha256="0" * 64,
        rows=1,
    )
    with transaction.atomic():
        head.save(force_insert=True)
        key = (str(head.pk), str(world.installation.pk))
        with access.viewing(world.sarc):
            assert periods.periods_of([key]) == {key: ()}
        Strength.objects.create(
            table=head, location=world.installation, valid_from=T0.date(), valid_to=T0.date(), sex="female",
            grade_band="none", status="civilian", people=9,
        )  # fmt: skip
        with access.viewing(world.sarc):
            assert len(periods.periods_of([key])[key]) == 1
        transaction.set_rollback(True)


def test_a_signing_asks_once_for_the_posts_and_once_for_the_rung(places) -> None:
    world = places
    recorded(world, [(CAMP, of_place(CAMP, 5))])
    world.signed("restricted")
    case, asked = world.decided(), []

    def keep(execute, statement, *rest):
        asked.append(str(statement))
        return execute(statement, *rest)

    from reports.election import services as election

    paper = world.paper(case, "restricted")
    with connection.execute_wrapper(keep):
        election.report_sign(actor=world.sarc, **paper)
    said = [each for each in asked if "INSERT INTO" not in each]
    for table in ("notifications_strength", "notifications_unitrung", "accounts_post p WHERE", "steps"):
        assert sum(table in each for each in said) <= 1, table
    assert any("notifications_unitrung" in each for each in said)
    assert not any("notifications_notice" in each for each in said)
