"""What was done last to keep the system, and the hold under which a database that was filled waits for a person."""

from datetime import datetime

import psycopg

from reports.ledger.services import append_system
from sapr import clock
from sapr.errors import DomainError
from sapr.models import Restoration, Upkeep, UpkeepKind

HELD = "INSERT INTO sapr_restoration (id, restored_at) VALUES (gen_random_uuid(), sapr_keyboard_now())"


def note(kind: UpkeepKind) -> None:
    """This was done now. As the owner, who alone may write it."""
    Upkeep.objects.update_or_create(pk=kind, defaults={"at": clock.keyboard_now()})


def done_at() -> dict[str, datetime]:
    """When each was done last; what never was is not there."""
    return dict(Upkeep.objects.values_list("kind", "at"))


def on_hold() -> bool:
    """Whether this database was filled, by a restore or an import, and nobody has let it go on yet."""
    return Restoration.objects.filter(lifted_at=None).exists()


def lifted_at() -> datetime | None:
    """When the last hold was lifted, by the database's real time; None: it was never filled."""
    found = Restoration.objects.exclude(lifted_at=None).order_by("-lifted_at")
    return found.values_list("lifted_at", flat=True).first()


def hold(admin: psycopg.Connection) -> None:
    """A database that is filled from a backup or an open export waits from here on: nothing is placed or sent."""
    admin.execute(HELD)


def lifted_unproved() -> bool:
    """Whether a hold was lifted though nobody verified the ledger since."""
    lifted = Restoration.objects.exclude(lifted_at=None).order_by("-restored_at")
    restored = lifted.values_list("restored_at", flat=True).first()
    return restored is not None and not _verified_since(restored)


def lift() -> None:
    """Work that is due goes on. Refused where nothing waits, or the ledger was not verified since."""
    held = Restoration.objects.filter(lifted_at=None).order_by("-restored_at").first()
    if held is None:
        raise DomainError("not_on_hold", "Nothing is on hold here. There is nothing to do.", status=409)
    if not _verified_since(held.restored_at):
        raise DomainError(
            "not_verified",
            "The ledger was not verified since the hold began. Type: ledger verify --all",
            status=409,
        )
    Restoration.objects.filter(lifted_at=None).update(lifted_at=clock.keyboard_now())
    append_system(kind="restore_hold_lifted", actor=None, at=clock.now())


def _verified_since(restored: datetime) -> bool:
    return Upkeep.objects.filter(pk=UpkeepKind.VERIFIED, at__gte=restored).exists()
