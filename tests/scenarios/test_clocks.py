"""The clocks that no other room tells: CK-01, CK-02, CK-25, CK-26 and the programme's own."""

from datetime import UTC, date, datetime, timedelta

import pytest

from notifications.models import Notice
from notifications.placing import place
from reports import access, policy
from reports.casework.services import step_record
from reports.erasure.services import erasure_propose
from reports.models import Duty
from sapr import clock
from sapr.errors import DomainError
from tests.notices.release import release
from tests.times import T0
from tests.world import MEMBER

HOUR = timedelta(hours=1)
ZONE = "America/New_York"


def duty(world, kind: str) -> Duty:
    with access.viewing(world.sarc):
        return Duty.objects.get(kind=kind)


def test_ck_01_the_commander_is_told_within_24_hours_of_either_report(world) -> None:
    world.signed("restricted")
    told = duty(world, "commander_notice_restricted")
    assert (told.rule, told.due_at - T0, told.state) == ("CN-1", 24 * HOUR, "open")
    with access.viewing(world.sarc):
        released = release(world.sarc, Notice.objects.select_related("post", "case__installation").get())
    clock.move(released.slot, hold=True)
    with access.viewing(world.sarc):
        place(notice=Notice.objects.get(), actor=world.sarc, at=released.slot)
    assert duty(world, "commander_notice_restricted").state == "discharged"


def test_ck_01_an_unrestricted_report_tells_at_once_and_keeps_the_same_day(world) -> None:
    world.signed("unrestricted")
    told = duty(world, "commander_notice_details")
    assert (told.rule, told.due_at - T0, told.state) == ("CN-2", 24 * HOUR, "discharged")


def test_ck_02_the_report_is_in_the_database_within_48_hours(world) -> None:
    report = world.signed("restricted")
    entry = duty(world, "dsaid_entry")
    assert (entry.rule, entry.due_at - T0) == ("CK-02", 48 * HOUR)
    clock.move(T0 + 49 * HOUR, hold=True)
    step_record(actor=world.sarc, case_id=report.case_id, kind="dsaid_entered", at=T0 + 49 * HOUR)
    assert duty(world, "dsaid_entry").state == "missed"


def test_ck_26_a_marine_unit_sends_its_first_message_in_six_hours_and_no_other_service_does(world) -> None:
    world.signed("unrestricted", facts=MEMBER | {"service": "usmc"})
    sent = duty(world, "operational_report")
    assert (sent.rule, sent.due_at - T0) == ("CK-26", 6 * HOUR)
    world.signed("unrestricted", facts=MEMBER | {"service": "navy"})
    assert duty(world, "operational_report").pk == sent.pk


def test_ck_25_what_was_signed_is_kept_for_fifty_years(world) -> None:
    kept = policy.retention(
        "restricted_forms", {"election": "restricted"}, started_on=T0.date(), on=T0.date()
    )
    assert kept.keep_until == date(2076, 3, 2)
    report = world.signed("restricted")
    with pytest.raises(DomainError) as refusal:
        erasure_propose(actor=world.sarc, case_id=report.case_id, at=T0)
    assert refusal.value.code == "inside_retention"


def test_ck_22_ck_23_ck_24_the_programmes_own_clocks(world) -> None:
    """They belong to no case: the rules answer them, and the rehearsal lists their days."""

    def due(event: str, *at: int) -> dict[str, datetime]:
        plan = policy.duties(event, {}, at=datetime(*at, 12, tzinfo=UTC), zone=ZONE)
        return {row.kind: row.due_at.date() for row in plan.opened}

    assert due("quarter_ended", 2026, 1, 1)["quarterly_report"] <= date(2026, 2, 1)
    year = due("fiscal_year_ended", 2026, 10, 1)
    assert year["annual_report"] in (date(2027, 3, 1), date(2027, 3, 2))
    assert year["installation_data"] in (date(2027, 4, 30), date(2027, 5, 1))
    assert due("commander_assumed", 2026, 3, 2)["meet_sarc"] in (date(2026, 4, 1), date(2026, 4, 2))
