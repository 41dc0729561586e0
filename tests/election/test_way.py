"""Where a case can go, and where it cannot: TR-*, BL-11, EV-10."""

import inspect
from datetime import UTC, datetime

from django.db import connection

from reports import access
from reports.access.objects import STATES, state_of
from reports.casework.services import step_record
from reports.election.contacts import contact_complete, contact_walk_away
from reports.election.inquiries import inquiry_log, limited_case_open
from reports.election.models import Case, Identity, InformedBy, Report
from reports.election.selectors import contacts_open, person_find
from reports.election.services import options_decide, report_sign
from reports.evidence.services import kit_hand_to_mcio, kit_number_issue, kit_seal
from reports.ledger.models import Event
from reports.models import Duty, Kit
from reports.recording import record
from tests.election.way import closed, duties, inquiry, kinds, limited, refusal, state, step
from tests.times import T0
from tests.world import CANARIES, MEMBER


def test_tr_03_an_inquiry_is_no_report_and_tr_05_may_still_become_one(world) -> None:
    case = inquiry(world)
    assert (case.state, kinds(world, case.pk)[-1]) == ("SRI", "inquiry_logged")
    with access.viewing(world.sarc):
        assert not Report.objects.exists()
        assert case not in contacts_open(viewer=world.sarc)
    assert refusal(inquiry_log, actor=world.sarc, case_id=case.pk, at=T0).code == "no_such_move"
    assert refusal(inquiry_log, actor=world.stranger, case_id=case.pk, at=T0).code == "not_found"
    report_sign(actor=world.sarc, **world.paper(case, "restricted"))
    assert state(world, case.pk) == "RESTRICTED_OPEN"
    again = refusal(inquiry_log, actor=world.sarc, case_id=case.pk, at=T0)
    assert (again.code, "CA-18" in again.rule) == ("no_inquiry", True)


def test_tr_03_before_its_first_day_and_by_an_advocate_there_is_no_inquiry(world) -> None:
    case = world.decided(actor=world.va)
    assert refusal(inquiry_log, actor=world.va, case_id=case.pk, at=T0).code == "not_your_role"
    early = datetime(2021, 11, 9, 12, tzinfo=UTC)
    assert refusal(inquiry_log, actor=world.sarc, case_id=case.pk, at=early).code == "no_inquiry"
    assert state(world, case.pk) == "CONTACT"


def test_bl_11_an_inquiry_may_end_without_signing_and_then_goes_nowhere(world) -> None:
    case = inquiry(world)
    contact_walk_away(actor=world.sarc, case_id=case.pk, at=T0)
    signing = refusal(report_sign, actor=world.sarc, **world.paper(case, "restricted"))
    assert signing.code == "contact_closed"
    assert refusal(inquiry_log, actor=world.sarc, case_id=case.pk, at=T0).code == "contact_closed"
    with access.viewing(world.sarc):
        assert not Report.objects.exists()


def test_tr_04_a_catch_entry_moves_an_inquiry_and_leaves_a_report_where_it_is(world) -> None:
    first, report = inquiry(world), world.signed("restricted")
    for case in (first, report.case):
        with access.viewing(world.sarc):
            record(case=case, kind="catch_joined", actor=world.sarc, at=T0)
    assert (state(world, first.pk), state(world, report.case_id)) == ("SRI_CATCH", "RESTRICTED_OPEN")


def test_tr_14_a_limited_case_opens_the_review_ck_05_and_is_reviewed(world) -> None:
    case = limited(world, name="Somebody Known", dod_id=CANARIES["dod_id"])
    assert (case.state, case.informed_by) == ("OPEN_LIMITED_INFO", InformedBy.MCIO)
    assert kinds(world, case.pk)[0] == "limited_case_opened"
    assert duties(world, case.pk) == {"cmg_review": "open"}
    step(world, case.pk, "cmg_held")
    assert "cmg_held" in kinds(world, case.pk)
    # What the review makes due (CK-06) can be done.
    assert duties(world, case.pk)["update_after_cmg"] == "open"
    step(world, case.pk, "monthly_update_given", by="commander")
    assert duties(world, case.pk)["update_after_cmg"] == "discharged"
    # No report: nothing that needs one.
    assert refusal(step, world=world, case_id=case.pk, kind="sairo_sent").code == "step_does_not_fit"
    assert refusal(contact_walk_away, actor=world.sarc, case_id=case.pk, at=T0).code == "not_a_contact"
    early = datetime(2016, 9, 26, 12, tzinfo=UTC)
    assert refusal(limited_case_open, actor=world.sarc, at=early).code in {"not_your_role", "no_such_move"}
    assert refusal(limited_case_open, actor=world.va, at=T0).code == "not_your_role"


def test_tr_13_tr_15_nothing_joins_a_limited_case_to_the_same_persons_restricted_report(
    world, django_capture_on_commit_callbacks
) -> None:
    """Not a column, a search, an event or an argument: two records, and neither shows the other."""
    number = {"dod_id": CANARIES["dod_id"]}
    # People are indexed once what names them is committed.
    with django_capture_on_commit_callbacks(execute=True):
        report = world.signed("restricted")
        case = limited(world, name=CANARIES["name"], **number)
        contact_complete(actor=world.sarc, case_id=case.pk, at=T0, identity=number, narrative={})
    with access.viewing(world.sarc):
        assert person_find(viewer=world.sarc, dod_id=CANARIES["dod_id"], at=T0) == [report.case]
        told = [str(row) for row in Event.objects.filter(case_id=case.pk).values_list("data", flat=True)]
        own = {str(pk) for pk in Event.objects.filter(case_id=report.case_id).values_list("id", flat=True)}
        own |= {str(report.pk), str(report.case_id), report.case.number}
        assert not [each for each in told if any(one in each for one in own)]
        # The sealed values differ although the words are the same: each has its own case's key.
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM reports_identity")
            assert len({bytes(row[0]) for row in cursor.fetchall()}) == Identity.objects.count() == 2
    assert not {name for name in inspect.signature(limited_case_open).parameters if "case" in name}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = 'reports_case'::regclass"
            " AND confrelid = 'reports_case'::regclass"
        )
        assert cursor.fetchone()[0] == 0


def test_tr_10_signing_moves_a_limited_case_and_tr_13_a_restricted_report_is_a_record_of_its_own(
    world,
) -> None:
    case = limited(world, name="Somebody Known", unit_commander_post=str(world.posts["unit_commander"].pk))
    options_decide(actor=world.sarc, case_id=case.pk, facts=MEMBER | {"investigation": "open"}, at=T0)
    options_decide(actor=world.sarc, case_id=case.pk, facts=MEMBER, at=T0)
    own = refusal(report_sign, actor=world.sarc, **world.paper(case, "restricted"))
    assert (own.code, own.rule) == ("record_of_its_own", "TR-13")
    # Where it is allowed it is signed in a new contact, and two records stay.
    assert world.signed("restricted").case_id != case.pk
    assert state(world, case.pk) == "OPEN_LIMITED_INFO"
    report_sign(actor=world.sarc, **world.paper(case, "unrestricted"))
    assert state(world, case.pk) == "UNRESTRICTED_OPEN"


def test_ev_10_tr_08_the_kit_of_a_conversion_is_due_to_the_mcio_under_its_own_number(world) -> None:
    report = world.signed("restricted")
    case_id = report.case_id
    number = kit_number_issue(actor=world.sarc, case_id=case_id, at=T0)[1]
    kit_seal(actor=world.sarc, case_id=case_id, number=number, at=T0)
    assert "kit_to_mcio_custody" not in duties(world, case_id)
    world.converted(report, at=T0)
    with access.viewing(world.sarc):
        owed = Duty.objects.filter(case_id=case_id, kind="kit_to_mcio_custody")
        assert set(owed.values_list("about", flat=True)) == set(Kit.objects.values_list("pk", flat=True))
        assert {(each.rule, each.immediate, each.state) for each in owed} == {("CD-10", True, "open")}
    kit = kit_hand_to_mcio(actor=world.sarc, case_id=case_id, number=number, at=T0)
    with access.viewing(world.sarc):
        assert [(each.about, each.state) for each in owed.all()] == [(kit.pk, "discharged")]


def test_the_state_of_a_case_and_the_query_for_it_agree_and_closing_changes_neither(world) -> None:
    made = {
        "contact": world.decided(),
        "walked_away": contact_walk_away(actor=world.sarc, case_id=world.contact().pk, at=T0),
        "inquiry": inquiry(world),
        "limited": limited(world),
        "restricted": world.signed("restricted").case,
        "unrestricted": world.signed("unrestricted").case,
    }

    def agree(way: str) -> None:
        with access.viewing(world.sarc):
            case = Case.objects.get(pk=made[way].pk)
            found = [name for name, q in STATES.items() if Case.objects.filter(q, pk=case.pk).exists()]
            assert (state_of(case), found) == (way, [way])
            assert case in access.cases(world.sarc)

    for way in made:
        agree(way)
    for way in ("limited", "restricted", "unrestricted"):
        closed(world, made[way].pk)
        agree(way)


def test_a_step_that_fits_nothing_here_is_still_refused_by_its_own_name(world) -> None:
    case = limited(world)
    unknown = refusal(step_record, actor=world.sarc, case_id=case.pk, kind="no_such", at=T0)
    assert unknown.code == "unknown_step"
