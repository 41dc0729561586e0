"""The key store's tables. They live in the `keys` database, apart from the cases and their backups."""

import uuid

from django.db import models
from django.db.models import F, Q

from sapr.db import known_values

# Keys that belong to no case stand under this id.
NO_CASE = uuid.UUID(int=0)


class Sensitivity(models.TextChoices):
    """What a key opens: destroying or withholding one leaves the others."""

    IDENTITY = "identity"
    NARRATIVE = "narrative"
    EVIDENCE = "evidence"
    # What commitments of before an import were made with; it seals nothing.
    COMMITMENT = "commitment"
    # Keys of the blind indexes, under NO_CASE.
    INDEX_PERSON = "index_person"


class WrappedKey(models.Model):
    """One case's data key of one class, wrapped by the wrapping key that `kek_id` names."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_id = models.UUIDField()
    sensitivity = models.CharField(max_length=12, choices=Sensitivity)
    kek_id = models.CharField(max_length=16)
    wrapped = models.BinaryField()

    class Meta:
        db_table = "reports_wrappedkey"
        constraints = [
            known_values("reports_wrappedkey", "sensitivity", Sensitivity),
            models.UniqueConstraint("case_id", "sensitivity", name="reports_wrappedkey_one_per_class"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PersonIndex(models.Model):
    """What a case is found by when its person's number is known: a keyed digest, masked by the wrapping key.

    Here and not beside the case, so that an older backup of the cases has nothing to compare a number with.
    Empty: the case names nobody by number any more.
    """

    case_id = models.UUIDField(primary_key=True)
    kek_id = models.CharField(max_length=16)
    digest = models.BinaryField(null=True)

    class Meta:
        db_table = "reports_personindex"
        indexes = [
            # Reader: finding a person.
            models.Index(fields=["digest"], name="reports_personindex_digest"),
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class CurrentWrapping(models.Model):
    """One row, from the first key on: the wrapping key under which new keys are accepted."""

    id = models.UUIDField(primary_key=True, default=NO_CASE, editable=False)
    kek_id = models.CharField(max_length=16)

    class Meta:
        db_table = "reports_currentwrapping"
        constraints = [models.CheckConstraint(name="reports_currentwrapping_one", condition=Q(id=NO_CASE))]

    def __str__(self) -> str:
        return self.kek_id


class KeyPlace(models.Model):
    """A folder that was given a copy: it holds one still, whatever the setting names by now. Not part of a copy."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    path = models.TextField(unique=True)

    class Meta:
        db_table = "reports_keyplace"

    def __str__(self) -> str:
        return str(self.id)


class Tombstone(models.Model):
    """A case whose keys were destroyed: it gets none again. `clean` once no old byte can bring them back."""

    case_id = models.UUIDField(primary_key=True)
    destroyed_at = models.DateTimeField()
    clean = models.BooleanField(default=False)

    class Meta:
        db_table = "reports_tombstone"

    def __str__(self) -> str:
        return str(self.case_id)


class ShareSet(models.Model):
    """One ceremony: `identifier` stands in each of its shares, `master_id` names the key they recover."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    identifier = models.IntegerField(unique=True)
    master_id = models.CharField(max_length=16)
    shares = models.PositiveSmallIntegerField()
    threshold = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "reports_shareset"
        constraints = [
            models.CheckConstraint(
                name="reports_shareset_threshold", condition=Q(threshold__gte=2, threshold__lte=F("shares"))
            ),
            models.CheckConstraint(
                name="reports_shareset_expires_later", condition=Q(expires_at__gte=F("made_at"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class DraftKey(models.Model):
    """The key of one draft, wrapped, under the draft's id. Unlogged, in no copy; `made_at` is the database's."""

    id = models.UUIDField(primary_key=True, editable=False)
    kek_id = models.CharField(max_length=16)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "reports_draftkey"

    def __str__(self) -> str:
        return str(self.id)
