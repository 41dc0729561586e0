"""BL-11, DS-01. Who leaves without signing leaves nothing of what was typed: no row, no key, no byte that opens."""

from datetime import timedelta
from threading import Event, Thread
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections, transaction
from psycopg import sql

from notifications.sweeping import sweep
from reports import access
from reports.casework.services import va_assign
from reports.election import contacts
from reports.election.drafts.ending import destroy_ended
from reports.election.drafts.models import Draft, EndedDraft
from reports.election.drafts.selectors import draft_of
from reports.election.drafts.services import draft_discard, draft_keep
from reports.ledger.models import Event as Recorded
from reports.vault import store
from reports.vault.models import DraftKey
from sapr import clock
from sapr.errors import DomainError
from tests.erasure.test_database import waiting_for_a_lock
from tests.erasure.test_erased_for_ever import key_files, server_files
from tests.processes import wait_until
from tests.stage import admin_connection, in_database
from tests.times import T0

pytestmark = pytest.mark.slow
MARK = "the blue hangar had a green door"


def bytes_of(*drafts) -> tuple[list[bytes], list[bytes]]:
    """The drafts' sealed bytes (their first block: a row may be cut up on disk) and their wrapped keys."""
    sealed = [bytes(each.content)[:32] for each in drafts]
    return sealed, [bytes(DraftKey.objects.get(pk=each.pk).wrapped) for each in drafts]


def on_disk(stage) -> bytes:
    """The server's files, with what a checkpoint leaves in memory (unlogged pages), which copying writes out."""
    name = sql.Identifier(f"{stage.names['default']}_flush")
    with admin_connection() as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 STRATEGY FILE_COPY").format(name))
        admin.execute(sql.SQL("DROP DATABASE {}").format(name))
    return server_files(stage)


def test_after_walking_away_no_row_no_key_and_no_marker_is_left_anywhere(stage) -> None:
    world, new = stage.world, uuid4()
    case = world.contact()
    va_assign(actor=world.sarc, case_id=case.pk, va=world.va, at=T0)
    typed = {"text": [MARK], "victim_signature": [MARK]}
    of_sarc = draft_keep(actor=world.sarc, step="questions", case_id=case.pk, values=typed, at=T0)
    of_va = draft_keep(actor=world.va, step="sign", case_id=case.pk, values=typed, at=T0)
    before_case = draft_keep(actor=world.sarc, step="contact", draft_id=new, values=typed, at=T0)
    stays = draft_keep(actor=world.va, step="contact", draft_id=uuid4(), values=typed, at=T0)
    gone, [living] = (of_sarc, of_va, before_case), bytes_of(stays)[1]
    sealed, wrapped = bytes_of(*gone)
    found = on_disk(stage)
    # Where they can be found at all: so that finding nothing afterwards means something.
    assert all(each in found for each in (*sealed, *wrapped))
    events = Recorded.objects.count()

    contacts.contact_walk_away(actor=world.sarc, case_id=case.pk, at=T0)
    draft_discard(actor=world.sarc, draft_id=new)

    found = on_disk(stage)
    assert not [each for each in wrapped if each in found]
    assert living in found
    assert MARK.encode() not in found
    assert not [
        file for file in key_files(stage) for each in wrapped if each.hex().encode() in file.read_bytes()
    ]
    with psycopg.connect(in_database(stage.env["ADMIN_DATABASE_URL"], stage.names["default"])) as admin:
        assert admin.execute("SELECT id FROM reports_draft").fetchall() == [(stays.pk,)]
        assert admin.execute("SELECT count(*) FROM reports_endeddraft").fetchone() == (0,)
        logged = "SELECT count(*) FROM pg_class WHERE relname ~ '^reports_(draft|endeddraft)' AND relpersistence <> 'u'"
        assert admin.execute(logged).fetchone() == (0,)
    assert list(DraftKey.objects.values_list("pk", flat=True)) == [stays.pk]
    # One event, that the person left; nothing of what was typed.
    assert Recorded.objects.count() - events in (0, 1)

    # An erasure elsewhere, which renews the epoch, leaves a living draft readable and its key in no copy.
    store.destroy(case.pk, at=T0)
    with access.viewing(world.va):
        assert draft_of(viewer=world.va, step="contact", draft_id=stays.pk).values == typed
    assert not [file for file in key_files(stage) if str(stays.pk).encode() in file.read_bytes()]

    # What nobody comes back to the worker deletes, who can read nothing of it; the next look destroys the key.
    clock.move(T0 + timedelta(hours=12), hold=True)
    with stage.as_worker():
        with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
            cursor.execute("SELECT content FROM reports_draft")
        assert sweep()["drafts"] == 1
        assert sweep()["drafts"] == 0
    assert EndedDraft.objects.count() == 1
    assert destroy_ended() == 1
    assert not DraftKey.objects.exists()
    assert Draft.objects.count() == 0


def test_a_save_and_the_persons_leaving_at_the_same_moment_leave_no_draft(stage) -> None:
    """Whichever comes first: the draft is ended with the others, or it is refused."""
    world = stage.world
    refused: list[str] = []

    def keep(case, done: Event, go_on: Event) -> None:
        try:
            with transaction.atomic():
                draft_keep(actor=world.sarc, step="questions", case_id=case.pk, values={"x": ["y"]}, at=T0)
                done.set()
                go_on.wait(60)
        except DomainError as error:
            refused.append(error.code)
        connections.close_all()

    def leave(case, done: Event, go_on: Event) -> None:
        with transaction.atomic():
            contacts.contact_walk_away(actor=world.sarc, case_id=case.pk, at=T0)
            done.set()
            go_on.wait(60)
        connections.close_all()

    for first, second in ((keep, leave), (leave, keep)):
        case, done, go_on, at_once = world.contact(), Event(), Event(), Event()
        at_once.set()
        one = Thread(target=first, args=(case, done, go_on))
        other = Thread(target=second, args=(case, Event(), at_once))
        one.start()
        done.wait(60)
        other.start()
        wait_until(lambda: waiting_for_a_lock(stage), "the second to wait for the first")
        go_on.set()
        one.join(60)
        other.join(60)
    with psycopg.connect(in_database(stage.env["ADMIN_DATABASE_URL"], stage.names["default"])) as admin:
        assert admin.execute("SELECT count(*) FROM reports_draft").fetchone() == (0,)
    assert refused == ["nothing_to_draft"]
    destroy_ended()
    assert not DraftKey.objects.exists()
