"""The list of cases without a filter is a statement of its own: it says what the selector's rows say."""

from datetime import timedelta

from accounts.models import Appointment
from accounts.services import appointment_end
from reports import access
from reports.access import listing
from reports.breakglass.services import break_glass_ask, break_glass_decide, break_glass_end
from reports.casework.services import va_assign
from reports.election.contacts import contact_open, contact_walk_away
from reports.election.outputs import CaseSummary, case_row
from reports.models import Assignment
from tests.api.door import Door
from tests.clients.systems import door_of, made
from tests.factories import AppointmentFactory
from tests.times import T0

HOUR = timedelta(hours=1)


def whole(door: Door, words: str = "limit=3") -> list[dict]:
    """Page after page."""
    rows, path = [], f"cases?{words}"
    while path:
        part = door.read(path)
        rows += part["items"]
        path = part["next"] and f"cases?{words}&cursor={part['next']}"
    return rows


def meant(person) -> list[dict]:
    with access.viewing(person):
        return [CaseSummary(case_row(case)).data for case in access.cases(person)]


def test_the_list_says_what_the_selector_says_of_everybody(world, monkeypatch) -> None:
    """Contacts and reports, of one instant and of several, at one place and at two, by one role and by both."""
    lines = []
    real = listing.case_lines
    monkeypatch.setattr(access, "case_lines", lambda *a, **b: lines.append(real(*a, **b)) or lines[-1])

    def agree(*people, light: bool) -> None:
        for person in people:
            door = Door(person)
            lines.clear()
            newest = whole(door)
            assert newest == meant(person), person.username
            assert all(each is not None for each in lines) == light, person.username
            # Of one instant by the id, whichever way the instants go.
            turned = sorted(newest, key=lambda row: (row["opened_at"], row["id"]))
            assert whole(door, "limit=4&order=oldest") == turned

    everybody = (world.sarc, world.va, world.stranger, world.other_va)
    agree(*everybody, light=False)
    for _ in range(3):
        world.contact()
    left = world.contact(at=T0 - HOUR)
    contact_walk_away(actor=world.sarc, case_id=left.pk, at=T0)
    mine = world.signed("restricted", at=T0 - 2 * HOUR).case
    world.signed("unrestricted")
    theirs = world.contact(actor=world.stranger)
    va_assign(actor=world.sarc, case_id=mine.pk, va=world.va, at=T0)
    agree(world.sarc, world.va, world.stranger, light=True)
    agree(world.other_va, light=False)

    # The same post elsewhere, and another role here; a system's key leaves only what lies here.
    AppointmentFactory(user=world.sarc, post=world.posts["stranger"], starts_at=T0 - HOUR)
    AppointmentFactory(user=world.stranger, post=world.posts["va"], starts_at=T0 - HOUR)
    elsewhere = contact_open(
        actor=world.sarc, at=T0, installation=theirs.installation, identity={"name": "V. Elsewhere"}
    )
    contact_open(actor=world.stranger, at=T0, installation=world.installation, identity={"name": "V. Here"})
    agree(world.sarc, world.stranger, light=True)
    here = [row for row in meant(world.sarc) if row["id"] != str(elsewhere.pk)]
    assert whole(door_of(made(world, world.sarc, "cases")[1])) == here
    narrow = door_of(made(world, world.sarc, "cases", name="Narrow", fields=("cases:number",))[1])
    assert whole(narrow) == [{"number": row["number"]} for row in here]

    # What is open in an emergency is a list of two kinds, and then one again.
    asked = break_glass_ask(actor=world.sarc, case=theirs.number, reason="Invented.", at=T0)
    break_glass_decide(actor=world.manager, request_id=asked.pk, approve=True, at=T0)
    agree(world.sarc, light=False)
    assert str(theirs.pk) in {row["id"] for row in meant(world.sarc)}
    break_glass_end(actor=world.sarc, request_id=asked.pk, at=T0)
    agree(world.sarc, light=True)

    # No longer assigned; no longer appointed.
    with access.viewing(world.sarc):
        Assignment.objects.filter(case=left, user=world.sarc).update(ended_at=T0)
    post = Appointment.objects.get(user=world.sarc, post=world.posts["stranger"])
    appointment_end(appointment=post, actor=world.manager, at=T0)
    agree(world.sarc, light=True)
    assert not {str(left.pk), str(elsewhere.pk)} & {row["id"] for row in meant(world.sarc)}
