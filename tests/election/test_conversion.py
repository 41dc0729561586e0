"""Converting is sealed to what was shown, is the victim's own act, and leaves nothing half done."""

from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection, transaction
from psycopg import sql

from notifications.models import InboxItem, Notice
from reports import access
from reports.casework.services import va_assign
from reports.election import conversion
from reports.election.contacts import contact_complete
from reports.election.models import Report, SignedForm
from reports.evidence.services import kit_number_issue
from reports.ledger.models import Event
from tests.database.refusals import refused
from tests.election.way import closed, refusal, state
from tests.times import T0
from tests.world import CANARIES

ROWS = sql.SQL("SELECT coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '') FROM {} t")
ONE_BY_ONE = sql.SQL("SELECT id::text, t::text FROM {} t")


def paper(report, **changed: Any) -> dict[str, Any]:
    """A conversion signed now, for `report_convert`."""
    return {
        "case_id": report.case_id,
        "victim_signature": CANARIES["name"],
        "victim_signed_at": T0,
        "advocate_signature": "Invented Advocate",
        "advocate_signed_at": T0,
    } | changed


def everything() -> dict[str, str]:
    """A digest of every row of every table that the web role may read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1"
        )
        found = {}
        for (name,) in cursor.fetchall():
            cursor.execute(ROWS.format(sql.Identifier(name)).as_string(None))
            found[name] = sha256(cursor.fetchone()[0].encode()).hexdigest()
        return found


def test_what_is_shown_is_each_office_its_new_fields_and_every_word_and_it_is_on_record(world) -> None:
    report = world.signed("restricted")
    shown = conversion.conversion_prepare(actor=world.sarc, case_id=report.case_id, at=T0)
    offices = {each.role: each for each in shown.offices}
    commander = offices["The victim's commander"]
    assert (commander.before, "Name and numbers of the victim" in commander.gained) == ((), True)
    assert "The Safe Helpline" not in offices
    assert {each.post for each in shown.told} == {
        world.posts[post].title for post in ("mcio", "unit_commander", "commander")
    }
    with access.viewing(world.sarc):
        event = Event.objects.get(case_id=report.case_id, kind="conversion_prepared")
        assert event.data == {"shown": shown.digest}
        assert not any(value in str(event.data) for value in CANARIES.values())
    # What was shown is word for word what is then sent.
    conversion.report_convert(actor=world.sarc, **paper(report, confirmation=shown.digest))
    with access.viewing(world.mcio):
        item = InboxItem.objects.get()
    from notifications.services import inbox_open

    _, text = inbox_open(actor=world.mcio, item_id=item.pk, at=T0)
    assert text in {each.text for each in shown.told}


def test_it_is_refused_unseen_seen_by_another_and_after_what_would_be_told_has_changed(world) -> None:
    report = world.signed("restricted")
    ask = paper(report)
    for never_shown in ("", None, "0" * 64):
        unseen = refusal(conversion.report_convert, actor=world.sarc, **ask, confirmation=never_shown)
        assert (unseen.code, unseen.rule) == ("not_prepared", "TR-08")
    digest = world.shown(report)
    contact_complete(
        actor=world.sarc, case_id=report.case_id, at=T0, identity={"phone": "+1 555 0100"}, narrative={}
    )
    changed = refusal(conversion.report_convert, actor=world.sarc, **ask, confirmation=digest)
    assert (changed.code, changed.status) == ("preview_changed", 409)
    # Who was not shown it confirms nothing, and an advocate converts nothing at all.
    va_assign(actor=world.sarc, case_id=report.case_id, va=world.va, at=T0)
    by_va = refusal(conversion.report_convert, actor=world.va, **ask, confirmation=digest)
    assert by_va.code == "not_your_role"
    prepared = refusal(conversion.conversion_prepare, actor=world.va, case_id=report.case_id, at=T0)
    assert prepared.code == "not_your_role"
    again = world.shown(report)
    assert again != digest
    conversion.report_convert(actor=world.sarc, **ask, confirmation=again)
    assert state(world, report.case_id) == "CONVERTED"


NOT_THE_VICTIM = [
    ({"victim_signature": "  "}, "missing", ""),
    ({"victim_signature": "Invented Advocate"}, "victim_must_sign", "TR-06"),
    ({"advocate_signature": ""}, "missing", ""),
    ({"remotely": True}, "no_such_move", "TR-07"),
    ({"form": "DD 2911"}, "unknown_form", "TR-06"),
    ({"victim_signed_at": T0 - timedelta(days=2)}, "before_the_report", ""),
]


def test_tr_06_tr_07_nobody_but_the_victim_converts_and_only_dd_2910_1_from_afar(world) -> None:
    report = world.signed("restricted")
    ask = paper(report, confirmation=world.shown(report))
    for change, code, rule in NOT_THE_VICTIM:
        found = refusal(conversion.report_convert, actor=world.sarc, **(ask | change))
        assert (found.code, rule in found.rule) == (code, True), change
    assert state(world, report.case_id) == "RESTRICTED_OPEN"


def test_tr_07_the_form_for_a_lost_one_is_signed_from_afar(world) -> None:
    report = world.signed("restricted")
    ask = paper(report, confirmation=world.shown(report), form="DD 2910-1", remotely=True)
    conversion.report_convert(actor=world.sarc, **ask)
    with access.viewing(world.sarc):
        form = SignedForm.objects.get(case_id=report.case_id, kind="conversion")
        told = Event.objects.get(case_id=report.case_id, kind="report_converted").data
    assert (form.form, told["form"], told["means"]) == ("DD 2910-1", "DD 2910-1", "remote")


def test_tr_09_there_is_no_way_back_from_anywhere(world) -> None:
    report = world.converted(world.signed("restricted"), at=T0)
    again = refusal(conversion.conversion_prepare, actor=world.sarc, case_id=report.case_id, at=T0)
    assert (again.code, again.rule) == ("not_convertible", "TR-09")
    with access.viewing(world.sarc), refused("never becomes Restricted"):
        Report.objects.filter(pk=report.pk).update(election="restricted")


def test_earlier_notices_stay_byte_for_byte_and_share_no_id_with_the_new_ones(world) -> None:
    report = world.signed("restricted")

    def rows(table: str) -> dict[str, str]:
        with access.viewing(world.sarc), connection.cursor() as cursor:
            cursor.execute(ONE_BY_ONE.format(sql.Identifier(table)).as_string(None))
            return dict(cursor.fetchall())

    tables = ("notifications_notice", "notifications_reminder", "reports_signedform")
    before = {table: rows(table) for table in tables}
    forms = before["reports_signedform"]
    world.converted(report, at=T0)
    for table in tables:
        after = rows(table)
        assert {pk: after[pk] for pk in before[table]} == before[table], table
    with access.viewing(world.sarc):
        old = Notice.objects.get(pk__in=before["notifications_notice"])
        new = list(Notice.objects.exclude(pk=old.pk))
        known = {str(each) for each in (report.case_id, old.post_id)}
        own = {str(old.pk), str(old.duty_id), *forms}
        for notice in new:
            # They share the case, which the old one's addressee never sees, and perhaps the post.
            assert notice.duty_id != old.duty_id
            told = str([getattr(notice, field.attname) for field in Notice._meta.concrete_fields])
            assert not [each for each in own - known if each in told]
    with access.viewing(world.commander):
        for item in InboxItem.objects.all():
            told = str([getattr(item, field.attname) for field in InboxItem._meta.concrete_fields])
            assert str(old.pk) not in told


class BrokenError(Exception):
    """What the test throws in the way of a conversion."""


@contextmanager
def breaking(at: int):
    """Let the n-th writing statement of the block fail; yields those so far, events with their kind."""
    written: list[tuple] = []

    def run(execute, query, params, many, context):
        if query.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            written.append((query, params[2] if "reports_event" in query else ""))
            if len(written) == at:
                raise BrokenError
        return execute(query, params, many, context)

    with connection.execute_wrapper(run):
        yield written


def test_tr_08_a_conversion_that_fails_at_any_statement_leaves_every_table_as_it_was(world) -> None:
    report = world.signed("restricted")
    kit_number_issue(actor=world.sarc, case_id=report.case_id, at=T0)
    ask = paper(report, confirmation=world.shown(report))
    with access.viewing(world.sarc):
        before = everything()
        with transaction.atomic(), breaking(0) as written:
            conversion.report_convert(actor=world.sarc, **ask)
            assert everything() != before
            transaction.set_rollback(True)
        # Each kind of statement once, where it first comes, and the very last one.
        steps = sorted({written.index(each) + 1 for each in written} | {len(written)})
        assert len(steps) > 12
        for number in steps:
            with pytest.raises(BrokenError), breaking(number):
                conversion.report_convert(actor=world.sarc, **ask)
            assert everything() == before, written[number - 1]
    assert state(world, report.case_id) == "RESTRICTED_OPEN"


def test_tr_06_a_closed_case_converts_as_well(world) -> None:
    report = world.signed("restricted")
    closed(world, report.case_id)
    world.converted(report, at=T0)
    assert state(world, report.case_id) == "CONVERTED"
