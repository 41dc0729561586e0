"""Recovery shares of the master key: any M of N people bring it back, fewer learn nothing (SLIP-39).

Who holds which share is written on paper, not here. The key store keeps, per ceremony, only what tells a living set
from one that ended: a new ceremony and a new master key end the earlier sets.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from reports.vault import keyfiles, places
from reports.vault.errors import VaultLockedError
from reports.vault.master import epochs, master_id, masters
from reports.vault.rewrap import store_locked
from reports.vault.wrapping import Wrapping
from sapr.errors import DomainError

# What the words can carry.
MOST_SHARES = 16
LONGEST_DAYS = 3_653
END_OTHERS = "UPDATE reports_shareset SET expires_at = greatest(made_at, %s) WHERE expires_at > %s"
ADD = """INSERT INTO reports_shareset (id, identifier, master_id, shares, threshold, made_at, expires_at)
         VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s)"""
FIND = "SELECT master_id, threshold, expires_at FROM reports_shareset WHERE identifier = %s"
TRIAL = "SELECT case_id, sensitivity, kek_id, wrapped FROM reports_wrappedkey WHERE kek_id = ANY (%s)"


@dataclass(frozen=True)
class ShareSet:
    """A ceremony as the key store remembers it."""

    identifier: int
    shares: int
    threshold: int
    expires_at: datetime


def hold_ceremony(
    *,
    shares: int,
    threshold: int,
    days: int,
    at: datetime,
    record: Callable[[ShareSet], object],
    give: Callable[[list[str]], None],
) -> ShareSet:
    """Split the master key in use, `record` that, and hand the shares to `give`; earlier sets end with it.

    When `give` fails the key store knows of no new set and the earlier ones stand; what was recorded stays, since
    somebody may have seen a share.
    """
    if not 2 <= threshold <= shares <= MOST_SHARES:
        raise DomainError(
            "bad_shares",
            f"Give 2 to {MOST_SHARES} shares, and a threshold of 2 up to their number.",
            path="shares",
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise DomainError("bad_days", f"Shares are valid for 1 to {LONGEST_DAYS} days.", path="valid_days")
    master = masters()[0]
    with store_locked() as connection:
        places.require_remembered(connection)
        with connection.transaction():
            words, identifier = _split(connection, master, shares, threshold)
            made = ShareSet(identifier, shares, threshold, at + timedelta(days=days))
            connection.execute(END_OTHERS, [at, at])
            connection.execute(ADD, [identifier, master_id(master), shares, threshold, at, made.expires_at])
            record(made)
            give(words)
        places.copy(connection, epochs())
    return made


def _split(
    connection: psycopg.Connection, master: bytes, shares: int, threshold: int
) -> tuple[list[str], int]:
    """The shares' words, and the number that stands in each; one that no earlier ceremony drew."""
    while True:
        (words,) = generate_mnemonics(1, [(threshold, shares)], master)
        identifier = Share.from_mnemonic(words[0]).identifier
        if connection.execute(FIND, [identifier]).fetchone() is None:
            return words, identifier


def recover(words: Sequence[str], *, at: datetime, out: Path, record: Callable[[int], object]) -> int:
    """Bring the master key back into the file `out`, and return its set's number. Nothing is written on refusal.

    `record` is told of the set before the key is written.

    Refuses mistyped words, shares of different sets, too few, a set that has ended or is not this store's, and a key
    that opens no key of this store.
    """
    if out.exists():
        raise DomainError("file_exists", "The file for the key exists already. Name another one.", path="out")
    found = [_read(number, each) for number, each in enumerate(words, start=1)]
    if len({share.identifier for share in found}) != 1:
        raise DomainError(
            "share_of_another_set", "These are not shares of one and the same set.", path="shares"
        )
    identifier = found[0].identifier
    with store_locked() as connection:
        named = connection.execute(FIND, [identifier]).fetchone()
        if named is None:
            raise DomainError(
                "share_set_unknown", "This key store knows of no such set of shares.", path="shares"
            )
        _, threshold, expires_at = named
        if at >= expires_at:
            raise DomainError(
                "share_set_expired",
                "This set of shares has ended. Use the shares of the latest ceremony.",
                path="shares",
            )
        different = {share.index: each for share, each in zip(found, words, strict=True)}
        if len(different) < threshold:
            raise DomainError(
                "too_few_shares",
                f"{threshold} different shares are needed; these are {len(different)}.",
                path="shares",
            )
        key = _combined(list(different.values())[:threshold])
        _require_opens(connection, key)
    record(identifier)
    keyfiles.write(out, (key,))
    return identifier


def _read(number: int, words: str) -> Share:
    """A share from its words. A refusal names its place among the others and repeats none of them."""
    try:
        return Share.from_mnemonic(" ".join(words.split()))
    except (MnemonicError, ValueError, KeyError):
        raise DomainError(
            "share_mistyped", f"Share {number} is mistyped or not whole. Compare every word.", path="shares"
        ) from None


def _combined(words: list[str]) -> bytes:
    try:
        return combine_mnemonics(words)
    except MnemonicError:
        raise DomainError("shares_do_not_fit", "These shares do not fit together.", path="shares") from None


def _require_opens(connection: psycopg.Connection, key: bytes) -> None:
    """Refuse a key under which not one key of the store opens."""
    made = {each.kek_id: each for each in (Wrapping.of(key, epoch) for epoch in (*epochs(), None))}
    for case_id, sensitivity, name, wrapped in connection.execute(TRIAL, [list(made)]):
        with suppress(VaultLockedError):  # one changed row says nothing of the key
            made[name].unwrap(case_id, sensitivity, wrapped)
            return
    raise DomainError(
        "key_opens_nothing", "The key of these shares opens nothing in this key store.", path="shares"
    )
