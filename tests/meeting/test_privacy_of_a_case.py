"""Each case is reviewed by itself: who sees its line and its minutes, also by raw SQL and round the services."""

from datetime import timedelta

import pytest
from django.db import connection

from reports import access
from reports.casework.cmg import selectors
from reports.casework.cmg.models import AgendaLine, Meeting, Minutes
from reports.casework.cmg.services import cmg_seat_take
from reports.casework.services import va_assign
from reports.election.inquiries import limited_case_open
from reports.ledger.selectors import events_happened_at
from reports.models import Case, Duty, Event
from sapr.errors import DomainError
from tests.casework.steps import begin
from tests.database.refusals import refused
from tests.meeting.ways import WORDS, another, answered, called, held, kinds_of, line_of, minutes_kept
from tests.signed_in import signed_in
from tests.times import T0


def run(sql: str, *args) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)


def refusal(call, *args, **kwargs) -> tuple[str, str]:
    with pytest.raises(DomainError) as told:
        call(*args, **kwargs)
    return told.value.code, told.value.rule


def lines_seen(viewer) -> set:
    with access.viewing(viewer):
        return set(AgendaLine.objects.values_list("case_id", flat=True))


@pytest.fixture
def two(world):
    """Two cases of two SARCs in one meeting, not held: (meeting, mine, theirs, the other SARC, a VA on theirs)."""
    other = another(world)
    mine = world.signed("unrestricted").case_id
    theirs = world.signed("unrestricted", actor=other).case_id
    va_assign(actor=other, case_id=theirs, va=world.va, at=T0)
    return called(world, actor=other), mine, theirs, other


def test_cmg_12_13_a_line_is_seen_by_its_people_chair_and_co_chair_and_others_learn_that_there_is_one(
    world, two
):
    meeting, mine, theirs, other = two
    assert lines_seen(world.sarc) == {mine}
    assert lines_seen(world.va) == {theirs}
    assert lines_seen(other) == lines_seen(world.commander) == {mine, theirs}
    for nobody in (
        world.other_va,
        world.stranger,
        world.unit_commander,
        world.mcio,
        world.manager,
        world.higher,
    ):
        assert lines_seen(nobody) == set()
    with access.viewing(world.sarc):
        lines, further = selectors.agenda(viewer=world.sarc, meeting=meeting)
        assert ([line.case_id for line in lines], further) == ([mine], 1)
    page = signed_in(world.sarc).get(f"/admin/meetings/{meeting.pk}/").content.decode()
    numbers = [line_of(world, meeting, case).number for case in (mine, theirs)]
    assert [number in page for number in numbers] == [True, False]
    assert "1 further case, on which others work" in page
    # Taking the co-chair's seat shows all of them, and is recorded.
    cmg_seat_take(actor=world.sarc, meeting_id=meeting.pk, at=T0)
    assert lines_seen(world.sarc) == {mine, theirs}
    assert lines_seen(other) == {theirs}


def test_the_chair_sees_number_and_questions_and_nothing_of_the_case(world, two):
    meeting, mine, _, _ = two
    chair = signed_in(world.commander)
    line = line_of(world, meeting, mine)
    for page in ("/admin/meetings/", f"/admin/meetings/{meeting.pk}/", f"/admin/meetings/lines/{line.pk}/"):
        assert chair.get(page).status_code == 200
    assert line.number in chair.get(f"/admin/meetings/lines/{line.pk}/").content.decode()
    assert chair.get(f"/admin/cases/{mine}/").status_code == 403
    with access.viewing(world.commander), connection.cursor() as cursor:
        for table in (
            "reports_case",
            "reports_identity",
            "reports_report",
            "reports_event",
            "reports_minutes",
        ):
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  a name from this list
            assert cursor.fetchone() == (0,)


def test_db_09_cmg_26_minutes_are_kept_once_by_a_sarc_of_the_case_or_the_co_chair(world, two):
    meeting, mine, theirs, other = two
    line = line_of(world, meeting, theirs)
    assert refusal(minutes_kept, world, line, actor=other) == ("not_reviewed", "CMG-26")
    held(world, meeting, actor=other)
    own = line_of(world, meeting, mine)
    assert refusal(minutes_kept, world, line, actor=world.va)[0] == "not_your_role"
    assert refusal(minutes_kept, world, line, actor=world.commander)[0] == "not_your_role"
    assert refusal(minutes_kept, world, line, actor=world.sarc)[0] == "not_found"
    assert refusal(minutes_kept, world, own, told_by="somebody")[0] == "unknown_value"
    assert (
        refusal(minutes_kept, world, own, answers=answered(own) | {"CMG-21": "perhaps"})[0] == "unknown_value"
    )
    assert refusal(minutes_kept, world, own, answers={}) == ("missing", "CMG-21")
    # The co-chair, who is not on this case, keeps them and does not read them afterwards.
    minutes_kept(world, own, actor=other)
    assert "cmg_minutes_kept" in kinds_of(world.sarc, mine)
    assert refusal(minutes_kept, world, own) == ("minutes_kept", "CMG-26")


def test_cmg_15_16_privileged_words_and_the_sarcs_side_of_a_limited_case_are_not_brought_in(world):
    case, limited = world.signed("unrestricted").case_id, limited_case_open(actor=world.sarc, at=T0)
    meeting = called(world)
    held(world, meeting)
    line, short = line_of(world, meeting, case), line_of(world, meeting, limited.pk)
    assert refusal(minutes_kept, world, line, privileged=True) == ("not_for_the_group", "CMG-15")
    assert selectors.questions(short, T0) == ()
    assert refusal(minutes_kept, world, short, told_by="installation_sarc") == ("not_for_the_group", "CMG-16")
    minutes_kept(world, short, told_by="mcio")


def test_minutes_are_read_by_who_works_on_the_case_sealed_under_its_key_and_recorded(world, two):
    meeting, mine, _, other = two
    held(world, meeting, actor=other)
    row = minutes_kept(world, line_of(world, meeting, mine))
    for person in (world.commander, other, world.va, world.stranger, world.manager):
        with access.viewing(person):
            assert Minutes.objects.count() == 0
    with access.viewing(world.sarc):
        found = Minutes.objects.get()
        assert access.open_for(viewer=world.sarc, record=found, purpose="case_work", at=T0) == {"text": WORDS}
        assert (found.pk, found.kept_by, found.present) == (row.pk, world.sarc, ["mcio", "victims_va"])
    assert kinds_of(world.sarc, mine)[-1] == "sealed_opened"
    page = f"/admin/meetings/lines/{row.line_id}/"
    assert WORDS in signed_in(world.sarc).post(page, {"do": "read"}).content.decode()
    for person, status in ((other, 200), (world.commander, 200), (world.va, 404), (world.mcio, 403)):
        answer = signed_in(person).post(page, {"do": "read"})
        assert (answer.status_code, WORDS in answer.content.decode()) == (status, False)


INSERT = (
    "INSERT INTO reports_minutes (id, line_id, case_id, present, answers, told_by, not_privileged, kept_by_id, kept_at)"
    " VALUES (gen_random_uuid(), %s, %s, %s::jsonb, %s::jsonb, 'mcio', %s, %s, %s)"
)
HOLD = "UPDATE reports_meeting SET held_at = %s, chair_id = %s, chair_seat = 'deputy_commander'"
LIST = (
    "INSERT INTO reports_agendaline (id, meeting_id, case_id, number, limited, known, since, carried_over, outcome,"
    " minuted) VALUES (gen_random_uuid(), %s, %s, 'C', false, '{}', %s, false, '', false)"
)


def test_raw_sql_lists_no_case_reviews_none_and_keeps_no_minutes_of_others(world, two):
    meeting, mine, theirs, other = two
    restricted = world.signed("restricted").case_id
    line = line_of(world, meeting, theirs)
    with access.viewing(world.sarc):
        for case in (restricted, mine):
            with refused("permission denied"):
                run(LIST, meeting.pk, case, T0)
        with refused("permission denied"):
            run("UPDATE reports_agendaline SET case_id = %s", restricted)
        run("UPDATE reports_agendaline SET outcome = 'reviewed'")
        with refused("held by its co-chair"):
            run(
                HOLD,
                T0,
                world.commander.pk,
            )
        for given in ((line.pk, theirs), (line.pk, mine)):
            with refused("by a SARC of the case or the co-chair"):
                run(INSERT, *given, "[]", "{}", True, world.sarc.pk, T0)
    with access.viewing(world.stranger), refused("by a SARC of the installation"):
        run("SELECT sapr_agenda_fill(%s)", meeting.pk)
    with access.viewing(other):
        with refused("the commander of the installation or the deputy"):
            run(
                HOLD,
                T0,
                world.higher.pk,
            )
        with refused("in the future"):
            run(
                HOLD,
                T0 + timedelta(seconds=1),
                world.commander.pk,
            )
        with refused("in one's own name"):
            run("UPDATE reports_meeting SET co_chair_id = %s", world.sarc.pk)
        with refused("of a case that was reviewed"):
            run(INSERT, line.pk, theirs, "[]", "{}", True, other.pk, T0)
    with access.viewing(world.commander):
        assert set(AgendaLine.objects.values_list("outcome", flat=True)) == {""}
        assert Meeting.objects.get().held_at is None
    held(world, meeting, actor=other)
    with access.viewing(other):
        for statement in (
            "held_at = NULL, chair_id = NULL, chair_seat = ''",
            "co_chair_id = called_by_id, held_in = 'x'",
        ):
            with refused("held once"):
                run(f"UPDATE reports_meeting SET {statement}")  # noqa: S608  one of these two
        for words in (
            ("[]", '{"CMG-21": "She said so."}'),
            ('["Smith, J."]', "{}"),
            ("[]", '{"a name": "done"}'),
        ):
            with refused("words of known lists"):
                run(INSERT, line.pk, theirs, *words, True, other.pk, T0)
        with refused("nothing_privileged"):
            run(INSERT, line.pk, theirs, "[]", "{}", False, other.pk, T0)
        # The right to write on other people's cases ended with the holding.
        for statement in ("reports_case", "reports_duty WHERE case_id <> %s"):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {statement}", [theirs] if "%s" in statement else [])  # noqa: S608
                assert cursor.fetchone()[0] == (1 if statement == "reports_case" else 0)
        with refused("row-level security"):
            run(
                "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) "
                "VALUES (gen_random_uuid(), %s, 'cmg_held', %s, %s, '{}')", mine, T0, other.pk,
            )  # fmt: skip
    minutes_kept(world, line, actor=other)
    with access.viewing(other):
        for statement in ("UPDATE reports_minutes SET answers = '{}'", "DELETE FROM reports_minutes"):
            with refused("permission denied"):
                run(statement)


def test_cmg_12_who_records_a_meeting_learns_when_a_review_began_and_nothing_of_what_it_began_by(world, two):
    meeting, _, theirs, other = two
    with access.viewing(other):
        case, other_event = Case.objects.get(pk=theirs), Event.objects.get(kind="va_assigned", case_id=theirs)
    begin(world, case, "retaliation", actor=other, sealed={"name": "Invented Person", "content": WORDS})
    cmg_seat_take(actor=world.sarc, meeting_id=meeting.pk, at=T0)
    with access.viewing(world.sarc):
        seat = ("installation_commander", world.commander.pk, T0, meeting.pk)
        run("UPDATE reports_meeting SET chair_seat = %s, chair_id = %s, held_at = %s WHERE id = %s", *seat)
        run("UPDATE reports_agendaline SET outcome = 'reviewed' WHERE meeting_id = %s", meeting.pk)
        assert not Event.objects.filter(case_id=theirs).exists()
        due = Duty.objects.filter(case_id=theirs, discharged_by="cmg_held")
        began = events_happened_at({each.opened_event for each in due})
        assert (len(due), list(began.values())) == (2, [T0, T0])
        assert events_happened_at({other_event.pk}) == {}
