"""Many people at the same moment, on committed data: one of them has it."""

from reports import access
from reports.models import Custody, Event
from tests.access.together import together
from tests.evidence.conftest import Room

AT_ONCE = 40


def test_of_many_hand_offs_of_one_kit_exactly_one_wins_and_one_person_receives_it(stage):
    """The same with 2,000 is `bench/custody.py`."""
    room = Room.build(stage.world)
    kit, _ = room.sealed("restricted")
    outcomes = together(*[lambda: room.offer(stage.world.sarc, kit)] * AT_ONCE)
    assert outcomes == ["already_offered"] * (AT_ONCE - 1) + ["done"]
    with access.viewing(stage.world.sarc):
        hop = Custody.objects.get()
    received = together(
        *[lambda: room.accept(room.custodian, hop), lambda: room.accept(room.second, hop)] * 4
    )
    assert received.count("done") == 1
    assert set(received) <= {"done", "answered"}
    with access.viewing(stage.world.sarc):
        kinds = Event.objects.filter(case_id=kit.case_id, kind__startswith="evidence_").values_list(
            "kind", flat=True
        )
        assert sorted(kinds) == ["evidence_accepted", "evidence_offered"]
        assert room.now(kit).card.holder == "custodian"
