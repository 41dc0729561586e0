"""Strength tables: how many people a location has on its books on a date."""

from datetime import date

from django.db.models import Sum

from notifications.models import Strength


def total_for(location, on: date) -> int | None:
    """The location's people on that date; None without a valid table (then a notice says MINIMAL)."""
    rows = Strength.objects.filter(location=location, valid_from__lte=on, valid_to__gte=on)
    return rows.aggregate(total=Sum("people"))["total"]
