"""CN-1, CK-01, CX-11: 48 hours only under a commander's grant that stood before the report; nobody is told of it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from notifications.extensions import selectors
from notifications.extensions.models import Deployment, Extension, ExtensionGrant
from notifications.extensions.services import (
    deployment_end,
    deployment_record,
    extension_grant,
    extension_revoke,
    notice_extend,
)
from notifications.models import Notice, Reminder
from notifications.placing import place
from reports import access
from reports.ledger.models import Event
from reports.obligations.models import Duty, DutyState
from sapr import clock
from sapr.errors import DomainError, NotFoundError
from tests.adoption.settings import approved, second_manager
from tests.database.refusals import refused
from tests.notices.release import release
from tests.signed_in import signed_in
from tests.times import T0
from tests.world import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# What raw SQL is shown of, in a commander's name.
SHOWN = (
    "notifications_inboxitem", "notifications_extensiongrant", "notifications_extension", "notifications_deployment",
    "notifications_notice", "notifications_acknowledgement", "notifications_reminder", "reports_duty", "reports_event",
    "reports_case", "accounts_post", "accounts_location", "accounts_appointment", "accounts_user",
)  # fmt: skip


def refusal(call, **arguments) -> tuple[str, str]:
    """Code and rule of a refusal."""
    with pytest.raises(DomainError) as found, transaction.atomic():
        call(**arguments)
    return found.value.code, found.value.rule


def granted(world: World, at=T0, **changed) -> ExtensionGrant:
    given = {"starts_at": at, "ends_at": at + 30 * DAY, "reason": "operations"} | changed
    return extension_grant(actor=world.commander, post_id=world.posts["commander"].pk, at=at, **given)


@pytest.fixture
def deployed(world) -> World:
    """Profile `dated`, and Camp Sample deployed."""
    approved(world, second_manager(world), profile="dated")
    deployment_record(actor=world.manager, location_id=world.installation.pk, at=T0)
    return world


def waiting(world: World, *, at=None) -> Notice:
    """The notice of a Restricted report that is signed now."""
    report = world.signed("restricted", at=at or clock.now())
    with access.viewing(world.sarc):
        return Notice.objects.select_related("case__report", "duty").get(case_id=report.case_id)


def used(world: World, notice: Notice, **changed) -> Extension:
    given = {
        "actor": world.sarc,
        "notice_id": notice.pk,
        "reason": "hostilities",
        "at": clock.now(),
    } | changed
    return notice_extend(**given)


def seen_by(user) -> list:
    """Every row, system columns included, of everything that somebody's raw SQL is shown of other people's doing."""
    found = []
    with access.viewing(user), connection.cursor() as cursor:
        for table in SHOWN:
            query = sql.SQL("SELECT t.ctid, t.xmin, t.xmax, t.* FROM {} t ORDER BY t.ctid")
            cursor.execute(query.format(sql.Identifier(table)).as_string(None))
            found.append((table, cursor.fetchall()))
    return found


def test_cn_1_using_a_grant_moves_slot_look_reminders_and_duty_together(deployed) -> None:
    world = deployed
    grant = granted(world)
    notice = waiting(world)
    with access.viewing(world.sarc):
        before = list(Reminder.objects.order_by("due_at", "post_id").values_list("due_at", flat=True))
    page = seen_by(world.commander)
    extension = used(world, notice)
    # No page, no raw SQL shows it to the commander: not even that a row was touched.
    assert seen_by(world.commander) == page
    last = T0 + 44 * HOUR
    with access.viewing(world.sarc):
        after = Notice.objects.get(pk=notice.pk)
        duty = Duty.objects.get(pk=notice.duty_id)
        reminders = list(Reminder.objects.order_by("due_at", "post_id").values_list("due_at", flat=True))
        event = Event.objects.get(kind="notice_extended")
    assert (notice.last_slot, after.last_slot, after.look_at) == (T0 + 20 * HOUR, last, last)
    assert (duty.due_at, duty.state) == (T0 + 48 * HOUR, DutyState.OPEN)
    assert reminders == [each + 24 * HOUR for each in before]
    assert (event.data["rule"], event.data["slots"], event.data["reason"]) == ("CN-1", "DN-54", "hostilities")
    assert (extension.grant_id, event.data["grant"]) == (grant.pk, str(grant.pk))
    assert refusal(used, world=world, notice=notice) == ("already_extended", "CN-1")
    # It is released for a slot of the longer time, and placed within its duty.
    released = release(world.sarc, after)
    assert T0 < released.slot <= last
    clock.move(released.slot, hold=True)
    with access.viewing(world.sarc):
        place(notice=released, actor=world.sarc, at=released.slot)
        assert Duty.objects.get(pk=notice.duty_id).state == DutyState.DISCHARGED


def test_cn_1_refused_without_a_grant_released_placed_elsewhere_or_too_late(deployed) -> None:
    world = deployed
    alone = waiting(world)
    assert refusal(used, world=world, notice=alone) == ("no_grant", "CN-1")
    # A grant given after the report does not help it, not even for a form that is entered late.
    later = T0 + HOUR
    clock.move(later, hold=True)
    grant = granted(world, at=later)
    assert refusal(used, world=world, notice=alone) == ("no_grant", "CN-1")
    assert refusal(used, world=world, notice=waiting(world, at=T0 + HOUR / 2)) == ("no_grant", "CN-1")
    released = waiting(world)
    release(world.sarc, released, at=later)
    assert refusal(used, world=world, notice=released) == ("not_waiting", "CN-1")
    held = waiting(world)
    assert refusal(used, world=world, notice=held, reason="because") == ("unknown_value", "")
    for actor in (world.va, world.commander, world.manager, world.stranger):
        with pytest.raises(DomainError) as found:
            used(world, held, actor=actor)
        assert found.value.status in (403, 404)
    # Revoked for what comes: a report made before keeps its grant, one made after has none.
    clock.move(later + HOUR, hold=True)
    extension_revoke(actor=world.commander, grant_id=grant.pk, at=later + HOUR)
    assert used(world, held).grant_id == grant.pk
    assert refusal(used, world=world, notice=waiting(world)) == ("no_grant", "CN-1")
    # The place is deployed no longer.
    granted(world, at=clock.now())
    deployment = Deployment.objects.get()
    deployment_end(actor=world.manager, deployment_id=deployment.pk, at=clock.now())
    assert refusal(used, world=world, notice=waiting(world)) == ("not_deployed", "CN-1")
    assert refusal(granted, world=world, at=clock.now()) == ("not_deployed", "CN-1")
    assert refusal(deployment_end, actor=world.manager, deployment_id=deployment.pk, at=clock.now())[0] == (
        "deployment_ended"
    )
    # After the last slot, and after placing.
    clock.move(T0 + 30 * HOUR, hold=True)
    assert refusal(used, world=world, notice=alone) == ("not_waiting", "CN-1")


def test_cn_2_details_go_at_once_so_that_no_longer_time_is_ever_used_for_them(deployed) -> None:
    """CN-2 knows the 48 hours too; its notice is placed by the signature, and nothing is left to put off."""
    world = deployed
    granted(world)
    report = world.signed("unrestricted")
    with access.viewing(world.sarc):
        notice = Notice.objects.select_related("duty").get(
            case_id=report.case_id, kind="commander_notice_details"
        )
    assert (notice.state, notice.placed_at, notice.duty.state) == ("placed", T0, DutyState.DISCHARGED)
    assert refusal(used, world=world, notice=notice) == ("not_waiting", "CN-1")
    assert "extend/" not in signed_in(world.sarc).get(f"/admin/notices/{notice.pk}/").content.decode()


def test_cx_11_the_founding_pages_rules_know_no_extension(world) -> None:
    deployment_record(actor=world.manager, location_id=world.installation.pk, at=T0)
    grant = granted(world)
    notice = waiting(world)
    assert refusal(used, world=world, notice=notice) == ("no_extension", "CX-11")
    row = {"notice": notice, "case": notice.case, "grant_id": grant.pk, "reason": "medical", "invoked_at": T0}
    with access.viewing(world.sarc), refused("these rules know no extension"):
        Extension(**row, last_slot=T0 + 44 * HOUR, due_at=T0 + 48 * HOUR).save(force_insert=True)


def test_a_grant_is_the_commanders_for_what_comes_and_for_a_while(deployed, monkeypatch) -> None:
    world = deployed
    assert refusal(granted, world=world, starts_at=T0 - HOUR) == ("backdated", "CN-1")
    assert refusal(granted, world=world, ends_at=T0)[0] == "wrong_order"
    assert refusal(granted, world=world, ends_at=T0 + 181 * DAY) == ("period_too_long", "DN-53")
    assert refusal(granted, world=world, reason="weather")[0] == "unknown_value"
    grant = granted(world)
    assert refusal(granted, world=world, starts_at=T0 + DAY) == ("grants_overlap", "CN-1")
    # Given at the same moment, or from another post of the place: the database alone sees it.
    with monkeypatch.context() as patched:
        patched.setattr(selectors, "own_grants", lambda **of: ExtensionGrant.objects.none())
        assert refusal(granted, world=world, starts_at=T0 + DAY) == ("grants_overlap", "CN-1")
    assert granted(world, starts_at=T0 + 30 * DAY, ends_at=T0 + 60 * DAY).pk != grant.pk
    given = {"starts_at": T0, "ends_at": T0 + DAY, "reason": "operations", "at": T0}
    for actor in (world.higher, world.unit_commander, world.sarc, world.manager):
        with pytest.raises((DomainError, NotFoundError)):
            extension_grant(actor=actor, post_id=world.posts["commander"].pk, **given)
    with pytest.raises(NotFoundError):
        extension_revoke(actor=world.higher, grant_id=grant.pk, at=T0)
    clock.move(T0 + 31 * DAY, hold=True)
    ended = {"actor": world.commander, "grant_id": grant.pk, "at": T0 + 31 * DAY}
    assert refusal(extension_revoke, **ended) == ("grant_ended", "CN-1")
    with access.viewing(world.manager):
        told = list(Event.objects.filter(kind__startswith="extension_").values_list("kind", flat=True))
    assert told == ["extension_granted"] * 2


def test_the_database_refuses_what_goes_round_the_services(deployed) -> None:
    world = deployed
    grant = granted(world)
    row = {
        "post": world.posts["commander"], "location": world.installation, "reason": "operations",
        "granted_at": T0 - DAY, "granted_by": world.commander.pk,
    }  # fmt: skip
    with access.viewing(world.commander):
        with refused("never backdated"):
            ExtensionGrant(**row, starts_at=T0 - DAY, ends_at=T0 - HOUR).save(force_insert=True)
        with refused("never overlap"):
            ExtensionGrant(**row, starts_at=T0 + DAY, ends_at=T0 + 90 * DAY).save(force_insert=True)
        with refused("permission denied"):
            ExtensionGrant.objects.filter(pk=grant.pk).update(ends_at=T0 + 90 * DAY)
        with refused("permission denied"):
            grant.delete()
        with refused("recorded by a programme manager"):
            Deployment(location=world.installation, starts_at=T0, recorded_by=world.commander.pk).save(
                force_insert=True
            )
    with access.viewing(world.higher):
        assert not ExtensionGrant.objects.exists()
        with refused("row-level security|the commander of the place"):
            ExtensionGrant(**row, starts_at=T0 + 40 * DAY, ends_at=T0 + 41 * DAY).save(force_insert=True)
    notice = waiting(world)
    fits = {
        "notice": notice,
        "case": notice.case,
        "grant_id": grant.pk,
        "reason": "medical",
        "invoked_at": T0,
    }
    with access.viewing(world.sarc):
        with refused("within 48 hours"):
            Extension(**fits, last_slot=T0 + 50 * HOUR, due_at=T0 + 56 * HOUR).save(force_insert=True)
        with refused("needs a grant that stood"):
            other = fits | {"grant_id": notice.pk}
            Extension(**other, last_slot=T0 + 44 * HOUR, due_at=T0 + 48 * HOUR).save(force_insert=True)
        with refused("permission denied"):
            Notice.objects.filter(pk=notice.pk).update(last_slot=T0 + 44 * HOUR)
        with refused("permission denied"):
            Duty.objects.filter(pk=notice.duty_id).update(due_at=T0 + 48 * HOUR)
    with access.viewing(world.commander), pytest.raises(DatabaseError), transaction.atomic():
        Extension(**fits, last_slot=T0 + 44 * HOUR, due_at=T0 + 48 * HOUR).save(force_insert=True)
    used(world, notice)
    with access.viewing(world.sarc), refused("permission denied"):
        Extension.objects.all().delete()
    # What goes round the answers for somebody else: an addressee's word, and the end of the waiting.
    with access.viewing(world.sarc), connection.cursor() as cursor:
        with refused("what addressees did is said by the system"):
            cursor.execute(
                "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) "
                "VALUES (gen_random_uuid(), %s, 'notice_acknowledged', sapr_now(), sapr_viewer(), '{}')",
                [notice.case_id],
            )
        for statement, words in (
            ("SET over_at = sapr_now(), look_at = NULL", "the waiting ends when"),
            ("SET told_at = sapr_now()", "on the record of the case"),
            ("SET acknowledged_at = sapr_now()", "permission denied"),
            ("SET post_id = id, placed_at = sapr_now()", "acknowledged where it stands"),
            ("SET ladder = ladder || '[\"x\"]'", "in the ladder of the notice"),
        ):
            with refused(words):
                cursor.execute("UPDATE notifications_acknowledgement " + statement)
    with access.viewing(world.commander), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM notifications_acknowledgement")
        assert cursor.fetchone() == (0,)
        with refused("permission denied"):
            cursor.execute("SELECT * FROM notifications_receipt")
