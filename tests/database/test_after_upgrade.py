"""What an upgrade repairs of cases after their disposition: rows as the version before left them."""

from datetime import timedelta

import pytest

from reports import access
from reports.casework.closing import case_reopen
from reports.casework.services import step_record
from reports.evidence import endings
from reports.ledger.services import append
from reports.models import AgendaLine, Duty, Event
from sapr import clock
from tests.casework.steps import all_closed, begin
from tests.casework.test_database import insert
from tests.casework.test_disposition import step
from tests.database.upgrades import repaired
from tests.evidence.conftest import Room
from tests.evidence.test_keeping import LATER, propose
from tests.meeting.ways import called, kinds_of
from tests.times import T0

DAY = timedelta(days=1)
RETALIATION = ("retaliation_review", "ask_about_retaliation")
SAME = (
    "case_id", "rule", "layer", "rule_set", "kind", "role", "state", "opened_event", "about", "due_at", "discharged_by",
    "reason", "repeats", "immediate", "occurrence",
)  # fmt: skip


def without(owner, table: str, trigger: str):
    """Nothing watches a table as it does since."""
    owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    return lambda: owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


def disposed(world):
    case = world.signed("unrestricted").case
    all_closed(world, case)
    step(world, case, "final_disposition_decided")
    return case


def rows(world, **asked):
    with access.viewing(world.sarc):
        return list(Duty.objects.filter(**asked).order_by("due_at", "kind"))


@pytest.fixture
def legacy(stage, owner):
    """An offender after the disposition in an open and in a closed case, and a claim in each of two such."""
    world = stage.world
    with_offender, closed_offender, with_claim, closed_claim = (disposed(world) for _ in range(4))
    watched = without(owner, "reports_matter", "disposition_is_open")
    for case in (with_offender, closed_offender):
        with access.viewing(world.sarc):
            insert(case, "subject")
            append(case_id=case.pk, kind="subject_added", actor=world.sarc, at=T0)
    watched()
    for case in (with_claim, closed_claim):
        begin(world, case, "retaliation")
    watched = without(owner, "reports_event", "nothing_keeps_it_open")
    for case in (closed_offender, closed_claim):
        with access.viewing(world.sarc):
            append(case_id=case.pk, kind="case_closed", actor=world.sarc, at=T0)
    watched()
    before = rows(world, kind__in=RETALIATION)
    # Their ladders too, which came later still.
    for table, gone in (
        ("notifications_ladder", "duty_id IN (SELECT id FROM reports_duty WHERE kind = ANY (%s))"),
        ("reports_duty", "kind = ANY (%s)"),
    ):
        watched = without(owner, table, "USER")
        for each in ("reports_duty", table):
            owner.execute(f"ALTER TABLE {each} NO FORCE ROW LEVEL SECURITY")
        owner.execute(f"DELETE FROM {table} WHERE {gone}", [list(RETALIATION)])  # noqa: S608
        for each in ("reports_duty", table):
            owner.execute(f"ALTER TABLE {each} FORCE ROW LEVEL SECURITY")
        watched()
    assert (len(before), rows(world, kind__in=RETALIATION)) == (4, [])
    return world, with_offender, closed_offender, with_claim, closed_claim, before


def test_fd_18_cmg_11_cd_30_cd_31_an_upgrade_opens_again_what_the_version_before_left_closed(
    legacy, owner
) -> None:
    world, with_offender, closed_offender, with_claim, closed_claim, before = legacy
    for _ in range(2):
        repaired(owner, "after_repair.sql")
        for case in (with_offender, closed_offender):
            assert kinds_of(world.sarc, case.pk).count("disposition_reopened") == 1
        # As the service opens them: by the rules, and by the day of the month on which they began.
        given = [[getattr(each, name) for name in SAME] for each in before]
        found = [[getattr(each, name) for name in SAME] for each in rows(world, kind__in=RETALIATION)]
        assert sorted(map(str, found)) == sorted(map(str, given))
        for kind in ("cmg_review", "monthly_update"):
            (due,) = rows(world, kind=kind, state="open")
            (first,) = rows(world, kind=kind, state="ended", case=with_offender)
            assert (due.case_id, due.due_at, due.counts_from) == (with_offender.pk, first.due_at, T0)
            with access.viewing(world.sarc):
                assert Event.objects.filter(kind="duty_opened", data__duty=str(due.pk)).count() == 1
    meeting = called(world)
    with access.viewing(world.commander):
        listed = set(AgendaLine.objects.filter(meeting=meeting).values_list("case_id", flat=True))
    assert listed == {with_offender.pk, with_claim.pk}
    # What a closed case owes is done in it, or when it is opened again.
    step_record(
        actor=world.sarc,
        case_id=closed_claim.pk,
        kind="retaliation_asked",
        at=T0,
        details={"answer": "nothing"},
    )
    case_reopen(actor=world.sarc, case_id=closed_offender.pk, at=T0, reason="closed_in_error")
    assert len(rows(world, kind="cmg_review", state="open", case=closed_offender)) == 1


def test_cd_10_an_upgrade_ends_what_is_due_about_a_kit_that_is_gone(stage, owner) -> None:
    world = stage.world
    room = Room.build(world)
    (kit, _), (other, _) = room.stored(), room.stored()
    clock.move(T0 + 20 * DAY, hold=True)
    for each in (kit, other):
        world.converted(room.now(each).case.report, at=T0 + 20 * DAY)
    clock.move(LATER, hold=True)
    propose(room, kit)
    watched = without(owner, "reports_event", "kit_is_destroyed")
    endings.destruction_carry_out(actor=room.custodian, card_id=kit.card_id)
    watched()
    for _ in range(2):
        repaired(owner, "after_repair.sql")
        (gone,) = rows(world, kind="kit_to_mcio_custody", about=kit.pk)
        (stays,) = rows(world, kind="kit_to_mcio_custody", about=other.pk)
        assert (gone.state, stays.state) == ("ended", "open")
        with access.viewing(world.sarc):
            said = Event.objects.get(kind="duty_ended", data__duty=str(gone.pk))
            assert gone.closed_event == Event.objects.get(kind="kit_destroyed").pk
        assert said.data["rule"] == "CD-10"
