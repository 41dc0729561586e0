"""`manage.py ledger`: what whoever runs the system hands to an inspector."""

import json
import os
import stat
from errno import ENOSPC
from io import StringIO
from unittest import mock
from xml.etree import ElementTree as Xml

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from reports.ledger import checkpoints, exporting, verifier
from reports.ledger.verifier import read_held
from tests.command_line import manage, sentence
from tests.ledger.inspecting import export, run_verifier, signed_in_as_owner, verified

TEXT = "{http://www.w3.org/2000/svg}text"
PATH = "{http://www.w3.org/2000/svg}path"


def ledger(*words) -> dict:
    """The command within this process, signed in as it signs in; its JSON."""
    out = StringIO()
    with signed_in_as_owner():
        call_command("ledger", *map(str, words), "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.slow
def test_from_a_shell_an_export_verifies_with_the_key_that_was_printed(scene, tmp_path) -> None:
    """With the key as the launcher gives it; the export makes a checkpoint first and writes it elsewhere."""
    scene.log(scene.case, 1)
    key_file, file, folder = tmp_path / "key", tmp_path / "export", tmp_path / "elsewhere"
    key_file.write_text("11" * 32)
    folder.mkdir()
    env = scene.stage.env | {"SAPR_CHECKPOINT_KEY_FILE": str(key_file), "SAPR_CHECKPOINT_DIR": str(folder)}
    key = manage("ledger", "key", env=env).stdout.strip()
    assert manage("ledger", "export", "--all", "--out", str(file), env=env).returncode == 0
    done = run_verifier(file, "--key", key, "--checkpoint", folder / "checkpoint-00000004.json")
    assert done.returncode == 0, done.stdout
    again = manage("ledger", "export", "--all", "--out", str(file), env=env)
    assert (again.returncode, sentence(again)) == (1, "That file exists already: name another one.")


class TestExport:
    def test_a_case_is_named_by_its_id_or_its_number(self, scene, tmp_path) -> None:
        for name in (scene.case.pk, scene.case.number):
            told = ledger("export", "--case", name, "--out", tmp_path / str(name))
            assert (told["scope"], told["events"]) == (str(scene.case.pk), scene.length)
        assert (tmp_path / str(scene.case.pk)).read_bytes() == (tmp_path / scene.case.number).read_bytes()

    def test_the_file_is_private_and_whole_or_not_there(self, scene, tmp_path, monkeypatch) -> None:
        ledger("export", "--all", "--out", tmp_path / "all")
        assert stat.S_IMODE((tmp_path / "all").stat().st_mode) == 0o600
        monkeypatch.setattr(exporting, "CHECKPOINTS", "SELECT 1/0")
        with pytest.raises(CommandError):
            ledger("export", "--all", "--out", tmp_path / "broken")
        assert os.listdir(tmp_path) == ["all"]

    def test_without_a_key_it_exports_what_is_there(self, scene, tmp_path) -> None:
        scene.log(scene.case, 2)
        with override_settings(CHECKPOINT_KEY=""):
            ledger("export", "--all", "--out", tmp_path / "all")
        assert verified(tmp_path / "all")["unsealed"] == 2

    def test_after_a_restore_it_goes_on_without_a_new_checkpoint_and_says_so(self, scene, tmp_path) -> None:
        """The folder outside is ahead then, and nothing is signed until its files are put away."""
        (tmp_path / scene.newest.file_name).write_text(scene.newest.text)
        scene.attacker.put_back("old")
        scene.log(scene.case, 1)
        out = StringIO()
        with override_settings(CHECKPOINT_DIR=str(tmp_path)), signed_in_as_owner():
            call_command("ledger", "export", "--all", "--out", str(tmp_path / "all"), stdout=out)
            assert (
                "No new checkpoint was signed. The folder outside holds checkpoint-00000003.json"
                in out.getvalue()
            )
            call_command("ledger", "verify", "--all", stdout=out)
            assert "After a restore on purpose that is so" in out.getvalue()
        told = verified(tmp_path / "all")
        assert (told["ok"], told["checkpoints"], told["unsealed"]) == (True, 1, 1)

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (["--case", "C-NONE", "--out", "x"], "no event of a case with that id or number"),
            (["--all", "--out", "/nowhere/x"], "cannot be written"),
            (["--all", "--out", "/dev/null"], "exists already"),
        ],
    )
    def test_what_cannot_be_done_is_a_sentence(self, scene, words, says) -> None:
        with pytest.raises(CommandError, match=says):
            ledger("export", *words)


class TestVerify:
    def test_counts_chains_events_and_checkpoints(self, scene, tmp_path) -> None:
        held = tmp_path / "held"
        held.write_text(scene.newest.text)
        told = ledger("verify", "--all", "--checkpoint", held)
        assert (told["ok"], told["chains"], told["checkpoints"]) == (True, 3, 3)

    def test_finds_a_rollback_by_the_checkpoint_held_outside(self, scene, tmp_path) -> None:
        held = tmp_path / "held"
        held.write_text(scene.newest.text)
        scene.attacker.put_back("old")
        assert ledger("verify", "--all")["ok"]
        assert "rollback" in self.refused("verify", "--all", "--checkpoint", held)["why"][0]

    def test_finds_a_changed_leaf(self, scene) -> None:
        scene.attacker.change("UPDATE reports_checkpointleaf SET hash = sha256('')")
        assert "checkpoint 1 sealed another event in its place" in self.refused("verify", "--all")["why"][0]

    @pytest.mark.parametrize(
        "change",
        [
            r"checkpoint SET body = '\xff'",
            "checkpoint SET body = '{}'",
            "checkpoint SET blind = ''",
            "checkpoint SET signature = ''",
            "checkpoint SET number = number + 1 WHERE number = 3",
            "checkpointleaf SET seq = -1",
            "checkpointleaf SET hash = ''",
            "event SET kind = 'contact_logged', occurred_at = '-infinity'",
            "event SET seq = -seq",
        ],
    )
    def test_whatever_the_owner_put_there_it_answers_with_a_sentence(self, scene, change) -> None:
        scene.attacker.change(f"UPDATE reports_{change}")
        for which in (["--all"], ["--case", scene.case.number]):
            assert self.refused("verify", *which)["why"]

    def test_finds_an_end_that_was_cut_off_before_it_was_sealed(self, scene) -> None:
        scene.log(scene.case, 2)
        scene.attacker.change(
            "DELETE FROM reports_event WHERE case_id = %s AND seq > %s", scene.case.pk, scene.length
        )
        for which in (["--all"], ["--case", scene.case.number]):
            assert self.refused("verify", *which)["bad"] == [
                {"case": str(scene.case.pk), "seq": scene.length + 2, "kind": None}
            ]

    def test_without_a_key_it_looks_at_everything_but_the_signature_and_says_so(self, scene) -> None:
        out = StringIO()
        with override_settings(CHECKPOINT_KEY=""), signed_in_as_owner():
            call_command("ledger", "verify", "--all", stdout=out)
        assert "signature not looked at" in out.getvalue()

    @pytest.mark.parametrize("content", [None, "", "{}", "\0"])
    def test_a_file_that_holds_no_checkpoint_is_a_sentence(self, scene, tmp_path, content) -> None:
        held = tmp_path / "held"
        if content is not None:
            held.write_text(content)
        with pytest.raises(CommandError, match=r"cannot be read|holds no checkpoint"):
            ledger("verify", "--all", "--checkpoint", held)

    def test_with_every_checkpoint_gone_it_is_not_intact(self, scene) -> None:
        """The heads tell that there were some."""
        scene.attacker.change("DELETE FROM reports_checkpointleaf")
        scene.attacker.change("DELETE FROM reports_checkpoint")
        told = self.refused("verify", "--all")
        assert {why.rpartition(": ")[2] for why in told["why"]} == {
            "it was sealed up to this event, and the checkpoint that did is gone"
        }
        assert len(told["bad"]) == 3

    def test_nor_with_the_heads_made_to_say_so_while_the_folder_outside_holds_one(
        self, scene, tmp_path
    ) -> None:
        scene.attacker.change("DELETE FROM reports_checkpointleaf")
        scene.attacker.change("DELETE FROM reports_checkpoint")
        scene.attacker.change("UPDATE reports_chainhead SET sealed_seq = 0")
        assert ledger("verify", "--all")["ok"]
        (tmp_path / scene.newest.file_name).write_text(scene.newest.text)
        with override_settings(CHECKPOINT_DIR=str(tmp_path)):
            told = self.refused("verify", "--all")
        assert told["why"] == [
            "There is no checkpoint here, and the folder outside holds checkpoint-00000003.json."
        ]

    @pytest.mark.parametrize("tidied", [False, True])
    def test_a_case_whose_chain_is_gone_whole_is_named_and_exported(self, scene, tmp_path, tidied) -> None:
        case = scene.case
        scene.attacker.change("DELETE FROM reports_event WHERE case_id = %s", case.pk)
        if tidied:
            scene.attacker.tidy_head(case.pk)
            scene.attacker.tidy_leaves(case.pk)
        else:
            scene.attacker.change("DELETE FROM reports_chainhead WHERE case_id = %s", case.pk)
        why = self.refused("verify", "--case", case.number)["why"]
        assert f"There is no event of case {case.pk}." in why
        assert tidied or "sealed this event, but the chain ends with event 0" in why[0]
        ledger("export", "--case", case.pk, "--out", tmp_path / "case")
        assert [bad["why"] for bad in verified(tmp_path / "case")["bad"]] == [
            why_.rpartition(": ")[2] for why_ in why
        ]

    def test_after_a_change_of_the_key_earlier_checkpoints_hold_by_the_keys_kept_for_it(self, scene) -> None:
        """The key file's further lines; before the first checkpoint with the new key, and after it."""
        kept = f"{'22' * 32}\n\npublic {checkpoints.public_key().hex()}\n"
        with override_settings(CHECKPOINT_KEY=kept):
            assert checkpoints.public_keys()[1:] == [bytes.fromhex(kept.split()[-1])]
            assert ledger("verify", "--all")["ok"]
            assert ledger("checkpoint")["number"] == 4
            assert ledger("verify", "--all")["newest_key"] == verifier.key_id(checkpoints.public_key())
            assert ledger("key")["key"] == checkpoints.public_keys()[0].hex()

    def test_a_key_that_is_not_known_is_told_from_a_ledger_that_does_not_hold(self, scene) -> None:
        with override_settings(CHECKPOINT_KEY="22" * 32):
            told = self.refused("verify", "--all", sentence="a key that is not known here")
            assert "signed by a key that was not given" in told["why"][0]
            scene.attacker.change("UPDATE reports_checkpointleaf SET hash = sha256('')")
            self.refused("verify", "--all")

    @pytest.mark.parametrize("further", ["11" * 32, "public 11", "private " + "11" * 32])
    def test_a_further_line_that_is_no_public_key_is_a_sentence(self, scene, further) -> None:
        with (
            override_settings(CHECKPOINT_KEY=f"{'22' * 32}\n{further}"),
            pytest.raises(CommandError, match="lines `public`"),
        ):
            ledger("verify", "--all")

    @staticmethod
    def refused(*words, sentence: str = "changed outside this system") -> dict:
        out = StringIO()
        with signed_in_as_owner(), pytest.raises(CommandError, match=sentence):
            call_command("ledger", *map(str, words), "--json", stdout=out)
        return json.loads(out.getvalue())


class TestCheckpoint:
    def test_signs_now_and_prints_what_travels(self, scene, tmp_path) -> None:
        told = ledger("checkpoint")
        held = tmp_path / "held"
        held.write_text(told["checkpoint"])
        assert (told["number"], verified(export(tmp_path / "all"), held=held)["held"]) == (4, 4)

    def test_that_it_could_not_be_written_elsewhere_is_a_sentence(self, scene, tmp_path) -> None:
        with (
            override_settings(CHECKPOINT_DIR=str(tmp_path)),
            mock.patch("reports.ledger.checkpoints.os.fsync", side_effect=OSError(ENOSPC, "No space left")),
            pytest.raises(CommandError, match="signed and stored, but it could not be written elsewhere"),
        ):
            ledger("checkpoint")

    def test_without_a_key_it_says_which_setting_is_missing(self, scene) -> None:
        for words in (["checkpoint"], ["key"]):
            with (
                override_settings(CHECKPOINT_KEY=""),
                pytest.raises(CommandError, match="SAPR_CHECKPOINT_KEY_FILE"),
            ):
                ledger(*words)

    def test_on_paper_it_is_the_code_and_the_text_of_the_newest(self, scene, tmp_path) -> None:
        told = ledger("checkpoint", "--paper", tmp_path / "paper.svg")
        assert told["number"] == 3
        drawing = Xml.fromstring((tmp_path / "paper.svg").read_text())  # noqa: S314  just written by us
        typed = tmp_path / "typed"
        typed.write_text("\n".join(line.text or "" for line in drawing.iter(TEXT)))
        assert read_held(typed.read_text())["body"].encode() == scene.newest.body
        code = QRCode(border=4, error_correction=ERROR_CORRECT_M)
        code.add_data(scene.newest.text.strip())
        code.make()
        [path] = drawing.iter(PATH)
        dark = sum(map(sum, code.get_matrix()))
        assert path.get("d").count("M") == dark
