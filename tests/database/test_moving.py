"""What moves is said on its case's chain; what an addressee and a second person see of it; what an upgrade repairs."""

from uuid import uuid4

from django.db import connection

from reports import access
from reports.casework.moves import leaving
from reports.casework.moves import services as moves
from reports.casework.one_year import asked_at
from reports.election import conversion
from reports.evidence.cards import card_of
from reports.evidence.services import kit_hand_to_mcio, kit_number_issue, kit_seal
from reports.ledger.services import append
from reports.models import Case, Duty, Event, HandOver, Kit, KitCard, Move, Offer
from tests.database.reading import everything
from tests.database.refusals import refused
from tests.database.upgrades import repaired
from tests.meeting.ways import agreed, another, offered
from tests.times import T0

REPAIR = "moving_repair.sql"
ANSWER = "UPDATE reports_offer SET state = %s, decided_by_id = %s, decided_at = %s WHERE id = %s"
EVENT = "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) VALUES (%s, %s, %s, %s, %s, '{}')"


def run(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def test_mv_03_the_addressee_of_an_offer_reads_no_case_by_raw_sql_before_nor_after_the_answer(world) -> None:
    case = world.signed("restricted").case_id
    with access.viewing(world.sarc):
        secrets = (str(case), Case.objects.get(pk=case).number)
    asked = agreed(world, case)
    to = {"to": world.stranger, "installation_id": world.posts["stranger"].location_id}

    def shown(row) -> list[str]:
        seen = everything(world.stranger)
        assert f"({row.pk}," in seen
        return [each for each in secrets if each in seen]

    withdrawn = moves.move_offer(**asked, **to)
    assert shown(withdrawn) == []
    moves.move_withdraw(move_id=withdrawn.pk, **asked)
    assert shown(withdrawn) == []
    rejected = moves.move_offer(**asked, **to)
    moves.move_reject(actor=world.stranger, move_id=rejected.pk, at=T0)
    assert shown(rejected) == []
    with access.viewing(world.stranger):
        assert (Offer.objects.count(), Move.objects.count()) == (2, 0)
        # Nor does the case's own side have it from there.
        with refused("permission denied"):
            run("INSERT INTO reports_offer (id) VALUES (%s)", uuid4())
    accepted = moves.move_offer(**asked, **to)
    moves.move_accept(actor=world.stranger, move_id=accepted.pk, at=T0)
    assert shown(accepted) == list(secrets)


def test_a_move_that_is_accepted_is_said_on_its_cases_chain_at_commit(world) -> None:
    case = world.signed("restricted").case_id
    row = offered(world, case)
    check = "SET CONSTRAINTS is_said IMMEDIATE"
    with access.viewing(world.stranger):
        with refused("on the record of its case"):
            run(ANSWER, "accepted", world.stranger.pk, T0, row.pk)
            run(check)
        run(ANSWER, "accepted", world.stranger.pk, T0, row.pk)
        run(EVENT, uuid4(), case, "documents_moved", T0, world.stranger.pk)
        run(check)


def test_a_conversion_with_its_form_is_said_on_its_cases_chain_at_commit(world, monkeypatch) -> None:
    report = world.signed("restricted")
    said = conversion.record

    def silent(*, kind, **given):
        return uuid4() if kind == "report_converted" else said(kind=kind, **given)

    with monkeypatch.context() as patched:
        patched.setattr(conversion, "record", silent)
        world.converted(report, at=T0)
    check = "SET CONSTRAINTS is_converted IMMEDIATE"
    with access.viewing(world.sarc):
        with refused("stands on its signed form"):
            run(check)
        run(EVENT, uuid4(), report.case_id, "report_converted", T0, world.sarc.pk)
        run(check)


def test_mv_06_once_confirmed_a_hand_over_is_hidden_from_all_second_persons_but_the_one_who_confirmed(
    world,
) -> None:
    case, follows, other = world.signed("restricted").case_id, another(world), another(world)
    second_manager = another(world, "manager")
    row = leaving.advocate_change(
        actor=world.sarc,
        case_id=case,
        role="sarc",
        leaves=world.sarc,
        follows=follows,
        originals="safe",
        at=T0,
    )

    def see_it() -> list[bool]:
        found = []
        for person in (follows, other, world.manager, second_manager, world.stranger, world.va):
            with access.viewing(person):
                found.append(HandOver.objects.filter(pk=row.pk).exists())
        return found

    assert see_it() == [True, True, True, True, False, False]
    leaving.originals_confirm(actor=world.manager, handover_id=row.pk, originals="safe", at=T0)
    assert see_it() == [True, False, True, False, False, False]
    assert str(case) not in everything(other) + everything(second_manager)


def test_an_upgrade_goes_past_a_question_that_was_recorded_twice_and_takes_no_third(stage, owner) -> None:
    world = stage.world
    case = world.signed("restricted").case

    def ask() -> None:
        with access.viewing(world.sarc):
            append(case_id=case.pk, kind="conversion_asked", actor=world.sarc, at=T0)

    owner.execute(
        "CREATE UNIQUE INDEX reports_event_conversion_asked_once ON reports_event (case_id)"
        " WHERE kind = 'conversion_asked'"
    )
    owner.execute("DROP TRIGGER asked_once ON reports_event; DROP FUNCTION sapr_asked_once()")
    ask()
    # A version between had an index; one before had nothing.
    repaired(owner, REPAIR)
    owner.execute("DROP TRIGGER asked_once ON reports_event")
    ask()
    for _ in range(2):
        repaired(owner, REPAIR)
        with refused("asked once"):
            ask()
    with access.viewing(world.sarc):
        assert Event.objects.filter(case_id=case.pk, kind="conversion_asked").count() == 2
        assert asked_at(viewer=world.sarc, case=case) == T0


def test_kits_of_before_there_were_cards_are_where_they_were_and_each_has_its_own_duty(stage, owner) -> None:
    """EV-10 and CK-19: rows as the version before left them; a second run of the repair changes nothing."""
    world = stage.world
    gone = [_at_mcio(world), _at_mcio(world)]
    with access.viewing(world.sarc):
        old = [Kit.objects.get(case_id=case) for case in gone]
    first, second = _shared(world, owner)
    _without_cards(owner, [*(kit.pk for kit in old), first.pk, second])
    # One was given its card since, by a version that took every kit for the provider's.
    owner.execute("DROP TRIGGER old_kit_has_card ON reports_kit")
    assert _card(world, old[0]).holder == "provider"
    for _ in range(2):
        repaired(owner, REPAIR)
        for kit in old:
            card = _card(world, kit)
            assert (card.holder, card.at_post, card.to_post) == ("mcio", world.posts["mcio"], None)
        with access.viewing(world.sarc):
            duties = Duty.objects.filter(case=first.case_id, kind="tell_kit_expiry", state="open")
            assert {duty.about for duty in duties} == {first.pk, second}
            assert len({duty.due_at for duty in duties}) == 1
            opened = Event.objects.filter(
                case_id=first.case_id, kind="duty_opened", data__kind="tell_kit_expiry"
            )
            assert {each.data["duty"] for each in opened} == {str(duty.pk) for duty in duties}
            assert opened.count() == 2
            assert _card(world, first).holder == "provider"
    # Where the MCIO has it, the agent finds it among what the post holds.
    with access.viewing(world.mcio):
        assert KitCard.objects.filter(holder="mcio").count() == 2


def _at_mcio(world):
    case = world.signed("unrestricted").case_id
    given = {"actor": world.sarc, "case_id": case, "at": T0}
    _, number = kit_number_issue(**given)
    kit_seal(number=number, **given)
    kit_hand_to_mcio(number=number, **given)
    return case


def _shared(world, owner):
    """Two sealed kits of one case, and the one duty that stood for both."""
    case = world.signed("restricted").case_id
    given = {"actor": world.sarc, "case_id": case, "at": T0}
    kit, number = kit_number_issue(**given)
    kit_seal(number=number, **given)
    second = uuid4()
    owner.execute("ALTER TABLE reports_kit DISABLE TRIGGER USER")
    owner.execute("ALTER TABLE reports_kit NO FORCE ROW LEVEL SECURITY")
    owner.execute(
        "INSERT INTO reports_kit (id, case_id, number, number_index, state, issued_at)"
        " SELECT %s, case_id, number, '\\x00', state, issued_at + interval '1 hour' FROM reports_kit WHERE id = %s",
        [second, kit.pk],
    )
    owner.execute("ALTER TABLE reports_kit FORCE ROW LEVEL SECURITY")
    owner.execute("ALTER TABLE reports_kit ENABLE TRIGGER USER")
    with access.viewing(world.sarc):
        append(case_id=case, kind="kit_sealed", actor=world.sarc, at=T0, data={"kit": str(second)})
    owner.execute("ALTER TABLE reports_duty DISABLE TRIGGER only_closes")
    owner.execute("UPDATE reports_duty SET about = NULL WHERE about = %s", [kit.pk])
    owner.execute("ALTER TABLE reports_duty ENABLE TRIGGER only_closes")
    return kit, second


def _without_cards(owner, kits) -> None:
    for table in ("reports_kit", "reports_custody", "reports_kitcard"):
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    owner.execute("UPDATE reports_kit SET card_id = NULL WHERE id = ANY (%s)", [kits])
    owner.execute("DELETE FROM reports_custody")
    owner.execute("DELETE FROM reports_kitcard")
    for table in ("reports_kit", "reports_custody", "reports_kitcard"):
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _card(world, kit: Kit) -> KitCard:
    with access.viewing(world.sarc):
        return KitCard.objects.select_related("at_post").get(pk=card_of(Kit.objects.get(pk=kit.pk)).pk)
