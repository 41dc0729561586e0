"""The verifier and its file: every byte counts, and whatever it is given, it answers with a sentence."""

import ast
import json
import random
import re
import sys
from hashlib import sha256
from itertools import pairwise
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import override_settings

from reports.ledger import checkpoints
from reports.ledger.proofs import Tree
from reports.ledger.verifier import BrokenFileError, Verifier, dump, filled, key_id, place_of, salt_of
from tests.ledger.attacks import names
from tests.ledger.inspecting import VERIFIER, checkpoint, export, run_verifier, verified

KEY = "00" * 31 + "01"


def holds(lines: list[bytes]) -> bool:
    """What the command decides, without a process for each of some hundred files."""
    verifier = Verifier([checkpoints.public_key()])
    try:
        return not verifier.read(lines).bad and verifier.checkpoints > 0
    except BrokenFileError:
        return False


@pytest.fixture(params=["all", "case"])
def octets(request, whole_scene, tmp_path) -> bytes:
    return export(tmp_path / "file", whole_scene.case.pk if request.param == "case" else None).read_bytes()


def test_it_needs_the_standard_library_only() -> None:
    tree = ast.parse(VERIFIER.read_text())
    named = [each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names]
    named += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert set(named) <= sys.stdlib_module_names | {"collections.abc"}


class TestEveryByteCounts:
    def test_a_changed_byte_anywhere_is_refused(self, octets) -> None:
        assert holds(octets.splitlines(keepends=True))
        chance = random.Random(7)  # noqa: S311  a sample that is the same every time
        for at in chance.sample(range(len(octets)), 500):
            changed = octets[:at] + bytes([octets[at] ^ (1 << chance.randrange(8))]) + octets[at + 1 :]
            assert not holds(changed.splitlines(keepends=True)), at

    def test_a_missing_a_doubled_or_an_exchanged_line_is_refused(self, octets) -> None:
        lines = octets.splitlines(keepends=True)
        for at in range(len(lines)):
            assert not holds(lines[:at] + lines[at + 1 :]), lines[at]
            assert not holds([*lines[: at + 1], *lines[at:]]), lines[at]
        for at, (one, two) in enumerate(pairwise(lines)):
            assert not holds([*lines[:at], two, one, *lines[at + 2 :]]), one

    def test_a_file_cut_off_is_refused(self, octets) -> None:
        for at in range(0, len(octets), len(octets) // 50):
            assert not holds(octets[:at].splitlines(keepends=True))


HEADER = b'{"format":"sapr-ledger-1","line":"header","scope":"all"}\n'
BAD_FILES = {
    "empty": b"",
    "an empty line": b"\n",
    "not JSON": b"hello\n",
    "a list": b"[]\n",
    "null": b"null\n",
    "no UTF-8": b"\xff\xfe\n",
    "the header alone": HEADER,
    "the header twice": HEADER * 2,
    "a name twice": b'{"format":"sapr-ledger-1","format":"sapr-ledger-1","line":"header","scope":"all"}\n',
    "an unknown line": HEADER + b'{"line":"close"}\n',
    "a line of a private name": HEADER + b'{"line":"_start"}\n',
    "a line that is a list": HEADER + b'{"line":[]}\n',
    "not a number": HEADER + b'{"chains":NaN,"checkpoints":0,"events":0,"line":"end"}\n',
    "a huge number": HEADER + b'{"chains":' + b"9" * 5000 + b',"checkpoints":0,"events":0,"line":"end"}\n',
    "a large number": HEADER + b'{"chains":' + b"9" * 500 + b',"checkpoints":0,"events":0,"line":"end"}\n',
    "a truth value": HEADER + b'{"chains":false,"checkpoints":0,"events":0,"line":"end"}\n',
    "deep nesting": HEADER + b'{"line":' + b"[" * 200_000 + b"]" * 200_000 + b"}\n",
    "a leaf of no checkpoint": HEADER
    + b'{"case":"00000000-0000-0000-0000-000000000000","checkpoint":1,"hash":"'
    + b"0" * 64
    + b'","line":"leaf","seq":1}\n',
    "absent without neighbours": HEADER.replace(b"all", b"00000000-0000-0000-0000-000000000000")
    + b'{"checkpoint":1,"line":"absent","neighbours":[null]}\n',
    "nothing signed": HEADER + b'{"chains":0,"checkpoints":0,"events":0,"line":"end"}\n',
    "no line end": b"x" * 5_000_000,
}


def test_data_that_can_be_read_in_two_ways_are_refused_though_every_hash_fits() -> None:
    text = (
        f'{{"id": "{UUID(int=1)}", "seq": 1, "case": "{UUID(int=0)}", "data": {{"to": "one", "to": "two"}}, '
        f'"kind": "contact_logged", "prev": "{"0" * 64}", "actor": null, '
        '"occurred_at": "2026-03-02T15:00:00.000000Z", "recorded_at": "2026-03-02T15:00:00.000000Z"}'
    )
    event = f'{{"hash": "{sha256(text.encode()).hexdigest()}", "event": {text}}}\n'.encode()
    end = b'{"chains":1,"checkpoints":0,"events":1,"line":"end"}\n'
    [bad] = Verifier().read([HEADER, event, end]).bad
    assert "in one reading" in bad["why"]


class TestProofsOfAbsence:
    """A checkpoint sealed nothing of the case; true leaves that do not surround its place prove nothing."""

    def around(self, scene, tree, place: bytes, how: str) -> list[dict]:
        one, two = tree.around(place)
        after = two["index"]
        return {
            "surrounding": [one, two],
            "elsewhere": tree.around(bytes([place[0] ^ 128]) + place[1:]),
            "not neighbours": [one, *tree.around(tree.leaves[after][:32] + b"\xff")[1:]],
            "only the one before": [one],
            "only the one after": [two],
            "in the wrong order": [two, one],
        }[how]

    @pytest.mark.parametrize(
        "how",
        ["elsewhere", "not neighbours", "only the one before", "only the one after", "in the wrong order"],
    )
    def test_only_neighbours_around_its_place_prove_it(self, scene, tmp_path, how) -> None:
        around: list[dict] = []
        while len(around) < 2:  # at an end of the tree one leaf is enough
            number = checkpoint().number
            [blind] = scene.attacker.read(f"SELECT blind FROM reports_checkpoint WHERE number = {number}")  # noqa: S608
            tree, place = Tree(filled(blind, [])), place_of(salt_of(blind), scene.case.pk.bytes)
            around = tree.around(place)
        lines = export(tmp_path / "case", scene.case.pk).read_bytes().splitlines(keepends=True)
        at = len(lines) - 2

        def told(neighbours: list[dict]) -> list[dict]:
            said = dump({"checkpoint": number, "line": "absent", "neighbours": neighbours})
            return Verifier().read([*lines[:at], f"{said}\n".encode(), *lines[at + 1 :]]).bad

        assert told(self.around(scene, tree, place, "surrounding")) == []
        assert told(self.around(scene, tree, place, how)) == [
            {"checkpoint": number, "why": "that it sealed nothing of this case is not proved"}
        ]


@pytest.mark.parametrize("octets", BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_is_none_is_a_sentence(tmp_path, octets) -> None:
    path = tmp_path / "file"
    path.write_bytes(octets)
    done = run_verifier(path, "--key", KEY)
    assert (done.returncode, done.stderr) == (1, "")
    assert len(done.stdout.splitlines()) == 1
    assert done.stdout.startswith("NOT intact: ")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "required"),
        (["nothing-there", "--key", KEY], "cannot be read"),
        (["/", "--key", KEY], "cannot be read"),
        (["FILE", "--key", "xyz"], "cannot be read"),
        (["FILE", "--key", ""], "cannot be read"),
        (["FILE", "--key", "FILE"], "64 hexadecimal"),
        (["FILE", "--key", KEY, "--checkpoint", "nothing-there"], "cannot be read"),
        (["FILE", "--key", KEY, "--checkpoint", "FILE"], "holds no checkpoint"),
        (["FILE", "--key", KEY, "--wrong"], "unrecognized"),
    ],
)
def test_a_wrong_question_is_a_sentence_and_exit_code_2(tmp_path, words, says) -> None:
    path = tmp_path / "file"
    path.write_bytes(HEADER)
    done = run_verifier(*(path if word == "FILE" else word for word in words))
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert says in done.stderr


class TestHeldOutside:
    @pytest.mark.parametrize("number", [1, 2, 3])
    def test_a_checkpoint_of_this_ledger_is_recognised(self, scene, tmp_path, number) -> None:
        held = tmp_path / "held"
        held.write_text(stored(number).text)
        told = verified(export(tmp_path / "all"), held=held)
        assert (told["ok"], told["held"]) == (True, number)

    def test_also_in_a_mail_that_broke_its_lines(self, scene, tmp_path) -> None:
        text = stored(2).text
        held = tmp_path / "mail"
        held.write_text(
            "From: someone\nSubject: Checkpoint\n\n"
            + text[:70]
            + "=\n"
            + text[70:200]
            + "\r\n  "
            + text[200:]
        )
        assert verified(export(tmp_path / "all"), held=held)["ok"]

    def test_one_with_another_signature_is_refused(self, scene, tmp_path) -> None:
        signed = stored(2)
        held = tmp_path / "held"
        held.write_text(checkpoints.Signed(2, signed.body, bytes(64)).text)
        bad = verified(export(tmp_path / "all"), held=held)["bad"]
        assert bad == [{"checkpoint": 2, "why": "the one held outside is not signed by a key given"}]


class TestKeys:
    def test_a_key_may_stand_in_a_file(self, scene, tmp_path) -> None:
        path = tmp_path / "key"
        path.write_text(checkpoints.public_key().hex() + "\n")
        assert run_verifier(export(tmp_path / "all"), "--key", path).returncode == 0

    def test_another_key_does_not_verify(self, scene, tmp_path) -> None:
        done = run_verifier(export(tmp_path / "all"), "--key", KEY)
        assert done.returncode == 1
        assert "checkpoint 3: it is signed by a key that was not given" in done.stdout

    def test_after_a_change_of_the_key_the_new_one_verifies_the_whole(self, scene, tmp_path) -> None:
        held = tmp_path / "held"
        held.write_text(stored(1).text)
        old = checkpoints.public_key().hex()
        with override_settings(CHECKPOINT_KEY="22" * 32):
            checkpoint()
            path = export(tmp_path / "all")
            assert verified(path)["ok"]
            keys = ["--key", public("22" * 32), "--key", old]
            assert run_verifier(path, *keys, "--checkpoint", held).returncode == 0


class TestAChangeOfTheKey:
    """Keys have one order: `--key` names the present one first, and an earlier one never comes back."""

    KEYS = ("11" * 32, "22" * 32, "33" * 32)

    def told(self, tmp_path, signed_by: str, given: str) -> dict:
        """What the verifier says of a ledger signed on by these keys in turn, with these keys given."""
        for name in signed_by:
            with override_settings(CHECKPOINT_KEY=self.KEYS[int(name) - 1]):
                checkpoint()
        words = [word for name in given for word in ("--key", public(self.KEYS[int(name) - 1]))]
        return json.loads(run_verifier(export(tmp_path / "all"), *words, "--json").stdout)

    @pytest.mark.parametrize(
        ("signed_by", "given"), [("", "1"), ("2", "2"), ("2", "21"), ("23", "321"), ("23", "31")]
    )
    def test_the_present_key_and_those_before_it_verify(self, scene, tmp_path, signed_by, given) -> None:
        told = self.told(tmp_path, signed_by, given)
        assert told["bad"] == []
        assert told["newest_key"] == key_id(bytes.fromhex(public(self.KEYS[int(given[0]) - 1])))

    @pytest.mark.parametrize(
        ("signed_by", "given", "number", "why"),
        [
            ("21", "21", 5, "it goes back to an earlier key"),
            ("21", "12", 4, "it goes back to an earlier key"),
            ("212", "21", 5, "it goes back to an earlier key"),
            ("", "21", 3, "signed by an earlier key"),
            ("2", "32", 4, "signed by an earlier key"),
            ("2", "1", 4, "signed by a key that was not given"),
            ("21", "1", 4, "a key that was not given"),
        ],
    )
    def test_a_retired_key_signs_nothing_on(self, scene, tmp_path, signed_by, given, number, why) -> None:
        names(self.told(tmp_path, signed_by, given)["bad"][0], {"checkpoint": number}, why)

    def test_which_key_signed_the_newest_is_said(self, scene, tmp_path) -> None:
        done = run_verifier(export(tmp_path / "all"), "--key", public(self.KEYS[0]))
        name = key_id(checkpoints.public_key())
        assert f"It is signed by the first key given, {name}." in done.stdout


class TestALineThatCannotBeRead:
    """It spoils its own chain: the others are read, and what they say is said too."""

    def broken(self, scene, tmp_path, how) -> dict:
        """The verdict on an export whose first case's fourth event was put into other words."""
        lines = export(tmp_path / "all").read_bytes().splitlines(keepends=True)
        self.case = min(str(scene.case.pk), str(scene.other.pk))
        [at] = [at for at, line in enumerate(lines) if f'"seq": 4, "case": "{self.case}"'.encode() in line]
        lines[at] = how(lines[at])
        (tmp_path / "all").write_bytes(b"".join(lines))
        return verified(tmp_path / "all")

    @pytest.mark.parametrize(
        "how",
        [
            lambda line: re.sub(rb'"data": \{.*?\}', b'"data": []', line),
            lambda line: line.replace(b'"occurred_at": "', b'"occurred_at": "-infinity'),
            lambda line: line.replace(b'"data": {', b'"data": {"long": "' + b"x" * 5_000_000 + b'", '),
            lambda line: line.replace(b'"data": {', b'"data": {"\xff": 1, '),
        ],
    )
    def test_the_first_bad_entry_is_named_and_the_next_chain_too(self, scene, tmp_path, how) -> None:
        last = max(str(scene.case.pk), str(scene.other.pk))
        scene.attacker.change(
            "UPDATE reports_event SET kind = 'kit_to_mcio' WHERE case_id = %s AND seq = 2", last
        )
        told = self.broken(scene, tmp_path, how)
        assert [(bad["case"], bad["seq"]) for bad in told["bad"]] == [(self.case, 4), (last, 2)]
        assert "cannot be read" in told["bad"][0]["why"]
        assert (told["chains"], told["checkpoints"]) == (3, 3)

    def test_where_not_even_the_chain_can_be_told_it_says_that_it_stopped(self, scene, tmp_path) -> None:
        told = self.broken(scene, tmp_path, lambda line: b"hello\n")
        assert "what comes after it was not read" in told["bad"][-1]["why"]


def public(seed: str) -> str:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)).public_key().public_bytes_raw().hex()


def stored(number: int) -> checkpoints.Signed:
    from tests.ledger.inspecting import signed_in_as_owner

    with signed_in_as_owner():
        return next(checkpoints.checkpoints_after(number - 1))
