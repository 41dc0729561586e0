"""What the database refuses of strength tables, rungs and decisions, also for raw SQL of the application's accounts."""

from datetime import timedelta

import pytest
from django.db import connection

from notifications.models import (
    Notice,
    NoticeDecision,
    NoticeState,
    SharePresent,
    Strength,
    StrengthTable,
    Told,
    UnitRung,
)
from notifications.strength.rungs import quarter_of, rung_of
from notifications.strength.services import strength_import
from reports import access
from sapr import clock
from tests.database.refusals import refused
from tests.factories import AppointmentFactory
from tests.notices.release import release
from tests.strength.files import file, of_place
from tests.times import T0

TABLES = (
    "strengthtable", "strength", "sharepresent", "correlation", "unitrung", "noticedecision", "told",
)  # fmt: skip
LAST_SLOT = T0 + timedelta(hours=20)


@pytest.fixture
def full(world):
    strength_import(
        actor=world.manager, location=world.installation, text=file(*of_place("Camp Sample", 200)), at=T0
    )
    world.signed("restricted")
    return world


def head(world, **given) -> StrengthTable:
    values = {
        "location": world.installation, "recorded_by": world.manager, "recorded_at": T0, "valid_from": "2026-01-01",
        "valid_to": "2026-12-31", "sha256": "0" * 64, "rows": 1,
    }  # fmt: skip
    return StrengthTable.objects.create(**values | given)


def group(table: StrengthTable, location, model=Strength, **given):
    values = {"table": table, "location": location, "valid_from": "2026-01-01", "valid_to": "2026-12-31"}
    if model is Strength:
        values |= {"sex": "female", "grade_band": "E1-E4", "people": 5}
    return model.objects.create(**values | given)


def test_tables_rungs_and_decisions_never_change_or_go(full) -> None:
    """The application's accounts have no right to; and for who has, a trigger refuses."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for right in ("UPDATE", "DELETE", "TRUNCATE"):
                cursor.execute("SELECT has_table_privilege(%s, %s), has_any_column_privilege(%s, 'UPDATE')", [
                    f"notifications_{table}", right, f"notifications_{table}",
                ])  # fmt: skip
                assert cursor.fetchone() == (False, False), (table, right)
            cursor.execute(
                "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass"
                " AND tgname IN ('append_only', 'no_truncate')",
                [f"notifications_{table}"],
            )
            assert cursor.fetchone()[0] == 2, table


def test_a_version_is_recorded_by_a_programme_manager_in_their_own_name(full) -> None:
    whose = "by a programme manager in their own name"
    with access.viewing(full.sarc):
        for recorded_by in (full.sarc, full.manager, None):
            with refused(whose):
                head(full, recorded_by=recorded_by)
    with access.viewing(full.manager):
        for recorded_by in (full.sarc, None):
            with refused(whose):
                head(full, recorded_by=recorded_by)
        # When it was is the database's to say: nobody slips a table in behind a newer one.
        made = head(full, recorded_at=T0 - timedelta(days=400))
        group(made, full.installation)
        made.refresh_from_db()
        assert made.recorded_at > StrengthTable.objects.exclude(pk=made.pk).get().recorded_at


def test_a_version_gets_no_line_afterwards_and_none_of_another_place(full) -> None:
    with access.viewing(full.manager):
        old = StrengthTable.objects.get()
        with refused("stands as it was recorded"):
            group(old, full.installation, sex="male", grade_band="O")
        with refused("stands as it was recorded"):
            group(old, full.installation, SharePresent, percent=50)
        made = head(full)
        with refused("of its own place and those below it"):
            group(made, full.posts["stranger"].location)
        with refused("lies within its period"):
            group(made, full.installation, valid_to="2027-01-01")
        group(made, full.installation)


def test_a_version_is_recorded_whole(full) -> None:
    with access.viewing(full.manager), refused("is recorded whole"):
        head(full, rows=2)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_rung_stands_for_its_quarter_unless_its_table_was_superseded(full) -> None:
    def another(**given) -> UnitRung:
        quarter = quarter_of(full.installation, T0)
        values = {
            "location": full.installation,
            "quarter": quarter,
            "turn": 1,
            "rung": "minimal",
            "chosen_at": T0,
        }
        return UnitRung.objects.create(**values | given)

    with access.viewing(full.sarc):
        for turn in (1, 2):
            with refused("stands for its quarter"):
                another(turn=turn)
        with refused("notifications_unitrung_once"):
            another(turn=0)
        with refused("for the quarter that runs"):
            another(quarter="2026-04-01", turn=0)
    with access.viewing(full.commander), refused("row-level security"):
        another(location=full.posts["stranger"].location, turn=0)
    full.strength(199)
    with access.viewing(full.sarc):
        another()


def test_who_commands_reads_no_strength_and_no_history(full) -> None:
    for person in (full.commander, full.unit_commander, full.mcio, full.higher):
        with access.viewing(person):
            for model in (StrengthTable, Strength, SharePresent, UnitRung, Told, NoticeDecision):
                assert not model.objects.exists(), (person.username, model.__name__)
    with access.viewing(full.stranger):
        assert Strength.objects.exists()
        assert not NoticeDecision.objects.exists()


def test_a_release_without_its_decision_on_record_is_refused(full) -> None:
    with access.viewing(full.sarc):
        notice = Notice.objects.get()
        with refused("with its decision on record"):
            Notice.objects.filter(pk=notice.pk).update(
                state=NoticeState.RELEASED,
                slot=LAST_SLOT,
                look_at=LAST_SLOT,
                released_by=full.sarc.pk,
                released_sha256="0" * 64,
            )
        # Neither without a name nor in another's.
        for approvers in ([], [str(full.va.pk)]):
            with refused("in their own name"):
                NoticeDecision.objects.create(
                    notice=notice,
                    case_id=notice.case_id,
                    stage="released",
                    rung=notice.rung,
                    sha256="0" * 64,
                    slot=LAST_SLOT,
                    approvers=approvers,
                    decided_at=T0,
                )


def test_who_commands_anybody_approves_no_notice(full) -> None:
    """The same person as SARC and as a commander: a Restricted notice is not theirs to release."""
    AppointmentFactory(user=full.sarc, post=full.posts["unit_commander"])
    with access.viewing(full.sarc):
        notice = Notice.objects.get()
    with refused("commands nobody"):
        release(full.sarc, notice)


def test_words_finer_than_composed_can_never_be_put_in(full) -> None:
    with access.viewing(full.sarc):
        notice = Notice.objects.get()
        for change in (
            {"wording": "It was Zzyzx.", "rung": notice.rung},
            {"wording": notice.wording, "rung": "unit.stated.band.week.on_off.stated.stated"},
        ):
            with refused("stands as it was composed"):
                Notice.objects.filter(pk=notice.pk).update(**change)
        for change in ({"choices": []}, {"unit_rung": None}):
            with refused("permission denied"):
                Notice.objects.filter(pk=notice.pk).update(**change)


def test_the_history_is_written_by_the_placing_alone(stage) -> None:
    from notifications.sweeping import sweep

    world = stage.world
    world.strength(900)
    world.signed("restricted")
    with access.viewing(world.sarc):
        notice = Notice.objects.get()
    released = release(world.sarc, notice)
    with access.viewing(world.sarc), refused("permission denied"):
        Told.objects.create(location=world.installation, rung="minimal", body="x", slot=T0)
    clock.move(released.slot, hold=True)
    with stage.as_worker():
        assert sweep()["placed"] == 1
    with access.viewing(world.sarc):
        told = Told.objects.get()
        assert (told.location, told.rung, told.body, told.slot) == (
            world.installation, released.rung, released.wording, released.slot,
        )  # fmt: skip
        assert told.unit_rung == rung_of(world.installation, actor=world.sarc, at=clock.now())
        stages = list(NoticeDecision.objects.order_by("decided_at").values_list("stage", "rung", "approvers"))
    assert [each[0] for each in stages] == ["composed", "released", "placed"]
    assert stages[-1][1:] == (released.rung, [str(world.sarc.pk)])
