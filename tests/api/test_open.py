"""One request that opens a case: what two requests answer, each look recorded before it is shown, or nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from notifications.outputs import notice_row
from notifications.selectors import case_notices
from reports import access, policy
from reports.access.looks import Look
from reports.access.openings import COUNTED
from reports.breakglass import services as emergencies
from reports.election.models import Identity, Narrative
from reports.election.outputs import case_row
from reports.election.selectors import case_get
from reports.ledger.models import Event
from reports.obligations.selectors import case_duties
from sapr.case_api import CaseGetApi
from tests.access.test_curiosity import OPENINGS, opened, raised
from tests.api.door import Door
from tests.database.refusals import refused
from tests.factories import AppointmentFactory
from tests.times import T0
from tests.vault.test_old_values import put

PURPOSE = {"purpose": "case_work"}
HOUR = timedelta(hours=1)


@pytest.fixture
def case(world):
    return world.signed("restricted").case


def looks(world, case) -> list[dict]:
    with access.viewing(world.sarc):
        found = Event.objects.filter(case_id=case.pk, kind="sealed_opened").order_by("seq")
        return list(found.values_list("data", "actor_id"))


def by_selectors(world, case) -> dict:
    """What `case_get` shows, by the selectors and the serializer of its schema."""
    with access.viewing(world.sarc):
        found = case_get(viewer=world.sarc, case_id=case.pk)
        report = getattr(found, "report", None)
        told = case_notices(viewer=world.sarc, case=found)
        whole = case_row(found) | {
            "signed_at": report and report.signed_at,
            "converted_at": report and report.converted_at,
            "duties": list(case_duties(viewer=world.sarc, case=found)),
            "notices": [notice_row(each) for each in told],
        }
        return CaseGetApi.OutputSerializer(whole).data


def test_it_answers_what_both_others_answer_together(world, case, door):
    """Signed, unsigned, and walked away; with the same events as the opening alone, and what the selectors find."""
    unsigned, left = world.decided(), world.contact()
    door.done(f"cases/{left.pk}/walk-away")
    for each in (unsigned, left, world.signed("unrestricted").case, case):
        path = f"cases/{each.pk}"
        read = door.read(path)
        assert read == by_selectors(world, each)
        apart = read | door.done(f"{path}/sealed", PURPOSE)
        alone = looks(world, each)
        assert door.done(f"{path}/open", PURPOSE) == apart
        both = looks(world, each)
        assert len(both) == len(alone) + 2
        assert both[-2:] == alone[-2:]
        assert [data["what"][0] for data, _ in both[-2:]] == ["identity.name", "narrative.text"]
    assert all(apart[name] for name in ("duties", "notices", "identity", "narrative"))


def test_what_decides_of_a_case_hangs_on_how_one_stands_towards_it_alone():
    """A row of access by another scope would be asked for by the columns of the thing itself, which were not read."""
    rules = policy.access_rules(T0.date())
    asked = [("case_view", name) for name in ("case", "duty", "notice")]
    asked += [(verb, name) for verb in ("case_work", "emergency_open") for name in ("identity", "narrative")]
    for verb, name in asked:
        assert {grant.scope for grant in rules.grants(verb, name)} <= {"assigned", "granted"}, (verb, name)


def test_it_takes_three_questions_beyond_who_asks(world, case, door):
    """The case with its sealed rows; their keys; lock, limit and both looks."""
    door.done(f"cases/{case.pk}/open", PURPOSE)
    with CaptureQueriesContext(connection) as asked, CaptureQueriesContext(connections["keys"]) as keys:
        door.done(f"cases/{case.pk}/open", PURPOSE)
    # Within the transaction of a test the viewer is set back, too.
    beside = ("SAVEPOINT", "set_config")
    said = [each["sql"] for each in asked if not any(word in each["sql"] for word in beside)]
    assert ["FROM reports_case" in each for each in said[-2:]] == [True, False]
    assert "sapr_look" in said[-1]
    assert len(keys) == 1


def test_behind_a_pooler_it_waits_for_each_question_and_answers_the_same(world, case, door, settings):
    path = f"cases/{case.pk}/open"
    sent = door.done(path, PURPOSE)
    before = looks(world, case)
    settings.POOLER = "transaction"
    assert door.done(path, PURPOSE) == sent
    assert looks(world, case)[len(before) :] == before[-2:]


def test_the_database_counts_and_records_in_the_viewers_own_name_alone(world, case):
    """`sapr_look` by hand: it gives nobody a right they have not, and records nothing beyond the limit."""
    said, since = '[{"what": ["identity.name"], "purpose": "case_work"}]', T0 - HOUR
    look = "SELECT sapr_look(%s, %s, %s, %s, %s, %s)"
    before = looks(world, case)

    def asked(viewer, most: int | None):
        with access.viewing(viewer), connection.cursor() as cursor:
            cursor.execute(look, [case.pk, T0, said, since, list(COUNTED), most])
            return cursor.fetchone()[0]

    for most in (None, 5):
        with refused("row-level security"):
            asked(world.stranger, most)
    assert asked(world.sarc, 0) is False
    assert looks(world, case) == before
    assert asked(world.sarc, 1) is True
    assert asked(world.sarc, 1) is False
    assert [actor for _, actor in looks(world, case)[len(before) :]] == [world.sarc.pk]


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
    answer = asker.post(f"{path}/open", PURPOSE)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_role")
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
