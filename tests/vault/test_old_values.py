"""An earlier ciphertext of a column, put back behind the program, is not taken for the value."""

import logging
from unittest.mock import patch

import pytest
from django.db import connection

from reports import access
from reports.election.contacts import contact_complete
from reports.election.models import Identity, Narrative
from reports.vault import commitments
from reports.vault.errors import VaultLockedError
from reports.vault.services import open_sealed, sealed_fields
from tests.times import T0
from tests.world import CANARIES

CHANGED = {
    Identity: {"name": "Corrected Name", "phone": "+1 555 0100", "email": "", "dod_id": "1112223334"},
    Narrative: {"text": "Corrected.", "incident_on": "2026-03-02", "place": "off_installation"},
}


@pytest.fixture
def case(world):
    with access.viewing(world.sarc):
        yield world.contact()


def put(record, name: str, raw: bytes | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {record._meta.db_table} SET {name} = %s WHERE id = %s",  # noqa: S608
            [raw, record.pk],
        )


def opened(world, model, case) -> dict[str, str]:
    record = model.objects.get(case=case)
    return open_sealed(record=record, actor=world.sarc, purpose="case_work", at=T0)


def test_an_earlier_value_put_back_is_refused_in_every_column_that_changes(world, case) -> None:
    before = {model: model.objects.get(case=case) for model in CHANGED}
    contact_complete(
        actor=world.sarc, case_id=case.pk, at=T0, identity=CHANGED[Identity], narrative=CHANGED[Narrative]
    )
    for model, changed in CHANGED.items():
        now = model.objects.get(case=case)
        for name in changed:
            put(now, name, getattr(before[model], name).raw)
            log = logging.getLogger("sapr")
            with patch.object(log, "handle") as handled, pytest.raises(VaultLockedError, match="sealed last"):
                opened(world, model, case)
            (said,) = [call.args[0] for call in handled.call_args_list]
            label = sealed_fields(model)[name].label
            assert (said.msg, said.fields) == ("seal_outdated", {"column": label})
            put(now, name, None)
            if changed[name]:
                with pytest.raises(VaultLockedError, match="sealed last"):
                    opened(world, model, case)
            handle = getattr(now, name)
            put(now, name, handle.raw if handle else None)
        shown = {name: value for name, value in changed.items() if value}
        assert shown.items() <= opened(world, model, case).items()


def test_columns_that_change_are_the_ones_that_are_held_against_the_ledger(world) -> None:
    """Whatever sealed column the web role may write twice is named here."""
    from django.apps import apps

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.column_privileges"
            " WHERE privilege_type = 'UPDATE' AND grantee = current_user"
        )
        changeable = set(cursor.fetchall())
    labels = {
        field.label
        for model in apps.get_models()
        for name, field in sealed_fields(model).items()
        if (model._meta.db_table, name) in changeable
    }
    assert {f"{label.partition('.')[0]}." for label in labels} == set(commitments.CHANGING)


def test_a_value_that_changes_between_the_two_looks_is_no_alarm(world, case) -> None:
    record = Identity.objects.get(case=case)
    contact_complete(
        actor=world.sarc, case_id=case.pk, at=T0, identity={"name": "Corrected Name"}, narrative={}
    )
    seen = open_sealed(record=record, actor=world.sarc, purpose="case_work", at=T0)
    assert (seen["name"], seen["phone"]) == ("Corrected Name", CANARIES["phone"])


def test_it_costs_one_question_for_a_record(world, case, django_assert_num_queries) -> None:
    record = Identity.objects.get(case=case)
    opened(world, Narrative, case)
    with django_assert_num_queries(2):  # the commitments, and the event of the opening
        open_sealed(record=record, actor=world.sarc, purpose="case_work", at=T0)
