"""Constraint helpers shared by the apps' models."""

from django.db import models
from django.db.models import Q


def known_values(
    prefix: str, field: str, choices: type[models.Choices], *, blank: bool = False
) -> models.CheckConstraint:
    """A CHECK that admits only the listed values, and '' with `blank`: `choices=` alone guards forms only."""
    values = [*choices.values, *([""] if blank else [])]
    return models.CheckConstraint(name=f"{prefix}_{field}_known", condition=Q(**{f"{field}__in": values}))
