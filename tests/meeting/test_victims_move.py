"""A victim moves: the file follows on consent and acceptance, to a SARC with a certificate, or not at all."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import Certification, Role
from reports import access
from reports.casework.moves import selectors
from reports.casework.moves import services as moves
from reports.casework.services import va_assign
from reports.models import Assignment, Case, Duty, Event, Identity, Move, Offer
from reports.vault.services import open_sealed
from sapr.errors import DomainError
from tests.database.refusals import refused
from tests.factories import AppointmentFactory, PostFactory, UserFactory
from tests.meeting.ways import agreed, another, duties_of, kinds_of, offered
from tests.signed_in import signed_in
from tests.times import T0
from tests.world import CANARIES


def run(sql: str, *args) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)


def refusal(call, *args, **kwargs) -> tuple[str, str]:
    with pytest.raises(DomainError) as told:
        call(*args, **kwargs)
    return told.value.code, told.value.rule


def reaches(person, case_id) -> bool:
    with access.viewing(person):
        return Case.objects.filter(pk=case_id).exists()


def there(world):
    return world.posts["stranger"].location


def test_cd_03_mv_01_mv_02_consent_is_asked_and_the_documents_move_when_the_gaining_sarc_accepts(world):
    case = world.signed("restricted").case_id
    va_assign(actor=world.sarc, case_id=case, va=world.va, at=T0)
    row = offered(world, case)
    assert [state for state, _ in duties_of(world.sarc, case, "ask_to_move_documents")] == ["discharged"]
    assert [state for state, _ in duties_of(world.sarc, case, "move_documents")] == ["open"]
    assert (reaches(world.sarc, case), reaches(world.stranger, case)) == (True, False)
    moves.move_accept(actor=world.stranger, move_id=row.pk, at=T0)
    assert [reaches(person, case) for person in (world.sarc, world.va, world.stranger)] == [
        False,
        False,
        True,
    ]
    assert [state for state, _ in duties_of(world.stranger, case, "move_documents")] == ["discharged"]
    assert kinds_of(world.stranger, case)[-3:] == ["documents_moved", "duty_discharged", "duty_opened"]
    with access.viewing(world.stranger):
        moved = access.case_for(world.stranger, case, "case_work")
        assert moved.installation == there(world)
        # Keys need nothing: the file opens where it is now.
        opened = open_sealed(record=Identity.objects.get(), actor=world.stranger, purpose="case_work", at=T0)
        assert opened["name"] == CANARIES["name"]
        # The notice to the commander of the time of the report stands.
        assert moved.notices.get().post == world.posts["commander"]


def test_r20_a_case_that_moved_has_no_advocate_there_so_one_is_due_at_once_unless_the_sarc_acts_as_one(world):
    def moved(**how):
        case = world.signed("restricted").case_id
        va_assign(actor=world.sarc, case_id=case, va=world.va, at=T0)
        moves.move_accept(actor=world.stranger, move_id=offered(world, case).pk, at=T0, **how)
        return case

    def due(case):
        """Beside the one of the contact, which the advocate before discharged."""
        states = sorted(state for state, _ in duties_of(world.stranger, case, "assign_va"))
        assert states.pop(0) == "discharged"
        return states

    case = moved()
    assert due(case) == ["open"]
    with access.viewing(world.stranger):
        duty = Duty.objects.get(case_id=case, kind="assign_va", state="open")
        assert (duty.rule, duty.role, duty.due_at) == ("R20", "sarc", T0)
        assert Assignment.objects.filter(case_id=case, ended_at=None).get().user == world.stranger
    va_there = AppointmentFactory(post=PostFactory(location=there(world), role=Role.VA)).user
    va_assign(actor=world.stranger, case_id=case, va=va_there, at=T0)
    assert due(case) == ["discharged"]
    # DO-03: the SARC may act as the advocate, and the record says so.
    case = moved(acts_as_va=True)
    assert due(case) == []
    with access.viewing(world.stranger):
        assert Event.objects.get(case_id=case, kind="documents_moved").data["advocate"] == "sarc"
        # CD-02 is of a SARC or advocate who leaves; here the victim does (CD-03).
        assert not Duty.objects.filter(case_id=case, kind="hand_over_victim").exists()


def test_mv_03_refused_the_gaining_sarc_gets_nothing_and_the_losing_one_keeps_the_case(world):
    case = world.signed("unrestricted").case_id
    asked = {"actor": world.sarc, "case_id": case, "at": T0}
    to = {"to": world.stranger, "installation_id": there(world).pk}
    assert refusal(moves.move_offer, **asked, **to) == ("no_consent", "MV-01")
    assert refusal(moves.move_consent_record, consents=True, **asked) == ("nobody_moves", "MV-01")
    moves.victim_relocate(reason="deployment", **asked)
    assert refusal(moves.move_offer, **asked, **to) == ("no_consent", "MV-01")
    moves.move_consent_record(consents=False, **asked)
    assert [state for state, _ in duties_of(world.sarc, case, "ask_to_move_documents")] == ["ended"]
    assert refusal(moves.move_offer, **asked, **to) == ("no_consent", "MV-03")
    # An offer that waits ends with the victim's no.
    moves.move_consent_record(consents=True, **asked)
    row = moves.move_offer(**asked, **to)
    moves.move_consent_record(consents=False, **asked)
    assert refusal(moves.move_accept, actor=world.stranger, move_id=row.pk, at=T0) == (
        "already_decided",
        "MV-02",
    )
    assert (reaches(world.sarc, case), reaches(world.stranger, case)) == (True, False)


def test_mv_08_a_sarc_still_assigned_keeps_the_case_wherever_the_victim_is(world):
    case = world.signed("unrestricted").case_id
    moves.victim_relocate(actor=world.sarc, case_id=case, reason="move", at=T0)
    with access.viewing(world.sarc):
        assert access.case_for(world.sarc, case, "case_work").installation == world.installation


def test_a_case_goes_to_nobody_without_a_valid_certificate_there(world):
    case = world.signed("restricted").case_id
    asked = agreed(world, case)
    lapsed = another(world, "stranger", certified=False)
    for who, where in ((lapsed, there(world)), (UserFactory(), there(world)), (world.other_va, there(world))):
        found = refusal(moves.move_offer, to=who, installation_id=where.pk, **asked)
        assert found == ("no_certificate", "AG-01")
    for who, where in ((another(world), world.installation), (world.sarc, there(world))):
        assert refusal(moves.move_offer, to=who, installation_id=where.pk, **asked)[0] == "same_installation"
    # One that lapses before the answer counts no more than none.
    row = moves.move_offer(to=world.stranger, installation_id=there(world).pk, **asked)
    Certification.objects.filter(user=world.stranger).update(revoked_at=T0 - timedelta(seconds=1))
    assert refusal(moves.move_accept, actor=world.stranger, move_id=row.pk, at=T0)[0] in (
        "not_your_role",
        "not_found",
    )
    with access.viewing(world.sarc):
        assert access.case_for(world.sarc, case).installation == world.installation


def test_while_it_is_offered_the_gaining_sarc_learns_that_there_is_an_offer_and_no_more(world):
    case = world.signed("restricted").case_id
    row = offered(world, case)
    with access.viewing(world.sarc):
        number = Case.objects.get(pk=case).number
    gaining = signed_in(world.stranger)
    for page in ("/admin/", "/admin/handovers/", f"/admin/moves/{row.pk}/"):
        shown = gaining.get(page).content.decode()
        assert not [each for each in (number, str(case), *CANARIES.values()) if each in shown]
    assert "Camp Sample" in shown
    assert "Restricted" in shown
    assert gaining.get(f"/admin/cases/{case}/").status_code == 404
    with access.viewing(world.stranger), connection.cursor() as cursor:
        for table in ("reports_case", "reports_identity", "reports_report", "reports_event", "reports_duty"):
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  a name from this list
            assert cursor.fetchone() == (0,)
    for person in (another(world, "stranger"), world.manager, world.commander):
        with access.viewing(person):
            assert (Move.objects.count(), Offer.objects.count()) == (0, 0)
    moves.move_reject(actor=world.stranger, move_id=row.pk, at=T0)
    assert kinds_of(world.sarc, case)[-1] == "move_rejected"
    assert (reaches(world.sarc, case), reaches(world.stranger, case)) == (True, False)


def test_an_offer_is_withdrawn_by_the_losing_side_and_stands_once_at_a_time(world):
    case = world.signed("restricted").case_id
    row = offered(world, case)
    again = {"to": another(world, "stranger"), "installation_id": there(world).pk}
    asked = {"actor": world.sarc, "case_id": case, "at": T0}
    assert refusal(moves.move_offer, **asked, **again) == ("already_offered", "MV-02")
    assert refusal(moves.move_accept, actor=world.sarc, move_id=row.pk, at=T0)[0] == "not_found"
    moves.move_withdraw(move_id=row.pk, **asked)
    assert refusal(moves.move_reject, actor=world.stranger, move_id=row.pk, at=T0)[0] == "already_decided"
    moves.move_offer(**asked, **again)
    with access.viewing(world.sarc):
        states = selectors.moves_of(viewer=world.sarc, case=Case.objects.get(pk=case)).values_list(
            "state", flat=True
        )
        assert sorted(states) == ["offered", "withdrawn"]


OFFER = (
    "INSERT INTO reports_move (id, case_id, election, from_installation_id, to_installation_id, offered_by_id, "
    "offered_to_id, offered_at, state) VALUES (gen_random_uuid(), %s, 'restricted', %s, %s, %s, %s, %s, 'offered')"
)
ANSWER = "UPDATE {} SET state = %s, decided_by_id = %s, decided_at = %s WHERE id = %s"


def test_raw_sql_moves_no_case_and_nobody_answers_for_another(world):
    case = world.signed("restricted").case_id
    here, to = world.installation.pk, there(world).pk
    with access.viewing(world.sarc):
        with refused("without the victim's consent"):
            run(OFFER, case, here, to, world.sarc.pk, world.stranger.pk, T0)
        with refused("permission denied"):
            run("UPDATE reports_case SET installation_id = %s", to)
    agreed(world, case)
    with access.viewing(world.sarc):
        with refused("certificate in force there"):
            run(OFFER, case, here, to, world.sarc.pk, world.va.pk, T0)
        with refused("by its SARC in their own name"):
            run(OFFER, case, here, to, world.va.pk, world.stranger.pk, T0)
    row = moves.move_offer(actor=world.sarc, case_id=case, to=world.stranger, installation_id=to, at=T0)
    with access.viewing(world.sarc):
        with refused("by whom it was made to"):
            run(ANSWER.format("reports_move"), "accepted", world.sarc.pk, T0, row.pk)
        with refused("in one's own name"):
            run(ANSWER.format("reports_move"), "accepted", world.stranger.pk, T0, row.pk)
    with access.viewing(world.stranger):
        with refused("withdrawn by the SARC of the case"):
            run(ANSWER.format("reports_offer"), "withdrawn", world.stranger.pk, T0, row.pk)
        for table in ("reports_move", "reports_offer"):
            with refused("permission denied"):
                run(f"UPDATE {table} SET to_installation_id = %s", here)  # noqa: S608  a name from this list
        with refused("row-level security"):
            Assignment(case_id=case, user=world.stranger, role="sarc", started_at=T0).save(force_insert=True)
    # The victim's no, said round the service, is enough.
    with access.viewing(world.sarc):
        run(
            "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) "
            "VALUES (gen_random_uuid(), %s, 'move_consent_refused', %s, %s, '{}')", case, T0, world.sarc.pk,
        )  # fmt: skip
    with access.viewing(world.stranger), refused("without the victim's consent"):
        run(ANSWER.format("reports_offer"), "accepted", world.stranger.pk, T0, row.pk)
