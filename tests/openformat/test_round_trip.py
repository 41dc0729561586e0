"""The promise of the open format: out, into an empty system, out again, the same bytes; and everything works there."""

import io
from datetime import timedelta
from hashlib import sha256

import pyrage
import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from notifications.sweeping import sweep
from reports import access
from reports.casework.services import counts_by_option
from reports.election.models import Identity, Narrative, SignedForm
from reports.election.papers.document import form_document
from reports.evidence.cards import card_index
from reports.evidence.services import _index
from reports.ledger.exporting import export_lines
from reports.ledger.models import Event
from reports.ledger.selectors import beside_their_heads
from reports.ledger.verifier import Verifier
from reports.models import Kit, KitCard, Report
from reports.statistics.services import annual_counts
from reports.vault import keys
from reports.vault.errors import ErasedError
from reports.vault.people import cases_of_person
from reports.vault.services import open_sealed
from sapr import clock
from sapr.errors import DomainError
from sapr.openformat import leaving
from sapr.openformat.cut import Cut
from tests.database.refusals import refused
from tests.openformat.conftest import LATER, as_owner_role, written
from tests.world import CANARIES

AFTER = LATER + timedelta(days=1)


def test_what_went_out_comes_in_and_goes_out_again_byte_for_byte(made, empty) -> None:
    """And with it: all opens under new keys, the ledger holds and goes on, the worker waits, nothing is let loose."""
    plain = b"".join(made.lines)
    assert made.told["sha256"] == sha256(plain).hexdigest()
    with as_owner_role():
        clock.move(AFTER, hold=True)
    done = made.imported()
    assert (done["sha256"], done["lines"]) == (made.told["sha256"], len(made.lines))

    # Everybody may come in, and nothing is let loose: what is due by now stays as it is, to the byte.
    assert set(_swept(empty).values()) == {0}

    # By the vault's own keys, with every value held against the ledger; then by two persons and in a file once more.
    with as_owner_role():
        again = leaving.checked(Cut.read(made.told["cut"]))
    assert again == {name: made.told[name] for name in again}
    second = made.folder / "again.age"
    reader = str(made.reader.to_public())
    told = written(
        second, made.world, reader, Cut.read(made.told["cut"]), User.objects.get(username="manager2")
    )
    assert told["sha256"] == made.told["sha256"]
    assert pyrage.decrypt(second.read_bytes(), [made.reader]) == plain
    second.unlink()

    _opens(made)
    _is_counted(made)
    _verifies()
    _is_guarded_as_before(made)
    # What happened since is not in that cut any more, and nothing is told as if it were.
    with as_owner_role(), pytest.raises(DomainError) as gone:
        leaving.checked(Cut.read(made.told["cut"]))
    assert gone.value.code == "cut_gone"
    # Verified on the way in, so a word of a person is enough.
    with empty.as_owner():
        call_command("release", "--confirm", stdout=io.StringIO())
    assert _swept(empty)["placed"]
    _is_not_filled_twice(made, empty)


def _is_counted(made) -> None:
    """Counts that are kept while reports are made are there as well: of the year, and of who works on them."""
    with access.viewing(made.world.sarc):
        reports = Report.objects.count()
    assert reports
    assert sum(counts_by_option(actor=made.world.sarc, at=AFTER).values()) == reports
    year = annual_counts(actor=made.world.manager, fy=2026, at=AFTER)
    assert year.restricted_initial + year.unrestricted_initial >= reports


def _swept(stage) -> dict[str, int]:
    with stage.as_worker():
        return sweep()


def _opens(made) -> None:
    """As people open it: identity and account are the latest, forms are those that were signed, numbers are found."""
    sarc = made.world.sarc
    keys.forget()
    with access.viewing(sarc):
        for identity in Identity.objects.exclude(case=made.erased.pk).filter(name__isnull=False):
            opened = open_sealed(record=identity, actor=sarc, purpose="case_work", at=AFTER)
            assert opened["name"] == CANARIES["name"]
            account = Narrative.objects.get(case=identity.case_id)
            assert (
                open_sealed(record=account, actor=sarc, purpose="case_work", at=AFTER)["text"]
                == CANARIES["text"]
            )
        with pytest.raises(ErasedError):
            open_sealed(
                record=Identity.objects.get(case=made.erased.pk), actor=sarc, purpose="case_work", at=AFTER
            )
        form = SignedForm.objects.filter(kind="election").first()
        kits = list(Kit.objects.exclude(card=None))
    assert form_document(actor=sarc, case_id=form.case_id, form_id=form.pk, at=AFTER).body[:5] == b"%PDF-"
    found = set(cases_of_person(CANARIES["dod_id"]))
    assert len(found) > 3
    assert made.erased.pk not in found
    with access.viewing(sarc):
        for kit in kits:
            number = open_sealed(record=kit, actor=sarc, purpose="evidence", at=AFTER)["number"]
            assert bytes(kit.number_index) == _index(kit.case_id, number)
            with leaving.as_admin():
                assert bytes(KitCard.objects.get(pk=kit.card_id).number_index) == card_index(number)


def _verifies() -> None:
    """The ledger's own check, chains and checkpoints, with what was written here behind it."""
    with as_owner_role():
        verifier = Verifier().read(export_lines())
        assert (verifier.bad, verifier.checkpoints, beside_their_heads(None, set())) == ([], 1, [])
        assert Event.objects.filter(kind="open_imported").count() == 1


def _is_guarded_as_before(made) -> None:
    """No trigger stayed off, and nothing of ours says what the owner alone may say."""
    case = made.world.sarc
    with access.viewing(made.world.sarc), connection.cursor() as cursor:
        with refused("append-only|permission denied"):
            cursor.execute("UPDATE reports_event SET kind = 'contact_opened'")
        one = Event.objects.filter(kind="report_signed").first()
        with refused("row-level security"):
            cursor.execute(
                "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)"
                " VALUES (gen_random_uuid(), %s, 'sealed_exported', %s, %s, '{}')",
                [one.case_id, AFTER, case.pk],
            )
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'O' AND NOT tgisinternal")
        assert cursor.fetchall() == []


def _is_not_filled_twice(made, stage) -> None:
    """Refused before anything is shut."""
    with pytest.raises(DomainError) as full:
        made.imported()
    assert full.value.code == "not_empty"
    assert _swept(stage)


def test_nothing_of_it_stands_in_clear_in_the_file_and_keys_stay_where_they_are(made) -> None:
    """What is read by the reader's key alone; no key of the old system is in it, nor anything that lets somebody in."""
    raw = made.file.read_bytes()
    assert raw.startswith(b"age-encryption.org/v1")
    assert not [value for value in CANARIES.values() if value.encode() in raw]
    plain = b"".join(made.lines)
    assert all(value.encode() in plain for value in CANARIES.values())
    users = made.rows("accounts_user")
    assert users
    assert all(row["row"].keys().isdisjoint({"password", "last_login"}) for row in users)
    erased = [row for row in made.rows("reports_identity") if row["row"]["case_id"] == str(made.erased.pk)]
    assert erased[0]["sealed"]["name"] is False
    assert [row["row"]["case"] for row in made.rows("tombstones")] == [str(made.erased.pk)]
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(raw, [pyrage.x25519.Identity.generate()])
