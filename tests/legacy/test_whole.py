"""A part of an import is looked at as a whole, and what the triggers of rows refuse they refuse an import, too."""

from datetime import timedelta

import psycopg
import pytest

from sapr.signin import as_owner
from tests.legacy.looking import as_admin
from tests.legacy.old import CUTOVER, T0, imported, iso, row, written

# What breaks an entered case, past every trigger and policy.
BREAKS = (
    "UPDATE reports_case SET unclaimed = true WHERE id = %s",
    "UPDATE reports_case SET state = 'CONTACT' WHERE id = %s",
    "UPDATE reports_report SET election = 'restricted', converted_at = NULL WHERE case_id = %s",
    "DELETE FROM reports_report WHERE case_id = %s",
    "UPDATE reports_event SET kind = 'sarc_assigned' WHERE seq = 1 AND case_id = %s",
    "UPDATE reports_assignment SET role = 'sapr_va' WHERE case_id = %s",
    "UPDATE reports_assignment SET ended_at = started_at WHERE case_id = %s",
    "UPDATE reports_assignment SET place = gen_random_uuid() WHERE case_id = %s",
    "UPDATE reports_duty SET place = NULL WHERE state = 'open' AND case_id = %s",
    "DELETE FROM reports_case WHERE id = %s",
)
WHOLE = "SELECT sapr_legacy_is_whole(ARRAY[%s])"
CHAINED = """INSERT INTO reports_event
                 (id, case_id, seq, kind, occurred_at, recorded_at, data, prev_hash, canonical, hash)
             VALUES (gen_random_uuid(), %s, 99, %s, %s, %s, '{}', '', '', 'made up')"""
PUT_AWAY = """UPDATE reports_duty SET state = 'legacy_done', closed_event = opened_event, closed_at = opened_at
              WHERE case_id = %s AND state = 'open'"""


def test_what_does_not_hold_together_is_refused_in_an_import_too(stage, tmp_path) -> None:
    rows = [row("W-1", "unrestricted", 300), row("W-2", days=900, closed_at=iso(CUTOVER - timedelta(days=9)))]
    assert imported(written(tmp_path, rows)).imported == 2
    with as_admin(stage) as admin:
        cases = dict(admin.execute("SELECT state, id FROM reports_case").fetchall())
        running, closed = cases["UNRESTRICTED_OPEN"], cases["CLOSED"]
        admin.execute(WHOLE, [running])
        for statement in BREAKS:
            with admin.transaction(force_rollback=True):
                admin.execute("SET LOCAL session_replication_role = replica")
                assert admin.execute(statement, [running]).rowcount > 0
                with pytest.raises(psycopg.Error, match="entered whole"):
                    admin.execute(WHOLE, [running])
    refusals = (
        ("entered by the owner alone", CHAINED, [running, "legacy_imported", T0, T0]),
        ("a closed case takes no other step", CHAINED, [closed, "safe_offered", T0, T0]),
        ("entered with its case, closed", PUT_AWAY, [running]),
    )
    with as_owner() as owner:
        for sentence, statement, values in refusals:
            with owner.transaction(force_rollback=True):
                owner.execute("SET LOCAL sapr.importing = 'on'")
                with pytest.raises(psycopg.Error, match=sentence):
                    owner.execute(statement, values)
