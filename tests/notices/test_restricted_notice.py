"""CN-1: within 24 hours, without anything that identifies, in words that depend on the unit and not the victim."""

from datetime import date, timedelta
from hashlib import sha256

import pytest

from accounts.services import appointment_end
from notifications import services
from notifications.anonymity import Settings
from notifications.models import InboxItem, Notice, NoticeKind, NoticeState, Reminder
from notifications.placing import place
from notifications.services import notice_release
from notifications.strength.wording import minimal_text
from reports import access, policy
from reports.obligations.models import Duty, DutyState
from sapr import clock
from sapr.errors import DomainError
from tests.factories import AppointmentFactory
from tests.notices.release import release
from tests.times import T0
from tests.world import CANARIES, MEMBER


def notice_of(world, report) -> Notice:
    with access.viewing(world.sarc):
        return Notice.objects.select_related("post", "case", "case__installation").get(case_id=report.case_id)


def test_it_waits_for_release_addressed_to_the_senior_commander(world) -> None:
    notice = notice_of(world, world.signed("restricted"))
    assert (notice.kind, notice.state) == (NoticeKind.RESTRICTED, NoticeState.COMPOSED)
    assert notice.post == world.posts["commander"]


def test_the_last_slot_is_the_latest_not_after_23_hours(world) -> None:
    # Signed 10:00 in New York: 00, 06, 12, 18 h local; the latest not after 09:00 tomorrow is 06:00.
    notice = notice_of(world, world.signed("restricted"))
    assert notice.last_slot == T0 + timedelta(hours=20)


def test_without_a_valid_strength_table_it_is_minimal_always(world) -> None:
    notice = notice_of(world, world.signed("restricted"))
    assert (notice.rung, notice.unit_rung) == ("minimal", None)
    assert notice.wording == notice.minimal == minimal_text(Settings.of(T0.date()))


@pytest.mark.parametrize(("people", "minimal"), [(15, True), (40, True), (5000, False)])
def test_a_small_command_gets_minimal(world, people, minimal) -> None:
    world.strength(people)
    assert (notice_of(world, world.signed("restricted")).rung == "minimal") == minimal


def test_two_tables_are_never_added_together(world) -> None:
    """Neither would do alone; together they would. The one recorded last speaks alone."""
    for _ in range(9):
        world.strength(60)
    assert notice_of(world, world.signed("restricted")).rung == "minimal"


def test_an_outdated_strength_table_counts_as_none(world) -> None:
    world.strength(5000, valid_to=date(2026, 1, 31))
    # The table ended before the form was signed.
    report = world.signed("restricted", at=T0 - timedelta(days=29), late_reason="found_late")
    assert notice_of(world, report).rung == "minimal"


def test_nothing_of_the_victim_stands_in_any_wording(world) -> None:
    world.strength(5000)
    notice = notice_of(world, world.signed("restricted"))
    for text in (notice.wording, notice.minimal):
        for value in (*CANARIES.values(), notice.case.number, str(notice.case_id), "2026"):
            assert value not in text
    assert notice.details is None


def test_swapping_the_victim_leaves_the_bytes_as_they_are(world) -> None:
    world.strength(5000)
    texts = set()
    for name, facts in (("Ann Invented", MEMBER), ("Bob Invented", MEMBER | {"age": 51, "service": "navy"})):
        notice = notice_of(world, world.signed("restricted", name=name, facts=facts))
        texts.add((notice.wording, notice.minimal, notice.rung))
    assert len(texts) == 1


def test_release_draws_a_slot_among_those_left_and_keeps_the_exact_bytes(world) -> None:
    world.strength(5000)
    notice = release(world.sarc, notice_of(world, world.signed("restricted")))
    slots = policy.slots_after(T0, notice.last_slot, "America/New_York")
    assert notice.slot in slots
    assert len(slots) == 4
    assert notice.released_sha256 == sha256(notice.wording.encode()).hexdigest()


def test_the_draw_is_among_all_the_slots_left_and_by_the_systems_own_chance(world, monkeypatch) -> None:
    """`secrets.choice` is uniform; what matters here is what it is offered and that its answer is kept."""
    offered = []

    def choose(slots):
        offered.append(list(slots))
        return slots[1]

    notice = notice_of(world, world.signed("restricted"))
    monkeypatch.setattr(services.secrets, "choice", choose)
    released = release(world.sarc, notice)
    assert offered == [policy.slots_after(T0, T0 + timedelta(hours=20), "America/New_York")]
    assert released.slot == offered[0][1]


def test_releasing_minimal_instead_is_always_possible(world) -> None:
    world.strength(5000)
    notice = release(world.sarc, notice_of(world, world.signed("restricted")), minimal=True)
    assert (notice.rung, notice.wording) == ("minimal", notice.minimal)


def test_other_bytes_than_those_on_the_screen_are_refused(world) -> None:
    notice = notice_of(world, world.signed("restricted"))
    with pytest.raises(DomainError) as refusal:
        notice_release(actor=world.sarc, notice_id=notice.pk, minimal=False, bytes_seen="0" * 64, at=T0)
    assert refusal.value.code == "bytes_changed"
    assert notice_of(world, notice).state == NoticeState.COMPOSED


def test_a_notice_is_released_once(world) -> None:
    notice = notice_of(world, world.signed("restricted"))
    release(world.sarc, notice)
    with pytest.raises(DomainError) as refusal:
        release(world.sarc, notice)
    assert refusal.value.code == "not_waiting"


@pytest.mark.parametrize("person", ["va", "commander", "unit_commander", "stranger", "manager"])
def test_only_the_assigned_sarc_releases(world, person) -> None:
    notice = notice_of(world, world.signed("restricted"))
    with pytest.raises(DomainError) as refusal:
        release(getattr(world, person), notice)
    assert refusal.value.status in {403, 404}


def test_reminders_come_9_4_and_1_hour_before_the_last_slot(world) -> None:
    notice = notice_of(world, world.signed("restricted"))
    with access.viewing(world.sarc):
        found = [
            ((notice.last_slot - r.due_at).total_seconds() / 3600, r.post.role)
            for r in Reminder.objects.filter(notice=notice).select_related("post").order_by("due_at")
        ]
    assert {hours for hours, _ in found} == {9, 4, 1}
    assert (9, "sarc") in found
    assert (1, "programme_manager") in found


class TestTheAddressee:
    def test_never_the_unit_commander_even_when_he_holds_both_posts(self, world) -> None:
        """The senior commander who is the victim's unit commander does not get it: the next higher post does."""
        AppointmentFactory(user=world.commander, post=world.posts["unit_commander"])
        notice = notice_of(world, world.signed("restricted"))
        assert notice.post == world.posts["higher"]

    def test_not_the_alleged_offender(self, world) -> None:
        report = world.signed("restricted", offender_post=str(world.posts["commander"].pk))
        assert notice_of(world, report).post == world.posts["higher"]

    def test_never_an_offender_further_up_as_long_as_anybody_else_stands_there(self, world) -> None:
        """The installation's post is vacant and the one above is the alleged offender's: it waits in the first."""
        from accounts.models import Appointment

        appointment_end(appointment=Appointment.objects.get(user=world.commander), actor=world.manager, at=T0)
        report = world.signed("restricted", offender_post=str(world.posts["higher"].pk))
        assert notice_of(world, report).post == world.posts["commander"]

    def test_nobody_involved_is_ever_the_last_resort(self, world) -> None:
        """One person holds both posts and is the alleged offender: refused, not sent."""
        AppointmentFactory(user=world.commander, post=world.posts["higher"])
        with pytest.raises(DomainError) as refusal:
            world.signed("restricted", offender_post=str(world.posts["commander"].pk))
        assert refusal.value.code == "no_addressee"

    def test_wording_follows_the_strength_table_of_the_addressee_itself(self, world) -> None:
        """Moved up to a post without a table of its own: MINIMAL."""
        world.strength(5000)
        report = world.signed("restricted", offender_post=str(world.posts["commander"].pk))
        notice = notice_of(world, report)
        assert (notice.post, notice.rung) == (world.posts["higher"], "minimal")

    def test_cn_1_a_commander_above_reads_no_words_however_large_the_command(self, world) -> None:
        """Who knows that the post below is vacant knows whose people it is about: no class was counted for them."""
        world.strength(5000, world.installation.parent)
        world.strength(5000)
        report = world.signed("restricted", offender_post=str(world.posts["commander"].pk))
        notice = notice_of(world, report)
        assert (notice.post, notice.rung, notice.unit_rung) == (world.posts["higher"], "minimal", None)

    def test_a_post_that_nobody_holds_has_no_words_and_whoever_comes_gets_none(self, world) -> None:
        from accounts.models import Appointment

        world.strength(5000)
        words = release(world.sarc, notice_of(world, world.signed("restricted")))
        for person in (world.commander, world.higher):
            appointment_end(appointment=Appointment.objects.get(user=person), actor=world.manager, at=T0)
        assert (composed := notice_of(world, world.signed("restricted"))).post == world.posts["commander"]
        assert (composed.rung, composed.unit_rung) == ("minimal", None)
        # Nobody who was told of those involved when it was composed holds a post any more.
        newcomer = AppointmentFactory(post=world.posts["commander"], starts_at=T0 + timedelta(hours=1)).user
        clock.move(words.slot, hold=True)
        with access.viewing(world.sarc):
            item = place(notice=words, actor=world.sarc, at=words.slot)
        assert (item.post, item.body) == (world.posts["commander"], words.minimal)
        assert newcomer.is_active

    def test_the_next_higher_post_when_vacant(self, world) -> None:
        from accounts.models import Appointment

        appointment_end(appointment=Appointment.objects.get(user=world.commander), actor=world.manager, at=T0)
        assert notice_of(world, world.signed("restricted")).post == world.posts["higher"]


class TestAPaperFormEnteredLate:
    def test_with_a_slot_left_it_waits_as_usual(self, world) -> None:
        notice = notice_of(world, world.signed("restricted", at=T0 - timedelta(hours=10)))
        assert notice.state == NoticeState.COMPOSED

    def test_without_a_slot_left_minimal_is_placed_on_signing(self, world) -> None:
        world.strength(5000)
        report = world.signed("restricted", at=T0 - timedelta(hours=22, minutes=50))
        notice = notice_of(world, report)
        assert notice.state == NoticeState.PLACED
        with access.viewing(world.commander):
            item = InboxItem.objects.get()
        assert item.body == notice.minimal
        with access.viewing(world.sarc):
            duty = Duty.objects.get(case_id=report.case_id, kind=NoticeKind.RESTRICTED)
        assert duty.state == DutyState.DISCHARGED

    def test_past_24_hours_the_reason_is_asked_and_nothing_is_written_without_it(self, world) -> None:
        case = world.decided(at=T0 - timedelta(hours=30))
        from reports.election.models import Report
        from reports.election.services import report_sign

        with pytest.raises(DomainError) as refusal:
            report_sign(actor=world.sarc, **world.paper(case, "restricted", T0 - timedelta(hours=30)))
        assert refusal.value.code == "late_reason_needed"
        with access.viewing(world.sarc):
            assert not Report.objects.exists()

    def test_past_24_hours_it_is_placed_at_once_and_marked_missed_never_redated(self, world) -> None:
        from reports.election.services import report_sign

        signed = T0 - timedelta(hours=30)
        case = world.decided(at=signed)
        report = report_sign(
            actor=world.sarc,
            late_reason="paper_delayed",
            **world.paper(case, "restricted", signed),
        )
        assert (report.signed_at, report.recorded_at) == (signed, T0)
        with access.viewing(world.sarc):
            duty = Duty.objects.get(case_id=case.pk, kind=NoticeKind.RESTRICTED)
        assert (duty.state, duty.due_at) == (DutyState.MISSED, signed + timedelta(hours=24))
        assert duty.reason == "The paper form came late."
        assert notice_of(world, report).state == NoticeState.PLACED


def test_the_inbox_row_links_to_no_case(world) -> None:
    world.signed("restricted", at=T0 - timedelta(hours=22, minutes=50))
    with access.viewing(world.commander):
        item = InboxItem.objects.get()
    assert item.case_id is None
    assert item.details is None
