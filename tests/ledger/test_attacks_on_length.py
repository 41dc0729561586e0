"""Seven attacks with the rights of the database's owner, seven detections by the stand-alone verifier.

Here: delete, truncate, replay, restored old backup.

The attacker turns triggers off, and in the harder variants makes everything consistent again that can be: hashes,
links, the chain's head, the leaves of the checkpoints. What they cannot make is the signature.
"""

# ruff: noqa: S608  statements are put together from the words of this file

import json
from uuid import uuid4

from reports.ledger import checkpoints, verifier
from reports.ledger.proofs import Tree
from tests.ledger.attacks import at, delete, first_bad, hold, names, spelled
from tests.ledger.inspecting import checkpoint, export, verified

COPY = "id, case_id, seq, kind, occurred_at, recorded_at, actor_id, data, prev_hash, canonical, hash"
PUT_IN_AGAIN = (
    f"INSERT INTO reports_event ({COPY}) SELECT %s, %s, %s, kind, occurred_at, recorded_at, actor_id, data, prev_hash, "
    "canonical, hash FROM reports_event WHERE case_id = %s AND seq = %s"
)


class TestDelete:
    def test_an_event_gone_from_the_middle(self, scene, tmp_path) -> None:
        delete(scene, "seq = 5")
        names(first_bad(scene, tmp_path), at(scene.case, 6), "event 5, before it, is missing")

    def test_and_the_others_renumbered_and_made_consistent(self, scene, tmp_path) -> None:
        delete(scene, "seq = 5")
        scene.attacker.renumber(scene.case.pk)
        scene.attacker.rehash(scene.case.pk)
        names(first_bad(scene, tmp_path), at(scene.case, scene.length - 3), "sealed another event")

    def test_a_whole_chain_gone(self, scene, tmp_path) -> None:
        delete(scene, "true")
        scene.attacker.tidy_head(scene.case.pk)
        names(first_bad(scene, tmp_path), at(scene.case, scene.length - 3), "chain ends with event 0")
        scene.attacker.tidy_leaves(scene.case.pk)
        names(first_bad(scene, tmp_path), {"checkpoint": 1}, "do not give its root")


class TestTruncate:
    def test_the_last_events_gone(self, scene, tmp_path) -> None:
        delete(scene, "seq > 6")
        scene.attacker.tidy_head(scene.case.pk)
        for case_id in (None, scene.case.pk):
            names(
                first_bad(scene, tmp_path, case_id),
                at(scene.case, scene.length - 3),
                "chain ends with event 6",
            )

    def test_and_their_leaves_too(self, scene, tmp_path) -> None:
        """In the export of the one case nothing is left of them: it cannot prove that nothing was sealed."""
        delete(scene, f"seq > {scene.length - 3}")
        scene.attacker.tidy_head(scene.case.pk)
        scene.attacker.tidy_leaves(scene.case.pk)
        names(first_bad(scene, tmp_path), {"checkpoint": 2}, "do not give its root")
        names(
            first_bad(scene, tmp_path, scene.case.pk), {"checkpoint": 2}, "nothing of this case is not proved"
        )

    def test_and_the_checkpoints_too_the_one_held_outside_tells(self, scene, tmp_path) -> None:
        held = hold(tmp_path, scene.newest)
        delete(scene, f"seq > {scene.length - 3}")
        scene.attacker.tidy_head(scene.case.pk)
        scene.attacker.change(
            "DELETE FROM reports_checkpointleaf l USING reports_checkpoint c WHERE c.id = checkpoint_id AND number > 1"
        )
        scene.attacker.change("DELETE FROM reports_checkpoint WHERE number > 1")
        path = export(tmp_path / "all")
        assert verified(path)["ok"]
        names(verified(path, held=held)["bad"][0], {"checkpoint": 3}, "rollback")

    def test_no_checkpoint_at_all_proves_nothing(self, scene, tmp_path) -> None:
        scene.attacker.change("DELETE FROM reports_checkpointleaf")
        scene.attacker.change("DELETE FROM reports_checkpoint")
        assert "nothing signed" in first_bad(scene, tmp_path)["why"]

    def test_and_a_made_up_proof_that_nothing_was_sealed(self, scene, tmp_path) -> None:
        """Whoever writes the file themselves may name any salt, and with it any place in the tree."""
        case, end = scene.case.pk, scene.length
        blind, event_hash = scene.attacker.read(
            "SELECT c.blind, l.hash FROM reports_checkpoint c JOIN reports_checkpointleaf l ON l.checkpoint_id = c.id "
            "WHERE c.number = 2"
        )
        tree = Tree(verifier.filled(blind, [checkpoints.leaf(blind, case, end, event_hash)]))
        delete(scene, f"seq > {end - 3}")
        scene.attacker.tidy_leaves(case)
        lines = export(tmp_path / "case", case).read_bytes().splitlines(keepends=True)
        salt = bytes(32)
        for number, line in enumerate(lines):
            read = json.loads(line)
            if read.get("line") == "checkpoint" and json.loads(read["body"])["number"] == 2:
                lines[number] = spelled(read | {"salt": salt.hex()})
            elif read.get("line") == "absent" and read["checkpoint"] == 2:
                around = tree.around(verifier.place_of(salt, case.bytes))
                lines[number] = spelled(read | {"neighbours": around})
        (tmp_path / "case").write_bytes(b"".join(lines))
        names(verified(tmp_path / "case")["bad"][0], {"checkpoint": 2}, "nothing of this case is not proved")


class TestReplay:
    def test_an_old_event_put_in_again(self, scene, tmp_path) -> None:
        case, end = scene.case.pk, scene.length + 1
        scene.attacker.change(PUT_IN_AGAIN, uuid4(), case, end, case, 3)
        names(first_bad(scene, tmp_path), at(scene.case, end), "row differs")

    def test_the_same_event_put_in_again_and_made_consistent(self, scene, tmp_path) -> None:
        case, end = scene.case.pk, scene.length + 1
        scene.attacker.change("ALTER TABLE reports_event DROP CONSTRAINT reports_event_pkey")
        try:
            scene.attacker.change(PUT_IN_AGAIN.replace("%s", "id", 1), case, end, case, 3)
            scene.attacker.rehash(case)
            names(first_bad(scene, tmp_path), at(scene.case, end), "stands in this chain already")
        finally:
            scene.attacker.put_back("whole")
            scene.attacker.change("ALTER TABLE reports_event ADD PRIMARY KEY (id)")

    def test_an_event_of_another_case(self, scene, tmp_path) -> None:
        end = scene.length + 1
        scene.attacker.change(PUT_IN_AGAIN, uuid4(), scene.case.pk, end, scene.other.pk, 3)
        names(first_bad(scene, tmp_path), at(scene.case, end), "case")

    def test_in_the_place_of_a_sealed_one(self, scene, tmp_path) -> None:
        case = scene.case.pk
        delete(scene, "seq = 5")
        scene.attacker.change(PUT_IN_AGAIN, uuid4(), case, 5, case, 3)
        scene.attacker.rehash(case)
        names(first_bad(scene, tmp_path), at(scene.case, scene.length - 3), "sealed another event")

    def test_the_whole_old_chain_in_the_place_of_the_longer_one(self, scene, tmp_path) -> None:
        delete(scene, "true")
        scene.attacker.change(
            "INSERT INTO reports_event SELECT * FROM old_reports_event WHERE case_id = %s", scene.case.pk
        )
        scene.attacker.tidy_head(scene.case.pk)
        names(
            first_bad(scene, tmp_path),
            at(scene.case, scene.length),
            f"chain ends with event {scene.length - 3}",
        )


class TestRestoredOldBackup:
    def test_the_checkpoint_held_outside_is_missing(self, scene, tmp_path) -> None:
        held = hold(tmp_path, scene.newest)
        scene.attacker.put_back("old")
        for case_id in (None, scene.case.pk):
            path = export(tmp_path / str(case_id), case_id)
            assert verified(path)["ok"]
            names(
                verified(path, held=held)["bad"][0], {"checkpoint": 3}, "rollback: you hold this checkpoint"
            )

    def test_or_another_one_once_work_went_on(self, scene, tmp_path) -> None:
        held = hold(tmp_path, scene.newest)
        scene.attacker.put_back("old")
        for _ in range(3):
            scene.log(scene.case, 1)
            checkpoint()
        path = export(tmp_path / "all")
        assert verified(path)["ok"]
        names(verified(path, held=held)["bad"][0], {"checkpoint": 3}, "fork")
