"""Checkpoints: one signature over the ends of all chains that changed, and what is written elsewhere.

The signing key opens no content. The worker and the ledger's own commands hold it; the web process does not.
"""

import json
import logging
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction

from reports.ledger import verifier
from sapr.errors import DomainError

SUBJECT = "Checkpoint"
FILE_NAME = re.compile(r"checkpoint-([0-9]{8,18})\.json").fullmatch


@dataclass(frozen=True)
class Signed:
    """A checkpoint as it travels outside."""

    number: int
    body: bytes
    signature: bytes

    @property
    def text(self) -> str:
        """What stands in the file, the mail and on paper: body and signature, nothing else."""
        return verifier.dump({"body": self.body.decode(), "signature": self.signature.hex()}) + "\n"

    @property
    def file_name(self) -> str:
        return f"checkpoint-{self.number:08}.json"


def public_key() -> bytes:
    """The key that new checkpoints of this installation verify with."""
    return _signing_key().public_key().public_bytes_raw()


def public_keys() -> list[bytes]:
    """The keys that checkpoints of this installation verify with: the present one, then earlier ones, newest first.

    Empty when no key is named. The key file holds the signing key in its first line and behind it the public keys
    that were retired: they verify, and sign nothing. DomainError `no_checkpoint_key`.
    """
    if not settings.CHECKPOINT_KEY:
        return []
    earlier = [line.strip() for line in settings.CHECKPOINT_KEY.splitlines()[1:]]
    return [public_key(), *(_octets(line, "public ") for line in earlier if line)]


def verifier_here(held: dict[str, Any] | None = None) -> verifier.Verifier:
    """A verifier with the keys of this installation, whose newest checkpoint may be older than a change of the key."""
    return verifier.Verifier(public_keys(), held, by_earlier_key=True)


def _signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_octets(settings.CHECKPOINT_KEY.partition("\n")[0].strip()))


def _octets(line: str, begins: str = "") -> bytes:
    found = re.fullmatch(f"{begins}([0-9a-fA-F]{{64}})", line)
    if not found:
        raise DomainError(
            "no_checkpoint_key",
            "There is no key to sign checkpoints with: SAPR_CHECKPOINT_KEY_FILE names a file of 64 hex characters, "
            "with lines `public` and 64 hex characters behind them for keys that were retired.",
        )
    return bytes.fromhex(found[1])


@transaction.atomic
def checkpoint_make(*, at: datetime) -> Signed:
    """Sign the ends of all chains that changed since the newest checkpoint, and store it; committed on return.

    One is made also when no chain changed: whether one appears must not tell outside that something happened. It
    appends no event: it would change the system's own chain for ever, and is its own record. DomainError
    `no_checkpoint_key`, `clock_went_back`; `ledger_rolled_back` when the folder outside holds what this database does
    not, `no_checkpoint_folder` when it is not there though it was.
    """
    key = _signing_key()
    with connection.cursor() as cursor:
        cursor.execute("SELECT newest, digest FROM sapr_checkpoint_begin()")
        newest, digest = cursor.fetchone() or (0, bytes(32))
        _insist_on_what_stands_outside(newest)
        _insist_on_time_going_on(newest, at)
        heads = _open_heads(cursor)
        blind = secrets.token_bytes(32)
        leaves = [leaf(blind, *head) for head in heads]
        body = verifier.dump(
            {
                "format": verifier.CHECKPOINT_FORMAT,
                "number": newest + 1,
                "at": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
                "root": verifier.root_of(blind, leaves).hex(),
                "prev": bytes(digest).hex(),
                "key": verifier.key_id(key.public_key().public_bytes_raw()),
            }
        ).encode()
        signed = Signed(newest + 1, body, key.sign(body))
        cursor.execute(
            "SELECT sapr_checkpoint_store(%s, %s, %s, %s, %s::uuid[], %s::bigint[], %s::bytea[])",
            [at, body, signed.signature, blind, *([head[part] for head in heads] for part in range(3))],
        )
    return signed


def _insist_on_time_going_on(newest: int, at: datetime) -> None:
    """A checkpoint before the one it follows would say that the clock was set back, for ever."""
    last = next(checkpoints_after(newest - 1), None) if newest else None
    if last and datetime.fromisoformat(json.loads(last.body)["at"]) > at:
        raise DomainError(
            "clock_went_back",
            "The clock stands before the newest checkpoint. Set the database server's clock right.",
            status=503,
        )


def _open_heads(cursor) -> list[tuple[UUID, int, bytes]]:
    """The ends to be sealed. A chain that lost its end is told in the log and left out: the others are sealed."""
    cursor.execute("SELECT case_id, seq, hash, stands FROM sapr_open_heads()")
    heads = cursor.fetchall()
    for case_id, seq, _, stands in heads:
        if not stands:
            fields = {"case": str(case_id), "seq": seq}
            logging.getLogger("sapr").error("ledger_chain_without_its_end", extra={"fields": fields})
    return [head[:3] for head in heads if head[3]]


def leaf(blind: bytes, case_id: UUID, seq: int, event_hash: bytes) -> bytes:
    """Place and value of a chain's end in the tree of the checkpoint with this blind."""
    return verifier.place_of(verifier.salt_of(blind), case_id.bytes) + verifier.value_of(
        seq, bytes(event_hash)
    )


def checkpoints_after(number: int) -> Iterator[Signed]:
    """The stored checkpoints beyond a number, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, body, signature FROM sapr_checkpoints(%s)", [number])
        for found, body, signature in cursor:
            yield Signed(found, bytes(body), bytes(signature))


def newest() -> Signed | None:
    """The newest stored checkpoint."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT newest FROM sapr_checkpoint_begin()")
        found = cursor.fetchone()
    return next(checkpoints_after(found[0] - 1)) if found else None


def something_is_open() -> bool:
    """Whether any chain changed since the newest checkpoint."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM sapr_open_heads())")
        return cursor.fetchone()[0]


def publish() -> int:
    """Write every checkpoint that is missing in the folder outside; how many were written.

    Called after the checkpoint is committed. What a kill or a full disk left out, the next call writes. OSError when it
    cannot be written; the folder is made for the first checkpoint only: one that is gone later is not mounted.
    """
    folder = _folder()
    if folder is None:
        return 0
    if not folder.exists() and next(checkpoints_after(1), None) is None:
        folder.mkdir(mode=0o700, parents=True)
    held, whole, written = _held(folder), 0, 0
    while whole + 1 in held:
        whole += 1
    for each in checkpoints_after(whole):
        if each.number not in held:
            _write(folder / each.file_name, each.text)
            written += 1
    return written


def mail(signed: Signed) -> bool:
    """Send the checkpoint to the addresses named for it; whether any are named. OSError when it could not be sent.

    A mail that failed is not repeated: the next checkpoint seals the same and more.
    """
    if not settings.CHECKPOINT_MAIL:
        return False
    EmailMessage(SUBJECT, signed.text, to=settings.CHECKPOINT_MAIL).send()
    return True


def _insist_on_what_stands_outside(newest: int) -> None:
    """The newest file outside is a checkpoint of this database, or none is signed: it would cover up a rollback."""
    folder = _folder()
    if newest and folder is not None and not folder.is_dir():
        raise DomainError(
            "no_checkpoint_folder",
            "The folder of SAPR_CHECKPOINT_DIR is not there. Mount its disk, or make the folder if it is a new one: "
            "until then nothing is signed.",
            status=503,
        )
    name = ahead_outside()
    if name:
        raise DomainError(
            "ledger_rolled_back",
            f"The folder outside holds {name}, which this database does not hold in that form: it was rolled back or "
            "rewritten. Nothing is signed until somebody has looked into it and moved the files of that folder away.",
        )


def ahead_outside() -> str:
    """The newest file outside, if this database does not hold that checkpoint in that form; '' if all is well."""
    folder = _folder()
    numbers = _held(folder) if folder is not None and folder.is_dir() else set()
    if not numbers:
        return ""
    number = max(numbers)
    ours = next(checkpoints_after(number - 1), None)
    name = f"checkpoint-{number:08}.json"
    try:
        theirs = (folder / name).read_bytes()
    except OSError:
        return name
    same = ours is not None and ours.number == number
    return "" if same and ours.text.encode() == theirs else name


def _folder() -> Path | None:
    return Path(settings.CHECKPOINT_DIR) if settings.CHECKPOINT_DIR else None


def _held(folder: Path) -> set[int]:
    return {int(found[1]) for name in os.listdir(folder) if (found := FILE_NAME(name))}


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
