"""Promises that hold for every table, so that a new one cannot forget them."""

import pytest
from django.apps import apps
from django.db import connections, models

from notifications.models import News, Receipt, WebhookSecret
from reports.models import (
    ChainHead,
    Checkpoint,
    CheckpointLeaf,
    DoneTally,
    ExportPart,
    LegacyBatch,
    LegacyRun,
    LegacySource,
    WorkTally,
    YearTally,
)

# Tables that the web role cannot read at all.
UNREADABLE = (
    WebhookSecret, News, ChainHead, Checkpoint, CheckpointLeaf, Receipt, ExportPart, YearTally, WorkTally,
    DoneTally, LegacyRun, LegacyBatch, LegacySource,
)  # fmt: skip

OURS = [
    m
    for app in ("sapr", "accounts", "reports", "notifications")
    for m in apps.get_app_config(app).get_models()
]
CHOICES = [(m, f) for m in OURS for f in m._meta.concrete_fields if f.choices]


@pytest.mark.parametrize(("model", "field"), CHOICES, ids=lambda x: getattr(x, "name", None) or x.__name__)
def test_every_choice_column_has_its_check(model, field) -> None:
    names = [c.name for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
    assert f"{model._meta.db_table}_{field.name}_known" in names


def test_every_declared_constraint_and_index_exists_in_the_database(world) -> None:
    there = set()
    for database in ("default", "keys"):
        with connections[database].cursor() as cursor:
            cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
            there |= {row[0] for row in cursor.fetchall()}
    for model in OURS:
        for declared in [*model._meta.constraints, *model._meta.indexes]:
            assert declared.name in there, f"{model.__name__}: {declared.name}"


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_case_tables_have_random_keys(model) -> None:
    if model._meta.app_label in {"reports", "notifications", "accounts"}:
        assert isinstance(model._meta.pk, models.UUIDField)


def test_str_of_anything_of_a_case_shows_no_content(world) -> None:
    from reports import access
    from tests.world import CANARIES

    world.signed("unrestricted")
    with access.viewing(world.sarc):
        for model in OURS:
            # The keys are in another database without content.
            if model._meta.app_label not in {"reports", "notifications"} or model in UNREADABLE:
                continue
            for row in model.objects.all()[:5]:
                text = f"{row} {row!r}"
                assert not any(value in text for value in CANARIES.values()), model.__name__


def test_the_models_and_the_migrations_agree(world) -> None:
    from io import StringIO

    from django.core.management import call_command

    out = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out)
    assert "No changes" in out.getvalue()
