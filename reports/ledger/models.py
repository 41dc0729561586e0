"""The ledger's only table: append-only, hash-chained per case by the database itself."""

import uuid

from django.db import models
from django.db.models import F, Func, Q

from reports.ledger.kinds import EventKind

# The chain of events that belong to no case.
SYSTEM_CHAIN = uuid.UUID(int=0)
# That somebody looks or reads more than a relationship explains.
ALARMS = ("curiosity_alarm", "reading_stopped")


class Event(models.Model):
    """One fact. A trigger sets seq, recorded_at, prev_hash, canonical and hash; nobody else can.

    hash = SHA-256(canonical); canonical is JSON text that holds every other column, prev_hash included.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_id = models.UUIDField(help_text="The case, or all zeros for the system's own chain.")
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=40, choices=EventKind)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_id = models.UUIDField(null=True, help_text="The user; empty when the system itself acted.")
    data = models.JSONField(default=dict, help_text="Plain vocabulary, ids and commitments; never content.")
    prev_hash = models.BinaryField(max_length=32)
    canonical = models.BinaryField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "reports_event"
        constraints = [
            # The list stands in the function: every insert reads a CHECK anew, and this one is long.
            models.CheckConstraint(
                name="reports_event_kind_known",
                condition=Func(
                    F("kind"), function="sapr_event_kind_known", output_field=models.BooleanField()
                ),
            ),
            models.UniqueConstraint("case_id", "seq", name="reports_event_chain"),
            models.CheckConstraint(
                name="reports_event_not_future", condition=Q(occurred_at__lte=F("recorded_at"))
            ),
        ]
        indexes = [
            # Reader: Today of a programme manager, the alarms of the last days; not the system's whole chain.
            models.Index(fields=["recorded_at"], condition=Q(kind__in=ALARMS), name="reports_event_alarms"),
            # Reader: Today of a SARC, what was closed from above in the last days.
            models.Index(
                fields=["recorded_at"],
                condition=Q(kind="case_closed", data__has_key="closer"),
                name="reports_event_closed_above",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ChainHead(models.Model):
    """The end of one chain. The trigger `sapr_chain` locks and moves it; no application role has any right on it."""

    case_id = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
    sealed_seq = models.BigIntegerField(help_text="The last event that a checkpoint covers; 0 for none.")
    # A column, so that an index on it is not touched each time the chain grows.
    open = models.GeneratedField(
        expression=Q(seq__gt=F("sealed_seq")), output_field=models.BooleanField(), db_persist=True
    )

    class Meta:
        db_table = "reports_chainhead"
        indexes = [
            # Reader: the next checkpoint.
            models.Index(fields=["case_id"], name="reports_chainhead_unsealed", condition=Q(open=True)),
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class Checkpoint(models.Model):
    """One signature over the heads of all chains that changed since the one before. Append-only.

    `body` is what is signed and travels outside: it holds a number, an instant, a root and the hash of the checkpoint
    before, and does not tell how many chains there are. `blind` stays inside: it places and fills the leaves.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    body = models.BinaryField()
    signature = models.BinaryField(max_length=64)
    blind = models.BinaryField(max_length=32)

    class Meta:
        db_table = "reports_checkpoint"

    def __str__(self) -> str:
        return str(self.id)


class CheckpointLeaf(models.Model):
    """That a checkpoint covers a chain up to this event. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="leaves")
    case_id = models.UUIDField()
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "reports_checkpointleaf"
        constraints = [
            # Reader too: the leaves of one case, for its export.
            models.UniqueConstraint("case_id", "seq", "checkpoint", name="reports_checkpointleaf_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)
