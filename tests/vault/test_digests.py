"""Keyed digests that are worked out in two halves are the ones that the standard library gives."""

import hmac
from hashlib import sha256
from random import Random

from reports.vault.digests import Digests
from reports.vault.keys import DataKey, committed_by


def test_they_are_hmac_sha_256_for_keys_and_contents_of_every_length() -> None:
    dice = Random(5)  # noqa: S311
    for length in (0, 1, 31, 32, 63, 64, 65, 200):
        key = dice.randbytes(length)
        digests = Digests(key)
        for size in (0, 1, 20, 55, 56, 63, 64, 65, 1000):
            content = dice.randbytes(size)
            assert digests.of(content) == hmac.digest(key, content, sha256)


def test_a_keys_commitments_and_digests_are_what_they_always_were() -> None:
    raw = bytes(range(32))
    key, commits = DataKey(raw), hmac.digest(raw, b"sapr/commitment", sha256)
    assert key.for_commitments() == commits
    assert (
        key.commit(b"told") == committed_by(commits, b"told") == hmac.digest(commits, b"told", sha256).hex()
    )
    assert key.digest(b"told") == hmac.digest(raw, b"told", sha256)
