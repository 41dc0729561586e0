"""CN-2 and CN-3: at once, sealed, each addressee the fields it needs to know."""

from datetime import timedelta

import pytest

from notifications.models import InboxItem, Notice, NoticeKind, NoticeState
from notifications.services import inbox_open
from reports import access
from reports.ledger.models import Event
from reports.obligations.models import Duty, DutyState
from sapr.errors import DomainError, NotFoundError
from tests.times import T0
from tests.world import CANARIES, MEMBER

ADDRESSEES = {
    NoticeKind.DETAILS: "commander",
    NoticeKind.MCIO: "mcio",
    NoticeKind.UNIT: "unit_commander",
}


@pytest.mark.parametrize(("kind", "person"), ADDRESSEES.items())
def test_each_addressee_has_it_when_the_signature_commits(world, kind, person) -> None:
    report = world.signed("unrestricted")
    with access.viewing(world.sarc):
        notice = Notice.objects.get(case_id=report.case_id, kind=kind)
        duty = Duty.objects.get(pk=notice.duty_id)
    assert (notice.state, notice.placed_at) == (NoticeState.PLACED, T0)
    assert duty.state == DutyState.DISCHARGED
    with access.viewing(getattr(world, person)):
        assert InboxItem.objects.get(pk=notice.pk).post == world.posts[person]


def test_the_three_notices_are_composed_by_one_opening_of_each_seal(world) -> None:
    report = world.signed("unrestricted")
    with access.viewing(world.sarc):
        said = Event.objects.filter(case_id=report.case_id, kind="sealed_opened", data__purpose="notice")
        opened = sorted(event.data["what"][0].split(".")[0] for event in said)
        assert Notice.objects.filter(case_id=report.case_id).count() == 3
    assert opened == ["decision", "identity", "narrative"]


@pytest.mark.parametrize(("kind", "person"), ADDRESSEES.items())
def test_the_addressee_reads_the_details_and_the_look_is_an_event(world, kind, person) -> None:
    report = world.signed("unrestricted")
    reader = getattr(world, person)
    with access.viewing(reader):
        item = InboxItem.objects.get(kind=kind)
    _, text = inbox_open(actor=reader, item_id=item.pk, at=T0)
    assert CANARIES["name"] in text
    with access.viewing(world.sarc):
        assert Event.objects.filter(
            case_id=report.case_id, kind="sealed_opened", actor_id=reader.pk, data__purpose="inbox"
        ).exists()


def test_need_to_know_the_unit_commander_gets_no_contact_details(world) -> None:
    world.signed("unrestricted")
    with access.viewing(world.unit_commander):
        item = InboxItem.objects.get()
    _, text = inbox_open(actor=world.unit_commander, item_id=item.pk, at=T0)
    for hidden in ("phone", "dod_id", "email", "text"):
        assert CANARIES[hidden] not in text


def test_the_details_stand_nowhere_in_clear(world) -> None:
    from django.db import connection

    world.signed("unrestricted")
    with access.viewing(world.sarc), connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(n)::text, details FROM notifications_notice n")
        rows = cursor.fetchall()
    for text, details in rows:
        assert CANARIES["name"] not in text
        assert CANARIES["name"].encode() not in bytes(details)


@pytest.mark.parametrize("person", ["stranger", "manager", "va", "sarc", "mcio"])
def test_another_posts_inbox_item_is_not_there(world, person) -> None:
    world.signed("unrestricted")
    with access.viewing(world.commander):
        item = InboxItem.objects.get()
    with pytest.raises(NotFoundError):
        inbox_open(actor=getattr(world, person), item_id=item.pk, at=T0)


def test_the_unit_commanders_part_is_for_members_only_and_otherwise_recorded(world) -> None:
    dependent = {"statuses": ["military_dependent"], "age": 30, "mhs_eligible": True,
                 "offender_relationship": "none"}  # fmt: skip
    report = world.signed("unrestricted", facts=dependent)
    with access.viewing(world.sarc):
        duty = Duty.objects.get(case_id=report.case_id, kind=NoticeKind.UNIT)
        assert not Notice.objects.filter(case_id=report.case_id, kind=NoticeKind.UNIT).exists()
    assert (duty.state, duty.rule) == (DutyState.NOT_APPLICABLE, "CN-3")
    assert duty.reason


def test_a_members_report_needs_the_unit_commander_and_nothing_is_half_written(world) -> None:
    from reports.election.models import Report
    from reports.election.services import report_sign

    case = world.decided(facts=MEMBER, unit_commander_post="")
    with pytest.raises(DomainError) as refusal:
        report_sign(actor=world.sarc, **world.paper(case, "unrestricted"))
    assert refusal.value.code == "unit_commander_needed"
    with access.viewing(world.sarc):
        assert not Report.objects.exists()
        assert not Notice.objects.exists()


class TestConversion:
    def test_it_opens_the_unrestricted_duties_and_notices(self, world) -> None:
        report = world.converted(world.signed("restricted"), at=T0)
        with access.viewing(world.sarc):
            kinds = set(Duty.objects.filter(case_id=report.case_id).values_list("kind", flat=True))
        assert set(ADDRESSEES) | {"monthly_update"} <= kinds

    def test_the_earlier_notice_stays_and_nothing_links_the_new_one_to_it(self, world) -> None:
        report = world.signed("restricted")
        with access.viewing(world.sarc):
            before = Notice.objects.get(case_id=report.case_id)
        world.converted(report, at=T0)
        with access.viewing(world.sarc):
            after = Notice.objects.get(pk=before.pk)
        assert (after.wording, after.last_slot, after.state) == (
            before.wording,
            before.last_slot,
            before.state,
        )
        with access.viewing(world.commander):
            item = InboxItem.objects.get()
        _, text = inbox_open(actor=world.commander, item_id=item.pk, at=T0)
        assert str(before.pk) not in text
        assert "restricted report" not in text.lower().replace("unrestricted report", "")

    def test_it_asks_for_no_second_dsaid_entry(self, world) -> None:
        """CK-02: the entry that is open already, due sooner, covers it."""
        report = world.converted(world.signed("restricted"), at=T0)
        with access.viewing(world.sarc):
            assert Duty.objects.filter(case_id=report.case_id, kind="dsaid_entry").count() == 1

    def test_a_paper_conversion_entered_late_asks_why_and_is_marked_missed(self, world) -> None:
        from reports.election.conversion import report_convert

        report = world.signed("restricted", at=T0 - timedelta(days=3), late_reason="found_late")
        signed = T0 - timedelta(hours=30)
        paper = {
            "case_id": report.case_id,
            "victim_signature": CANARIES["name"],
            "victim_signed_at": signed,
            "advocate_signature": "A",
            "advocate_signed_at": signed,
            "confirmation": world.shown(report),
        }
        with pytest.raises(DomainError) as refusal:
            report_convert(actor=world.sarc, **paper)
        assert refusal.value.code == "late_reason_needed"
        report = report_convert(actor=world.sarc, late_reason="paper_delayed", **paper)
        with access.viewing(world.sarc):
            duty = Duty.objects.get(case_id=report.case_id, kind=NoticeKind.DETAILS)
        assert (duty.state, duty.reason) == (DutyState.MISSED, "The paper form came late.")
        assert duty.due_at == signed + timedelta(hours=24)

    def test_converting_twice_is_refused(self, world) -> None:
        report = world.converted(world.signed("restricted"), at=T0)
        with pytest.raises(DomainError) as refusal:
            world.converted(report, at=T0)
        assert refusal.value.code == "not_convertible"

    def test_a_conversion_before_the_report_is_refused(self, world) -> None:
        report = world.signed("restricted")
        with pytest.raises(DomainError) as refusal:
            world.converted(report, at=T0 - timedelta(hours=1))
        assert refusal.value.code == "before_the_report"
