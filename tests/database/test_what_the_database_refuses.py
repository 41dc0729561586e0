"""The rules of docs/database.md, tried with raw SQL by the application's own role."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from notifications.models import InboxItem, Notice
from reports import access
from reports.election.models import Decision, Report, SignedForm
from reports.evidence.services import kit_number_issue, kit_seal
from reports.obligations.models import Duty
from tests.database.refusals import refused
from tests.times import T0


def run(sql: str, *args) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)


def test_unrestricted_never_becomes_restricted(world) -> None:
    report = world.signed("unrestricted")
    with access.viewing(world.sarc), refused("never becomes Restricted"):
        run("UPDATE reports_report SET election = 'restricted' WHERE id = %s", report.pk)
    with access.viewing(world.sarc):
        assert Report.objects.get(pk=report.pk).election == "unrestricted"


def test_a_converted_report_never_goes_back(world) -> None:
    report = world.signed("restricted")
    world.converted(report, at=T0)
    with access.viewing(world.sarc), refused("never becomes Restricted"):
        run("UPDATE reports_report SET election = 'restricted', converted_at = NULL WHERE id = %s", report.pk)


def test_a_conversion_carries_its_instant(world) -> None:
    report = world.signed("restricted")
    with access.viewing(world.sarc), refused("carries its instant"):
        run("UPDATE reports_report SET election = 'unrestricted' WHERE id = %s", report.pk)


def test_a_signing_is_not_redated(world) -> None:
    report = world.signed("restricted")
    with access.viewing(world.sarc), refused("permission denied"):
        run("UPDATE reports_report SET signed_at = %s WHERE id = %s", T0 - timedelta(days=1), report.pk)


@pytest.mark.parametrize(
    "table", ["reports_event", "reports_signedform", "reports_decision", "reports_report"]
)
def test_what_is_written_once_cannot_be_deleted(world, table) -> None:
    world.signed("restricted")
    with access.viewing(world.sarc), refused("permission denied"):
        run(f"DELETE FROM {table}")  # noqa: S608  a name from the list above


@pytest.mark.parametrize("column", ["hash", "data", "occurred_at", "kind", "seq"])
def test_a_ledger_row_cannot_be_changed(world, column) -> None:
    world.signed("restricted")
    with access.viewing(world.sarc), refused("permission denied"):
        run(f"UPDATE reports_event SET {column} = {column}")  # noqa: S608  a name from the list above


def test_a_client_cannot_choose_when_it_was_recorded(world) -> None:
    with access.viewing(world.sarc), refused("permission denied"):
        run(
            "INSERT INTO reports_event (id, case_id, kind, occurred_at, recorded_at, actor_id, data) "
            "VALUES (gen_random_uuid(), gen_random_uuid(), 'contact_logged', now(), now(), %s, '{}')",
            world.sarc.pk,
        )


def test_an_event_names_its_real_actor(world) -> None:
    case = world.contact()
    with access.viewing(world.sarc), refused("row-level security"):
        run(
            "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) "
            "VALUES (gen_random_uuid(), %s, 'contact_logged', %s, %s, '{}')",
            case.pk,
            T0,
            world.commander.pk,
        )


def test_an_event_cannot_lie_in_the_future(world) -> None:
    case = world.contact()
    with access.viewing(world.sarc), refused("reports_event_not_future"):
        run(
            "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) "
            "VALUES (gen_random_uuid(), %s, 'contact_logged', %s, %s, '{}')",
            case.pk,
            T0 + timedelta(seconds=1),
            world.sarc.pk,
        )


@pytest.mark.parametrize("kind", ["mcio_notice", "unit_commander_notice", "commander_notice_details"])
def test_a_restricted_report_has_no_notice_of_the_unrestricted_kinds(world, kind) -> None:
    report = world.signed("restricted")
    with access.viewing(world.sarc), refused("no notice of that kind"):
        duty = Duty.objects.filter(case_id=report.case_id, kind="dsaid_entry").get()
        Notice(
            case_id=report.case_id,
            duty=duty,
            kind=kind,
            post=world.posts["mcio"],
            composed_at=T0,
            last_slot=T0,
            look_at=T0,
            details="x",
        ).save(force_insert=True)


def test_the_kit_of_a_restricted_report_is_not_handed_to_mcio(world) -> None:
    report = world.signed("restricted")
    kit, number = kit_number_issue(actor=world.sarc, case_id=report.case_id, at=T0)
    kit_seal(actor=world.sarc, case_id=report.case_id, number=number, at=T0)
    with access.viewing(world.sarc), refused("not handed to MCIO"):
        run("UPDATE reports_kit SET state = 'mcio' WHERE id = %s", kit.pk)


def test_a_duty_is_closed_once_and_never_redated(world) -> None:
    report = world.signed("restricted")
    with access.viewing(world.sarc), refused("permission denied"):
        run("UPDATE reports_duty SET due_at = due_at + interval '1 day' WHERE case_id = %s", report.case_id)
    world.converted(report, at=T0)
    with access.viewing(world.sarc), refused("closed once"):
        run("UPDATE reports_duty SET state = 'open', closed_at = NULL WHERE state = 'ended'")


def test_a_notice_exists_once_for_its_duty(world) -> None:
    report = world.signed("restricted")
    with access.viewing(world.sarc):
        notice = Notice.objects.get(case_id=report.case_id)
        names = [f.attname for f in Notice._meta.concrete_fields if f.attname not in {"id", "details"}]
        another = Notice(**{name: getattr(notice, name) for name in names})
        with pytest.raises(IntegrityError), transaction.atomic():
            another.save(force_insert=True)


def test_a_released_wording_cannot_be_swapped(world) -> None:
    from tests.notices.release import release

    world.strength(500)
    report = world.signed("restricted")
    with access.viewing(world.sarc):
        notice = Notice.objects.get(case_id=report.case_id)
    release(world.sarc, notice)
    with access.viewing(world.sarc), refused("stands as it was"):
        run("UPDATE notifications_notice SET wording = 'Look at Smith.' WHERE id = %s", notice.pk)


def test_a_placed_notice_cannot_be_placed_again(world) -> None:
    world.signed("unrestricted")
    with access.viewing(world.commander):
        item = InboxItem.objects.get(post=world.posts["commander"])
    with access.viewing(world.sarc), pytest.raises(IntegrityError), transaction.atomic():
        InboxItem(id=item.pk, post=world.posts["mcio"], kind=item.kind, slot=T0, details=item.details,
                  case_id=item.case_id).save(force_insert=True)  # fmt: skip


def test_signed_forms_and_decisions_stay_as_they_were(world) -> None:
    world.signed("restricted")
    with access.viewing(world.sarc):
        assert (SignedForm.objects.count(), Decision.objects.count()) == (1, 2)
        for table in ("reports_signedform", "reports_decision"):
            with refused("permission denied"):
                run(f"UPDATE {table} SET case_id = case_id")  # noqa: S608  a name from this list


def test_the_kind_of_a_database_never_changes(world) -> None:
    with refused("permission denied"):
        run("UPDATE sapr_database SET kind = 'real'")


def test_an_installations_senior_commander_has_a_next_higher_post(world) -> None:
    with refused("has a next higher post"):
        run(
            "INSERT INTO accounts_post (id, location_id, role, title) "
            "VALUES (gen_random_uuid(), %s, 'senior_commander', 'Lonely')",
            world.installation.pk,
        )
