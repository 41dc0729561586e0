"""Earlier cases are not the application's to enter: whoever goes round the services is refused by the database."""

import uuid

from django.db import connection

from reports import access
from reports.models import Duty
from sapr import clock
from tests.database.refusals import refused
from tests.times import T0 as NOW

EVENT = "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) VALUES (%s, %s, %s, %s, %s, '{}')"


def test_the_web_account_enters_no_case_of_before_whatever_it_sets(world) -> None:
    report = world.signed("restricted")
    with access.viewing(world.sarc), connection.cursor() as cursor:
        cursor.execute("SET LOCAL sapr.importing = 'on'")
        for kind, case in (("legacy_imported", report.case_id), ("legacy_import_begun", uuid.UUID(int=0))):
            with refused("earlier cases are entered by the owner alone"):
                cursor.execute(EVENT, [uuid.uuid4(), case, kind, NOW, world.sarc.pk])
        with refused("a case begins as a contact"):
            cursor.execute(
                "INSERT INTO reports_case"
                " (id, number, installation_id, opened_by_id, opened_at, state, informed_by, unclaimed)"
                " VALUES (%s, 'C-1', %s, %s, %s, 'RESTRICTED_OPEN', 'victim', false)",
                [uuid.uuid4(), world.installation.pk, world.sarc.pk, NOW],
            )


def test_the_web_account_reads_and_writes_no_run_and_no_source(world) -> None:
    with access.viewing(world.manager), connection.cursor() as cursor:
        for table in ("reports_legacyrun", "reports_legacybatch", "reports_legacysource"):
            for statement in (f"TABLE {table}", f"TRUNCATE {table}"):
                with refused("permission denied"):
                    cursor.execute(statement)
        with refused("permission denied"):
            cursor.execute("SELECT sapr_legacy_is_whole('{}')")


def test_no_open_duty_is_put_away_as_one_of_before(world) -> None:
    report = world.signed("restricted")
    with access.viewing(world.sarc):
        duty = Duty.objects.get(case=report.case, kind="dsaid_entry")
        for state in ("legacy_done", "legacy_missed", "legacy_unknown"):
            with refused("a duty of before is entered with its case, closed"):
                Duty.objects.filter(pk=duty.pk).update(
                    state=state, closed_event=duty.opened_event, closed_at=clock.now()
                )
        duty.pk, duty.state, duty.closed_event, duty.closed_at, duty.occurrence = (
            uuid.uuid4(), "legacy_done", duty.opened_event, NOW, 9,
        )  # fmt: skip
        with refused("a duty of before is entered with its case, closed"):
            duty.save(force_insert=True)
