"""Keys of drafts: each draft has one of its own, in no copy of the key store, and gone from its files when it ends.

A case's keys are destroyed by the owner, with a new epoch, after two persons agreed. What was typed and never submitted
must go at once and without anybody's leave, so its key hangs on no case: it stands in a table that PostgreSQL writes
into no log (UNLOGGED), that no place is given a copy of, and that is rewritten without it when the draft ends.
"""

import os
import secrets
from collections.abc import Collection
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.db import IntegrityError, connections

from reports.vault.errors import VaultLockedError
from reports.vault.keys import ATTEMPTS, DataKey, wrapping_in_use, wrapping_named
from reports.vault.models import DraftKey
from reports.vault.rewrap import DRAFT
from reports.vault.wrapping import NONCE

# A length would tell how much was typed: only whole blocks are sealed.
BLOCK = 4096
ADD = "INSERT INTO reports_draftkey (id, kek_id, wrapped) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"


def seal(draft_id: UUID, text: str) -> bytes:
    """The text as bytes that open for this draft alone, under its key, which is made on first use."""
    plain = text.encode()
    plain += b" " * (-len(plain) % BLOCK)
    nonce = os.urandom(NONCE)
    return nonce + _key(draft_id, create=True).aead.encrypt(nonce, plain, draft_id.bytes)


def unseal(draft_id: UUID, sealed: bytes) -> str:
    """The text, with spaces behind it. Raises VaultLockedError once the key is gone, or for bytes of another draft."""
    try:
        plain = _key(draft_id).aead.decrypt(sealed[:NONCE], sealed[NONCE:], draft_id.bytes)
    except (InvalidTag, ValueError):
        raise VaultLockedError("the sealed bytes do not belong to this draft") from None
    return plain.decode()


def forget(drafts: Collection[UUID]) -> None:
    """Destroy the keys of these drafts: afterwards they stand in no row and no file of the key store."""
    with connections["keys"].cursor() as cursor:
        cursor.execute("SELECT sapr_forget_drafts(%s)", [list(drafts)])


def _key(draft_id: UUID, *, create: bool = False) -> DataKey:
    row = DraftKey.objects.filter(pk=draft_id).first()
    if row is None and create:
        row = _made(draft_id)
    if row is None:
        raise VaultLockedError("the key of this draft is gone")
    return DataKey(wrapping_named(row.kek_id).unwrap(draft_id, DRAFT, bytes(row.wrapped)))


def _made(draft_id: UUID) -> DraftKey | None:
    key = secrets.token_bytes(32)
    for _ in range(ATTEMPTS):
        wrapping = wrapping_in_use()
        try:
            with connections["keys"].cursor() as cursor:
                cursor.execute(ADD, [draft_id, wrapping.kek_id, wrapping.wrap(draft_id, DRAFT, key)])
        except IntegrityError:
            # A rotation came between.
            continue
        return DraftKey.objects.filter(pk=draft_id).first()
    raise VaultLockedError("the wrapping key in use changes all the time")
