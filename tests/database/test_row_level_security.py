"""The second line: no viewer, no rows; somebody else's case, no rows; the worker, no keys and no names."""

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from reports import access
from reports.casework.matters.services import matter_open
from reports.casework.models import Assignment, CaseRole
from reports.casework.services import va_assign
from tests.access.people import confided
from tests.database.refusals import refused
from tests.stage import in_database
from tests.times import T0

CASE_TABLES = (
    "reports_case",
    "reports_assignment",
    "reports_identity",
    "reports_narrative",
    "reports_decision",
    "reports_report",
    "reports_signedform",
    "reports_kit",
    "reports_duty",
    "reports_event",
    "reports_hold",
    "reports_erasure",
    "reports_paper",
    "reports_handout",
    "reports_copyrequest",
    "reports_matter",
    "reports_agendaline",
    "reports_minutes",
    "reports_move",
    "reports_handover",
    "reports_disclosure",
    "reports_exceptionstatement",
    "reports_catchentry",
    "reports_catchcontact",
    "reports_catchcredentials",
    "notifications_notice",
    "notifications_noticedecision",
    "notifications_reminder",
    "notifications_inboxitem",
    "notifications_ladder",
    "notifications_acknowledgement",
    "notifications_recomposing",
)
# Their rows hang on who asked or looked, not on a case: tests/access says who sees them.
PERSONAL_TABLES = (
    "reports_breakglass", "reports_look", "mfa_authenticator", "reports_meeting", "reports_attendance", "reports_feed",
    "reports_draft", "reports_savedfilter", "accounts_reply",
)  # fmt: skip
# Standing grants, their use, and receipts on their way to the case: tests/inbox says who sees them; of finer words
# tests/finer and the matrix do.
INBOX_TABLES = (
    "notifications_extensiongrant", "notifications_extension", "notifications_receipt", "notifications_finerwording",
)  # fmt: skip
# What leaves the system: no case is in it; tests/outside says who does what with it.
OUTSIDE_TABLES = (
    "notifications_channel", "notifications_webhooksecret", "notifications_outgoing", "notifications_subscription",
    "notifications_news",
)  # fmt: skip
# What its addressee sees and nobody of the case.
OF_A_POST = ("notifications_inboxitem", "reports_exceptionstatement")
# What the worker alone writes: tests/lateness says who sees it.
WORKER_TABLES = ("notifications_escalation",)
# What hangs on a kit or its card: tests/evidence says who sees it.
EVIDENCE_TABLES = (
    "reports_kititem",
    "reports_kitname",
    "reports_kitcard",
    "reports_custody",
    "reports_kitstage",
    "reports_kithold",
    "reports_kitdestruction",
)
# Of no case: tests/strength says who reads them.
STRENGTH_TABLES = (
    "notifications_strengthtable",
    "notifications_strength",
    "notifications_sharepresent",
    "notifications_correlation",
    "notifications_unitrung",
    "notifications_told",
)
# Long work, figures, exports: tests/figures says who sees which.
# What is counted: no account's but the owner's.
TALLIES = ("reports_yeartally", "reports_worktally", "reports_donetally")
OWN_TABLES = ("reports_job", "reports_quarterfigure", "reports_export", "reports_exportpart")
SEALED_TABLES = (
    "reports_breakglass",
    "reports_look",
    "reports_case",
    "reports_assignment",
    "reports_identity",
    "reports_narrative",
    "reports_decision",
    "reports_report",
    "reports_signedform",
    "reports_kit",
    *EVIDENCE_TABLES,
    "reports_event",
    "reports_hold",
    "reports_erasure",
    "reports_paper",
    "reports_handout",
    "reports_copyrequest",
    "reports_matter",
    "reports_meeting",
    "reports_attendance",
    "reports_agendaline",
    "reports_minutes",
    "reports_move",
    "reports_handover",
    "reports_disclosure",
    "reports_exceptionstatement",
    "reports_catchentry",
    "reports_catchcontact",
    "reports_catchcredentials",
    "reports_savedfilter",
)


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)).as_string(None))
        return cursor.fetchone()[0]


@pytest.fixture
def full(world):
    """A case with a row in every case table."""
    from reports.election.contacts import contact_complete
    from reports.erasure.services import erasure_propose, hold_place
    from reports.evidence.services import kit_number_issue
    from tests.erasure.conftest import left_without_signing
    from tests.forms import one_of_each

    world.strength(5000)
    report = world.signed("restricted")
    contact_complete(actor=world.sarc, case_id=report.case_id, at=T0, identity={"sex": "male"}, narrative={})
    kit_number_issue(actor=world.sarc, case_id=report.case_id, at=T0)
    one_of_each(world, world.signed("unrestricted", actor=world.sarc).case)
    matter_open(actor=world.sarc, case_id=report.case_id, kind="civil_order", at=T0)
    confided(world, report.case, at=T0)
    hold_place(actor=world.sarc, case_id=report.case_id, reason="appeal", at=T0)
    erasure_propose(actor=world.sarc, case_id=left_without_signing(world).pk, at=T0)
    _met_and_moved(world)
    return world


def _met_and_moved(world) -> None:
    """One more case, on which the group met, which is offered elsewhere and was handed from one VA to another."""
    from reports.casework.moves.leaving import advocate_change
    from tests.meeting.ways import called, held, line_of, minutes_kept, offered

    case = world.signed("unrestricted").case_id
    minutes_kept(world, line_of(world, held(world, called(world)), case))
    va_assign(actor=world.sarc, case_id=case, va=world.va, at=T0)
    advocate_change(
        actor=world.sarc, case_id=case, role="sapr_va", leaves=world.va, follows=_follower(world), at=T0
    )
    offered(world, case)


def _follower(world):
    from tests.meeting.ways import another

    return another(world, "va")


def test_every_case_table_forces_row_level_security(world) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
        )
        forced = {*CASE_TABLES, *PERSONAL_TABLES, *EVIDENCE_TABLES, *STRENGTH_TABLES}
        forced |= {*WORKER_TABLES, *INBOX_TABLES, *OUTSIDE_TABLES, *OWN_TABLES, *TALLIES}
        assert {row[0] for row in cursor.fetchall()} == forced


# Where others than those on a case see rows of their own; tests/access says which.
OWN_ROWS = {*OF_A_POST, "notifications_reminder"}
# Who sees a row without being on the case, and what it shows.
OUTSIDERS = {
    ("commander", "reports_agendaline"): "the chair: the case's number and what is asked",
}


def test_without_a_viewer_there_is_no_row(full) -> None:
    for table in CASE_TABLES:
        viewer = full.commander if table in OF_A_POST else full.sarc
        with access.viewing(viewer):
            assert count(table) > 0, f"the scene has no row of {table}"
        assert count(table) == 0, table


def test_who_is_not_on_the_case_sees_no_row_of_it(full) -> None:
    for person in ("other_va", "stranger", "commander", "unit_commander", "mcio"):
        with access.viewing(getattr(full, person)):
            seen = {(person, table) for table in set(CASE_TABLES) - OWN_ROWS if count(table)}
        assert seen == {each for each in OUTSIDERS if each[0] == person}


def test_nobody_can_put_themselves_on_a_case(world) -> None:
    case = world.contact()
    row = Assignment(case=case, user=world.stranger, role=CaseRole.SARC, started_at=T0)
    with access.viewing(world.stranger), refused("row-level security"):
        row.save(force_insert=True)


def test_an_assigned_va_sees_the_case_and_a_lapsed_one_does_not(world) -> None:
    from accounts.models import Appointment
    from accounts.services import appointment_end

    case = world.contact()
    va_assign(actor=world.sarc, case_id=case.pk, va=world.va, at=T0)
    with access.viewing(world.va):
        assert count("reports_case") == 1
        assert access.case_for(world.va, case.pk) == case
    appointment_end(appointment=Appointment.objects.get(user=world.va), actor=world.manager, at=T0)
    with access.viewing(world.va):
        assert count("reports_case") == 0
        with pytest.raises(access.NotFoundError):
            access.case_for(world.va, case.pk)


def test_not_yours_and_not_there_are_the_same_answer(world) -> None:
    import uuid

    case = world.contact()
    answers = []
    for case_id in (case.pk, uuid.uuid4()):
        with access.viewing(world.stranger), pytest.raises(access.NotFoundError) as refusal:
            access.case_for(world.stranger, case_id)
        answers.append((refusal.value.code, refusal.value.message, refusal.value.status))
    assert answers[0] == answers[1]


def test_the_worker_role_cannot_read(stage) -> None:
    stage.world.signed("restricted")
    tables = (
        *SEALED_TABLES, "reports_wrappedkey", "accounts_session", "accounts_enrolment", "accounts_signinfailure",
        "accounts_clientcertificate", "mfa_authenticator",
    )  # fmt: skip
    with stage.as_worker():
        for table in tables:
            with pytest.raises(Exception, match=r"permission denied|does not exist"):
                count(table)


def test_the_worker_role_cannot_enter_the_key_store(stage) -> None:
    url = in_database(stage.env["WORKER_DATABASE_URL"], stage.names["keys"])
    with psycopg.connect(url) as worker, pytest.raises(psycopg.errors.InsufficientPrivilege):
        worker.execute("SELECT * FROM reports_wrappedkey")


@pytest.mark.parametrize("role", ["web", "worker"])
def test_the_application_roles_can_neither_own_nor_create_nor_bypass(stage, role) -> None:
    url = stage.env["DATABASE_URL" if role == "web" else "WORKER_DATABASE_URL"]
    with psycopg.connect(in_database(url, stage.names["default"]), autocommit=True) as session:
        rights = session.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert rights == (False, False, False, False)
        assert session.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"
        ).fetchone() == (0,)
        for statement in (
            "CREATE TABLE sneaky (x int)",
            "ALTER TABLE reports_case DISABLE ROW LEVEL SECURITY",
            "TRUNCATE reports_event",
            "SELECT pgmq.create('another')",
            "UPDATE sapr_database SET kind = 'demo'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(statement)


def test_even_the_owner_cannot_rewrite_the_ledger_by_ordinary_statements(stage) -> None:
    stage.world.signed("restricted")
    with psycopg.connect(
        in_database(stage.env["OWNER_DATABASE_URL"], stage.names["default"]), autocommit=True
    ) as owner:
        for statement in (
            "UPDATE reports_event SET seq = seq",
            "DELETE FROM reports_event",
            "TRUNCATE reports_event",
        ):
            with pytest.raises(psycopg.DatabaseError, match="append-only"):
                owner.execute(statement)
        assert owner.execute("SELECT count(*) FROM reports_identity").fetchone() == (0,)
