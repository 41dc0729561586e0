"""Saving rows about staff: what is wrong with one is a refusal, and so is a twin."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from sapr.errors import DomainError


def clean(instance) -> None:
    """Refuse what the model finds wrong, at the field it names."""
    try:
        instance.full_clean()
    except ValidationError as error:
        name, reasons = next(iter(error.message_dict.items()))
        if name == NON_FIELD_ERRORS:
            raise DomainError("invalid", reasons[0]) from None
        raise DomainError("invalid", f"{name}: {reasons[0]}", path=name) from None


def insert(instance, taken: str) -> None:
    """Save a new row. A twin that somebody saved since the check is a refusal like any other."""
    clean(instance)
    try:
        with transaction.atomic():
            instance.save(force_insert=True)
    except IntegrityError:
        raise DomainError("already_exists", taken, status=409) from None


def locked(user: User) -> User:
    """The account as it is now; whoever else changes its password, links or appointments waits."""
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)
