"""Several at the same moment, on committed data: one wins, and a right given for one transaction ends with it."""

from django.db import connection

from reports import access
from reports.casework.cmg.services import cmg_seat_take
from reports.casework.moves import leaving
from reports.casework.moves import services as moves
from reports.models import Assignment, Case, Event, Meeting
from tests.access.together import together
from tests.meeting.test_people_leave import end
from tests.meeting.ways import another, called, held, kinds_of, offered
from tests.times import T0


def test_of_two_who_do_the_same_at_once_one_wins(stage):
    world = stage.world
    second = another(world)
    mine = world.signed("unrestricted").case_id
    theirs = world.signed("unrestricted", actor=second).case_id
    meeting = called(world)

    # CK-05: two SARCs hold the same meeting, one of them twice.
    def takes_the_seat_and_holds() -> None:
        cmg_seat_take(actor=second, meeting_id=meeting.pk, at=T0)
        held(world, meeting, actor=second)

    outcomes = together(lambda: held(world, meeting), lambda: held(world, meeting), takes_the_seat_and_holds)
    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "already_held", "not_co_chair"}
    assert kinds_of(world.sarc, mine).count("cmg_held") == kinds_of(second, theirs).count("cmg_held") == 1

    # The right to say so on cases of others ended with its transaction, also when nobody gave it back.
    with access.viewing(world.sarc):
        co_chair = world.sarc if Meeting.objects.get().co_chair_id == world.sarc.pk else second
    with access.viewing(co_chair), connection.cursor() as cursor:
        cursor.execute("SELECT sapr_meeting_cases()")
        assert cursor.fetchone() == ([],)

    # MV-02: accepted and withdrawn at once.
    row = offered(world, mine)
    outcomes = together(
        lambda: moves.move_accept(actor=world.stranger, move_id=row.pk, at=T0),
        lambda: moves.move_withdraw(actor=world.sarc, case_id=mine, move_id=row.pk, at=T0),
    )
    assert outcomes.count("done") == 1
    owners = [person for person in (world.sarc, world.stranger) if _reaches(person, mine)]
    assert len(owners) == 1

    # Two take over what is left without a SARC: each gets another one, and no case has two.
    left = [world.signed("restricted").case_id for _ in range(2)]
    third = another(world)
    end(world, world.sarc)
    with access.viewing(second):
        before = Case.objects.count()
    take = {"installation_id": world.installation.pk, "at": T0}
    outcomes = together(
        *(lambda who=who: leaving.case_take_over(actor=who, **take) for who in (second, third))
    )
    assert outcomes == ["done", "done"]
    with access.viewing(second):
        assert Case.objects.count() == before + 1
    taken = {}
    for person in (second, third):
        with access.viewing(person):
            kinds = Event.objects.filter(kind="case_taken_over").values_list("case_id", flat=True)
            taken[person] = set(kinds)
    assert len(taken[second]) == len(taken[third]) == 1
    assert taken[second] != taken[third]
    assert taken[second] | taken[third] <= {*left, mine}
    with access.viewing(third):
        [case] = taken[third]
        assert Assignment.objects.filter(case_id=case, role="sarc", ended_at=None).count() == 1


def _reaches(person, case_id) -> bool:
    with access.viewing(person):
        return Case.objects.filter(pk=case_id).exists()
