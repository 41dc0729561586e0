"""Seven attacks with the rights of the database's owner, seven detections by the stand-alone verifier.

Here: edit, fork, reorder.

The attacker turns triggers off, and in the harder variants makes everything consistent again that can be: hashes,
links, the chain's head, the leaves of the checkpoints. What they cannot make is the signature.
"""

# ruff: noqa: S608  statements are put together from the words of this file

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reports.ledger import verifier
from tests.ledger.attacks import at, edit, first_bad, names, spelled
from tests.ledger.inspecting import checkpoint, export, verified


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
        [bad] = told["bad"]
        names(bad, {"checkpoint": 3}, "its signature by key")


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


class TestReorder:
    def test_two_events_in_each_others_place(self, scene, tmp_path) -> None:
        scene.attacker.renumber(scene.case.pk, swapped(scene))
        names(first_bad(scene, tmp_path), at(scene.case, 4), "(seq)")

    def test_and_made_consistent(self, scene, tmp_path) -> None:
        scene.attacker.renumber(scene.case.pk, swapped(scene))
        scene.attacker.rehash(scene.case.pk)
        names(first_bad(scene, tmp_path), at(scene.case, scene.length - 3), "sealed another event")


def swapped(scene) -> list[int]:
    return [1, 2, 3, 5, 4, *range(6, scene.length + 1)]


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
