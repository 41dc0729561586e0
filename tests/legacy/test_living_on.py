"""An imported case is a case: it is found, shown and worked on by the same services as any other."""

from datetime import timedelta

import pytest

from notifications.models import Notice
from reports import access
from reports.casework.closing import case_close, case_reopen
from reports.casework.services import step_record
from reports.election.conversion import conversion_prepare, report_convert
from reports.election.papers.services import form_replace_lost
from reports.models import Case, Duty, Event, Kit
from reports.obligations.models import DutyState
from reports.statistics.services import annual_counts
from sapr import clock
from sapr.errors import DomainError
from tests.legacy.old import CUTOVER, NAME, T0, imported, iso, past, row, written
from tests.signed_in import signed_in
from tests.stage import throwaway_copy
from tests.world import World

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def entered(django_db_blocker, tmp_path_factory):
    """A world with one imported case of each sort; the cases by their sort."""
    from reports import policy

    rows = {
        "restricted": row("1", days=100, kit={
            "number": policy.new_control_number(), "issued_at": iso(CUTOVER - 100 * DAY),
            "sealed_at": iso(CUTOVER - 99 * DAY),
        }),
        "unrestricted": row("2", "unrestricted", 400, duties=[past("monthly_update", 370)]),
        "disposed": row("3", "unrestricted", 300, disposed_at=iso(CUTOVER - DAY)),
        "closed": row(
            "4", "unrestricted", 900, closed_at=iso(CUTOVER - 100 * DAY), duties=[past("monthly_update", 870)]
        ),
    }  # fmt: skip
    with django_db_blocker.unblock(), throwaway_copy() as copy:
        clock.move(T0, hold=True)
        copy.world = World.build()
        imported(written(tmp_path_factory.mktemp("old"), list(rows.values())))
        with access.viewing(copy.world.sarc):
            by_day = {each.report.signed_at: each for each in Case.objects.select_related("report")}
        signed = {name: CUTOVER - timedelta(days=days) for name, days in (
            ("restricted", 100), ("unrestricted", 400), ("disposed", 300), ("closed", 900),
        )}  # fmt: skip
        yield copy, {name: by_day[at] for name, at in signed.items()}


def open_kinds(world: World, case: Case) -> dict[str, object]:
    with access.viewing(world.sarc):
        return dict(Duty.objects.filter(case=case, state=DutyState.OPEN).values_list("kind", "due_at"))


def test_it_is_found_shown_counted_and_its_timeline_begins_with_what_it_is(entered) -> None:
    stage, cases = entered
    client = signed_in(stage.world.sarc)
    listed = client.get("/admin/cases/").content.decode()
    found = client.get("/admin/cases/?stands=restricted&running=open&kit=kept").content.decode()
    for name, case in cases.items():
        page = client.get(f"/admin/cases/{case.pk}/")
        assert page.status_code == 200, name
        assert "Case taken over from an earlier system" in page.content.decode(), name
        assert case.number in listed, name
        assert (case.number in found) is (name == "restricted"), name
    shown = client.get(f"/admin/cases/{cases['unrestricted'].pk}/").content.decode()
    assert "Done, by the earlier record" in shown
    knew = client.get(f"/admin/cases/{cases['restricted'].pk}/who-knew/").content.decode()
    assert "An operator of the system, by a command" in knew
    year = annual_counts(actor=stage.world.manager, fy=2025, at=T0)
    assert (year.restricted_initial, year.unrestricted_initial) == (1, 2)


def test_a_monthly_update_is_done_and_the_next_turn_keeps_the_day_of_the_signature(entered) -> None:
    stage, cases = entered
    case, world = cases["unrestricted"], stage.world
    assert iso(open_kinds(world, case)["monthly_update"]) == "2026-01-27T00:00:00Z"
    # Given after the cut-over and before the import: it counts.
    given = {"kind": "monthly_update_given", "details": {"by": "commander"}}
    step_record(actor=world.sarc, case_id=case.pk, at=CUTOVER + 20 * DAY, **given)
    with access.viewing(world.sarc):
        done = Duty.objects.get(case=case, kind="monthly_update", state=DutyState.DISCHARGED)
    assert (done.occurrence, iso(open_kinds(world, case)["monthly_update"])) == (2, "2026-02-27T00:00:00Z")


def test_a_final_disposition_follows_and_what_was_decided_before_stands(entered) -> None:
    stage, cases = entered
    world = stage.world
    step_record(actor=world.sarc, case_id=cases["disposed"].pk, kind="disposition_told", at=T0, details={})
    assert open_kinds(world, cases["disposed"]) == {}
    with access.viewing(world.sarc):
        assert Duty.objects.get(case=cases["disposed"], kind="tell_disposition").state == DutyState.MISSED
    case_close(
        actor=world.sarc, case_id=cases["disposed"].pk, at=T0,
        answers={"referrals_complete": True, "investigation_complete": True},
    )  # fmt: skip


def test_a_closed_case_is_opened_again_and_its_updates_go_on(entered) -> None:
    stage, cases = entered
    case, world = cases["closed"], stage.world
    assert open_kinds(world, case) == {}
    with pytest.raises(DomainError) as refusal:
        step_record(
            actor=world.sarc, case_id=case.pk, kind="monthly_update_given", at=T0, details={"by": "commander"}
        )
    assert refusal.value.code == "case_closed"
    case_reopen(actor=world.sarc, case_id=case.pk, reason="new_information", at=T0)
    # Signed on 2023-07-16: the next by the same day of the month.
    assert iso(open_kinds(world, case)["monthly_update"]) == "2026-03-16T00:00:00Z"


def test_a_conversion_afterwards_makes_the_normal_notices_and_owes_the_kit(entered) -> None:
    stage, cases = entered
    case, world = cases["restricted"], stage.world
    assert set(open_kinds(world, case)) == {"ask_once_about_converting", "tell_kit_expiry"}
    shown = conversion_prepare(actor=world.sarc, case_id=case.pk, at=T0).digest
    report = report_convert(
        actor=world.sarc, case_id=case.pk, confirmation=shown, victim_signature=NAME, victim_signed_at=T0,
        advocate_signature="Invented Advocate", advocate_signed_at=T0,
    )  # fmt: skip
    assert report.election == "unrestricted"
    with access.viewing(world.sarc):
        notices = set(Notice.objects.filter(case_id=case.pk).values_list("kind", flat=True))
        form = Event.objects.get(case_id=case.pk, kind="report_converted").data["form"]
        kit = Kit.objects.get(case=case)
    assert notices == {"commander_notice_details", "mcio_notice", "unit_commander_notice"}
    assert form == "DD 2910"
    due = open_kinds(world, case)
    assert {"monthly_update", "kit_to_mcio_custody"} <= set(due)
    assert "ask_once_about_converting" not in due
    assert kit.state == "sealed"


def test_a_form_that_lies_elsewhere_is_not_replaced_here(entered) -> None:
    stage, cases = entered
    world = stage.world
    with pytest.raises(DomainError) as refusal:
        form_replace_lost(
            actor=world.sarc, case_id=cases["unrestricted"].pk, edition="", answers={}, initials={}, signatures={},
            signed_at={},
        )  # fmt: skip
    assert refusal.value.code == "form_elsewhere"
