"""What signing in leaves behind: sessions, failures, bound client certificates. No address, no browser's name."""

import uuid

from django.conf import settings
from django.db import models


class Session(models.Model):
    """One running session. The cookie's key is kept as its digest, so that this table signs nobody in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_digest = models.BinaryField(max_length=32, unique=True)
    session_data = models.TextField()
    # Set once both factors were passed.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="sessions")
    begun_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="The idle limit from the last use, never past the absolute.")
    # A column of its own: a slow request that saves the session's data late must not unlock it.
    locked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [
            # Reader: the daily sweep of what has expired, and the list of one's own sessions.
            models.Index(fields=["expires_at"], name="accounts_session_by_expiry"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class SignInFailure(models.Model):
    """One wrong password or second factor, by keyed digest of the name that was typed, known or not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name_digest = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    locks_until = models.DateTimeField(null=True, help_text="The failure that was one too many.")

    class Meta:
        indexes = [
            # Reader: every attempt to sign in.
            models.Index(fields=["name_digest", "at"], name="accounts_failure_by_name"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ClientCertificate(models.Model):
    """The client certificate (CAC) that stands for both factors of a person: its subject id as a keyed digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="client_certificate")
    subject_digest = models.BinaryField(max_length=32, unique=True)
    bound_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)
