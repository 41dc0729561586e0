"""Strength tables: how many people a location has on its books on a date."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from notifications.models import Strength
from reports.ledger.services import append_system


def total_for(location, on: date) -> int | None:
    """The location's people on that date; None without a valid table (then a notice says MINIMAL)."""
    valid = Strength.objects.filter(location=location, valid_from__lte=on, valid_to__gte=on)
    # Two tables may overlap; the newer one stands alone, they are never added together.
    newest = valid.order_by("-valid_from").values("valid_from")[:1]
    return valid.filter(valid_from=newest).aggregate(total=Sum("people"))["total"]


@transaction.atomic
def strength_record(
    *,
    location,
    valid_from: date,
    valid_to: date,
    groups: Iterable[tuple[str, str, int]],
    actor,
    at: datetime,
) -> None:
    """Keep one table: (sex, grade band, people) for each group. The number of people is not an event's data."""
    Strength.objects.bulk_create(
        [
            Strength(
                location=location,
                valid_from=valid_from,
                valid_to=valid_to,
                sex=sex,
                grade_band=band,
                people=people,
            )
            for sex, band, people in groups
        ]
    )
    append_system(
        kind="strength_recorded",
        actor=actor,
        at=at,
        data={
            "location": str(location.pk),
            "valid_from": valid_from.isoformat(),
            "valid_to": valid_to.isoformat(),
        },
    )
