"""Sealed columns: our mixin in front of the `fernet_fields` classes.

AES-256-GCM under the case's own key; the associated data is a fixed label + the row's primary key, so a
ciphertext moved to another row or column does not open. Reading the attribute gives a `Sealed` handle, never
the value: opening is `vault.services.open_sealed`, which names a viewer and a purpose and leaves an event.
Look-ups, expressions, `update()` of plain values and serialisers are refused (dependencies: the fork's own
fields corrupt data there).
"""

import logging
import os
import uuid

import fernet_fields
from cryptography.exceptions import InvalidTag
from django.core.exceptions import FieldError
from django.db import models

from reports.vault.errors import ErasedError, VaultLockedError
from reports.vault.keys import DataKey, case_key
from reports.vault.wrapping import NONCE

VERSION = b"\x01"
HEAD = len(VERSION) + NONCE


class Sealed:
    """A ciphertext on its way through the ORM."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        self.raw = bytes(raw)

    def __repr__(self) -> str:
        return f"<sealed {len(self.raw)} bytes>"

    __str__ = __repr__


class SealedMixin:
    """`label` (fixed for ever, part of the associated data) and `sensitivity` (which of the case's keys)."""

    def __init__(self, *args, label: str = "", sensitivity: str = "", **kwargs) -> None:
        for refused in ("primary_key", "unique", "db_index"):
            if kwargs.get(refused):
                raise FieldError(f"{type(self).__name__} cannot be {refused}")
        self.label, self.sensitivity = label, sensitivity
        # What a cell is bound to, before the id of its row.
        self.prefix = f"{label}|".encode()
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"label": self.label, "sensitivity": self.sensitivity}

    def db_type(self, connection):
        return "bytea"

    def get_internal_type(self):
        return "BinaryField"

    def _bound_to(self, pk) -> bytes:
        return self.prefix + (pk if type(pk) is uuid.UUID else uuid.UUID(str(pk))).bytes

    def seal(self, instance, value: str) -> Sealed:
        """The value as ciphertext for this row. The instance has `case_id` and its primary key."""
        return self.seal_under(case_key(instance.case_id, self.sensitivity, create=True), instance, value)

    def seal_under(self, key: DataKey, instance, value: str) -> Sealed:
        """The same under a key that the caller has."""
        nonce = os.urandom(NONCE)
        return Sealed(VERSION + nonce + key.aead.encrypt(nonce, value.encode(), self._bound_to(instance.pk)))

    def open(self, instance, sealed: Sealed) -> str:
        """The value. Raises VaultLockedError when key, row, column or bytes do not fit together.

        Such a failure is logged by the column's label alone: somebody moved or changed bytes, or a key is missing.
        """
        return self.open_raw(instance.case_id, instance.pk, sealed.raw)

    def open_raw(self, case_id: uuid.UUID, pk: uuid.UUID, raw: bytes) -> str:
        """The same, of a row that is no instance."""
        try:
            key = case_key(case_id, self.sensitivity)
        except ErasedError:
            raise
        except VaultLockedError:
            self._say("seal_without_key")
            raise
        return self._opened(key, pk, raw)

    def open_under(self, key: DataKey, instance, sealed: Sealed) -> str:
        """The same under a key that the caller has."""
        return self._opened(key, instance.pk, sealed.raw)

    def _opened(self, key: DataKey, pk, raw: bytes) -> str:
        if raw[:1] == VERSION:
            try:
                return key.aead.decrypt(raw[1:HEAD], raw[HEAD:], self._bound_to(pk)).decode()
            except (InvalidTag, ValueError):
                pass  # said below, without the exception's own words
        self._say("seal_broken")
        raise VaultLockedError(f"{self.label}: the sealed bytes do not belong here")

    def _say(self, event: str) -> None:
        logging.getLogger("sapr").error(event, extra={"fields": {"column": self.label}})

    def pre_save(self, instance, add):
        value = getattr(instance, self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        if not isinstance(value, str):
            raise FieldError(f"{self.label}: only text can be sealed")
        sealed = self.seal(instance, value)
        setattr(instance, self.attname, sealed)
        return sealed

    def get_prep_value(self, value):
        return value

    def get_db_prep_value(self, value, connection, prepared=False):
        return self.get_db_prep_save(value, connection)

    def get_db_prep_save(self, value, connection):
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise FieldError(f"{self.label}: a sealed column is written by save() only")
        return value.raw

    def from_db_value(self, value, expression, connection):
        return None if value is None else Sealed(value)

    def to_python(self, value):
        return value

    def get_lookup(self, lookup_name):
        if lookup_name != "isnull":
            raise FieldError(f"{self.label}: ciphertext cannot be searched by '{lookup_name}'")
        return models.Field.get_lookup(self, lookup_name)

    def formfield(self, **kwargs):
        raise FieldError(f"{self.label}: a sealed column has no form field of its own")

    def value_to_string(self, obj):
        raise FieldError(f"{self.label}: sealed columns are not serialised")


class SealedTextField(SealedMixin, fernet_fields.EncryptedTextField):
    """Text of any length, sealed."""
