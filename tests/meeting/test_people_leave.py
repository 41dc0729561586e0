"""A SARC or a SAPR VA leaves: the next one follows, two know where the originals lie, no case stays without a SARC."""

import pytest
from django.db import connection

from accounts.leaving import left_without_sarc
from accounts.models import Appointment, Certification
from accounts.services import appointment_end
from reports import access
from reports.casework.moves import leaving, selectors
from reports.casework.services import va_assign
from reports.ledger.selectors import system_events
from reports.models import Case, HandOver
from sapr.errors import DomainError
from tests.database.refusals import refused
from tests.desk.conftest import names_a_case
from tests.meeting.ways import DAY, another, duties_of, kinds_of
from tests.signed_in import signed_in
from tests.times import T0


def run(sql: str, *args) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)


def refusal(call, *args, **kwargs) -> tuple[str, str]:
    with pytest.raises(DomainError) as told:
        call(*args, **kwargs)
    return told.value.code, told.value.rule


def end(world, user) -> None:
    for row in Appointment.objects.filter(user=user):
        appointment_end(appointment=row, actor=world.manager, at=T0)


def counted(person) -> list[tuple]:
    """(installation, cases without a SARC) as somebody is told."""
    with access.viewing(person):
        return [(row.place, row.cases) for row in selectors.without_sarc(viewer=person)]


def lapsing(person) -> list[tuple]:
    with access.viewing(person):
        return [(row.user_id, row.role, row.cases) for row in selectors.leaving(viewer=person, at=T0)]


def reaches(person, case_id) -> bool:
    with access.viewing(person):
        return Case.objects.filter(pk=case_id).exists()


def test_who_lapses_within_thirty_days_is_shown_with_the_number_of_open_cases(world):
    next_sarc = another(world)
    for _ in range(2):
        va_assign(actor=world.sarc, case_id=world.signed("restricted").case_id, va=world.va, at=T0)
    world.contact()
    assert lapsing(world.sarc) == []
    rows = Appointment.objects.filter(user=world.sarc)
    rows.update(ends_at=T0 + 31 * DAY)
    assert lapsing(next_sarc) == []
    rows.update(ends_at=T0 + 30 * DAY)
    Certification.objects.filter(user=world.va).update(revoked_at=T0 + 3 * DAY)
    mine, theirs = (world.sarc.pk, "sarc", 3), (world.va.pk, "sapr_va", 2)
    assert lapsing(next_sarc) == lapsing(world.manager) == lapsing(world.sarc) == [theirs, mine]
    assert lapsing(world.va) == [theirs]
    for nobody in (world.other_va, world.stranger, world.commander):
        assert lapsing(nobody) == []
    # Numbers only: nobody learns of a case by it.
    page = signed_in(next_sarc).get("/admin/handovers/").content.decode()
    assert not names_a_case(page)
    assert world.sarc.display_name in page
    assert "hold 3 open cases" in signed_in(world.sarc).get("/admin/").content.decode()


def test_cd_02_mv_05_to_07_the_case_passes_on_and_two_persons_know_where_the_originals_lie(world):
    case, follows = world.signed("restricted").case_id, another(world)
    given = {
        "actor": world.sarc,
        "case_id": case,
        "role": "sarc",
        "leaves": world.sarc,
        "follows": follows,
        "at": T0,
    }
    change = leaving.advocate_change
    assert refusal(change, **given) == ("missing", "MV-06")
    assert refusal(change, **given | {"follows": world.stranger, "originals": "safe"}) == (
        "no_certificate",
        "AG-01",
    )
    assert refusal(change, **given | {"leaves": follows, "follows": world.sarc, "originals": "safe"}) == (
        "does_not_hold_it", "MV-05",
    )  # fmt: skip
    row = change(originals="safe", **given)
    assert (reaches(world.sarc, case), reaches(follows, case)) == (False, True)
    assert [state for state, _ in duties_of(follows, case, "hand_over_victim")] == ["open"]
    handed = {"actor": follows, "case_id": case, "at": T0}
    assert refusal(leaving.victim_hand_over, **handed) == ("originals_unconfirmed", "MV-06")
    confirm = {"handover_id": row.pk, "at": T0}
    assert (
        refusal(leaving.originals_confirm, actor=world.sarc, originals="safe", **confirm)[0]
        == "second_person_needed"
    )
    assert (
        refusal(leaving.originals_confirm, actor=world.manager, originals="cabinet", **confirm)[0]
        == "lies_elsewhere"
    )
    assert (
        refusal(leaving.originals_confirm, actor=world.stranger, originals="safe", **confirm)[0]
        == "not_found"
    )
    assert refusal(leaving.originals_confirm, actor=world.va, originals="safe", **confirm)[0] == "not_found"
    page = signed_in(world.manager).get(f"/admin/handovers/{row.pk}/").content.decode()
    assert row.number in page
    leaving.originals_confirm(actor=world.manager, originals="safe", **confirm)
    assert (
        refusal(leaving.originals_confirm, actor=world.manager, originals="safe", **confirm)[0]
        == "already_decided"
    )
    leaving.victim_hand_over(**handed)
    assert [state for state, _ in duties_of(follows, case, "hand_over_victim")] == ["discharged"]
    kinds = kinds_of(follows, case)
    assert [kind for kind in kinds if kind in ("advocate_changed", "originals_confirmed", "victim_handed_over")] == [
        "advocate_changed", "originals_confirmed", "victim_handed_over",
    ]  # fmt: skip


def test_mv_05_a_va_is_followed_without_originals(world):
    case = world.signed("restricted").case_id
    va_assign(actor=world.sarc, case_id=case, va=world.va, at=T0)
    assert refusal(leaving.victim_hand_over, actor=world.sarc, case_id=case, at=T0) == (
        "nobody_left",
        "MV-07",
    )
    leaving.advocate_change(
        actor=world.sarc, case_id=case, role="sapr_va", leaves=world.va, follows=world.other_va, at=T0
    )
    assert [reaches(person, case) for person in (world.va, world.other_va)] == [False, True]
    leaving.victim_hand_over(actor=world.other_va, case_id=case, at=T0)


def test_ending_an_appointment_says_who_and_how_many_cases_would_have_no_sarc(world, sign_in):
    case = world.signed("restricted").case_id
    world.signed("unrestricted")
    va_assign(actor=world.sarc, case_id=case, va=world.va, at=T0)
    with access.viewing(world.manager):
        assert (left_without_sarc(world.sarc), left_without_sarc(world.va)) == (2, 0)
    with access.viewing(world.va):
        assert left_without_sarc(world.sarc) == 0
    row = Appointment.objects.get(user=world.sarc)
    page = sign_in(world.manager).get(f"/admin/staff/appointments/{row.pk}/end/").content.decode()
    assert world.sarc.display_name in page
    assert "2 open cases have no other SARC" in page


def test_mv_05_cases_without_a_sarc_are_counted_and_one_is_taken_over_the_first_due_first(world, held_clock):
    second = another(world)
    held_clock.move(T0 + DAY, hold=True)
    contact = world.contact(at=T0 + DAY)
    later = world.signed("restricted", at=T0 + DAY).case_id
    first = world.signed("restricted", at=T0, late_reason="other").case_id
    va_assign(actor=world.sarc, case_id=later, va=world.va, at=T0 + DAY)
    held_clock.move(T0 + 2 * DAY, hold=True)
    assert counted(second) == counted(world.manager) == []
    assert (
        refusal(leaving.case_take_over, actor=second, installation_id=world.installation.pk, at=T0)[0]
        == "nothing_to_take"
    )
    end(world, world.sarc)
    assert counted(second) == counted(world.manager) == [(world.installation, 3)]
    assert counted(world.stranger) == []
    take = {"installation_id": world.installation.pk, "at": T0 + 2 * DAY}
    assert refusal(leaving.case_take_over, actor=world.stranger, **take)[0] == "nothing_to_take"
    assert refusal(leaving.case_take_over, actor=world.va, **take)[0] == "not_your_role"
    page = signed_in(second).get("/admin/").content.decode()
    assert "3 open cases without a SARC" in page
    assert not names_a_case(page)
    assert leaving.case_take_over(actor=second, **take) == first
    assert [reaches(second, each) for each in (first, later, contact.pk)] == [True, False, False]
    assert "case_taken_over" in kinds_of(second, first)
    with access.viewing(world.manager):
        assert "case_taken_over" in {event.kind for event in system_events(viewer=world.manager)}
    assert [state for state, _ in duties_of(second, first, "hand_over_victim")] == ["open"]
    # Where the originals lie nobody said: a second person finds them before the victim counts as handed over.
    with access.viewing(second):
        row = HandOver.objects.get()
    assert (row.leaves, row.originals) == (world.sarc, "unknown")
    confirm = {"handover_id": row.pk, "originals": "records", "at": T0 + 2 * DAY}
    assert refusal(leaving.originals_confirm, actor=second, **confirm)[0] == "second_person_needed"
    leaving.originals_confirm(actor=world.manager, **confirm)
    leaving.victim_hand_over(actor=second, case_id=first, at=T0 + 2 * DAY)
    assert {leaving.case_take_over(actor=second, **take) for _ in range(2)} == {later, contact.pk}
    assert counted(second) == []


def test_a_vas_open_contact_has_an_owner_and_a_report_without_a_sarc_has_none(world):
    end(world, world.sarc)
    world.contact(actor=world.va)
    world.signed("restricted", actor=world.va)
    # Nobody was SARC when they came; the next one is told of the report, and the contact is the VA's.
    assert counted(another(world)) == [(world.installation, 1)]


def test_raw_sql_hands_over_nothing_of_others_and_chooses_no_case(world):
    case, follows = world.signed("restricted").case_id, another(world)
    insert = (
        "INSERT INTO reports_handover (id, case_id, number, installation_id, role, leaves_id, follows_id, "
        "changed_by_id, changed_at, originals) VALUES (gen_random_uuid(), %s, '', %s, %s, %s, %s, %s, %s, %s)"
    )
    here = world.installation.pk

    def row(role: str, leaves, to, by, originals: str = "safe") -> list:
        return [case, here, role, leaves.pk, to.pk, by.pk, T0, originals]

    va_assign(actor=world.sarc, case_id=case, va=world.va, at=T0)
    with access.viewing(world.va), refused("a SARC of the case"):
        run(insert, *row("sarc", world.sarc, follows, world.va))
    with access.viewing(follows), refused("a SARC of the case"):
        run(insert, *row("sarc", world.sarc, follows, follows))
    with access.viewing(world.sarc):
        with refused("certificate in force there"):
            run(insert, *row("sarc", world.sarc, world.stranger, world.sarc))
        with refused("do not hold"):
            run(insert, *row("sarc", follows, world.sarc, world.sarc))
        with refused("originals_of_a_sarc"):
            run(insert, *row("sarc", world.sarc, follows, world.sarc, ""))
        run(insert, *row("sarc", world.sarc, follows, world.sarc))
    confirm = "UPDATE reports_handover SET confirmed_by_id = %s, confirmed_at = %s"
    with access.viewing(world.sarc), refused("by a second person"):
        run(confirm, world.sarc.pk, T0)
    with access.viewing(world.manager), refused("in one's own name"):
        run(confirm, follows.pk, T0)
    with access.viewing(follows):
        with refused("is not confirmed"):
            run(
                "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) "
                "VALUES (gen_random_uuid(), %s, 'victim_handed_over', %s, %s, '{}')", case, T0, follows.pk,
            )  # fmt: skip
        with refused("permission denied"):
            run("UPDATE reports_handover SET leaves_id = %s", world.va.pk)
    for person in (world.stranger, world.va, world.commander):
        with access.viewing(person), refused("by a SARC of its installation"):
            run("SELECT sapr_take_over(%s)", here)
    # What is not without a SARC is not to be had.
    with access.viewing(world.sarc), connection.cursor() as cursor:
        cursor.execute("SELECT sapr_take_over(%s)", [here])
        assert cursor.fetchone() == (None,)
