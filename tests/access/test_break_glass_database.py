"""Emergency access, round the services: what the database refuses to the web account's own rights."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from reports import access
from reports.breakglass import services
from reports.breakglass.models import BreakGlass
from reports.ledger.services import append, append_system
from reports.models import Case, Identity
from tests.database.refusals import refused
from tests.factories import AppointmentFactory
from tests.times import T0

UNKNOWN = "C-0000-0000-0000-0"
HOUR = timedelta(hours=1)


@pytest.fixture
def asked(world):
    """A case of the SARC, and a stranger's request for it."""
    case = world.contact()
    return case, services.break_glass_ask(actor=world.stranger, case=case.number, reason="Invented.", at=T0)


def approved(world, request):
    return services.break_glass_decide(actor=world.manager, request_id=request.pk, approve=True, at=T0)


def test_a_request_is_in_ones_own_name_and_about_the_case_it_names(world):
    case = world.contact()
    row = {
        "asked_for": case.number,
        "asked_at": T0,
        "answer_by": T0 + HOUR,
        "reason": "x",
        "case_id": case.pk,
    }
    with access.viewing(world.stranger), refused("in their own name"):
        BreakGlass(asked_by=world.sarc, **row).save(force_insert=True)
    with access.viewing(world.stranger), refused("the case that it names"):
        BreakGlass(asked_by=world.stranger, **row | {"asked_for": UNKNOWN}).save(force_insert=True)
    with access.viewing(world.manager), refused("in their own name"):
        BreakGlass(asked_by=world.manager, **row).save(force_insert=True)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"state": "approved", "runs_until": T0 + 25 * HOUR}, "runs_for_hours"),
        ({"state": "approved", "runs_until": None}, "runs_for_hours"),
        ({"state": "refused", "runs_until": T0 + HOUR}, "runs_for_hours"),
        ({"answer_by": T0 + 9 * HOUR}, "permission denied"),
        ({"asked_for": UNKNOWN}, "permission denied"),
        ({"state": "asked", "decided_by": None}, "decided before it ends"),
    ],
)
def test_no_access_is_longer_and_no_request_is_changed(world, asked, changed, sentence):
    _, request = asked
    values = {"decided_by": world.manager, "decided_at": T0} | changed
    with access.viewing(world.manager), refused(sentence):
        BreakGlass.objects.filter(pk=request.pk).update(**values)


def test_it_is_decided_by_an_independent_other_in_their_own_name(world, asked):
    _, request = asked
    values = {"state": "approved", "decided_at": T0, "runs_until": T0 + HOUR}
    rows = BreakGlass.objects.filter(pk=request.pk)
    with access.viewing(world.stranger), refused("second_person|another SARC"):
        rows.update(decided_by=world.stranger, **values)
    with access.viewing(world.stranger), refused("another SARC"):
        rows.update(decided_by=world.manager, **values)
    append_system(kind="user_created", actor=world.manager, at=T0, data={"user": str(world.stranger.pk)})
    with access.viewing(world.manager), refused("independent second person"):
        rows.update(decided_by=world.manager, **values)


def test_it_ends_only_earlier_once_and_is_dated_by_the_database(world, asked):
    _, request = asked
    approved(world, request)
    rows = BreakGlass.objects.filter(pk=request.pk)
    with access.viewing(world.stranger), refused("ends only earlier"):
        rows.update(ended_by=world.stranger)
    with access.viewing(world.stranger), refused("ends only earlier"):
        rows.update(runs_until=T0 + 23 * HOUR)
    with access.viewing(world.stranger):
        rows.update(ended_by=world.stranger, ended_at=T0 - HOUR)
        assert rows.get().ended_at == T0
    with access.viewing(world.stranger), refused("ends only earlier"):
        rows.update(ended_at=None, ended_by=None)
    with access.viewing(world.stranger), refused("permission denied"):
        rows.delete()


def test_who_reads_in_an_emergency_writes_nothing_but_that_they_opened_it(world, asked):
    case, request = asked
    approved(world, request)
    with access.viewing(world.stranger):
        assert Identity.objects.filter(case=case).update(name=None) == 0
        assert Case.objects.filter(pk=case.pk).update(walked_away_at=T0) == 0
    with access.viewing(world.stranger), refused("row-level security"):
        append(case_id=case.pk, kind="contact_logged", actor=world.stranger, at=T0)


READ = (
    "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) "
    "VALUES (%s, %s, 'sealed_opened', %s, %s, %s)"
)
EXACT = {"what": ["breakglass.reason"], "purpose": "second_person"}


def says_read(person, case, data=None) -> None:
    with access.viewing(person), connection.cursor() as cursor:
        cursor.execute(READ, [uuid4(), case.pk, T0, person.pk, json.dumps(data or EXACT)])


def test_that_a_second_person_read_is_written_only_while_it_waits_and_in_one_shape(world, asked, held_clock):
    case, request = asked
    says_read(world.manager, case)
    for other in ({"purpose": "second_person"}, EXACT | {"what": ["identity.name"]}, EXACT | {"note": "x"}):
        with refused("row-level security"):
            says_read(world.manager, case, other)
    made = AppointmentFactory(post=world.posts["manager"]).user
    append_system(kind="user_created", actor=made, at=T0, data={"user": str(world.stranger.pk)})
    for person in (made, world.stranger, world.commander):
        with refused("row-level security"):
            says_read(person, case)
    held_clock.move(request.answer_by, hold=True)
    with refused("row-level security"):
        says_read(world.manager, case)
    held_clock.move(T0, hold=True)
    approved(world, request)
    with refused("row-level security"):
        says_read(world.manager, case)
