"""EV-03: the holder of evidence sees the number and the custody of their post, and nothing that leads to a case."""

from datetime import timedelta

import pytest
from django.db import connection

from reports import access
from reports.evidence import cards, selectors
from reports.evidence.endings import kit_hold_lift, kit_hold_place
from reports.evidence.labels import label_draw
from reports.evidence.services import kit_hand_to_mcio
from reports.models import Custody, Event, Kit
from reports.policy import FactsError
from reports.policy.numbers import ALPHABET, check_control_number, new_control_number
from tests.database.reading import everything
from tests.database.refusals import refused
from tests.evidence.conftest import code
from tests.signed_in import signed_in
from tests.times import T0
from tests.world import CANARIES


def test_ev_03_by_raw_sql_a_holder_finds_no_case_no_kit_and_no_day_of_the_report(world, room):
    signed_at = T0 - timedelta(days=20)
    kit, number = room.sealed("restricted", signed_at=signed_at, at=T0 - timedelta(days=19))
    before = {"receiver": "sarc", "to_post": None, "purpose": "give_back"}
    room.accept(
        world.sarc, _given(world, room, kit, before, T0 - timedelta(days=18)), at=T0 - timedelta(days=18)
    )
    room.accept(room.custodian, room.offer(world.sarc, kit))
    case = room.now(kit).case
    secrets = [str(case.pk), case.number, str(kit.pk), number, *CANARIES.values()]
    secrets += [f"{T0 - timedelta(days=days):%Y-%m-%d}" for days in (18, 19, 20)]
    seen = everything(room.custodian)
    assert str(kit.card_id) in seen
    assert [each for each in secrets if each in seen] == []
    with access.viewing(room.custodian), connection.cursor() as cursor:
        assert [hop.hop for hop in Custody.objects.all()] == [2]
        for call in ("sapr_cards_of(ARRAY[%s]::uuid[])", "sapr_kit_is_kept(%s)", "sapr_answers_for(%s)"):
            with refused("permission denied"):
                cursor.execute(f"SELECT {call}", [kit.card_id])
        cursor.execute("SELECT row_id, of_case, kit, sealed FROM sapr_name_on_kit(%s)", [kit.card_id])
        assert cursor.fetchone() == (None, None, None, None)
        # CK-19 in a month's first day: the day itself would be ten years after the signature.
        cursor.execute("SELECT card, month FROM sapr_kits_to_tell()")
        ((card, month),) = cursor.fetchall()
        assert (card, month.day) == (kit.card_id, 1)


def _given(world, room, kit, to, at):
    from reports.casework.services import va_assign

    va_assign(actor=world.sarc, case_id=kit.case_id, va=world.va, at=at)
    return room.offer(world.va, kit, at=at, **to)


def test_kh_07_a_holder_learns_that_others_hold_the_kit_back_not_why_nor_since_when(world, room):
    """By raw SQL and on the page; a hold of their own for the same reason tells them nothing either."""
    kit, _ = room.sealed("restricted", signed_at=T0 - timedelta(days=4), at=T0 - timedelta(days=3))
    since = T0 - timedelta(days=2)
    theirs = kit_hold_place(actor=world.sarc, card_id=kit.card_id, reason="victim_asked", at=since)
    room.accept(room.custodian, room.offer(world.sarc, kit))
    seen = everything(room.custodian)
    assert [each for each in (str(theirs.pk), "victim_asked", f"{since:%Y-%m-%d}") if each in seen] == []
    page = signed_in(room.custodian).get(f"/admin/held/{kit.card_id}/").content.decode()
    assert "Others hold it back" in page
    assert f"{theirs.get_reason_display()}</strong>" not in page
    mine = kit_hold_place(actor=room.custodian, card_id=kit.card_id, reason="victim_asked", at=T0)
    again = code(kit_hold_place, actor=room.second, card_id=kit.card_id, reason="victim_asked", at=T0)
    assert again[0] == "already_on_hold"
    assert str(mine.pk) in everything(room.second)
    nobodys = code(kit_hold_lift, actor=room.second, card_id=kit.card_id, hold_id=theirs.pk, at=T0)
    assert nobodys == ("not_your_hold", "KH-07")
    with access.viewing(world.sarc):
        assert {each.pk for each in selectors.open_holds(card=kit.card)} == {mine.pk, theirs.pk}
        # Whether others hold it is told to the post that has the kit, of no other kit.
        assert not selectors.held_by_others(card=kit.card)
    kit_hold_lift(actor=world.sarc, card_id=kit.card_id, hold_id=theirs.pk, at=T0)
    with access.viewing(room.custodian):
        assert not selectors.held_by_others(card=kit.card)


def test_ev_03_who_holds_nothing_sees_nothing_and_a_post_lost_is_a_view_lost(world, room):
    from accounts.models import Appointment
    from accounts.services import appointment_end

    kit, number = room.stored()
    label_draw(actor=world.sarc, case_id=kit.case_id, kit_id=kit.pk, printer=False, at=T0)
    for other in (world.mcio, world.commander, world.manager, world.stranger, world.other_va, None):
        seen = everything(other)
        assert str(kit.card_id) not in seen
        assert "reports_kit" not in seen
        assert "reports_custody" not in seen
    appointment = Appointment.objects.get(user=room.custodian)
    appointment_end(appointment=appointment, actor=world.manager, at=T0)
    assert str(kit.card_id) not in everything(room.custodian)
    with access.viewing(room.second):
        assert cards.held_by_number(viewer=room.second, number=number).pk == kit.card_id


def test_a_number_is_found_as_typed_and_a_misread_one_is_told_apart_from_one_of_others(world, room):
    kit, number = room.stored()
    _, elsewhere = room.sealed("restricted")
    with access.viewing(room.custodian):
        assert (
            cards.held_by_number(viewer=room.custodian, number=number.lower().replace("-", " ")).pk
            == kit.card_id
        )
        assert code(cards.held_by_number, viewer=room.custodian, number=elsewhere) == (
            "not_held_here",
            "EV-03c",
        )
        wrong = ("1" if number[0] != "1" else "2") + number[1:]
        with pytest.raises(FactsError, match="misread"):
            cards.held_by_number(viewer=room.custodian, number=wrong)


def test_every_single_wrong_character_and_every_swap_of_neighbours_is_noticed():
    """All positions against the whole alphabet; two neighbours exchanged at every place."""
    numbers = [new_control_number() for _ in range(30)] + ["0000-0000-0000-0"]
    numbers.append(new_control_number(lambda count: b"\xff" * count))
    for number in numbers:
        bare = number.replace("-", "")
        wrong = {
            bare[:i] + other + bare[i + 1 :]
            for i in range(len(bare))
            for other in ALPHABET
            if other != bare[i]
        }
        wrong |= {bare[:i] + bare[i + 1] + bare[i] + bare[i + 2 :] for i in range(len(bare) - 1)} - {bare}
        assert len(wrong) >= len(bare) * 31
        for each in wrong:
            with pytest.raises(FactsError):
                check_control_number(each)
    assert not set("ILOU") & set(ALPHABET)


def test_ev_03_one_number_for_one_incident_and_never_the_same_for_two(world, room):
    from reports.evidence.services import kit_number_issue

    kit, _ = room.sealed("restricted")
    other, _ = room.sealed("restricted")
    again = code(kit_number_issue, actor=world.sarc, case_id=kit.case_id, at=T0)
    assert again == ("number_exists", "EV-03")
    with access.viewing(world.sarc), connection.cursor() as cursor, refused("one evidence number"):
        cursor.execute(
            "INSERT INTO reports_kit (id, case_id, number, number_index, state, issued_at)"
            " SELECT gen_random_uuid(), case_id, number, '\\x00', 'numbered', sapr_now() FROM reports_kit"
            " WHERE id = %s",
            [kit.pk],
        )
    with access.viewing(world.sarc), connection.cursor() as cursor, refused("unique"):
        cursor.execute(
            "INSERT INTO reports_kitcard (id, number, number_index, label, holder) SELECT gen_random_uuid(), number,"
            " number_index, 'number', 'provider' FROM reports_kitcard WHERE id = %s",
            [other.card_id],
        )


def test_ev_07_the_holder_of_an_unrestricted_kit_reads_the_name_on_its_label_on_record(world, room):
    kit, number = room.sealed("unrestricted")
    kit_hand_to_mcio(actor=world.sarc, case_id=kit.case_id, number=number, at=T0)
    with access.viewing(world.mcio):
        hop = Custody.objects.get()
    room.accept(world.mcio, hop)
    with access.viewing(world.mcio):
        assert code(selectors.name_on_kit, viewer=world.mcio, card_id=kit.card_id, at=T0)[0] == "no_name"
    label_draw(actor=world.sarc, case_id=kit.case_id, kit_id=kit.pk, printer=False, at=T0)
    with access.viewing(world.mcio):
        assert selectors.name_on_kit(viewer=world.mcio, card_id=kit.card_id, at=T0) == CANARIES["name"]
    with access.viewing(world.sarc):
        looks = Event.objects.filter(case_id=kit.case_id, kind="sealed_opened", actor_id=world.mcio.pk)
        assert [each.data for each in looks] == [{"what": ["kitname.name"], "purpose": "evidence"}]
    restricted, _ = room.stored()
    with access.viewing(world.sarc), refused("bears a name"):
        _put_name(Kit.objects.get(pk=restricted.pk))


def _put_name(kit):
    from reports.models import KitName

    KitName(case_id=kit.case_id, kit=kit, name="Somebody").save(force_insert=True)
