"""Seven attacks with the rights of the database's owner, seven detections by the stand-alone verifier.

The attacker turns triggers off, and in the harder variants makes everything consistent again that can be: hashes,
links, the chain's head, the leaves of the checkpoints. What they cannot make is the signature.
"""

# ruff: noqa: S608  statements are put together from the words of this file

import json
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connections

from reports.ledger import checkpoints, verifier
from reports.ledger.proofs import Tree
from tests.ledger.inspecting import checkpoint, export, verified

COPY = "id, case_id, seq, kind, occurred_at, recorded_at, actor_id, data, prev_hash, canonical, hash"
PUT_IN_AGAIN = (
    f"INSERT INTO reports_event ({COPY}) SELECT %s, %s, %s, kind, occurred_at, recorded_at, actor_id, data, prev_hash, "
    "canonical, hash FROM reports_event WHERE case_id = %s AND seq = %s"
)


def first_bad(scene, tmp_path, case_id=None) -> dict:
    told = verified(export(tmp_path / f"{uuid4()}.jsonl", case_id))
    assert not told["ok"]
    return told["bad"][0]


def at(case, seq: int) -> dict:
    return {"case": str(case.pk), "seq": seq}


def names(bad: dict, expected: dict, why: str) -> None:
    assert {name: bad.get(name) for name in expected} == expected
    assert why in bad["why"]


class TestUntouched:
    def test_an_untouched_ledger_verifies_whole_and_case_by_case(self, scene, tmp_path) -> None:
        told = verified(export(tmp_path / "all"))
        assert (told["ok"], told["chains"], told["checkpoints"], told["unsealed"]) == (True, 3, 3, 0)
        for case in (scene.case, scene.other):
            told = verified(export(tmp_path / str(case.pk), case.pk))
            assert (told["ok"], told["chains"], told["checkpoints"]) == (True, 1, 3)
            assert told["events"] == scene.attacker.length(case.pk)

    def test_events_after_the_newest_checkpoint_are_counted_as_not_sealed(self, scene, tmp_path) -> None:
        scene.log(scene.case, 2)
        assert verified(export(tmp_path / "all"))["unsealed"] == 2
        checkpoint()
        assert verified(export(tmp_path / "again"))["unsealed"] == 0


class TestEdit:
    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ("data = '{\"forged\": true}'", "(data)"),
            ("kind = 'kit_to_mcio'", "(kind)"),
            ("actor_id = NULL", "(actor)"),
            ("occurred_at = occurred_at - interval '1 day'", "(occurred_at)"),
            ("recorded_at = recorded_at + interval '1 day'", "(recorded_at)"),
            ("id = gen_random_uuid()", "(id)"),
            ("prev_hash = sha256('')", "(prev)"),
            ("canonical = '{'", "(whole)"),
            (r"canonical = '\xff'", "(whole)"),
            ("hash = sha256('')", "not what its hash was made of"),
        ],
    )
    def test_a_changed_column_is_found_at_its_event(self, scene, tmp_path, change, why) -> None:
        scene.attacker.change(
            f"UPDATE reports_event SET {change} WHERE case_id = %s AND seq = 3", scene.case.pk
        )
        names(first_bad(scene, tmp_path), at(scene.case, 3), why)
        names(first_bad(scene, tmp_path, scene.case.pk), at(scene.case, 3), why)

    def test_with_its_own_hash_made_anew_it_is_found_at_the_next_event(self, scene, tmp_path) -> None:
        edit(scene)
        here = "WHERE case_id = %s AND seq = 3"
        scene.attacker.change(
            f"UPDATE reports_event e SET canonical = sapr_canonical(e) {here}", scene.case.pk
        )
        scene.attacker.change(f"UPDATE reports_event SET hash = sha256(canonical) {here}", scene.case.pk)
        names(first_bad(scene, tmp_path), at(scene.case, 4), "does not follow")

    def test_with_every_hash_made_anew_it_is_found_at_the_first_sealed_event(self, scene, tmp_path) -> None:
        edit(scene)
        scene.attacker.rehash(scene.case.pk)
        sealed = scene.length - 3
        for case_id in (None, scene.case.pk):
            names(
                first_bad(scene, tmp_path, case_id),
                at(scene.case, sealed),
                "checkpoint 1 sealed another event",
            )


class TestFork:
    """History written anew from an event on, consistent to the last byte that needs no key."""

    def test_with_the_leaves_made_anew_the_signed_root_does_not_fit(self, scene, tmp_path) -> None:
        edit(scene)
        scene.attacker.rehash(scene.case.pk)
        scene.attacker.tidy_leaves(scene.case.pk)
        names(first_bad(scene, tmp_path), {"checkpoint": 1}, "do not give its root")
        names(
            first_bad(scene, tmp_path, scene.case.pk), {"checkpoint": 1}, "does not lead to the signed root"
        )

    @pytest.mark.parametrize("with_own_key", [False, True])
    def test_with_the_checkpoints_made_anew_the_signature_does_not_fit(
        self, scene, tmp_path, with_own_key
    ) -> None:
        edit(scene)
        scene.attacker.rehash(scene.case.pk)
        scene.attacker.tidy_leaves(scene.case.pk)
        forge_checkpoints(export(tmp_path / "forged"), with_own_key=with_own_key)
        told = verified(tmp_path / "forged")
        assert [(each.get("checkpoint"), each["why"]) for each in told["bad"]] == [
            (3, "it is not signed by the key given")
        ]


class TestSealedAnew:
    def test_history_written_anew_between_two_checkpoints(self, scene, tmp_path) -> None:
        """The next checkpoint is honestly made over the forged chain; the leaf of the one before is removed."""
        edit(scene)
        scene.attacker.rehash(scene.case.pk)
        scene.attacker.change("DELETE FROM reports_checkpointleaf WHERE case_id = %s", scene.case.pk)
        scene.log(scene.case, 1)
        checkpoint()
        names(first_bad(scene, tmp_path), {"checkpoint": 1}, "do not give its root")
        names(
            first_bad(scene, tmp_path, scene.case.pk), {"checkpoint": 1}, "nothing of this case is not proved"
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


class TestReorder:
    def test_two_events_in_each_others_place(self, scene, tmp_path) -> None:
        scene.attacker.renumber(scene.case.pk, swapped(scene))
        names(first_bad(scene, tmp_path), at(scene.case, 4), "(seq)")

    def test_and_made_consistent(self, scene, tmp_path) -> None:
        scene.attacker.renumber(scene.case.pk, swapped(scene))
        scene.attacker.rehash(scene.case.pk)
        names(first_bad(scene, tmp_path), at(scene.case, scene.length - 3), "sealed another event")


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


def edit(scene) -> None:
    scene.attacker.change(
        "UPDATE reports_event SET kind = 'kit_to_mcio' WHERE case_id = %s AND seq = 3", scene.case.pk
    )


def delete(scene, which: str) -> None:
    scene.attacker.change(f"DELETE FROM reports_event WHERE case_id = %s AND {which}", scene.case.pk)


def swapped(scene) -> list[int]:
    return [1, 2, 3, 5, 4, *range(6, scene.length + 1)]


def hold(tmp_path, signed):
    """The checkpoint as a file that lies elsewhere."""
    path = tmp_path / "held.json"
    path.write_text(signed.text)
    return path


def spelled(line: dict) -> bytes:
    return f"{verifier.dump(line)}\n".encode()


def forge_checkpoints(path, *, with_own_key: bool) -> None:
    """Roots and links of the checkpoints in an export made to fit its leaves, with old signatures or one's own."""
    key = Ed25519PrivateKey.generate()
    read = [json.loads(line) for line in path.read_bytes().splitlines()]
    blinds = [bytes.fromhex(line["blind"]) for line in read if line.get("line") == "checkpoint"]
    leaves: list[list[bytes]] = [[] for _ in blinds]
    for line in read:
        if line.get("line") == "leaf":
            at_ = line["checkpoint"] - 1
            place = verifier.place_of(
                verifier.salt_of(blinds[at_]), bytes.fromhex(line["case"].replace("-", ""))
            )
            leaves[at_].append(place + verifier.value_of(line["seq"], bytes.fromhex(line["hash"])))
    lines, previous = path.read_bytes().splitlines(keepends=True), verifier.ZEROS
    for number, line in enumerate(read):
        if line.get("line") == "checkpoint":
            body = json.loads(line["body"])
            root = verifier.root_of(blinds[body["number"] - 1], leaves[body["number"] - 1])
            line["body"] = verifier.dump(body | {"root": root.hex(), "prev": previous})
            if with_own_key:
                line["signature"] = key.sign(line["body"].encode()).hex()
            previous = verifier.digest_of(line["body"].encode(), bytes.fromhex(line["signature"]))
            lines[number] = spelled(line)
    path.write_bytes(b"".join(lines))


def test_the_scene_is_what_it_was(scene) -> None:
    """Connections of the attacks are gone: the scene's own still works."""
    assert scene.attacker.length(scene.case.pk) == scene.length
    connections["default"].ensure_connection()
