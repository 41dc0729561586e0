"""Combinations of keys and sealed columns that must not start."""

import stat
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, register
from django.core.checks import Warning as Warned
from django.db import DatabaseError

from reports.vault.errors import VaultLockedError
from reports.vault.fields import SealedMixin
from reports.vault.keys import wrapping_in_use
from reports.vault.master import SOURCES
from reports.vault.models import Sensitivity
from reports.vault.wrapping import available
from sapr.models import Kind

# One label on purpose: the notice and its inbox row have the same id, and the details move from one to the other.
SHARED = frozenset({"notice.details"})


@register()
def one_master_key(app_configs, **kwargs) -> list[Error]:
    """sapr.E007: the master key has one source; where people are served, it and the epoch fit the key store."""
    named = [f"SAPR_{name}" for name in SOURCES if getattr(settings, name)]
    if len(named) > 1:
        return [Error(f"The master key is named more than once: {', '.join(named)}.", id="sapr.E007")]
    if settings.ROLE != "web" or settings.KIND != Kind.REAL:
        return []
    if not settings.KEY_EPOCH_FILE:
        return [Error("Name the file of the key epoch in SAPR_KEY_EPOCH_FILE.", id="sapr.E007")]
    try:
        available()
        wrapping_in_use()
    except DatabaseError:
        return []  # whether the key store answers is another check's matter, and it may not be prepared yet
    except VaultLockedError as error:
        return [Error(f"Nothing can be sealed or opened: {error}", hint="See docs/vault.md.", id="sapr.E007")]
    return []


@register()
def key_files_are_private(app_configs, **kwargs) -> list[Warned]:
    """sapr.W007: nobody but owner and group reads a file that holds a key."""
    found = []
    for name in ("MASTER_KEY_FILE", "KEY_EPOCH_FILE"):
        path = Path(getattr(settings, name) or "/")
        if path.is_file() and path.stat().st_mode & stat.S_IRWXO:
            hint = "Take the right away: chmod o= on the file."
            found.append(
                Warned(f"Everybody on this machine reads the file of SAPR_{name}.", hint, id="sapr.W007")
            )
    return found


@register()
def sealed_columns_are_labelled(app_configs, **kwargs) -> list[Error]:
    """sapr.E008: every sealed column has a label of its own and a known class of key."""
    found, seen = [], set()
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if not isinstance(field, SealedMixin):
                continue
            if not field.label or (field.label in seen and field.label not in SHARED):
                found.append(Error(f"{field}: a sealed column needs a label of its own.", id="sapr.E008"))
            if field.sensitivity not in Sensitivity.values:
                found.append(Error(f"{field}: no key is of the class {field.sensitivity!r}.", id="sapr.E008"))
            seen.add(field.label)
    return found
