"""R19, R20, R04, R08: the five doors, what each obliges, and that no door tells anybody anything."""

from datetime import timedelta

import pytest

from notifications.models import InboxItem, Notice
from reports import access
from reports.casework.services import step_record
from reports.election import contacts
from reports.election import services as election
from reports.election.doors import DOORS, doors
from reports.ledger.models import Event
from reports.obligations.models import Duty, DutyState
from sapr.errors import DomainError
from tests.desk.conftest import text
from tests.signed_in import signed_in
from tests.times import T0
from tests.world import MEMBER, World


def events(world: World, case) -> dict[str, Event]:
    with access.viewing(world.sarc):
        return {each.kind: each for each in Event.objects.filter(case_id=case.pk)}


def told(world: World) -> set[str]:
    """The kinds of notice that anybody's inbox holds, looked at by each who has an inbox."""
    found = set()
    for person in (world.mcio, world.unit_commander, world.commander, world.higher):
        with access.viewing(person):
            found |= set(InboxItem.objects.values_list("kind", flat=True))
    return found


def test_r19_r20_each_of_the_five_doors_opens_a_contact_that_tells_nobody(world):
    assert len(DOORS) == 5
    for door in DOORS:
        case = contacts.contact_open(actor=world.sarc, at=T0, source=door)
        assert events(world, case)["referral_received"].data == {"from": door}
        with access.viewing(world.sarc):
            duty = Duty.objects.get(case=case)
            assert (duty.kind, duty.rule, duty.immediate) == ("assign_va", "R20", True)
            assert (duty.due_at, duty.state) == (T0, DutyState.OPEN)
    assert told(world) == set()
    with access.viewing(world.sarc):
        assert not Notice.objects.exists()


def test_r19_who_comes_by_themselves_comes_to_the_door_of_whoever_opens(world):
    by_sarc = contacts.contact_open(actor=world.sarc, at=T0)
    assert events(world, by_sarc)["referral_received"].data == {"from": "sarc"}
    by_va = contacts.contact_open(actor=world.va, at=T0)
    with access.viewing(world.va):
        referral = Event.objects.get(case_id=by_va.pk, kind="referral_received")
        # R20: a VA is on the case already, so the duty is done in the same instant.
        assert referral.data == {"from": "sapr_va"}
        assert Duty.objects.get(case=by_va).state == DutyState.DISCHARGED
    with pytest.raises(DomainError, match="choose one"):
        contacts.contact_open(actor=world.sarc, at=T0, source="chaplain")


@pytest.mark.django_db
def test_r19_what_each_door_owes_comes_from_the_rules():
    found = doors(at=T0, zone="UTC")
    owed = {door.name: {(duty.rule, duty.election) for duty in door.duties} for door in found}
    assert ("DO-07", "") in owed["healthcare"]  # calls the SARC at once (R04)
    assert ("DO-08", "restricted") in owed["healthcare"]  # does not call the police (R04)
    assert ("DO-14", "unrestricted") in owed["commander"]  # passes it to the MCIO at once (CK-03)
    assert ("DO-12", "restricted") in owed["commander"]
    assert ("DO-18", "unrestricted") in owed["law_enforcement"]  # investigation, DD 2701
    assert ("DO-02", "") in owed["sarc"]
    assert ("DO-05", "") in owed["sapr_va"]


def test_r04_healthcare_calls_the_sarc_and_the_police_learn_nothing_of_a_restricted_report(world):
    case = contacts.contact_open(
        actor=world.sarc, at=T0, source="healthcare",
        identity={"name": "Quill Marrow", "unit_commander_post": str(world.posts["unit_commander"].pk)},
    )  # fmt: skip
    election.options_decide(actor=world.sarc, case_id=case.pk, facts=MEMBER, at=T0)
    election.report_sign(actor=world.sarc, **world.paper(case, "restricted"))
    assert told(world) == set()
    with access.viewing(world.sarc):
        assert set(Notice.objects.values_list("kind", flat=True)) == {"commander_notice_restricted"}
    with pytest.raises(DomainError, match="does not fit"):
        step_record(actor=world.sarc, case_id=case.pk, kind="commander_told_mcio", at=T0)


def test_r08_unrestricted_tells_mcio_and_unit_commander_at_once_and_the_senior_within_a_day(world):
    world.signed("unrestricted")
    assert told(world) >= {"mcio_notice", "unit_commander_notice"}
    with access.viewing(world.sarc):
        due = dict(Duty.objects.values_list("kind", "due_at"))
        done = set(Duty.objects.exclude(state=DutyState.OPEN).values_list("kind", flat=True))
    assert {"mcio_notice", "unit_commander_notice"} <= done
    assert due["commander_notice_details"] == T0 + timedelta(hours=24)


def test_ck_03_what_the_commander_told_the_mcio_is_a_step_and_no_notice_of_ours(world):
    case = contacts.contact_open(actor=world.sarc, at=T0, source="commander")
    step_record(actor=world.sarc, case_id=case.pk, kind="commander_told_mcio", at=T0)
    assert "commander_told_mcio" in events(world, case)
    assert told(world) == set()
    with access.viewing(world.sarc):
        assert set(Duty.objects.values_list("kind", flat=True)) == {"assign_va"}


def test_the_page_says_what_each_door_obliges_and_reminds_of_the_one_that_was_used(world):
    sarc = signed_in(world.sarc)
    page = text(sarc.get("/admin/contacts/new/"))
    assert "What each door obliges" in page
    assert "The commander passes it to the MCIO at once." in page
    assert "For a Restricted report healthcare personnel do not call the police." in page
    opened = sarc.post("/admin/contacts/new/", {"source": "healthcare"}, follow=True)
    assert "Healthcare personnel call a SARC or advocate at once. (DO-07)" in text(opened)
