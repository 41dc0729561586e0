"""Each says on the ledger what is theirs to say: managers who holds what, the worker what it did."""

import pytest
from django.db import connection

from notifications.models import Notice, NoticeKind
from reports import access
from reports.ledger.kinds import EventKind
from reports.ledger.models import SYSTEM_CHAIN
from reports.ledger.services import append_system
from tests.database.refusals import refused
from tests.times import T0

# By what the system's chain says of these, one decides who stands behind whom.
STANDING = (
    "user_created",
    "appointment_made",
    "appointment_approved",
    "appointment_ended",
    "certification_recorded",
)
WORKER_EVENT = (
    "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) "
    "VALUES (gen_random_uuid(), %s, %s, %s, NULL, %s::jsonb)"
)


def run(sql: str, *args) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)


def notice_of(world, case_id, kind: str) -> Notice:
    with access.viewing(world.sarc):
        return Notice.objects.get(case_id=case_id, kind=kind)


@pytest.mark.parametrize("kind", STANDING)
def test_who_stands_behind_whom_is_said_by_programme_managers_only(world, kind) -> None:
    for person in (world.commander, world.sarc, world.mcio):
        with access.viewing(person), refused("row-level security"):
            append_system(kind=kind, actor=person, at=T0, data={"user": str(world.manager.pk)})
    append_system(kind=kind, actor=world.manager, at=T0, data={"user": str(world.sarc.pk)})
    append_system(kind=kind, actor=None, at=T0, data={"user": str(world.sarc.pk)})


def test_the_worker_says_only_what_it_did(stage) -> None:
    world = stage.world
    report, contact = world.signed("restricted"), world.contact()
    waiting = notice_of(world, report.case_id, NoticeKind.RESTRICTED)
    placed = notice_of(world, world.signed("unrestricted").case_id, NoticeKind.MCIO)
    said = '{"notice": "%s"}'
    with stage.as_worker():
        for kind in EventKind.values:
            with refused("row-level security"):
                run(WORKER_EVENT, contact.pk, kind, T0, "{}")
            with refused("row-level security"):
                run(WORKER_EVENT, report.case_id, kind, T0, said % waiting.pk)
            with refused("row-level security"):
                run(WORKER_EVENT, report.case_id, kind, T0, said % placed.pk)
            if kind not in ("worker_pinged", "clock_moved"):
                with refused("row-level security"):
                    run(WORKER_EVENT, SYSTEM_CHAIN, kind, T0, "{}")
        run(WORKER_EVENT, SYSTEM_CHAIN, "worker_pinged", T0, "{}")
        run(WORKER_EVENT, placed.case_id, "mcio_notice_placed", T0, said % placed.pk)
