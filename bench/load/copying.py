"""Copies of a pattern: fresh ids, a number, keys and seals of their own, instants moved, and the chain linked anew."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from os import urandom
from random import Random
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.load.holes import Hole
from bench.load.patterns import Pattern
from reports import policy
from reports.election.contacts import CASE_NUMBER_PREFIX
from reports.vault.fields import VERSION
from reports.vault.keys import case_key
from reports.vault.models import NO_CASE, Sensitivity
from reports.vault.wrapping import NONCE, Wrapping

NOTHING = b"0" * 64
GIVEN = (
    "Alder",
    "Birch",
    "Cedar",
    "Hazel",
    "Juniper",
    "Laurel",
    "Linden",
    "Maple",
    "Olive",
    "Rowan",
    "Sorrel",
    "Willow",
)
FAMILY = (
    "Madeup",
    "Pretend",
    "Invented",
    "Imaginary",
    "Fictional",
    "Notional",
    "Example",
    "Sample",
    "Mockup",
    "Dummy",
)


@dataclass(frozen=True)
class Wish:
    """One copy: of which pattern, at which place, so much earlier than the pattern."""

    pattern: str
    place: int
    earlier: timedelta


class Copier:
    """Makes the lines of copies. `places`: for each place what stands there for the names in the patterns' holes."""

    def __init__(
        self, patterns: Mapping[str, Pattern], places: list[Mapping[str, bytes]], wrapping: Wrapping
    ) -> None:
        self.patterns, self.places, self.wrapping = dict(patterns), places, wrapping
        self.person = case_key(NO_CASE, Sensitivity.INDEX_PERSON, create=True)
        self.evidence = case_key(NO_CASE, Sensitivity.EVIDENCE, create=True)

    def lines(self, wishes: list[Wish], dice: Random) -> dict[str, list[bytes]]:
        """The lines of all copies, by table; those of the key store too."""
        found: dict[str, list[bytes]] = {}
        for wish in wishes:
            Copy(self, wish, dice).write(found)
        return found


class Copy:
    """One case."""

    def __init__(self, copier: Copier, wish: Wish, dice: Random) -> None:
        self.copier, self.earlier = copier, wish.earlier
        self.pattern = copier.patterns[wish.pattern]
        self.there = copier.places[wish.place]
        self.ids = [UUID(int=dice.getrandbits(128), version=4) for _ in range(self.pattern.ids)]
        self.case = str(self.ids[0]).encode()
        self.keys = {each: urandom(32) for each in self.pattern.classes}
        self.aeads: dict[str, AESGCM] = {each: AESGCM(key) for each, key in self.keys.items()}
        self.dod_id = f"{dice.randrange(10**10):010}".encode()
        self.words = {
            "number": policy.new_control_number(prefix=CASE_NUMBER_PREFIX).encode(),
            "name": f"{dice.choice(GIVEN)} {dice.choice(FAMILY)}-{dice.choice(FAMILY)}".encode(),
            "dod_id": self.dod_id,
            "phone": f"+1 555 01{dice.randrange(100):02}".encode(),
        }
        if Sensitivity.EVIDENCE in self.keys:
            self.words["kit"] = policy.new_control_number().encode()
        narrative = self.keys.get(Sensitivity.NARRATIVE, b"")
        self.commits = hmac.digest(narrative, b"sapr/commitment", sha256)
        self.texts: dict[int, bytes] = {}
        self.values = [b""] * len(self.pattern.holes)
        for hole, place in self.pattern.holes.items():
            self.values[place] = getattr(self, f"_{hole.kind}")(hole)

    def write(self, found: dict[str, list[bytes]]) -> None:
        """Its lines, added to those of their tables."""
        for table, form in self.pattern.rows.items():
            found.setdefault(table, []).append(form.filled(self.values))
        self._chain(found)
        self._keys(found)

    def _id(self, hole: Hole) -> bytes:
        return str(self.ids[hole.what]).encode()

    def _there(self, hole: Hole) -> bytes:
        return self.there[hole.what]

    def _word(self, hole: Hole) -> bytes:
        return self.words[hole.what]

    def _at(self, hole: Hole) -> bytes:
        at: datetime = hole.what - self.earlier
        if hole.more == "us":
            return at.isoformat(timespec="microseconds")[:26].encode() + b"Z"
        return at.isoformat().encode()

    def _on(self, hole: Hole) -> bytes:
        return (hole.what - timedelta(days=self.earlier.days)).isoformat().encode()

    def _text(self, number: int) -> bytes:
        if number not in self.texts:
            self.texts[number] = self.pattern.texts[number].filled(self.values)
        return self.texts[number]

    def _commit(self, hole: Hole) -> bytes:
        return hmac.digest(self.commits, self._text(hole.what), sha256).hex().encode()

    def _digest(self, hole: Hole) -> bytes:
        number, key = self.words["kit"], hole.what
        nobodys = key.startswith("/")
        digest = (
            self.copier.evidence.digest(number) if nobodys else hmac.digest(self.keys[key], number, sha256)
        )
        return b"\\\\x" + digest.hex().encode()

    def _seal(self, hole: Hole) -> bytes:
        label, key, bound = hole.what
        aead = self.copier.evidence.aead if key.startswith("/") else self.aeads[key]
        nonce = urandom(NONCE)
        sealed = aead.encrypt(nonce, self._text(hole.more), label + self.ids[bound].bytes)
        return b"\\\\x" + (VERSION + nonce + sealed).hex().encode()

    def _prev(self, hole: Hole) -> bytes:
        """These three are filled event by event."""
        return b""

    _canonical = _hash = _prev

    def _chain(self, found: dict[str, list[bytes]]) -> None:
        """The events, each with the hash of the one before it, and where the chain ends."""
        holes, values = self.pattern.holes, self.values
        before, said, digest = (holes[Hole(name)] for name in ("prev", "canonical", "hash"))
        prev, rows = NOTHING, found.setdefault("reports_event", [])
        for canonical, row in self.pattern.events:
            values[before] = prev
            text = canonical.filled(values)
            prev = sha256(text).hexdigest().encode()
            values[said], values[digest] = text.hex().encode(), prev
            rows.append(row.filled(values))
        head = b"%b\t%d\t\\\\x%b\t0\n" % (self.case, len(self.pattern.events), prev)
        found.setdefault("reports_chainhead", []).append(head)

    def _keys(self, found: dict[str, list[bytes]]) -> None:
        wrapping, kek = self.copier.wrapping, self.copier.wrapping.kek_id.encode()
        for sensitivity, key in self.keys.items():
            wrapped = wrapping.wrap(self.ids[0], sensitivity, key).hex().encode()
            row = (_fresh(), self.case, sensitivity.encode(), kek, wrapped)
            found.setdefault("reports_wrappedkey", []).append(b"%b\t%b\t%b\t%b\t\\\\x%b\n" % row)
        masked = wrapping.mask(self.copier.person.digest(self.dod_id)).hex().encode()
        person = b"%b\t%b\t\\\\x%b\n" % (self.case, kek, masked)
        found.setdefault("reports_personindex", []).append(person)


def _fresh() -> bytes:
    return str(UUID(bytes=secrets.token_bytes(16), version=4)).encode()
