"""One request that opens a case: what two requests answer, each look recorded before it is shown, or nothing."""

from uuid import uuid4

import pytest

from reports import access
from reports.access.looks import Look
from reports.breakglass import services as emergencies
from reports.election.models import Identity, Narrative
from reports.ledger.models import Event
from tests.access.test_curiosity import OPENINGS, opened, raised
from tests.api.door import Door
from tests.factories import AppointmentFactory
from tests.times import T0
from tests.vault.test_old_values import put

PURPOSE = {"purpose": "case_work"}


@pytest.fixture
def case(world):
    return world.signed("restricted").case


def looks(world, case) -> list[dict]:
    with access.viewing(world.sarc):
        found = Event.objects.filter(case_id=case.pk, kind="sealed_opened").order_by("seq")
        return list(found.values_list("data", "actor_id"))


def test_it_answers_what_both_others_answer_together(world, case, door):
    """Signed, unsigned, and walked away; with the same events as the opening alone."""
    unsigned, left = world.decided(), world.contact()
    door.done(f"cases/{left.pk}/walk-away")
    for each in (case, unsigned, left, world.signed("unrestricted").case):
        path = f"cases/{each.pk}"
        apart = door.read(path) | door.done(f"{path}/sealed", PURPOSE)
        alone = looks(world, each)
        assert door.done(f"{path}/open", PURPOSE) == apart
        both = looks(world, each)
        assert len(both) == len(alone) + 2
        assert both[-2:] == alone[-2:]
        assert [data["what"][0] for data, _ in both[-2:]] == ["identity.name", "narrative.text"]
    assert apart["duties"]
    assert apart["notices"]
    assert apart["identity"]["name"]
    assert apart["narrative"]["text"]


def test_beyond_the_hours_limit_it_is_refused_shows_nothing_and_records_nothing(world, case, door):
    opened(world, OPENINGS - 1)
    before = looks(world, case)
    assert door.post(f"cases/{case.pk}/open", PURPOSE).status_code == 200
    assert len(looks(world, case)) == len(before) + 2
    answer = door.post(f"cases/{case.pk}/open", PURPOSE)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_openings")
    assert answer["Retry-After"] == "3600"
    assert b"Canary" not in answer.content
    assert len(looks(world, case)) == len(before) + 2
    assert raised(world, "reading_stopped") == [{"user": str(world.sarc.pk), "openings": OPENINGS}]


def test_in_an_emergency_it_opens_for_that_purpose_alone(world, case):
    asker, manager = Door(world.stranger), world.manager
    request = emergencies.break_glass_ask(actor=world.stranger, case=case.number, reason="Invented.", at=T0)
    emergencies.break_glass_decide(actor=manager, request_id=request.pk, approve=True, at=T0)
    before, path = looks(world, case), f"cases/{case.pk}"
    refused = asker.post(f"{path}/open", PURPOSE)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_role")
    assert looks(world, case) == before
    emergency = {"purpose": "emergency"}
    assert asker.done(f"{path}/open", emergency) == asker.read(path) | asker.done(f"{path}/sealed", emergency)
    assert [data["purpose"] for data, _ in looks(world, case)[len(before) :]] == ["emergency"] * 4
    # Who works on the case is in no emergency.
    assert Door(world.sarc).post(f"{path}/open", emergency).status_code == 403


def test_a_purpose_that_is_not_a_persons_is_refused_as_ever(world, case, door):
    before = looks(world, case)
    for purpose in ("signing", "inbox", "curiosity", ""):
        answers = [door.post(f"cases/{case.pk}/{each}", {"purpose": purpose}) for each in ("open", "sealed")]
        assert [each.status_code for each in answers] == [422, 422]
        assert answers[0].content == answers[1].content
    assert looks(world, case) == before


def test_what_is_not_ones_own_is_not_there_in_every_byte_and_counts_as_a_look(world, case):
    """Of a stranger, and of a colleague who is on no case; of nothing; and of the case at one's other post by key."""
    for person in (world.stranger, AppointmentFactory(post=world.posts["sarc"]).user):
        door = Door(person)
        answers = {door.post(f"cases/{each}/open", PURPOSE).content for each in (case.pk, uuid4())}
        assert len(answers) == 1
        assert door.post(f"cases/{case.pk}/open", PURPOSE).status_code == 404
        with access.viewing(person):
            assert Look.objects.filter(kind="not_there").count() == 3


def test_an_earlier_value_put_back_is_refused_and_leaves_no_look(world, door):
    """The commitments of the ledger are checked: a changed cell opens nothing, and nothing is said to be opened."""
    case = world.contact()
    changed = {"identity": {"name": "Other", "phone": "+1 555 0100"}, "narrative": {"text": "Other."}}
    models = {"identity": Identity, "narrative": Narrative}
    with access.viewing(world.sarc):
        former = {part: model.objects.get(case=case) for part, model in models.items()}
    assert door.ask("PATCH", f"contacts/{case.pk}", changed).status_code == 200
    before = looks(world, case)
    for part, name in ((part, name) for part, names in changed.items() for name in names):
        with access.viewing(world.sarc):
            now = models[part].objects.get(case=case)
        for raw in (getattr(former[part], name).raw, None):
            with access.viewing(world.sarc):
                put(now, name, raw)
            answer = door.post(f"cases/{case.pk}/open", PURPOSE)
            assert (answer.status_code, answer.json()["code"]) == (503, "sealed")
            assert b"Canary" not in answer.content
        with access.viewing(world.sarc):
            put(now, name, getattr(now, name).raw)
    assert looks(world, case) == before
    assert door.done(f"cases/{case.pk}/open", PURPOSE)["narrative"]["text"] == "Other."
