"""DS-01. What was typed and not submitted: its author's alone, resumable, and gone when nothing comes of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, connections, transaction

from reports import access
from reports.casework.services import va_assign
from reports.election import contacts
from reports.election.drafts.ending import destroy_ended
from reports.election.drafts.models import Draft, EndedDraft
from reports.election.drafts.selectors import draft_of, unfinished
from reports.election.drafts.services import draft_discard, draft_done, draft_keep
from reports.election.services import report_sign
from reports.ledger.models import Event
from reports.vault import drafts as vault
from reports.vault.errors import VaultLockedError
from reports.vault.models import DraftKey
from sapr.errors import DomainError, NotFoundError
from tests.database.refusals import refused
from tests.times import T0
from tests.world import CANARIES, World

TYPED = {"text": [CANARIES["text"]], "told": ["friend", "family"]}
INSERT = (
    "INSERT INTO reports_draft (id, case_id, author_id, step, content, kept_at, kept_until)"
    " VALUES (%s, %s, %s, %s, %s, sapr_now(), sapr_now() + %s)"
)

ADD_KEY = "INSERT INTO reports_draftkey (id, kek_id, wrapped"
END = "UPDATE reports_assignment SET ended_at = %s WHERE case_id = %s AND user_id = %s"


def run(sql: str, *args) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return cursor.rowcount


def kept(world: World, case, *, actor=None, step: str = "questions") -> Draft:
    return draft_keep(actor=actor or world.sarc, step=step, case_id=case.pk, values=TYPED, at=T0)


def keys_of(*drafts: Draft) -> int:
    return DraftKey.objects.filter(pk__in=[each.pk for each in drafts]).count()


def test_ds_01_a_draft_is_resumed_by_its_author_and_read_by_nobody_else(world) -> None:
    case = world.contact()
    va_assign(actor=world.sarc, case_id=case.pk, va=world.va, at=T0)
    row, new = kept(world, case), uuid4()
    draft_keep(actor=world.sarc, step="contact", draft_id=new, values=TYPED, at=T0)
    assert row.kept_until - row.kept_at == timedelta(hours=12)
    again = draft_keep(
        actor=world.sarc, step="questions", case_id=case.pk, values={"told": ["friend"]}, at=T0
    )
    assert again.pk == row.pk
    with access.viewing(world.sarc):
        assert draft_of(viewer=world.sarc, step="questions", case=case).values == {"told": ["friend"]}
        assert draft_of(viewer=world.sarc, step="contact", draft_id=new).values == TYPED
        assert {each.step for each in unfinished(viewer=world.sarc)} == {"contact", "questions"}
        assert CANARIES["text"].encode() not in bytes(Draft.objects.get(pk=new).content)
    for other in (world.va, world.manager, world.stranger, world.commander):
        with access.viewing(other):
            assert Draft.objects.count() == 0
            assert run("UPDATE reports_draft SET content = 'x'") == run("DELETE FROM reports_draft") == 0
            assert draft_of(viewer=other, step="contact", draft_id=new) is None
    # Nobody keeps one in somebody else's name, nor in a case of others; one of others is not there.
    with access.viewing(world.va), refused("row-level security"):
        run(INSERT, uuid4(), case.pk, world.sarc.pk, "sign", b"", timedelta(hours=1))
    with access.viewing(world.stranger), refused("row-level security"):
        run(INSERT, uuid4(), case.pk, world.stranger.pk, "sign", b"", timedelta(hours=1))
    with pytest.raises(NotFoundError):
        kept(world, case, actor=world.stranger)
    # The ledger says nothing of it, and bytes of one draft open as no other.
    assert not {each.kind for each in Event.objects.all()} & {"draft_kept"}
    with access.viewing(world.sarc), pytest.raises(VaultLockedError):
        vault.unseal(row.pk, bytes(Draft.objects.get(pk=new).content))


def test_ds_01_a_draft_ends_with_its_step_and_its_key_with_it(
    world, django_capture_on_commit_callbacks
) -> None:
    case, new = world.contact(), uuid4()
    row = kept(world, case)
    contact = draft_keep(actor=world.sarc, step="contact", draft_id=new, values=TYPED, at=T0)
    with django_capture_on_commit_callbacks(execute=True), access.viewing(world.sarc):
        draft_done(actor=world.sarc, step="questions", case=case)
    assert (keys_of(row), keys_of(contact)) == (0, 1)
    with django_capture_on_commit_callbacks(execute=True):
        draft_discard(actor=world.sarc, draft_id=new)
    assert not DraftKey.objects.exists()
    assert not EndedDraft.objects.exists()


def test_ds_01_a_draft_ends_when_the_person_leaves_when_it_is_signed_and_with_the_assignment(
    world, django_capture_on_commit_callbacks
) -> None:
    left, signed, lost = world.contact(), world.decided(), world.contact()
    for case in (left, signed, lost):
        va_assign(actor=world.sarc, case_id=case.pk, va=world.va, at=T0)
    rows = [
        kept(world, left),
        kept(world, left, actor=world.va),
        kept(world, signed, step="sign"),
        kept(world, lost, actor=world.va),
    ]
    others = kept(world, lost)
    assert keys_of(*rows, others) == 5
    with django_capture_on_commit_callbacks(execute=True):
        contacts.contact_walk_away(actor=world.sarc, case_id=left.pk, at=T0)
        report_sign(actor=world.sarc, **world.paper(signed, "restricted"))
    with access.viewing(world.sarc):
        run(END, T0 + timedelta(seconds=1), lost.pk, world.va.pk)
    destroy_ended()
    assert (keys_of(*rows), keys_of(others)) == (0, 1)
    for case, step in ((left, "details"), (signed, "sign")):
        with pytest.raises(DomainError) as told:
            kept(world, case, step=step)
        assert told.value.code == "nothing_to_draft"


def test_ds_01_what_is_over_is_seen_by_nobody_and_swept_by_the_worker(world, held_clock) -> None:
    row = kept(world, world.contact())
    held_clock.move(T0 + timedelta(hours=12), hold=True)
    with access.viewing(world.sarc):
        assert Draft.objects.count() == 0
        for length, sentence in ((timedelta(days=2), "a day at most"), (timedelta(0), "a day at most")):
            with refused(sentence):
                run(INSERT, uuid4(), None, world.sarc.pk, "contact", b"", length)
        with refused("reports_draft_size"):
            run(INSERT, uuid4(), None, world.sarc.pk, "contact", b"x" * 300_000, timedelta(hours=1))
        with refused("reports_draft_contact_has_no_case"):
            run(INSERT, uuid4(), None, world.sarc.pk, "sign", b"", timedelta(hours=1))
    assert keys_of(row) == 1


def test_ds_01_bad_input_is_refused_and_the_web_account_makes_no_other_key(world) -> None:
    case = world.contact()
    with pytest.raises(DomainError, match="too long"):
        draft_keep(actor=world.sarc, step="details", case_id=case.pk, values={"text": ["x" * 300_000]}, at=T0)
    for step, of_case in (("nonsense", case.pk), ("contact", case.pk), ("sign", None)):
        with pytest.raises(NotFoundError):
            draft_keep(actor=world.sarc, step=step, case_id=of_case, draft_id=uuid4(), values=TYPED, at=T0)
    keys = connections["keys"]
    for statement, sentence in (
        (f"{ADD_KEY}) VALUES (gen_random_uuid(), 'x', 'x')", "another wrapping"),
        (f"{ADD_KEY}, made_at) VALUES (gen_random_uuid(), 'x', 'x', now())", "permission denied"),
        ("DELETE FROM reports_draftkey", "permission denied"),
        ("TRUNCATE reports_draftkey", "permission denied"),
    ):
        with pytest.raises(DatabaseError, match=sentence), transaction.atomic(using="keys"):
            keys.cursor().execute(statement)
