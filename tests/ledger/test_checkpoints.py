"""Checkpoints: who may sign them, what they tell outside, and that none is lost, forked or rewritten."""

import json
import logging
import os
from datetime import timedelta
from errno import ENOSPC
from pathlib import Path
from unittest import mock

import psycopg
import pytest
from django.db import connection
from django.test import override_settings

from reports import access
from reports.ledger import checkpoints
from reports.ledger.models import SYSTEM_CHAIN
from reports.ledger.selectors import chains_beside_their_heads
from reports.ledger.services import append_each
from reports.ledger.tasks import checkpoint as task
from sapr.errors import DomainError
from tests.database.refusals import refused
from tests.ledger.inspecting import checkpoint, export, run_verifier, signed_in_as_owner, verified
from tests.stage import in_database
from tests.times import T0

TABLES = ("reports_chainhead", "reports_checkpoint", "reports_checkpointleaf")
FUNCTIONS = ("sapr_checkpoint_begin()", "sapr_open_heads()", "sapr_checkpoints(0)")
STORE = "SELECT sapr_checkpoint_store(%s::timestamptz, %s, %s::bytea, %s::bytea, %s::uuid[], %s::bigint[], %s::bytea[])"


@pytest.fixture
def folder(tmp_path):
    """Where checkpoints are written besides the database."""
    (tmp_path / "elsewhere").mkdir()
    with override_settings(CHECKPOINT_DIR=str(tmp_path / "elsewhere")):
        yield tmp_path / "elsewhere"


@pytest.fixture
def log(caplog):
    """What the project's logger says; it hands nothing on, so the listener is put there."""
    logger = logging.getLogger("sapr")
    logger.addHandler(caplog.handler)
    yield caplog
    logger.removeHandler(caplog.handler)


def checkpoint_of(scene) -> dict:
    """What follows the newest checkpoint of the scene, in its number and predecessor."""
    newest = scene.newest
    return {"number": 4, "prev": checkpoints.verifier.digest_of(newest.body, newest.signature)}


def following(wanted: dict) -> dict:
    at = "2026-03-02T15:00:00.000000Z"
    return {"at": at, "format": "sapr-checkpoint-1", "key": "0" * 16, "root": "0" * 64} | wanted


def store(session, body: dict, *, text="", signature=bytes(64), blind=bytes(32), leaves=([], [], [])) -> None:
    """Round the service: the function that only the worker may call."""
    octets = (text + checkpoints.verifier.dump(body)).encode()
    session.execute(STORE, [body["at"], octets, signature, blind, *leaves])


def publish() -> int:
    with signed_in_as_owner():
        return checkpoints.publish()


class TestWhoSigns:
    def test_the_worker_does_and_needs_no_right_on_any_table(self, scene, tmp_path) -> None:
        scene.log(scene.case, 1)
        with scene.stage.as_worker():
            assert checkpoints.checkpoint_make(at=T0).number == 4
            for table in TABLES:
                with refused("permission denied"), connection.cursor() as cursor:
                    cursor.execute(f"SELECT FROM {table}")
        assert verified(export(tmp_path / "all"))["unsealed"] == 0

    @pytest.mark.parametrize("what", [*TABLES, *FUNCTIONS])
    def test_the_web_role_can_do_nothing_with_them(self, scene, what) -> None:
        with refused("permission denied"), connection.cursor() as cursor:
            cursor.execute(f"SELECT FROM {what}")

    def test_nor_store_one(self, scene) -> None:
        with refused("permission denied"), connection.cursor() as cursor:
            cursor.execute(STORE, [T0, b"{}", b"", b"", [], [], []])

    def test_without_a_key_nothing_is_signed(self, scene) -> None:
        for key in ("", "zz", "11"):
            with override_settings(CHECKPOINT_KEY=key), pytest.raises(DomainError) as refusal:
                checkpoints.checkpoint_make(at=T0)
            assert refusal.value.code == "no_checkpoint_key"

    def test_nothing_is_signed_before_the_newest_checkpoint(self, scene) -> None:
        with scene.stage.as_worker(), pytest.raises(DomainError) as refusal:
            checkpoints.checkpoint_make(at=T0 - timedelta(microseconds=1))
        assert refusal.value.code == "clock_went_back"


class TestWhatItTellsOutside:
    def test_a_number_an_instant_and_hashes_always_of_one_length(self, scene) -> None:
        quiet = checkpoint()
        scene.log(scene.case, 4)
        scene.log(scene.other, 1)
        busy = checkpoint()
        assert set(json.loads(quiet.body)) == {"format", "number", "at", "root", "prev", "key"}
        assert set(json.loads(quiet.text)) == {"body", "signature"}
        assert len(quiet.text) == len(busy.text)

    def test_one_is_made_also_when_nothing_happened(self, scene, tmp_path) -> None:
        """An hour without one would tell that nothing was reported; roots of empty hours do not resemble each other."""
        one, two = (json.loads(checkpoint().body) for _ in range(2))
        assert one["root"] != two["root"]
        for case_id in (None, scene.case.pk):
            assert verified(export(tmp_path / str(case_id), case_id))["checkpoints"] == 5

    def test_a_cases_export_tells_nothing_of_other_cases(self, scene, tmp_path) -> None:
        text = export(tmp_path / "case", scene.case.pk).read_text()
        assert str(scene.other.pk) not in text
        assert str(SYSTEM_CHAIN) not in text
        # the path is as long for few chains as for many
        paths = [json.loads(line)["path"] for line in text.splitlines() if '"line":"leaf"' in line]
        assert {len(path) for path in paths} == {6}


class TestTheDatabase:
    def owner(self, scene):
        return psycopg.connect(
            in_database(scene.stage.env["OWNER_DATABASE_URL"], scene.stage.names["default"]), autocommit=True
        )

    def test_refuses_a_changed_or_removed_checkpoint_even_to_the_owner(self, scene) -> None:
        with self.owner(scene) as owner:
            for table in ("reports_checkpoint", "reports_checkpointleaf"):
                for statement in ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"):
                    with pytest.raises(psycopg.DatabaseError, match="append-only"):
                        owner.execute(statement.format(table))

    def test_stores_only_what_follows_the_newest_and_seals_events_there_are(self, scene) -> None:
        case, end, event_hash = scene.case.pk, *self.end_of(scene)
        with self.owner(scene) as owner:
            for wrong in ({"number": 3}, {"number": 5}, {"prev": "0" * 64}):
                with pytest.raises(psycopg.DatabaseError, match="follows the newest"):
                    store(owner, following(checkpoint_of(scene) | wrong))
            for cases, seqs, hashes in (
                ([case], [end], [bytes(32)]),
                ([case, case], [end, end], [event_hash] * 2),
                ([case], [end, end], [event_hash]),
                ([case, None], [end], [event_hash]),
                ([case], [1], [self.hash_of(scene, 1)]),
            ):
                with pytest.raises(psycopg.DatabaseError, match=r"is an event|once"):
                    store(owner, following(checkpoint_of(scene)), leaves=(cases, seqs, hashes))
            store(owner, following(checkpoint_of(scene)), leaves=([case], [end], [event_hash]))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"number": None},
            {"number": "4"},
            {"number": 4.0},
            {"format": "sapr-checkpoint-2"},
            {"root": "0" * 63},
            {"root": None},
            {"key": "K" * 16},
            {"more": 1},
            {"at": "-infinity"},
            {"at": "9999-01-01T00:00:00.000000Z"},
            {"at": "2026-03-02T14:59:59.999999Z"},
        ],
    )
    def test_stores_no_body_that_the_verifier_would_not_read_even_from_the_worker(self, scene, wrong) -> None:
        with self.worker(scene) as worker:
            with pytest.raises(psycopg.DatabaseError, match=r"of the one form|is of now"):
                store(worker, following(checkpoint_of(scene)) | wrong)
            store(worker, following(checkpoint_of(scene)))

    @pytest.mark.parametrize(
        "wrong", [{"signature": b"x"}, {"blind": bytes(31)}, {"blind": None}, {"text": " "}]
    )
    def test_nor_one_with_a_signature_or_blind_of_another_length(self, scene, wrong) -> None:
        with self.worker(scene) as worker, pytest.raises(psycopg.DatabaseError, match="of the one form"):
            store(worker, following(checkpoint_of(scene)), **wrong)

    @staticmethod
    def worker(scene):
        url = in_database(scene.stage.env["WORKER_DATABASE_URL"], scene.stage.names["default"])
        return psycopg.connect(url, autocommit=True)

    def end_of(self, scene) -> tuple[int, bytes]:
        end = scene.attacker.length(scene.case.pk)
        return end, self.hash_of(scene, end)

    @staticmethod
    def hash_of(scene, seq: int) -> bytes:
        which = f"case_id = '{scene.case.pk}' AND seq = {seq}"
        return scene.attacker.read(f"SELECT hash FROM reports_event WHERE {which}")[0]  # noqa: S608

    def test_a_head_somebody_writes_at_is_sealed_without_waiting_and_again_the_next_time(
        self, scene, tmp_path
    ) -> None:
        scene.log(scene.case, 1)
        with self.owner(scene) as writer, writer.transaction():
            writer.execute("SELECT FROM reports_chainhead WHERE case_id = %s FOR UPDATE", [scene.case.pk])
            checkpoint()
        assert verified(export(tmp_path / "first"))["unsealed"] == 0
        with signed_in_as_owner():
            assert checkpoints.something_is_open()
            checkpoints.checkpoint_make(at=T0)
            assert not checkpoints.something_is_open()
        assert verified(export(tmp_path / "second"))["ok"]

    def test_a_chain_that_lost_its_end_is_told_and_the_others_are_sealed(self, scene, tmp_path, log) -> None:
        scene.log(scene.case, 1)
        scene.log(scene.other, 1)
        scene.attacker.change(
            "DELETE FROM reports_event WHERE case_id = %s AND seq > %s", scene.case.pk, scene.length
        )
        checkpoint()
        assert [(record.msg, record.fields["case"]) for record in log.records] == [
            ("ledger_chain_without_its_end", str(scene.case.pk))
        ]
        assert verified(export(tmp_path / "other", scene.other.pk))["unsealed"] == 0

    def test_several_events_of_one_statement_move_their_heads_to_the_last(self, scene) -> None:
        sarc, said = scene.world.sarc, [("contact_logged", {})] * 3
        with access.viewing(sarc):
            append_each(case_id=scene.case.pk, said=said, actor=sarc, at=T0)
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)"
                    " SELECT gen_random_uuid(), of, 'contact_logged', %s, %s, '{}' FROM unnest(%s::uuid[]) of",
                    [T0, sarc.pk, [scene.case.pk, scene.other.pk] * 2],
                )
        with signed_in_as_owner():
            assert chains_beside_their_heads() == []

    def test_heads_counted_for_the_first_time_are_the_last_events(self, scene) -> None:
        sql = (Path(checkpoints.__file__).parents[1] / "migrations/sql/checkpoints.sql").read_text()
        [count_them] = [
            each
            for each in sql.split(";")
            if "INSERT INTO reports_chainhead" in each and "DISTINCT ON" in each
        ]
        scene.attacker.change("DELETE FROM reports_chainhead")
        scene.attacker.change(count_them)
        with signed_in_as_owner():
            assert chains_beside_their_heads() == []


class TestElsewhere:
    def test_each_checkpoint_is_a_small_file_that_the_verifier_takes(self, scene, folder, tmp_path) -> None:
        assert publish() == 3
        assert sorted(os.listdir(folder)) == [f"checkpoint-0000000{number}.json" for number in (1, 2, 3)]
        key = checkpoints.public_key().hex()
        held = folder / "checkpoint-00000002.json"
        done = run_verifier(export(tmp_path / "all"), "--key", key, "--checkpoint", held)
        assert (done.returncode, "Checkpoint 2, held outside" in done.stdout) == (0, True)

    def test_what_is_missing_is_written_by_the_next_run(self, scene, folder) -> None:
        publish()
        (folder / "checkpoint-00000002.json").unlink()
        assert publish() == 1
        checkpoint()
        assert publish() == 1
        assert len(os.listdir(folder)) == 4

    def test_after_a_rollback_nothing_is_signed(self, scene, folder) -> None:
        publish()
        scene.attacker.put_back("old")
        with pytest.raises(DomainError) as refusal:
            checkpoint()
        assert refusal.value.code == "ledger_rolled_back"

    def test_nor_while_the_folder_is_away_and_it_is_not_made_anew(self, scene, folder, log) -> None:
        """A disk that is not mounted: a new folder in its place would hide for ever what stands on the disk."""
        publish()
        away = folder.rename(folder.with_name("away"))
        for call in (checkpoint, publish):
            with pytest.raises((DomainError, OSError)):
                call()
        with scene.stage.as_worker():
            task()
        assert [record.fields for record in log.records] == [{"code": "no_checkpoint_folder"}]
        assert not folder.exists()
        away.rename(folder)
        assert checkpoint().number == 4

    def test_the_folder_is_made_for_the_first_checkpoint(self, scene, folder) -> None:
        folder.rmdir()
        scene.attacker.change("DELETE FROM reports_checkpointleaf")
        scene.attacker.change("DELETE FROM reports_checkpoint")
        checkpoint()
        assert publish() == 1

    @pytest.mark.parametrize("content", [b"\xff\xfe", None])
    def test_nor_beside_something_that_is_no_checkpoint(self, scene, folder, content) -> None:
        path = folder / "checkpoint-00000009.json"
        if content is None:
            path.mkdir()
        else:
            path.write_bytes(content)
        with pytest.raises(DomainError, match="rolled back or rewritten"):
            checkpoint()

    def test_nor_beside_a_file_that_says_otherwise(self, scene, folder) -> None:
        publish()
        path = folder / "checkpoint-00000003.json"
        path.write_text(path.read_text().replace("sapr-checkpoint-1", "sapr-checkpoint-2"))
        with pytest.raises(DomainError, match="rolled back or rewritten"):
            checkpoint()

    def test_a_mail_holds_body_and_signature_and_nothing_else(self, scene, mailoutbox) -> None:
        signed = checkpoint()
        with override_settings(CHECKPOINT_MAIL=["inspector@elsewhere.invalid"]):
            assert checkpoints.mail(signed)
        [mail] = mailoutbox
        assert (mail.subject, mail.body, mail.to) == (
            "Checkpoint",
            signed.text,
            ["inspector@elsewhere.invalid"],
        )


class TestTheTask:
    def run(self, scene) -> None:
        with scene.stage.as_worker():
            task()

    def test_signs_writes_and_mails(self, scene, folder, mailoutbox) -> None:
        with override_settings(CHECKPOINT_MAIL=["inspector@elsewhere.invalid"]):
            self.run(scene)
        assert len(os.listdir(folder)) == 4
        assert len(mailoutbox) == 1

    def test_what_cannot_be_written_is_logged_and_made_good(self, scene, folder, log, mailoutbox) -> None:
        with (
            override_settings(CHECKPOINT_MAIL=["inspector@elsewhere.invalid"]),
            mock.patch("reports.ledger.checkpoints.os.fsync", side_effect=OSError(ENOSPC, "No space left")),
        ):
            self.run(scene)
        assert [record.msg for record in log.records] == ["checkpoint_not_written_elsewhere"]
        assert (len(mailoutbox), os.listdir(folder)) == (1, [])
        self.run(scene)
        assert len(os.listdir(folder)) == 5

    @pytest.mark.parametrize("key", ["", "zz"])
    def test_without_a_key_it_says_so(self, scene, log, key) -> None:
        with override_settings(CHECKPOINT_KEY=key):
            self.run(scene)
        assert [record.msg for record in log.records] == [
            "checkpoint_refused" if key else "checkpoint_without_key"
        ]
