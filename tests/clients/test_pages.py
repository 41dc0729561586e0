"""The pages about API clients, and the command: what each shows to whom, and that a key is shown once."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from accounts.clients.models import Client, ClientKey
from tests.clients.systems import door_of, made
from tests.factories import AppointmentFactory, UserFactory
from tests.signed_in import signed_in
from tests.staffing import independent_manager


def values(world, user, **changed):
    return {
        "name": "General hospital",
        "user": str(user.pk),
        "places": [str(world.installation.pk)],
        "rooms": ["inbox", "cases"],
        "verbs": ["read"],
        "fields_shown": "cases:id\ncases:state",
        "fingerprint": "",
        "valid_days": "30",
        "per_minute": "60",
    } | changed


def test_a_client_from_its_proposal_to_its_end(world):
    system = UserFactory(username="hospital_system", display_name="Hospital system")
    system.set_unusable_password()
    system.save(update_fields=["password"])
    AppointmentFactory(user=system, post=world.posts["mcio"])
    one, two = signed_in(world.manager), signed_in(independent_manager(world, "manager2"))
    bad = one.post("/admin/clients/new/", values(world, system, fields_shown="cases id"))
    assert (bad.status_code, b"room:field" in bad.content) == (422, True)
    assert one.post("/admin/clients/new/", values(world, system)).status_code == 302
    row = ClientKey.objects.get()
    page = f"/admin/clients/keys/{row.pk}/"
    # Its proposer can refuse, and the second person decides.
    assert b'data-test="not-second"' in one.get(page).content
    shown = two.get(page).content.decode()
    assert "cases:id, cases:state" in shown
    assert "not-second" not in shown
    answer = two.post(page, {"decision": "approve"})
    key = answer.content.decode().partition('data-test="client-key-shown">')[2].partition("<")[0]
    assert door_of(key).read("inbox") == {"items": [], "next": None}
    assert key not in two.get("/admin/clients/").content.decode()
    assert key[:14] in one.get("/admin/clients/").content.decode()
    # Another key begins with the scope of the one before.
    again = one.get(f"/admin/clients/{row.client_id}/key/").content.decode()
    assert "cases:id\ncases:state" in again
    assert one.post(f"/admin/clients/{row.client_id}/key/", values(world, system)).status_code == 302
    assert ClientKey.objects.filter(state="proposed").count() == 1
    end = f"/admin/clients/{row.client_id}/end/"
    assert b"reaches nothing" in two.get(end).content
    assert two.post(end, {"confirm": "on"}).status_code == 302
    assert door_of(key).get("inbox").status_code == 401


def test_others_see_what_acts_in_their_own_name_and_nothing_else(world):
    row, _ = made(world, world.sarc, name="Acts as the SARC")
    made(world, world.va, name="Acts as the advocate")
    mine, other = signed_in(world.sarc), signed_in(world.commander)
    page = mine.get("/admin/clients/").content.decode()
    assert "Acts as the SARC" in page
    assert "Acts as the advocate" not in page
    assert "Acts as" not in other.get("/admin/clients/").content.decode()
    for path in (f"/admin/clients/{row.client_id}/end/", f"/admin/clients/keys/{row.pk}/"):
        assert other.get(path).status_code == 404
    assert mine.post(f"/admin/clients/{row.client_id}/end/", {"confirm": "on"}).status_code == 302
    assert Client.objects.get(pk=row.client_id).ended_at is not None


def command(*words: str) -> dict:
    out = io.StringIO()
    call_command("client", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_command_makes_follows_limits_lists_and_ends(world):
    words = ("--installation", "Camp Sample", "--room", "inbox", "--verb", "read", "--days", "5")
    told = command("make", "MCIO's system", "mcio", *words)
    assert door_of(told["key"]).get("inbox").status_code == 200
    assert door_of(told["key"]).post(f"inbox/{world.sarc.pk}/open").status_code == 403
    followed = command("rotate", told["key"][:14])
    assert door_of(followed["key"]).get("inbox").status_code == 200
    assert command("limit", "MCIO's system", "--per-minute", "7")["per_minute"] == 7
    rows = command("list")["keys"]
    assert [(row["state"], row["rooms"]) for row in rows] == [("approved", ["inbox"])] * 2
    assert "key" not in rows[0]
    command("end", "MCIO's system")
    assert door_of(followed["key"]).get("inbox").status_code == 401
    for words in (
        ("end", "Another"),
        ("rotate", "saprc_00000000"),
        ("make", "X", "nobody", "--installation", "Camp Sample", "--room", "inbox", "--verb", "read"),
        ("make", "X", "mcio", "--installation", "Nowhere", "--room", "inbox", "--verb", "read"),
        ("make", "X", "mcio", "--installation", "Camp Sample", "--room", "admin", "--verb", "read"),
    ):
        with pytest.raises(CommandError):
            command(*words)
