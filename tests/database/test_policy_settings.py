"""The policy settings, tried with raw SQL by the application's own roles: two persons, once, by the one clock."""

from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection

from reports import access
from reports.adoption.models import PolicyChange
from tests.adoption.settings import made_manager, minutes, second_manager
from tests.database.refusals import refused
from tests.stage import in_database
from tests.times import T0

COLUMNS = (
    "id", "kind", "profile", "service", "rule_set", "starts_on", "state", "proposed_by_id", "proposed_at",
    "decided_by_id", "decided_at",
)  # fmt: skip
VALUES = ", ".join(f"%({name})s" for name in COLUMNS)
INSERT = f"INSERT INTO reports_policychange ({', '.join(COLUMNS)}) VALUES ({VALUES})"  # noqa: S608  names from above
DECIDE = "UPDATE reports_policychange SET state = %s, decided_by_id = %s, decided_at = %s WHERE id = %s"
ADOPTION = {
    "kind": "adoption",
    "profile": "",
    "service": "army",
    "rule_set": "RS-2024",
    "starts_on": "2025-01-01",
}


def run(sql: str, *args) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)


def insert(world, **changed) -> UUID:
    row = {
        "id": uuid4(), "kind": "profile", "profile": "dated", "service": "", "rule_set": "", "starts_on": None,
        "state": "proposed", "proposed_by_id": world.manager.pk, "proposed_at": T0, "decided_by_id": None,
        "decided_at": None,
    } | changed  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(INSERT, row)
    return row["id"]


@pytest.fixture
def second(world):
    return second_manager(world)


@pytest.fixture
def proposal(world) -> UUID:
    with access.viewing(world.manager):
        return insert(world)


@pytest.mark.parametrize(
    "row",
    [
        {"kind": "whim"},
        {"state": "perhaps"},
        {"service": "moon_force"},
        {"profile": ""},
        {"profile": "Dr. Who told me"},
        {"profile": "DATED"},
        {"service": "army"},
        {"rule_set": "RS-2024"},
        {"starts_on": "2025-01-01"},
        ADOPTION | {"profile": "dated"},
        ADOPTION | {"service": ""},
        ADOPTION | {"rule_set": ""},
        ADOPTION | {"rule_set": "RS-2024 for V. Smith"},
        ADOPTION | {"rule_set": "SMITH"},
        ADOPTION | {"starts_on": None},
        ADOPTION | {"starts_on": "2004-12-31"},
        ADOPTION | {"starts_on": "9001-01-01"},
        ADOPTION | {"starts_on": "infinity"},
        ADOPTION | {"starts_on": "-infinity"},
        {"kind": "adoption"},
    ],
    ids=str,
)
def test_a_change_holds_known_words_of_one_kind_and_no_text(world, row) -> None:
    with access.viewing(world.manager), refused("reports_policychange_|begins as a proposal"):
        insert(world, **row)


@pytest.mark.parametrize("state", ["approved", "refused", "withdrawn"])
def test_a_change_begins_as_a_proposal(world, second, state) -> None:
    with access.viewing(world.manager):
        for who in (world.manager.pk, second.pk):
            with refused("begins as a proposal"):
                insert(world, state=state, decided_by_id=who, decided_at=T0)
        with refused("decided_iff_not_proposed"):
            insert(world, decided_by_id=second.pk, decided_at=T0)


@pytest.mark.parametrize("person", ["sarc", "va", "commander", "mcio", "stranger", None])
def test_only_a_programme_manager_proposes_or_decides(world, proposal, person) -> None:
    viewer = getattr(world, person) if person else None
    with access.viewing(viewer):
        with refused("only a programme manager"):
            insert(world, id=uuid4(), **ADOPTION, proposed_by_id=viewer.pk if viewer else world.manager.pk)
        with refused("only a programme manager"):
            run(DECIDE, "approved", viewer.pk if viewer else world.manager.pk, T0, proposal)


def test_each_in_their_own_name(world, second, proposal) -> None:
    with access.viewing(second), refused("proposed in one's own name"):
        insert(world, **ADOPTION)
    with access.viewing(world.manager), refused("decided in one's own name"):
        run(DECIDE, "approved", second.pk, T0, proposal)


@pytest.mark.parametrize("state", ["approved", "refused"])
def test_nobody_is_their_own_second_person(world, proposal, state) -> None:
    with access.viewing(world.manager), refused("second_person"):
        run(DECIDE, state, world.manager.pk, T0, proposal)


@pytest.mark.parametrize("state", ["approved", "refused"])
def test_an_account_that_the_proposer_made_is_no_second_person(world, second, state) -> None:
    puppet = made_manager(world, "puppet", by=world.manager)
    with access.viewing(world.manager):
        row = insert(world)
    with access.viewing(puppet), refused("independent second person"):
        run(DECIDE, state, puppet.pk, T0, row)
    with access.viewing(second):
        run(DECIDE, state, second.pk, T0, row)


def test_who_was_appointed_after_the_proposal_is_no_second_person(world, held_clock, proposal) -> None:
    held_clock.move(minutes(1), hold=True)
    late = made_manager(world, "late", by=None, at=minutes(1))
    with access.viewing(late), refused("independent second person"):
        run(DECIDE, "approved", late.pk, T0, proposal)


def test_only_its_proposer_withdraws(world, second, proposal) -> None:
    with access.viewing(second), refused("second_person"):
        run(DECIDE, "withdrawn", second.pk, T0, proposal)
    with access.viewing(world.manager):
        run(DECIDE, "withdrawn", world.manager.pk, T0, proposal)


def test_neither_instant_can_be_chosen(world, second) -> None:
    """A backdated approval would change under which rules earlier cases stood."""
    for service, days in (("navy", -400), ("usmc", 400)):
        chosen = T0 + timedelta(days=days)
        with access.viewing(world.manager):
            other = insert(world, **ADOPTION | {"service": service, "proposed_at": chosen})
        with access.viewing(second):
            run(DECIDE, "refused", second.pk, chosen, other)
        row = PolicyChange.objects.get(pk=other)
        assert (row.proposed_at, row.decided_at) == (T0, T0)


@pytest.mark.parametrize("first", ["approved", "refused"])
def test_a_change_is_decided_once(world, second, proposal, first) -> None:
    with access.viewing(second):
        run(DECIDE, first, second.pk, T0, proposal)
        for state in ("proposed", "approved", "refused", "withdrawn"):
            with refused("decided once"):
                run(DECIDE, state, second.pk, T0, proposal)
        with refused("decided once"):
            run(DECIDE, "proposed", None, None, proposal)


@pytest.mark.parametrize("column", sorted(set(COLUMNS) - {"state", "decided_by_id", "decided_at"}))
def test_the_web_role_changes_no_other_column(world, second, proposal, column) -> None:
    with access.viewing(second), refused("permission denied"):
        run(f"UPDATE reports_policychange SET {column} = {column}")  # noqa: S608  a name from the list above


def test_nobody_deletes_a_change(world, second, proposal) -> None:
    with access.viewing(second), refused("permission denied"):
        run("DELETE FROM reports_policychange")


def test_the_same_waits_once_and_two_profiles_never_begin_together(world, second, proposal) -> None:
    with access.viewing(world.manager):
        with refused("proposed_once"):
            insert(world)
        other = insert(world, profile="seed")
    with access.viewing(second):
        run(DECIDE, "approved", second.pk, T0, proposal)
        with refused("profile_instant"):
            run(DECIDE, "approved", second.pk, T0, other)


def test_the_same_adoption_is_approved_once(world, second) -> None:
    for again in (False, True):
        with access.viewing(world.manager):
            row = insert(world, **ADOPTION)
        with access.viewing(second):
            if again:
                with refused("adopted_once"):
                    run(DECIDE, "approved", second.pk, T0, row)
            else:
                run(DECIDE, "approved", second.pk, T0, row)


def test_the_owner_is_bound_too(stage) -> None:
    """No viewer, a changed proposal, a deleted row: refused to the role that owns the table."""
    world = stage.world
    second = second_manager(world)
    with access.viewing(world.manager):
        row = insert(world)
    url = in_database(stage.env["OWNER_DATABASE_URL"], stage.names["default"])
    with psycopg.connect(url, autocommit=True) as owner:
        with pytest.raises(psycopg.DatabaseError, match="only a programme manager"):
            owner.execute(DECIDE, ["approved", second.pk, T0, row])
        for statement in ("DELETE FROM reports_policychange", "TRUNCATE reports_policychange"):
            with pytest.raises(psycopg.DatabaseError, match="not deleted"):
                owner.execute(statement)
        owner.execute("SELECT set_config('sapr.viewer', %s, false)", [str(second.pk)])
        for change in ("profile = 'seed'", "kind = kind, proposed_at = proposed_at + interval '1 s'"):
            with pytest.raises(psycopg.DatabaseError, match="stands as it was proposed"):
                owner.execute(
                    f"UPDATE reports_policychange SET state = 'approved', decided_by_id = %s, {change}",  # noqa: S608
                    [second.pk],
                )


def test_the_worker_only_reads(stage) -> None:
    world = stage.world
    with access.viewing(world.manager):
        row = insert(world)
    with stage.as_worker():
        assert PolicyChange.objects.count() == 1
        for statement in (
            "UPDATE reports_policychange SET state = 'approved'",
            "DELETE FROM reports_policychange",
            "INSERT INTO reports_policychange (id) VALUES (gen_random_uuid())",
        ):
            with refused("permission denied"):
                run(statement)
    assert PolicyChange.objects.get(pk=row).state == "proposed"
