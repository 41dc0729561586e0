"""Facts that are no facts, forged with raw SQL by the application's own roles: the database refuses them."""

import os
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection, transaction

from notifications.decisions import decision
from notifications.models import DecisionStage, InboxItem, Notice, NoticeKind
from reports import access
from reports.election.models import Report
from reports.ledger.models import SYSTEM_CHAIN, Event
from reports.ledger.selectors import case_events, first_bad_event
from reports.ledger.services import append, append_system
from reports.obligations.models import Duty
from reports.obligations.services import discharge
from sapr import clock
from sapr.written import write_together
from tests.database.refusals import refused
from tests.notices.release import release
from tests.stage import in_database
from tests.times import T0

EVENT = (
    "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) "
    'VALUES (gen_random_uuid(), %s, %s, %s, %s, \'{"purpose": "inbox"}\')'
)
ITEM = (
    "INSERT INTO notifications_inboxitem (id, post_id, kind, slot, body, details, case_id) "
    "VALUES (%(id)s, %(post)s, %(kind)s, %(slot)s, %(body)s, %(details)s, %(case)s)"
)
CLOSE = "UPDATE reports_duty SET state = %s, closed_event = %s, closed_at = %s WHERE id = %s"
REPORT = (
    "INSERT INTO reports_report (id, case_id, election, signed_at, recorded_at, late_reason) "
    "VALUES (gen_random_uuid(), %s, %s, %s, %s, '')"
)
FORM = (
    "INSERT INTO reports_signedform (id, case_id, kind, form, edition, election, victim_signed_at, "
    "advocate_signed_at, advocate_id, content) "
    "VALUES (gen_random_uuid(), %s, 'election', 'DD 2910', 'x', %s, %s, %s, %s, 'x')"
)
KIT = (
    "INSERT INTO reports_kit (id, case_id, number, number_index, state, issued_at) "
    "VALUES (gen_random_uuid(), %s, 'x', %s, %s, %s)"
)


def run(sql: str, *args) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)


def notice_of(world, case_id: UUID, kind: str = NoticeKind.RESTRICTED) -> Notice:
    with access.viewing(world.sarc):
        return Notice.objects.get(case_id=case_id, kind=kind)


def said(notice: Notice, at, actor=None) -> None:
    """What else a placing is: its event, and the duty done by it."""
    data = {"notice": str(notice.pk), "post": str(notice.post_id)}
    event = append(case_id=notice.case_id, kind="commander_notice_placed", actor=actor, at=at, data=data)
    discharge(duty=Duty.objects.get(pk=notice.duty_id), event=event, actor=actor, at=at)


class TestEvents:
    @pytest.mark.parametrize("kind", ["contact_logged", "sealed_opened"])
    def test_nobody_writes_into_somebody_elses_case(self, world, kind) -> None:
        case = world.contact()
        with access.viewing(world.stranger), refused("row-level security"):
            run(EVENT, case.pk, kind, T0, world.stranger.pk)

    @pytest.mark.parametrize("kind", ["enrolment_used", "appointment_made", "counts_compiled"])
    def test_without_a_viewer_nobody_is_named(self, world, kind) -> None:
        with refused("row-level security"):
            run(EVENT, SYSTEM_CHAIN, kind, T0, world.manager.pk)
        run(EVENT, SYSTEM_CHAIN, kind, T0, None)

    def test_a_viewer_is_not_the_system(self, world) -> None:
        case = world.contact()
        for chain in (case.pk, SYSTEM_CHAIN):
            with access.viewing(world.sarc), refused("row-level security"):
                run(EVENT, chain, "contact_logged", T0, None)

    def test_an_addressee_writes_that_they_opened_their_notice_and_nothing_else(self, world) -> None:
        case_id = world.signed("unrestricted").case_id
        with access.viewing(world.commander):
            run(EVENT, case_id, "sealed_opened", T0, world.commander.pk)
            with refused("row-level security"):
                run(EVENT, case_id, "contact_logged", T0, world.commander.pk)
            with refused("row-level security"):
                run(EVENT, case_id, "sealed_opened", T0, world.mcio.pk)
        with access.viewing(world.stranger), refused("row-level security"):
            run(EVENT, case_id, "sealed_opened", T0, world.stranger.pk)

    def test_naming_the_actor_of_a_system_event_leaves_no_viewer_behind(self, world) -> None:
        append_system(kind="enrolment_used", actor=world.manager, at=T0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT sapr_viewer()")
            assert cursor.fetchone() == (None,)
        with access.viewing(world.manager):
            assert Event.objects.filter(kind="enrolment_used", actor_id=world.manager.pk).exists()

    def test_a_system_event_in_another_name_than_the_viewers_is_refused(self, world) -> None:
        with access.viewing(world.sarc), refused("row-level security"):
            append_system(kind="counts_compiled", actor=world.manager, at=T0)

    @pytest.mark.parametrize("change", ["occurred_at = occurred_at - interval '1 day'", "actor_id = NULL"])
    def test_what_an_administrator_changed_is_found(self, stage, change) -> None:
        report = stage.world.signed("restricted")
        url = in_database(os.environ["ADMIN_DATABASE_URL"], stage.names["default"])
        with psycopg.connect(url) as admin:
            admin.execute("ALTER TABLE reports_event DISABLE TRIGGER append_only")
            admin.execute(
                f"UPDATE reports_event SET {change} WHERE case_id = %s AND seq = 3",  # noqa: S608  from the list
                [report.case_id],
            )
        with access.viewing(stage.world.sarc):
            bad = first_bad_event(case_events(viewer=stage.world.sarc, case=report.case))
        assert bad is not None
        assert bad.seq == 3


def decided(notice_id, body: str) -> None:
    """The decision that a placing in these words stands on."""
    notice = Notice.objects.get(pk=notice_id)
    rung = notice.rung if body == notice.wording else "minimal"
    slot = notice.slot or notice.last_slot
    write_together(
        decision(notice=notice, stage=DecisionStage.PLACED, rung=rung, text=body, slot=slot, at=slot)
    )


class TestInboxes:
    @pytest.fixture
    def restricted(self, world) -> dict:
        """The row that would place the Restricted notice rightly."""
        world.strength(5000)
        notice = notice_of(world, world.signed("restricted").case_id)
        assert notice.wording != notice.minimal
        return {
            "id": notice.pk, "post": notice.post_id, "kind": notice.kind, "slot": notice.last_slot,
            "body": notice.minimal, "details": None, "case": None,
        }  # fmt: skip

    def place(self, world, row: dict) -> None:
        """At its slot."""
        clock.move(row["slot"], hold=True)
        with access.viewing(world.sarc), connection.cursor() as cursor:
            decided(row["id"], row["body"])
            cursor.execute(ITEM, row)
            placed = Notice.objects.filter(pk=row["id"])
            placed.update(state="placed", placed_at=row["slot"], look_at=None)
            said(placed.get(), row["slot"], world.sarc)

    def test_without_its_decision_on_record_it_is_refused(self, world, restricted) -> None:
        with access.viewing(world.sarc), refused("its decision on record"), connection.cursor() as cursor:
            clock.move(restricted["slot"], hold=True)
            cursor.execute(ITEM, restricted)

    def test_a_notice_is_placed_in_its_words(self, world, restricted) -> None:
        self.place(world, restricted)

    def test_in_other_words_it_is_refused(self, world, restricted) -> None:
        with refused("is its notice"):
            self.place(world, restricted | {"body": "Look at Smith."})

    def test_the_finer_words_only_once_released_and_only_at_their_post(self, world, restricted) -> None:
        with access.viewing(world.sarc):
            notice = Notice.objects.get(pk=restricted["id"])
        fine = restricted | {"body": notice.wording}
        with refused("is its notice"):
            self.place(world, fine)
        fine["slot"] = release(world.sarc, notice).slot
        with refused("is its notice"):
            self.place(world, fine | {"post": world.posts["higher"].pk})
        self.place(world, fine)

    @pytest.mark.parametrize("post", ["mcio", "sarc", "stranger"])
    def test_at_a_post_outside_its_ladder_it_is_refused(self, world, restricted, post) -> None:
        with refused("is its notice"):
            self.place(world, restricted | {"post": world.posts[post].pk})

    def test_a_unit_commander_is_refused_whatever_the_ladder_says(self, world, restricted) -> None:
        unit = world.posts["unit_commander"].pk
        with access.viewing(world.sarc), refused("posts that there are and that may get it"):
            run("UPDATE notifications_notice SET ladder = jsonb_build_array(%s::text)", str(unit))
        with refused("never goes to a unit commander"):
            self.place(world, restricted | {"post": unit})

    def test_of_another_kind_it_is_refused(self, world, restricted) -> None:
        row = restricted | {"kind": NoticeKind.MCIO, "body": "", "details": b"x", "case": uuid4()}
        with refused("is its notice"):
            self.place(world, row)

    def test_the_worker_is_bound_too(self, stage) -> None:
        stage.world.signed("restricted")
        with access.viewing(stage.world.sarc):
            notice = Notice.objects.get()
        row = {
            "id": notice.pk, "post": notice.post_id, "kind": notice.kind, "slot": notice.last_slot,
            "body": "Look at Smith.", "details": None, "case": None,
        }  # fmt: skip
        clock.move(notice.last_slot, hold=True)
        with stage.as_worker(), connection.cursor() as cursor:
            # in other words, and without any notice
            for forged in (row, row | {"id": uuid4(), "body": notice.minimal}):
                with refused("is its notice"):
                    cursor.execute(ITEM, forged)
            with transaction.atomic():
                decided(notice.pk, notice.minimal)
                cursor.execute(ITEM, row | {"body": notice.minimal})
                Notice.objects.update(state="placed", placed_at=notice.last_slot, look_at=None)
                said(notice, notice.last_slot)

    def test_sealed_details_are_the_notices_own_and_of_its_case(self, stage) -> None:
        """An Unrestricted notice whose item an administrator removed, to place it wrongly."""
        report = stage.world.signed("unrestricted")
        other = stage.world.contact()
        with access.viewing(stage.world.commander):
            item = InboxItem.objects.get(post=stage.world.posts["commander"])
        with psycopg.connect(in_database(os.environ["ADMIN_DATABASE_URL"], stage.names["default"])) as admin:
            admin.execute("ALTER TABLE notifications_inboxitem DISABLE TRIGGER no_delete")
            [details] = admin.execute(
                "DELETE FROM notifications_inboxitem WHERE id = %s RETURNING details", [item.pk]
            ).fetchone()
            admin.execute("ALTER TABLE notifications_notice DISABLE TRIGGER stands")
            admin.execute(
                "UPDATE notifications_notice SET state = 'composed', placed_at = NULL, look_at = last_slot"
                " WHERE id = %s",
                [item.pk],
            )
            admin.execute("ALTER TABLE notifications_notice ENABLE TRIGGER stands")
        row = {
            "id": item.pk, "post": item.post_id, "kind": item.kind, "slot": T0, "body": "", "details": details,
            "case": report.case_id,
        }  # fmt: skip
        for forged in ({"details": details + b"x"}, {"case": other.pk}):
            with access.viewing(stage.world.sarc), refused("is its notice"), connection.cursor() as cursor:
                cursor.execute(ITEM, row | forged)
        with access.viewing(stage.world.sarc), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ITEM, row)
            Notice.objects.filter(pk=item.pk).update(state="placed", placed_at=T0, look_at=None)

    def test_a_restricted_notice_is_not_composed_for_a_unit_commander(self, world) -> None:
        report = world.signed("restricted")
        with access.viewing(world.sarc), refused("never goes to a unit commander"):
            Notice(
                case_id=report.case_id,
                duty=Duty.objects.get(case_id=report.case_id, kind="dsaid_entry"),
                kind=NoticeKind.RESTRICTED,
                post=world.posts["unit_commander"],
                composed_at=T0,
                last_slot=T0,
                look_at=T0,
                minimal="x",
            ).save(force_insert=True)


class TestKitsAndReports:
    @pytest.mark.parametrize("state", ["sealed", "mcio"])
    def test_a_kit_begins_with_its_number(self, world, state) -> None:
        case_id = world.signed("unrestricted").case_id
        with access.viewing(world.sarc):
            with refused("begins with its number"):
                run(KIT, case_id, b"x", state, T0)
            run(KIT, case_id, b"x", "numbered", T0)

    @pytest.mark.parametrize("form", [None, "unrestricted"])
    def test_a_report_stands_on_its_signed_form(self, world, form) -> None:
        case = world.contact()
        with refused("stands on its signed form"):
            with access.viewing(world.sarc):
                run(REPORT, case.pk, "restricted", T0, T0)
                if form:
                    run(FORM, case.pk, form, T0, T0, world.sarc.pk)
            run("SET CONSTRAINTS ALL IMMEDIATE")

    def test_report_and_form_may_come_in_either_order(self, world) -> None:
        case = world.contact()
        with access.viewing(world.sarc):
            run(REPORT, case.pk, "restricted", T0, T0)
            run(FORM, case.pk, "restricted", T0, T0, world.sarc.pk)
        run("SET CONSTRAINTS ALL IMMEDIATE")

    def test_nothing_of_a_report_without_a_form_is_committed(self, stage) -> None:
        case = stage.world.contact()
        with refused("stands on its signed form"), access.viewing(stage.world.sarc):
            run(REPORT, case.pk, "restricted", T0, T0)
        with access.viewing(stage.world.sarc):
            assert not Report.objects.exists()

    def test_who_left_without_signing_has_no_report(self, world) -> None:
        case = world.contact()
        with access.viewing(world.sarc):
            run("UPDATE reports_case SET walked_away_at = %s WHERE id = %s", T0, case.pk)
            with refused("without signing has no report"):
                run(REPORT, case.pk, "restricted", T0, T0)
            for later in (None, T0 + timedelta(days=1)):
                with refused("stays ended"):
                    run("UPDATE reports_case SET walked_away_at = %s WHERE id = %s", later, case.pk)

    def test_who_signed_did_not_leave(self, world) -> None:
        case_id = world.signed("restricted").case_id
        with access.viewing(world.sarc), refused("not walked away from"):
            run("UPDATE reports_case SET walked_away_at = %s WHERE id = %s", T0, case_id)


class TestTheWorkersDuties:
    def test_the_worker_closes_only_the_duty_of_a_placed_notice_and_by_an_event(self, stage) -> None:
        report = stage.world.signed("restricted")
        notice = notice_of(stage.world, report.case_id)
        with access.viewing(stage.world.sarc):
            other = Duty.objects.get(case_id=report.case_id, kind="dsaid_entry")
        with stage.as_worker():
            for duty in (other.pk, notice.duty_id):
                with refused("row-level security|closed by an event"):
                    run(CLOSE, "discharged", uuid4(), T0, duty)
            clock.move(notice.last_slot, hold=True)
            with transaction.atomic(), connection.cursor() as cursor:
                decided(notice.pk, notice.minimal)
                cursor.execute(
                    ITEM,
                    {
                        "id": notice.pk, "post": notice.post_id, "kind": notice.kind, "slot": notice.last_slot,
                        "body": notice.minimal, "details": None, "case": None,
                    },
                )  # fmt: skip
                Notice.objects.update(state="placed", placed_at=T0, look_at=None)
                for state, event in (("discharged", None), ("ended", uuid4()), ("not_applicable", uuid4())):
                    with refused("row-level security|closed by an event"):
                        run(CLOSE, state, event, T0, notice.duty_id)
                placed = append(
                    case_id=report.case_id,
                    kind="commander_notice_placed",
                    actor=None,
                    at=T0,
                    data={"notice": str(notice.pk), "post": str(notice.post_id)},
                )
                run(CLOSE, "discharged", placed, T0, notice.duty_id)
