"""A write that is sent twice is done once: its first answer is kept for a day and given again.

The row commits with the write or not at all. What it holds opens only with what the caller sends, key and body, and
this installation's own secret. Nothing of the three stands in the row.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.keys import keyed_digest, opened_with, sealed_with
from accounts.models import User
from accounts.replies.models import Reply
from sapr import clock
from sapr.errors import DomainError

# Answers are filled up to whole blocks, so that a row's length says little of what was answered.
BLOCK = 512
# Seconds after which a write that still runs may have ended.
SOON = 1


@dataclass(frozen=True)
class Sent:
    """A write with its key: who sent what where. `client`: the system that sent it, of an outside system's key.

    `scope`: what the caller is shown, where that is less than the account is: the key of today may show less.
    """

    user: User
    client: str
    scope: str
    key: str
    target: str
    body: str

    def name(self) -> bytes:
        """Of the caller's key at this operation; by nobody else to be computed."""
        return keyed_digest("reply name", "\n".join((str(self.user.pk), self.client, self.target, self.key)))

    def body_digest(self) -> bytes:
        """Of what was sent. Keyed: an identity that could be guessed cannot be confirmed by it."""
        return keyed_digest("reply body", self.both())

    def both(self) -> str:
        """What the answer is sealed with; it is kept nowhere."""
        return f"{self.key}\n{self.body}"


@dataclass(frozen=True)
class Answer:
    """An answer as it went out; `at`: when, of one that was kept."""

    status: int
    content: bytes
    at: datetime | None = None
    scope: str = ""


def first_answer(sent: Sent) -> Answer | None:
    """What this write was answered before; None: it is new, and nobody else does it until this transaction ends.

    Refuses while the first still runs (`still_running`, 409) and another body under the same key (`key_reused`).
    """
    name = sent.name()
    with connection.cursor() as cursor:
        lock = int.from_bytes(name[:8], "big", signed=True)
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock])
        if not cursor.fetchone()[0]:
            raise DomainError(
                "still_running",
                "The first request with this key is still being done. Ask again in a moment.",
                status=409,
                retry_after=SOON,
            )
    # A statement of its own, after the lock: what the first one wrote is seen.
    row = Reply.objects.filter(caller=sent.user.pk, name=name).first()
    if row is None:
        return None
    if row.kept_until <= clock.now():
        row.delete()
        return None
    if not secrets.compare_digest(bytes(row.body), sent.body_digest()):
        raise DomainError(
            "key_reused",
            "This key was sent with something else before. Take a new one.",
            path="Idempotency-Key",
        )
    return _opened(sent, row)


def keep(sent: Sent, answer: Answer) -> None:
    """Keep what a write is answered, in its own transaction, after `first_answer` said that it is new."""
    row = Reply(caller=sent.user.pk, name=sent.name(), body=sent.body_digest())
    head = {"status": answer.status, "bytes": len(answer.content), "scope": sent.scope}
    plain = json.dumps(head).encode() + b"\n" + answer.content
    plain += b"\0" * (-len(plain) % BLOCK)
    row.answer = sealed_with("reply", sent.both(), plain, row.pk.bytes)
    # The database writes the times; the column is not null before its trigger.
    row.kept_at = row.kept_until = clock.now()
    row.save(force_insert=True)


def _opened(sent: Sent, row: Reply) -> Answer:
    plain = opened_with("reply", sent.both(), bytes(row.answer), row.pk.bytes)
    if plain is None:
        # Changed in the database, or the installation's secret is another: the write itself was done.
        raise DomainError(
            "answer_unreadable",
            "This was done before, and its answer cannot be read again. Look at the thing itself.",
            status=409,
        )
    head, _, content = plain.partition(b"\n")
    told = json.loads(head)
    return Answer(told["status"], content[: told["bytes"]], row.kept_at, told["scope"])


def replies_sweep(most: int) -> int:
    """Forget what is older than a day, at most so many; how many there were. Runs as the worker, who can open none."""
    over = (
        Reply.objects.filter(kept_until__lte=clock.now()).order_by("kept_until").values_list("pk", flat=True)
    )
    return Reply.objects.filter(pk__in=list(over[:most])).delete()[0]
