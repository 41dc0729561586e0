"""To people who are not on it, an erased case answers as one that never was."""

import json
import uuid

import psycopg
import pytest

from reports import access
from reports.access.models import Look
from reports.vault import keys
from tests.command_line import manage
from tests.erasure.conftest import agreed, left_without_signing
from tests.signed_in import signed_in
from tests.stage import in_database

pytestmark = pytest.mark.slow
UNKNOWN = "C-0000-0000-0000-0"


def answer_to(stage, wanted: str, door: str) -> tuple:
    """What asking for emergency access answers, without what is new in each request; and how many looks it counts."""
    world = stage.world
    client = signed_in(world.stranger)
    if door == "api":
        body = json.dumps({"case": wanted, "reason": "Invented."})
        answer = client.post("/api/v1/emergencies", body, content_type="application/json")
        shown = {name: value for name, value in answer.json().items() if name not in ("id", "asked_for")}
    else:
        answer = client.post("/admin/emergency/ask/", {"case": wanted, "reason": "Invented."})
        shown = answer.get("Location")
    with access.viewing(world.stranger):
        counted = Look.objects.filter(kind="emergency").count()
    return answer.status_code, shown, sorted(answer.headers), counted


def asked_at(stage, wanted: str) -> list[tuple]:
    """Both doors, and every count relative to what it was."""
    with access.viewing(stage.world.stranger):
        before = Look.objects.filter(kind="emergency").count()
    found = [answer_to(stage, wanted, door) for door in ("api", "desk")]
    return [(*each[:3], each[3] - before) for each in found]


@pytest.mark.parametrize("done", [True, False])
def test_asking_for_it_in_an_emergency_answers_as_for_no_case_and_counts_the_same_look(stage, done) -> None:
    """Also while its keys are gone and the database does not say so yet."""
    gone = left_without_signing(stage.world)
    row = agreed(stage.world, gone)
    if done:
        erased = manage("erase", "--case", gone.number, "--confirm", gone.number, "--json", env=stage.env)
        assert erased.returncode == 0, erased.stderr
    else:
        # Killed between the keys and the certificate.
        keys.forget()
        rows = "DELETE FROM reports_wrappedkey WHERE case_id = %s"
        stone = "INSERT INTO reports_tombstone (case_id, destroyed_at, clean) VALUES (%s, now(), false)"
        with psycopg.connect(in_database(stage.env["ADMIN_DATABASE_URL"], stage.names["keys"])) as admin:
            for statement in (stone, rows):
                admin.execute(statement, [row.case_id])
    keys.forget()
    never = asked_at(stage, UNKNOWN)
    assert asked_at(stage, gone.number) == never
    assert asked_at(stage, str(gone.pk)) == asked_at(stage, str(uuid.uuid4())) == never
    assert [each[0] for each in never] == [201, 302]
    assert [each[3] for each in never] == [1, 2]
