"""The first answer to a write, kept for a day so that the same write sent again is not done again."""

import uuid

from django.db import models


class Reply(models.Model):
    """One answer, sealed. Key and body are there as keyed digests only; what opens the seal is not here at all.

    `caller` is no foreign key: that would lock the row of a person, which everybody reads.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    caller = models.UUIDField()
    name = models.BinaryField(max_length=32, help_text="Of the caller's key and the operation.")
    body = models.BinaryField(max_length=32, help_text="Of what was sent.")
    answer = models.BinaryField(help_text="Status and bytes, sealed with a key made of the caller's own.")
    kept_at = models.DateTimeField(editable=False, help_text="The database writes it.")
    kept_until = models.DateTimeField(editable=False, help_text="The database writes it: a day later.")

    class Meta:
        constraints = [models.UniqueConstraint("caller", "name", name="accounts_reply_once")]
        indexes = [
            # Reader: the sweep, what is older than a day.
            models.Index(fields=["kept_until"], name="accounts_reply_by_end"),
        ]

    def __str__(self) -> str:
        return str(self.id)
