"""Constraint helpers shared by the apps' models."""

from django.db import models
from django.db.models import Q


def known_values(prefix: str, field: str, choices: type[models.Choices]) -> models.CheckConstraint:
    """A CHECK that admits only the listed values: `choices=` alone guards forms, not the database."""
    return models.CheckConstraint(
        name=f"{prefix}_{field}_known", condition=Q(**{f"{field}__in": list(choices.values)})
    )
