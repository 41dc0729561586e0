"""Recording a strength table: all of it or nothing, as a version that supersedes and is never edited."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from accounts.models import Location
from notifications.models import Strength, StrengthTable
from notifications.strength.services import digest_of, strength_import
from notifications.strength.tables import Tree, said_of
from reports import access
from reports.ledger.models import Event
from sapr.errors import DomainError
from tests.signed_in import signed_in
from tests.strength.files import YEAR, file, line, members_of, of_place
from tests.times import T0

CAMP, UNIT = "Camp Sample", "1st Sample Company"
GOOD = file(*of_place(CAMP, 90), *of_place(UNIT, 20), f"present,{UNIT},{YEAR},,,,,60,")


def recorded(world, text: str = GOOD, **given) -> StrengthTable:
    return strength_import(
        actor=given.pop("actor", world.manager), location=world.installation, text=text, at=T0, **given
    )


def people(world) -> int:
    with access.viewing(world.manager):
        said = said_of(world.installation.pk, T0.date(), Tree())
        return sum(row.people for row in said.people) if said else 0


def test_a_file_becomes_a_version_with_who_when_digest_and_lines(world) -> None:
    table = recorded(world)
    assert (table.recorded_by, table.sha256, table.rows) == (world.manager, digest_of(GOOD), 13)
    assert people(world) == 4 * 90 + 4 * 20
    with access.viewing(world.manager):
        event = Event.objects.get(kind="strength_imported")
        assert (event.actor_id, event.data["sha256"]) == (world.manager.pk, table.sha256)
    assert "20" not in json.dumps(event.data).replace("2026", "").replace(table.sha256, "").replace(
        str(table.pk), ""
    ).replace(str(world.installation.pk), "")


def test_a_newer_version_speaks_alone_and_the_older_one_stays_as_it_was(world) -> None:
    older = recorded(world)
    newer = recorded(world, file(*of_place(CAMP, 10)))
    assert people(world) == 40  # what it does not name of its place has nobody
    assert newer.recorded_at > older.recorded_at
    with access.viewing(world.manager):
        assert Strength.objects.filter(table=older).count() == 12


def test_a_fault_in_one_line_records_nothing(world) -> None:
    with pytest.raises(DomainError) as refusal:
        recorded(world, file(*of_place(CAMP, 90), line("Fort Elsewhere", "male", "E1-E4", 9)))
    assert (refusal.value.code, refusal.value.path) == ("unknown_unit", "line[8]")
    with access.viewing(world.manager):
        assert not StrengthTable.objects.exists()


def test_only_a_programme_manager_records_and_only_what_was_shown(world) -> None:
    for person in (world.sarc, world.va, world.commander, world.stranger):
        with pytest.raises(DomainError) as refusal:
            recorded(world, actor=person)
        assert refusal.value.status == 403
    with pytest.raises(DomainError) as refusal:
        recorded(world, seen=digest_of("other"))
    assert refusal.value.code == "file_changed"


def test_the_page_shows_first_and_records_what_it_showed(world) -> None:
    client = signed_in(world.manager)
    url = reverse("admin:strength_import", args=[world.installation.pk])
    bad = client.post(url, {"text": file(line("Nowhere", "male", "E1-E4", 4))})
    assert bad.status_code == 422
    assert "unknown_unit" in bad.content.decode()
    # A browser sends its own line ends.
    sent = GOOD.replace("\n", "\r\n")
    shown = client.post(url, {"text": sent})
    assert digest_of(GOOD) in shown.content.decode()
    unticked = client.post(url, {"text": sent, "seen": digest_of(GOOD)})
    assert unticked.status_code == 422
    other = client.post(
        url, {"text": sent + line(UNIT, "male", "O", 3), "seen": digest_of(GOOD), "confirm": "on"}
    )
    assert other.status_code == 409
    with access.viewing(world.manager):
        assert not StrengthTable.objects.exists()
    done = client.post(url, {"text": sent, "seen": digest_of(GOOD), "confirm": "on"})
    assert done.status_code == 302
    with access.viewing(world.manager):
        assert StrengthTable.objects.get().sha256 == digest_of(GOOD)
    # A file is never taken (the rule of sapr.uploads): only the pasted text counts.
    upload = client.post(url, {"file": StringIO(GOOD)})
    assert upload.status_code == 422
    assert CAMP in client.get(reverse("admin:strength")).content.decode()
    assert (
        "440"
        not in client.get(reverse("admin:strength_place", args=[world.installation.pk])).content.decode()
    )


def test_whom_a_table_leaves_out_is_said_before_and_after_it_is_recorded(world) -> None:
    client = signed_in(world.manager)
    url = reverse("admin:strength_import", args=[world.installation.pk])
    said = "dependents and civilians are not counted, so everybody gets MINIMAL until they are"
    text = file(*members_of(CAMP, 400))
    assert f"{CAMP}, from 2026-01-01: {said}" in client.post(url, {"text": text}).content.decode()
    recorded(world, text)
    assert (
        said.capitalize().replace("minimal", "MINIMAL")
        in client.get(reverse("admin:strength")).content.decode()
    )
    recorded(world)
    for page in (client.get(reverse("admin:strength")), client.post(url, {"text": GOOD})):
        assert "are not counted" not in page.content.decode()


def test_the_command_checks_and_records(world, tmp_path) -> None:
    path, out = tmp_path / "strength.csv", StringIO()
    path.write_text(GOOD, encoding="utf-8")

    def run(*more: str, name: str = "manager") -> dict:
        out.truncate(0)
        out.seek(0)
        call_command("strength", "import", "--file", str(path), "--as", name, "--json", *more, stdout=out)
        return json.loads(out.getvalue())

    good = {"sha256": digest_of(GOOD), "lines": 13, "recorded": False, "place": CAMP, "lacking": []}
    assert run("--check") == good
    path.write_text(file(*members_of(CAMP, 90)), encoding="utf-8")
    assert run("--check", "--for", CAMP)["lacking"] == [
        {"place": CAMP, "since": "2026-01-01", "statuses": ["dependent", "civilian"]}
    ]
    path.write_text(GOOD, encoding="utf-8")
    done = run("--for", CAMP)
    assert done["recorded"]
    with pytest.raises(CommandError, match="appointment"):
        run(name="sarc")
    path.write_text(file(line(CAMP, "male", "E1-E4", -1)), encoding="utf-8")
    with pytest.raises(CommandError):
        run()
    assert json.loads(out.getvalue())["faults"][0]["code"] == "out_of_range"
    path.write_bytes(b"\xff")
    with pytest.raises(CommandError, match="UTF-8"):
        run()
    with access.viewing(world.manager):
        assert StrengthTable.objects.count() == 1
    assert Location.objects.filter(name=CAMP).exists()
