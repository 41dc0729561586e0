"""Exports: two persons, own cases alone, opened by the standard format's library, fetched once (AC-74, DS-30)."""

import csv
import hashlib
import io
import zipfile
from datetime import timedelta
from uuid import uuid4

import pyrage
import pytest
from django.db import connection

from reports import access, policy
from reports.exports import making, selectors, services
from reports.exports.models import Export, ExportPart
from reports.jobs.models import Job
from reports.jobs.services import job_cancel
from reports.ledger.models import Event
from sapr.errors import DomainError, NotFoundError
from tests.database.refusals import refused
from tests.erasure.conftest import left_without_signing
from tests.figures.conftest import approved, asked, made
from tests.signed_in import signed_in
from tests.times import T0
from tests.world import CANARIES

MOVE = "UPDATE reports_export SET state = %s WHERE id = %s"
DECIDE = (
    "UPDATE reports_export SET state = %s, decided_by_id = %s, decided_at = %s, look_at = %s WHERE id = %s"
)
PART = (
    "INSERT INTO reports_exportpart (id, export_id, number, upto, lines, sha256, body, made_at)"
    " VALUES (%s, %s, %s, NULL, 1, %s, %s, %s)"
)


def run(sql: str, *args) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)


def part(export, body: bytes, number: int = 1) -> None:
    run(PART, uuid4(), export.pk, number, hashlib.sha256(body).hexdigest(), body, T0)


def rows_of(reader, file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(reader.opens(file))))


def test_the_file_opens_with_the_age_format_holds_own_cases_alone_and_is_fetched_once(world, reader) -> None:
    cases = [world.signed("restricted").case, world.signed("unrestricted").case]
    gone, others = left_without_signing(world), world.contact(actor=world.stranger)
    export = approved(world, reader)
    job = made(world, export)
    assert (job.state, job.done, job.total) == ("finished", 1, 1)
    client = signed_in(world.sarc)
    answer = client.post(f"/admin/exports/{export.pk}/file/")
    assert (answer.status_code, answer["Content-Disposition"]) == (
        200,
        'attachment; filename="lines.csv.age"',
    )
    assert answer["Cache-Control"].count("no-store") == 1
    rows = rows_of(reader, answer.content)
    assert {row["number"] for row in rows} == {case.number for case in cases}
    assert {gone.number, others.number}.isdisjoint(row["number"] for row in rows)
    assert {row["election"] for row in rows} == {"restricted", "unrestricted"}
    assert all(int(row["duties_open"]) > 0 and row["opened_on"] == "2026-03-02" for row in rows)
    assert not any(value in reader.opens(answer.content) for value in CANARIES.values())
    with access.viewing(world.sarc):
        # The record of each case says so, the one of others and the system's own never how many.
        for case in cases:
            said = Event.objects.get(case_id=case.pk, kind="case_exported")
            assert (said.actor_id, said.data["export"]) == (world.sarc.pk, str(export.pk))
        assert not Event.objects.filter(case_id=gone.pk, kind="case_exported").exists()
        assert ExportPart.objects.count() == 0
    with access.viewing(world.manager):
        story = list(Event.objects.filter(data__export=str(export.pk)).order_by("seq"))
        assert [each.kind for each in story] == [
            "export_asked",
            "export_approved",
            "export_made",
            "export_downloaded",
        ]
        assert story[-1].data["sha256"] == hashlib.sha256(answer.content).hexdigest()
        assert not any("lines" in each.data for each in story)
    # A second time there is nothing: not on the page, not in the service, not by raw SQL.
    assert client.post(f"/admin/exports/{export.pk}/file/").status_code == 302
    with pytest.raises(DomainError, match="no file to fetch"):
        services.export_fetch(actor=world.sarc, export_id=export.pk, at=T0)
    with access.viewing(world.sarc):
        with refused("no file to fetch"):
            run("SELECT sapr_export_take(%s)", export.pk)
        with refused("does not move"):
            run(MOVE, "made", export.pk)


def test_ds_30_two_persons_decide_by_raw_sql_too(world, reader, second) -> None:
    export = asked(world, reader)
    soon = T0 + timedelta(hours=1)
    with access.viewing(world.sarc):
        with refused("independent second person"):
            run(DECIDE, "approved", world.sarc.pk, T0, soon, export.pk)
        with refused("in one's own name"):
            run(DECIDE, "approved", world.manager.pk, T0, soon, export.pk)
        with refused("does not move"):
            run(MOVE, "made", export.pk)
        with refused("while the approval holds"):
            part(export, b"age-encryption.org/v1\nx")
        with refused("stands as it was asked for|permission denied"):
            run("UPDATE reports_export SET recipient = %s WHERE id = %s", reader.public, export.pk)
        with refused("permission denied"):
            run("DELETE FROM reports_export WHERE id = %s", export.pk)
    with access.viewing(world.commander), connection.cursor() as cursor:
        cursor.execute(DECIDE, ["approved", world.commander.pk, T0, soon, export.pk])
        assert cursor.rowcount == 0
    with access.viewing(world.manager):
        with refused("seven days at most"):
            run(DECIDE, "approved", world.manager.pk, T0, T0 + timedelta(days=8), export.pk)
        with refused("does not move"):
            run(MOVE, "withdrawn", export.pk)
    services.export_approve(actor=world.manager, export_id=export.pk, at=T0)
    with pytest.raises(DomainError, match="decided or ran out"):
        services.export_refuse(actor=second, export_id=export.pk, at=T0)
    with access.viewing(world.manager), refused("while the approval holds|row-level security"):
        part(export, pyrage.encrypt(b"x", [reader.secret.to_public()]))
    with access.viewing(world.sarc):
        # Nothing in clear, none out of turn, nothing back.
        for body in (b"C-1,restricted\n", b"age-encryption.org/v2\n"):
            with refused("encrypted, and bears its digest"):
                part(export, body)
        with refused("one after the other"):
            part(export, pyrage.encrypt(b"x", [reader.secret.to_public()]), 2)
        part(export, pyrage.encrypt(b"x", [reader.secret.to_public()]))
        for statement in ("SELECT body FROM reports_exportpart", "DELETE FROM reports_exportpart"):
            with refused("permission denied"):
                run(statement)
    # What is taken back is gone, and is not taken up again.
    services.export_withdraw(actor=world.sarc, export_id=export.pk, at=T0)
    with access.viewing(world.sarc):
        assert ExportPart.objects.count() == 0
        with refused("does not move"):
            run(MOVE, "approved", export.pk)
    with pytest.raises(DomainError, match="not approved"):
        making.export_begin(actor=world.sarc, export_id=export.pk, at=T0)


def test_a_step_that_is_cut_off_leaves_nothing_and_the_next_goes_on(world, reader, monkeypatch) -> None:
    cases = {world.contact().number for _ in range(3)}
    monkeypatch.setitem(policy.access_rules(T0.date()).limits, "job_lines", 2)
    export = approved(world, reader)
    job = making.export_begin(actor=world.sarc, export_id=export.pk, at=T0)
    assert job.total == 2
    with monkeypatch.context() as cut:
        cut.setattr(making, "append", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            making.export_step(actor=world.sarc, job_id=job.pk, at=T0)
    with access.viewing(world.sarc):
        assert (ExportPart.objects.count(), Job.objects.get().done) == (0, 0)
    job = making.export_step(actor=world.sarc, job_id=job.pk, at=T0)
    assert (job.state, job.done) == ("running", 1)
    # Cancelled, and begun anew after the part that is there.
    job_cancel(actor=world.sarc, job_id=job.pk, at=T0)
    assert making.export_step(actor=world.sarc, job_id=job.pk, at=T0).state == "cancelled"
    with access.viewing(world.sarc), refused("a job that is over"):
        run("UPDATE reports_job SET state = 'running' WHERE id = %s", job.pk)
    made(world, export)
    with access.viewing(world.sarc):
        assert selectors.lines_made(viewer=world.sarc, export=Export.objects.get()) == 3
    file = services.export_fetch(actor=world.sarc, export_id=export.pk, at=T0)
    with zipfile.ZipFile(io.BytesIO(file.content)) as box:
        parts = [box.read(name) for name in box.namelist()]
    found = [row["number"] for body in parts for row in rows_of(reader, body)]
    assert sorted(found) == sorted(cases)


def test_what_is_asked_for_is_checked_and_nobody_else_knows_of_it(world, reader) -> None:
    for wrong, path in (
        ({"recipient": str(reader.secret)}, "secret key"),
        ({"recipient": "age1" + "q" * 58}, "public key"),
        ({"purpose": "curiosity"}, "listed values"),
        ({"fields": ["name"]}, "listed columns"),
        ({"fields": []}, "listed columns"),
        ({"opened_from": T0.date(), "opened_to": T0.date() - timedelta(days=1)}, "before the first"),
    ):
        with pytest.raises(DomainError, match=path):
            asked(world, reader, **wrong)
    case = world.contact()
    export = approved(world, reader, opened_from=T0.date() + timedelta(days=1))
    assert made(world, export).state == "finished"
    assert rows_of(reader, services.export_fetch(actor=world.sarc, export_id=export.pk, at=T0).content) == []
    with access.viewing(world.sarc):
        assert not Event.objects.filter(case_id=case.pk, kind="case_exported").exists()
    for person in (world.stranger, world.va, world.commander):
        with access.viewing(person):
            assert (Export.objects.count(), Job.objects.count()) == (0, 0)
    with pytest.raises(NotFoundError):
        services.export_fetch(actor=world.stranger, export_id=export.pk, at=T0)
    for person in (world.va, world.commander, world.mcio):
        client = signed_in(person)
        assert {client.get(f"/admin/{page}/").status_code for page in ("exports", "jobs", "figures")} == {403}
