"""Raw SQL by the web account, round every service: R15 holds, no step is skipped, nothing is rewritten."""

from datetime import timedelta
from uuid import uuid4

from django.db import connection
from psycopg import sql

from notifications.placing import PLACED_EVENT
from reports import access
from reports.casework.matters.kinds import KINDS, UNRESTRICTED_ONLY
from reports.election.contacts import contact_walk_away
from reports.election.inquiries import limited_case_open
from tests.casework.duties import refusal_of
from tests.casework.steps import begin, reach, take
from tests.database.refusals import refused
from tests.times import T0

MATTER = """
INSERT INTO reports_matter (id, case_id, kind, what, state, parent_id, opened_at, moved_at, ended_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
EVENT = "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) VALUES (%s, %s, %s, %s, %s, '{}')"


def run(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def insert(case, kind, state=None, *, what="", parent=None, at=T0, ended=None) -> None:
    state = state or KINDS[kind].open_steps()[0].to
    run(MATTER, uuid4(), case.pk, kind, what, state, parent, at, at, ended)


def test_r15_no_matter_and_no_event_of_an_unrestricted_report_on_a_restricted_one(world) -> None:
    restricted, contact = world.signed("restricted").case, world.contact()
    unrestricted = world.signed("unrestricted").case
    for kind in KINDS.values():
        if "restricted" not in kind.elections and not kind.parent:
            assert refusal_of(begin, world, restricted, kind.kind) == ("restricted", kind.rules[0])
    order = begin(world, restricted, "civil_order", election="restricted")  # PO-12: the victim's own to tell
    assert take(world, order, "civil_order_ended", T0).state == "ended"
    with access.viewing(world.sarc):
        for kind in KINDS.values():
            if "restricted" in kind.elections:
                continue
            for case in (restricted, contact):
                with refused("does not fit the report"):
                    insert(case, kind.kind)
        for kind in UNRESTRICTED_ONLY:
            with refused(f"a Restricted report has no {kind}"):
                run(EVENT, uuid4(), restricted.pk, kind, T0, world.sarc.pk)
            # The first two say what became of a matter, the others of a notice, and are refused without it.
            if kind not in ("disposition_reopened", "retaliation_ended", *PLACED_EVENT.values()):
                run(EVENT, uuid4(), unrestricted.pk, kind, T0, world.sarc.pk)
        insert(unrestricted, "protective_order")


def test_a_case_opened_with_limited_information_has_what_its_investigation_brings(world) -> None:
    case = limited_case_open(actor=world.sarc, at=T0)
    with access.viewing(world.sarc):
        run(EVENT, uuid4(), case.pk, "investigation_opened", T0, world.sarc.pk)
        insert(case, "subject")
        with refused("does not fit the report"):
            insert(case, "protective_order")


def test_no_step_is_skipped_backdated_or_rewritten_and_nothing_goes(world) -> None:
    case = world.signed("unrestricted").case
    move = begin(world, case, "expedited_transfer")
    now = T0 + timedelta(hours=1)
    reach(now)
    with access.viewing(world.sarc):
        for state in ("departed", "ordered", "refused", "no such state"):
            with refused("takes no such step"):
                run("UPDATE reports_matter SET state = %s, moved_at = %s WHERE id = %s", state, now, move.pk)
        with refused("dated by its steps"):
            run("UPDATE reports_matter SET state = 'approved', ended_at = %s WHERE id = %s", now, move.pk)
        with refused("dated by its steps"):
            run("UPDATE reports_matter SET state = 'withdrawn' WHERE id = %s", move.pk)
        for at in (T0 - timedelta(days=1), now + timedelta(days=1)):
            with refused("dated by its steps"):
                run("UPDATE reports_matter SET state = 'approved', moved_at = %s WHERE id = %s", at, move.pk)
        for column in ("kind", "what", "opened_at", "case_id", "name", "content", "parent_id"):
            statement = sql.SQL("UPDATE reports_matter SET {0} = {0} WHERE id = %s").format(
                sql.Identifier(column)
            )
            with refused("permission denied"):
                run(statement.as_string(None), move.pk)
        with refused("permission denied"):
            run("DELETE FROM reports_matter WHERE id = %s", move.pk)
        with refused("takes no such step"):
            insert(case, "expedited_transfer", "approved")
        with refused("reports_matter_what_is_a_word"):
            insert(case, "protective_order", what="Captain Somebody")
        with refused("permission denied"):
            run("INSERT INTO sapr_matter_transition VALUES ('threat', '', 'reported', true, 'any')")
        insert(case, "expedited_transfer", at=now)


def test_fd_15_nw_02_what_a_referral_an_action_and_a_final_disposition_stand_on(world) -> None:
    case, other = (world.signed("unrestricted").case for _ in range(2))
    consent = begin(world, case, "consent", service="medical")
    foreign = begin(world, other, "subject")
    with access.viewing(world.sarc):
        insert(case, "referral", what="medical")
        with refused("consent of the victim"):
            insert(case, "referral", what="chaplain")
        for unknown in ("", "nothing"):
            with refused("takes no such step"):
                insert(case, unknown, "open")
        for parent in (None, foreign.pk, consent.pk):
            with refused("one on an alleged offender of its case"):
                insert(case, "action", parent=parent)
        with refused("one on an alleged offender"):
            insert(case, "subject", parent=foreign.pk)
    take(world, consent, "consent_withdrawn", T0)
    with access.viewing(world.sarc), refused("consent of the victim"):
        insert(case, "referral", what="medical")

    fd_15_a_subject_is_disposed_of_when_every_action_is_closed(world, case)


def fd_15_a_subject_is_disposed_of_when_every_action_is_closed(world, case) -> None:
    subject = begin(world, case, "subject")
    dispose = "UPDATE reports_matter SET state = 'disposed', ended_at = moved_at WHERE id = %s"
    with access.viewing(world.sarc), refused("every action is closed"):
        run(dispose, subject.pk)
    action = begin(world, case, "action", parent_id=subject.pk)
    with access.viewing(world.sarc), refused("every action is closed"):
        run(dispose, subject.pk)
    take(world, action, "action_closed", T0)
    # Then it is taken, and at commit its event is asked for.
    with access.viewing(world.sarc), refused("ends on the record"):
        run(dispose, subject.pk)
        run("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_contact_that_ended_has_no_new_matters_and_a_stranger_has_none_at_all(world) -> None:
    case = world.contact()
    begin(world, case, "consent", election="", service="medical")
    with access.viewing(world.stranger), refused("row-level security"):
        insert(case, "consent", what="medical")
    contact_walk_away(actor=world.sarc, case_id=case.pk, at=T0)
    with access.viewing(world.sarc), refused("ended without signing"):
        insert(case, "consent", what="medical")
