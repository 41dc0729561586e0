"""DS-30: everything leaves only after two programme managers agreed, for their key, once, by the operator."""

from datetime import timedelta

import pyrage
import pytest
from django.db import connection

from reports import access
from reports.exports import making, services
from reports.exports.models import Export
from reports.jobs.models import Job
from reports.ledger.models import Event
from sapr.errors import DomainError
from sapr.openformat import leaving
from tests.adoption.settings import second_manager
from tests.database.refusals import refused
from tests.signed_in import signed_in
from tests.times import T0

MOVE = "UPDATE reports_export SET state = %s WHERE id = %s"
ASK = (
    "INSERT INTO reports_export"
    " (id, kind, form, purpose, fields, recipient, state, asked_by_id, asked_at, look_at, digest)"
    " VALUES (gen_random_uuid(), %s, 'csv', %s, '[]', %s, 'asked', %s, %s, %s, '')"
)


def run(sql: str, *args) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)


def key() -> str:
    return str(pyrage.x25519.Identity.generate().to_public())


def test_ds_30_everything_is_asked_for_and_approved_by_two_programme_managers(world) -> None:
    second, reader = second_manager(world), key()
    client = signed_in(world.manager)
    assert client.post("/admin/exports/open/", {"recipient": "age1"}).status_code == 422
    asked = client.post("/admin/exports/open/", {"recipient": reader})
    assert asked.status_code == 302
    with access.viewing(world.manager):
        export = Export.objects.get()
        assert (export.kind, export.purpose, export.state) == ("open", "moving", "asked")
    page = client.get(asked.url).content.decode()
    assert str(export.pk) in page
    with pytest.raises(DomainError) as alone:
        services.export_approve(actor=world.manager, export_id=export.pk, at=T0)
    assert alone.value.code == "second_person_needed"
    with pytest.raises(DomainError) as early:
        leaving.approved(export.pk, reader)
    assert early.value.code == "not_approved"
    assert signed_in(second).post(asked.url, {"do": "approve", "confirm": "on"}).status_code == 302
    with access.viewing(world.manager):
        assert leaving.approved(export.pk, reader).pk == export.pk
        with pytest.raises(DomainError) as other:
            leaving.approved(export.pk, key())
        assert other.value.code == "other_recipient"
        # Nobody at the desk makes it, and by no raw SQL either.
        for state in ("made", "downloaded"):
            with refused("by the owner alone"):
                run(MOVE, state, export.pk)
        with refused("stands as it was asked for|permission denied"):
            run("UPDATE reports_export SET kind = 'lines', purpose = 'checking' WHERE id = %s", export.pk)
        assert not Job.objects.exists()
    with pytest.raises(DomainError):
        making.export_begin(actor=world.manager, export_id=export.pk, at=T0)
    with access.viewing(world.manager):
        said = (
            Event.objects.filter(data__export=str(export.pk)).order_by("seq").values_list("kind", flat=True)
        )
        assert list(said) == ["export_asked", "export_approved"]
    services.export_withdraw(actor=world.manager, export_id=export.pk, at=T0)
    with access.viewing(world.manager), pytest.raises(DomainError):
        leaving.approved(export.pk, reader)


def test_ac_74_neither_does_a_sarc_ask_for_everything_nor_a_manager_for_lines(world) -> None:
    """By the services, the pages and raw SQL."""
    reader, week = key(), T0 + timedelta(days=6)
    with pytest.raises(DomainError) as sarc:
        services.open_export_ask(actor=world.sarc, recipient=reader, at=T0)
    assert sarc.value.status == 403
    assert signed_in(world.sarc).get("/admin/exports/open/").status_code == 403
    asks = {
        world.sarc: ("open", "moving", "asked for by a SARC"),
        world.manager: ("lines", "checking", "asked for by a SARC"),
    }
    for person, (kind, purpose, words) in asks.items():
        with access.viewing(person), refused(words):
            run(ASK, kind, purpose, reader, person.pk, T0, week)
    for kind, purpose, person in (("open", "checking", world.manager), ("dsaid", "moving", world.sarc)):
        with access.viewing(person), refused("reports_export_open_iff_moving"):
            run(ASK, kind, purpose, reader, person.pk, T0, week)
