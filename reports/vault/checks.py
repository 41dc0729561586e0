"""Combinations of keys and sealed columns that must not start."""

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, register

from reports.vault.fields import SealedMixin
from reports.vault.master import SOURCES
from reports.vault.models import Sensitivity
from sapr.models import Kind

# One label on purpose: the notice and its inbox row have the same id, and the details move from one to the other.
SHARED = frozenset({"notice.details"})


@register()
def one_master_key(app_configs, **kwargs) -> list[Error]:
    """sapr.E011: where people are served for real, the master key and its epoch come from exactly one source each."""
    named = [f"SAPR_{name}" for name in SOURCES if getattr(settings, name)]
    if len(named) > 1:
        return [Error(f"The master key is named more than once: {', '.join(named)}.", id="sapr.E011")]
    if settings.ROLE != "web" or settings.KIND != Kind.REAL:
        return []
    missing = [] if named else ["the master key"]
    missing += [] if settings.KEY_EPOCH_FILE else ["the key epoch (SAPR_KEY_EPOCH_FILE)"]
    return [Error(f"Nothing can be sealed without {each}.", id="sapr.E011") for each in missing]


@register()
def sealed_columns_are_labelled(app_configs, **kwargs) -> list[Error]:
    """sapr.E012: every sealed column has a label of its own and a known class of key."""
    found, seen = [], set()
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if not isinstance(field, SealedMixin):
                continue
            if not field.label or (field.label in seen and field.label not in SHARED):
                found.append(Error(f"{field}: a sealed column needs a label of its own.", id="sapr.E012"))
            if field.sensitivity not in Sensitivity.values:
                found.append(Error(f"{field}: no key is of the class {field.sensitivity!r}.", id="sapr.E012"))
            seen.add(field.label)
    return found
