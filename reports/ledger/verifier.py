#!/usr/bin/env python3
"""Verify an export of the ledger. One file, Python 3.11 or later, nothing else: copy it, read it, run it.

    python3 verifier.py FILE --key PUBLIC_KEY [--checkpoint CHECKPOINT_FILE] [--json]

PUBLIC_KEY is 64 hexadecimal characters or a file that holds them. When the signing key was changed, give the present
one first and the earlier ones behind it, newest first: an earlier key counts only before the first use of a later one,
and the newest checkpoint is signed by the first. CHECKPOINT_FILE is a checkpoint that you hold outside: from the
folder, a mail or paper.
Exit code 0: intact. 1: not intact, and the first bad entry is named. 2: wrong usage or a file that cannot be read.

How the file is made: docs/ledger.md. In short, one line of JSON each: a header; every checkpoint; chain by chain the
events, each with SHA-256 of its own bytes and the hash of the one before; behind an event the leaves that checkpoints
made of it; a line that counts. A checkpoint signs (Ed25519) the root of a Merkle tree over the chains that changed, and
holds the hash of the checkpoint before it, so the newest signature covers them all.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256, sha512
from pathlib import Path

EXPORT_FORMAT, CHECKPOINT_FORMAT = "sapr-ledger-1", "sapr-checkpoint-1"
# A line longer than this is none of ours.
LONGEST_LINE = 4 << 20
# The smallest tree: below it a path does not even tell how many chains changed, roughly.
SMALLEST_TREE = 64
ZEROS = "0" * 64
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
INSTANT = r"[0-9]{4,6}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"
# What stands between "hash" and the last brace is exactly the text that was hashed. No value but `data` can hold a
# quotation mark, so the text has one reading only.
EVENT = re.compile(
    rf'\{{"hash": "([0-9a-f]{{64}})", "event": (\{{"id": "({UUID})", "seq": ([1-9][0-9]{{0,17}}), "case": "({UUID})", '
    rf'"data": (\{{.*\}}), "kind": "([a-z_]{{1,40}})", "prev": "([0-9a-f]{{64}})", "actor": (?:null|"{UUID}"), '
    rf'"occurred_at": "{INSTANT}", "recorded_at": "{INSTANT}"\}})\}}\n'
).fullmatch
# The beginning of a line that is an event's, though the line as a whole cannot be read.
UNREAD = re.compile(
    rb'\{"hash": "[0-9a-f]{64}", "event": \{"id": "%(uuid)s", "seq": ([1-9][0-9]{0,17}), "case": "(%(uuid)s)", '
    % {b"uuid": UUID.encode()}
).match


class BrokenFileError(Exception):
    """The file is not of this format; the sentence says where."""


# --- Ed25519 (RFC 8032, section 5.1), points in extended coordinates ------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def _add(one, two):
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(factor: int, point):
    sum_ = NEUTRAL
    while factor:
        if factor & 1:
            sum_ = _add(sum_, point)
        point, factor = _add(point, point), factor >> 1
    return sum_


def _point(encoded: bytes):
    """The point these 32 bytes stand for, or None when they stand for none or not in the one allowed way."""
    y = int.from_bytes(encoded, "little")
    odd, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_ONE % P
    if x * x % P != square or (x == 0 and odd):
        return None
    x = x if x & 1 == odd else P - x
    return (x, y, 1, x * y % P)


def _encoded(point) -> bytes:
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = _point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this is the Ed25519 signature of the message by the key; a second spelling of a signature is refused."""
    if len(public) != 32 or len(signature) != 64:
        return False
    point, s = _point(public), int.from_bytes(signature[32:], "little")
    if point is None or s >= ORDER:
        return False
    k = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    minus = (P - point[0], point[1], 1, P - point[3])
    return _encoded(_add(_times(s, BASE), _times(k, minus))) == signature[:32]


def key_id(public: bytes) -> str:
    """The short name of a public key that a checkpoint carries."""
    return sha256(public).hexdigest()[:16]


# --- the tree of a checkpoint ---------------------------------------------------------------------------------------
# Every use of the hash has a first byte of its own. Leaves are sorted by `place`, which without the checkpoint's salt
# says nothing of the case; made-up leaves fill the tree up to a power of two. So neither root nor path tells how many
# chains there are or changed, and two neighbours prove that a case has no leaf.


def salt_of(blind: bytes) -> bytes:
    return sha256(b"\x04" + blind).digest()


def place_of(salt: bytes, case: bytes) -> bytes:
    return sha256(b"\x02" + salt + case).digest()


def value_of(seq: int, event_hash: bytes) -> bytes:
    return sha256(b"\x03" + seq.to_bytes(8, "big", signed=True) + event_hash).digest()


def leaf_hash(leaf: bytes) -> bytes:
    """`leaf` is place + value, 64 bytes."""
    return sha256(b"\x00" + leaf).digest()


def filled(blind: bytes, leaves: Iterable[bytes]) -> list[bytes]:
    """The leaves in their order, with made-up ones up to the next power of two."""
    found = list(leaves)
    size = SMALLEST_TREE
    while size < len(found):
        size *= 2
    for number in range(size - len(found)):
        made_up = blind + number.to_bytes(8, "big")
        found.append(sha256(b"\x05" + made_up).digest() + sha256(b"\x06" + made_up).digest())
    return sorted(found)


def level_above(level: list[bytes]) -> list[bytes]:
    return [sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in range(0, len(level), 2)]


def signed_root(salt: bytes, top: bytes) -> bytes:
    """What is signed fixes the salt too: with another one a case could be shown to have no leaf where it has one."""
    return sha256(b"\x07" + salt + top).digest()


def root_of(blind: bytes, leaves: Iterable[bytes]) -> bytes:
    level = [leaf_hash(leaf) for leaf in filled(blind, leaves)]
    while len(level) > 1:
        level = level_above(level)
    return signed_root(salt_of(blind), level[0])


def root_by_path(salt: bytes, leaf: bytes, index: int, path: list[bytes]) -> bytes:
    """The root to which the path leads from the leaf at this index."""
    node = leaf_hash(leaf)
    for sibling in path:
        node = sha256(b"\x01" + (sibling + node if index & 1 else node + sibling)).digest()
        index >>= 1
    return signed_root(salt, node)


# --- reading --------------------------------------------------------------------------------------------------------


def _once(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_constant(name: str):
    raise ValueError


_decoder = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)


def read_json(text: str):
    """Strict JSON: no name twice, no NaN; ValueError for everything else."""
    try:
        return _decoder.decode(text)
    except RecursionError:
        raise ValueError from None


def dump(value) -> str:
    """The one spelling of JSON that lines and checkpoints use."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _shaped(found, shape: dict) -> bool:
    """Whether this is an object of exactly these names: a pattern for text, `int` for a number, `list` for hashes."""
    if type(found) is not dict or found.keys() != shape.keys():
        return False
    for name, expected in shape.items():
        value = found[name]
        if expected is int:
            fits = type(value) is int and 0 <= value < 2**63
        elif expected is list:
            fits = type(value) is list and len(value) < 64 and all(_matches(HASH, each) for each in value)
        else:
            fits = _matches(expected, value)
        if not fits:
            return False
    return True


def _matches(pattern: str, value) -> bool:
    return type(value) is str and re.fullmatch(pattern, value, re.DOTALL) is not None


HASH, ANY = "[0-9a-f]{64}", ".*"
COLUMNS = {"id", "seq", "case", "data", "kind", "prev", "actor", "occurred_at", "recorded_at"}
HELD = re.compile(r'\{"body":"(?:[^"\\]|\\.)*","signature":"[0-9a-f]{128}"\}')
CHECKPOINT = {"body": ANY, "signature": "[0-9a-f]{128}"}
BODY = {
    "format": CHECKPOINT_FORMAT,
    "number": int,
    "at": INSTANT,
    "root": HASH,
    "prev": HASH,
    "key": "[0-9a-f]{16}",
}
_LEAF = {"case": UUID, "seq": int, "hash": HASH, "checkpoint": int}
_NEIGHBOUR = {"index": int, "place": HASH, "value": HASH, "path": list}
# In the export of one case a leaf comes with its path, and a checkpoint with its salt only.
LINES = {
    "header": [{"format": EXPORT_FORMAT, "scope": f"all|{UUID}"}],
    "checkpoint": [CHECKPOINT | {"blind": HASH}, CHECKPOINT | {"salt": HASH}],
    "altered": [
        {
            "case": UUID,
            "seq": int,
            "kind": "[a-z_]{1,40}",
            "hash": "[0-9a-f]*",
            "canonical": "[0-9a-f]*",
            "row": ANY,
        }
    ],
    "leaf": [_LEAF, _LEAF | {"index": int, "path": list}],
    "end": [{"chains": int, "checkpoints": int, "events": int}],
}


def read_checkpoint(found) -> dict | None:
    """The signed body of a checkpoint as an object, or None when it is not of the form and spelling."""
    try:
        body = read_json(found["body"])
    except ValueError:
        return None
    return body if _shaped(body, BODY) and dump(body) == found["body"] else None


def digest_of(body: bytes, signature: bytes) -> str:
    """What the next checkpoint names as the one before it."""
    return sha256(body + signature).hexdigest()


def read_held(text: str) -> dict:
    """A checkpoint held outside: alone in a file, or within the text of a mail, its lines broken or not."""
    found = HELD.search(re.sub(r"=?\r?\n *", "", text))
    held = None
    if found:
        try:
            held = read_json(found[0])
        except ValueError:
            held = None
    body = read_checkpoint(held) if _shaped(held, CHECKPOINT) else None
    if body is None:
        raise BrokenFileError("This file holds no checkpoint.")
    return held | {"number": body["number"], "key": body["key"], "signed": bytes.fromhex(held["signature"])}


# --- verifying ------------------------------------------------------------------------------------------------------


class Verifier:
    """Reads an export line by line. `bad` lists what does not hold, at most one entry per chain, in the file's order.

    `keys`: the present one, then earlier ones, newest first; without keys the signature is not looked at. Where a
    change of the key is not followed by a checkpoint yet, `by_earlier_key` allows the newest to be signed by an earlier
    one. `unknown_key` is the short name of the newest checkpoint's key when it is none of these.
    What is kept in memory: 64 bytes a leaf, and one chain at a time.
    """

    def __init__(
        self, keys: Iterable[bytes] = (), held: dict | None = None, *, by_earlier_key: bool = False
    ) -> None:
        self.keys, self.held = {key_id(key): key for key in keys}, held
        self._age = {name: age for age, name in enumerate(self.keys)}
        self._youngest, self._by_earlier_key = len(self.keys), by_earlier_key
        self.unknown_key, self._strange = "", ("", 0)
        self.bad: list[dict] = []
        self.scope = ""
        self.chains = self.events = self.unsealed = 0
        self.at = ""
        self._line = 0
        self._newest: dict | None = None
        self._digest = ZEROS
        self._marks: list[tuple[bytes | None, bytes, str, bytearray]] = []  # blind, salt, root, leaves
        self._answered: set[int] = set()
        self._last_absent = 0
        self._ended = self._held_is_there = False
        self._start("")

    @property
    def checkpoints(self) -> int:
        return len(self._marks)

    def read(self, lines: Iterable[bytes]) -> "Verifier":
        """Read the whole file; BrokenFileError at the first line that is not of the format.

        A line that begins as an event spoils its own chain only, and the others are read.
        """
        for line in lines:
            self._line += 1
            try:
                text = line.decode() if len(line) <= LONGEST_LINE else ""
            except UnicodeDecodeError:
                text = ""
            if self._ended:
                raise self._broken("stands after the end")
            in_chains = self.scope and not self._last_absent
            if in_chains and (event := EVENT(text)) is not None:
                self._event(*event.groups())
            elif in_chains and (unread := UNREAD(line)) is not None:
                self._unread(int(unread[1]), unread[2].decode())
            else:
                self._other(text)
        if not self._ended:
            raise BrokenFileError(f"The file ends early, after line {self._line}.")
        self._close()
        return self

    def _other(self, text: str) -> None:
        try:
            found = read_json(text.removesuffix("\n"))
            kind = found.pop("line")
            if dump(found | {"line": kind}) + "\n" != text:
                raise self._broken("is not in the one spelling")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise self._broken() from None
        if kind == "absent" and self.scope not in ("", "all"):
            self._absent(found)
            return
        if type(kind) is not str or (kind == "header") != (self.scope == ""):
            raise self._broken()
        shapes = LINES.get(kind, [])
        if len(shapes) == 2:
            shapes = shapes[:1] if self.scope == "all" else shapes[1:]
        if not any(_shaped(found, shape) for shape in shapes):
            raise self._broken()
        getattr(self, f"_{kind}")(found)

    def _header(self, found: dict) -> None:
        self.scope = found["scope"]

    def _checkpoint(self, found: dict) -> None:
        if self._case:
            raise self._broken("stands after the chains")
        body = read_checkpoint(found)
        if body is None:
            raise self._broken("is no checkpoint")
        number = self.checkpoints + 1
        if body["number"] != number:
            self._wrong("it is out of its order, or one before it is missing", checkpoint=body["number"])
        elif body["prev"] != self._digest:
            self._wrong("it does not follow the one before it", checkpoint=number)
        self._key_in_order(body["key"], body["number"])
        text, signature = found["body"].encode(), bytes.fromhex(found["signature"])
        blind = bytes.fromhex(found["blind"]) if "blind" in found else None
        salt = bytes.fromhex(found["salt"]) if blind is None else salt_of(blind)
        self._marks.append((blind, salt, body["root"], bytearray()))
        self._digest, self.at = digest_of(text, signature), body["at"]
        self._newest = body | {"text": text, "signature": signature}
        if self.held and self.held["number"] == number:
            self._held_is_there = True
            if self.held["body"] != found["body"]:
                self._wrong(
                    "fork: the checkpoint held outside under this number is another one", checkpoint=number
                )

    def _key_in_order(self, name: str, number: int) -> None:
        """Keys follow each other and never come back: who stole a retired one signs nothing on."""
        age = self._age.get(name)
        if age is None:
            # Before the oldest key given there may be others, behind the present one there is none. Whether the newest
            # checkpoint's key is a stranger is said once, at the end.
            if self.keys and self._youngest == 0 and not self._strange[0]:
                self._strange = name, number
        elif age > self._youngest:
            self._wrong(
                f"it goes back to an earlier key ({name}), after a later one signed", checkpoint=number
            )
        else:
            self._youngest = age

    def _start(self, case: str) -> None:
        """The chain before is at its end; this one begins."""
        if self.scope and case and (case <= self._case or self.scope not in ("all", case)):
            raise self._broken("is not in the order of the chains")
        self._case, self._seq, self._hash, self._kind = case, 0, ZEROS, ""
        self._sealed = self._sealed_by = 0
        self._is_bad = False
        self._ids: set[str] = set()
        self.chains += bool(case)

    def _event(
        self, event_hash: str, canonical: str, id_: str, seq_: str, case: str, data: str, kind: str, prev: str
    ):
        if case != self._case:
            self._next_chain(case)
        self.events += 1
        if self._is_bad:
            return
        seq = int(seq_)
        if sha256(canonical.encode()).hexdigest() != event_hash:
            self._bad_event(seq, kind, "its content is not what its hash was made of")
        elif seq <= self._seq:
            self._bad_event(seq, kind, "there is already an event with this number")
        elif seq != self._seq + 1:
            self._bad_event(seq, kind, f"event {self._seq + 1}, before it, is missing")
        elif prev != self._hash:
            self._bad_event(seq, kind, "it does not follow the event before it")
        elif id_ in self._ids:
            self._bad_event(seq, kind, "the same event stands in this chain already")
        elif data != "{}" and not _is_object(data):
            self._bad_event(seq, kind, "its data are no JSON object in one reading")
        self._ids.add(id_)
        self._seq, self._hash, self._kind = seq, event_hash, kind

    def _unread(self, seq: int, case: str) -> None:
        if case != self._case:
            self._next_chain(case)
        self.events += 1
        if not self._is_bad:
            self._bad_event(seq, "", f"line {self._line} of the file, which holds it, cannot be read")

    def _altered(self, found: dict) -> None:
        """The exporting side itself found that row and hashed text differ."""
        if found["case"] != self._case:
            self._next_chain(found["case"])
        self.events += 1
        if not self._is_bad:
            try:
                row, text = read_json(found["row"]), read_json(bytes.fromhex(found["canonical"]).decode())
                other = [name for name in COLUMNS if text.get(name) != row.get(name)] or ["spelling"]
            except (ValueError, AttributeError, TypeError):
                other = ["whole"]
            why = f"its row differs from the text that was hashed ({', '.join(sorted(other))})"
            self._bad_event(found["seq"], found["kind"], why)

    def _leaf(self, found: dict) -> None:
        case, seq, number = found["case"], found["seq"], found["checkpoint"]
        if case != self._case:
            self._next_chain(case)
        if not 0 < number <= self.checkpoints or self._last_absent:
            raise self._broken("names no checkpoint of this file, or is not in its order")
        if not self._is_bad:
            if seq > self._seq:
                why = f"checkpoint {number} sealed this event, but the chain ends with event {self._seq}"
                self._bad_event(seq, "", why)
            elif seq < self._seq or number <= self._sealed_by:
                self._bad_event(seq, self._kind, f"the leaf of checkpoint {number} is not in its place")
            elif found["hash"] != self._hash:
                self._bad_event(seq, self._kind, f"checkpoint {number} sealed another event in its place")
        self._sealed, self._sealed_by = seq, number
        self._answered.add(number)
        _, salt, root, leaves = self._marks[number - 1]
        place = place_of(salt, bytes.fromhex(case.replace("-", "")))
        leaf = place + value_of(seq, bytes.fromhex(found["hash"]))
        if "path" not in found:
            leaves += leaf
        elif not self._leads(found, leaf, salt, root):
            self._wrong(f"its leaf for case {case} does not lead to the signed root", checkpoint=number)

    def _absent(self, found: dict) -> None:
        """Two neighbouring leaves, or the first or last alone, between which the case would have to stand."""
        neighbours = found.get("neighbours")
        known = _shaped({"checkpoint": found.get("checkpoint")}, {"checkpoint": int}) and len(found) == 2
        if not known or type(neighbours) is not list or not 0 < len(neighbours) < 3:
            raise self._broken()
        if not all(_shaped(each, _NEIGHBOUR) for each in neighbours):
            raise self._broken()
        number = found["checkpoint"]
        if not self._last_absent < number <= self.checkpoints or number in self._answered:
            raise self._broken("names no checkpoint of this file, or is not in its order")
        self._answered.add(number)
        self._last_absent = number
        _, salt, root, _ = self._marks[number - 1]
        place = place_of(salt, bytes.fromhex(self.scope.replace("-", ""))).hex()
        first, last = neighbours[0], neighbours[-1]
        if len(neighbours) == 2:
            between = first["place"] < place < last["place"] and first["index"] + 1 == last["index"]
        else:
            at_start = first["index"] == 0 and place < first["place"]
            between = at_start or (first["index"] == 2 ** len(first["path"]) - 1 and place > first["place"])
        leads = all(
            self._leads(each, bytes.fromhex(each["place"] + each["value"]), salt, root) for each in neighbours
        )
        if not (between and leads):
            self._wrong("that it sealed nothing of this case is not proved", checkpoint=number)

    @staticmethod
    def _leads(found: dict, leaf: bytes, salt: bytes, root: str) -> bool:
        path = [bytes.fromhex(each) for each in found["path"]]
        return (
            found["index"] < 2 ** len(path) and root_by_path(salt, leaf, found["index"], path).hex() == root
        )

    def _end(self, found: dict) -> None:
        self._ended = True
        self._finish_chain()
        counted = {"chains": self.chains, "checkpoints": self.checkpoints, "events": self.events}
        if found != counted:
            raise BrokenFileError("The last line counts other lines than the file has.")

    def _next_chain(self, case: str) -> None:
        self._finish_chain()
        self._start(case)

    def _finish_chain(self) -> None:
        if self._case and not self._is_bad:
            self.unsealed += self._seq - self._sealed

    def _close(self) -> None:
        """What can be said only at the end: roots, signature, the checkpoint held outside."""
        if self.scope == "all":
            for number, (blind, _, root, leaves) in enumerate(self._marks, 1):
                cut = (bytes(leaves[at : at + 64]) for at in range(0, len(leaves), 64))
                if root_of(blind, cut).hex() != root:
                    self._wrong("leaves are missing or changed: they do not give its root", checkpoint=number)
        else:
            # Each of them: one left out could be one that sealed another history.
            for number in range(1, self.checkpoints + 1):
                if number not in self._answered:
                    self._wrong("the file does not say what it sealed of this case", checkpoint=number)
            if not self.events:
                self.bad.append({"why": f"There is no event of case {self.scope}."})
        newest, held = self._newest, self.held
        if newest and self.keys and (why := self._unsigned(newest)):
            self._wrong(why, checkpoint=newest["number"])
        elif self._strange[0]:
            name, number = self._strange
            self._wrong(f"a key that was not given ({name}) follows the present one", checkpoint=number)
        if held and not self._held_is_there:
            why = f"rollback: you hold this checkpoint, and the export ends with number {self.checkpoints}"
            self._wrong(why, checkpoint=held["number"])
        if held and self.keys and not self._signed(held["key"], held["body"].encode(), held["signed"]):
            self._wrong("the one held outside is not signed by a key given", checkpoint=held["number"])

    def _unsigned(self, newest: dict) -> str:
        """Why the newest checkpoint's signature does not count; '' when it does."""
        name = newest["key"]
        if name not in self.keys:
            self.unknown_key = name
            return f"it is signed by a key that was not given ({name})"
        if not self._signed(name, newest["text"], newest["signature"]):
            return f"its signature by key {name} does not hold"
        if self._age[name] and not self._by_earlier_key:
            return f"the newest is signed by an earlier key ({name}), not by the first one given"
        return ""

    def _signed(self, key: str, body: bytes, signature: bytes) -> bool:
        return key in self.keys and signature_holds(self.keys[key], body, signature)

    @property
    def newest_key(self) -> str:
        """The short name of the key that the newest checkpoint names."""
        return self._newest["key"] if self._newest else ""

    def _bad_event(self, seq: int, kind: str, why: str) -> None:
        self._is_bad = True
        self.bad.append({"case": self._case, "seq": seq, "kind": kind or None, "why": why})

    def _wrong(self, why: str, *, checkpoint: int) -> None:
        self.bad.append({"checkpoint": checkpoint, "why": why})

    def _broken(self, how: str = "is not of this format") -> BrokenFileError:
        return BrokenFileError(f"Line {self._line} {how}; what comes after it was not read.")


def _is_object(text: str) -> bool:
    try:
        return type(read_json(text)) is dict
    except ValueError:
        return False


def told(bad: dict) -> str:
    """A bad entry as one sentence."""
    if len(bad) == 1:
        return bad["why"]
    if "case" not in bad:
        return f"checkpoint {bad['checkpoint']}: {bad['why']}"
    return f"case {bad['case']}, event {bad['seq']} ({bad['kind'] or 'missing'}): {bad['why']}"


# --- the command ----------------------------------------------------------------------------------------------------


def _lines(file) -> Iterator[bytes]:
    while line := file.readline(LONGEST_LINE + 1):
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE + 1)
        yield line


def _key(text: str) -> bytes:
    if not re.fullmatch(HASH, text.lower()):
        text = Path(text).read_text(encoding="ascii").strip()
    if not re.fullmatch(HASH, text.lower()):
        raise BrokenFileError("A public key is 64 hexadecimal characters.")
    return bytes.fromhex(text)


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Verify an export of the ledger.")
    parser.error = lambda message: sys.exit(_refused(f"{message}; -h shows how to ask."))
    parser.add_argument("file", metavar="FILE")
    parser.add_argument(
        "--key",
        action="append",
        required=True,
        help="public key: 64 hex characters, or a file; the present one first, then earlier ones",
    )
    parser.add_argument("--checkpoint", metavar="CHECKPOINT_FILE", help="a checkpoint that you hold outside")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args(words)
    try:
        keys = [_key(text) for text in asked.key]
        held = read_held(Path(asked.checkpoint).read_text(encoding="utf-8")) if asked.checkpoint else None
        file = open(asked.file, "rb")  # noqa: SIM115  closed below
    except BrokenFileError as error:
        return _refused(str(error))
    except OSError as error:
        return _refused(f"A file cannot be read: {error.strerror}.")
    except ValueError:
        return _refused("The key or the checkpoint is no text.")
    verifier = Verifier(keys, held)
    with file:
        try:
            bad = verifier.read(_lines(file)).bad
        except BrokenFileError as error:
            bad = [*verifier.bad, {"why": str(error)}]
        except OSError as error:
            return _refused(f"The export cannot be read: {error.strerror}.")
    if not bad and not verifier.checkpoints:
        bad = [{"why": "There is no checkpoint: nothing signed holds this ledger."}]
    print("\n".join([json.dumps(_result(verifier, bad))] if asked.json else _sentences(verifier, bad)))
    return 1 if bad else 0


def _result(verifier: Verifier, bad: list[dict]) -> dict:
    return {
        "ok": not bad, "scope": verifier.scope or None, "chains": verifier.chains, "events": verifier.events,
        "checkpoints": verifier.checkpoints, "newest_at": verifier.at or None,
        "newest_key": verifier.newest_key or None, "unsealed": verifier.unsealed,
        "held": verifier.held["number"] if verifier.held else None, "bad": bad,
    }  # fmt: skip


def _sentences(verifier: Verifier, bad: list[dict]) -> list[str]:
    if bad:
        more = [f"{len(bad)} findings; --json lists them."] if len(bad) > 1 else []
        return [f"NOT intact: {told(bad[0])}", *more]
    held = (
        [f"Checkpoint {verifier.held['number']}, held outside, is in this ledger."] if verifier.held else []
    )
    return [
        f"intact: {verifier.chains} chain(s), {verifier.events} event(s), {verifier.checkpoints} checkpoint(s)",
        f"The newest checkpoint is of {verifier.at}; {verifier.unsealed} event(s) came after those it sealed.",
        f"It is signed by the first key given, {verifier.newest_key}.",
        *held,
    ]


def _refused(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
