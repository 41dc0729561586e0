"""The key store is brought to this version by an executor of its own (`sapr.keystore`)."""

import pytest
from django.apps import apps
from django.db import connections, router
from django.db.migrations.executor import MigrationExecutor

from sapr import keystore
from sapr.routers import KEY_MODELS


@pytest.mark.django_db(databases=["default", "keys"])
def test_it_holds_its_own_tables_as_the_models_say_and_the_record_of_every_migration():
    keys = connections[keystore.ALIAS]
    models = [model for model in apps.get_models() if router.allow_migrate_model(keystore.ALIAS, model)]
    assert {(model._meta.app_label, model._meta.model_name) for model in models} == KEY_MODELS
    with keys.cursor() as cursor:
        tables = set(keys.introspection.table_names(cursor)) - {"django_migrations"}
        assert tables == {model._meta.db_table for model in models}
        for model in models:
            found = {
                each.name for each in keys.introspection.get_table_description(cursor, model._meta.db_table)
            }
            assert found == {field.column for field in model._meta.concrete_fields}
            named = keys.introspection.get_constraints(cursor, model._meta.db_table)
            assert {each.name for each in model._meta.constraints} <= set(named)
    executor = MigrationExecutor(keys)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_a_migration_is_drawn_where_one_of_its_steps_is_the_key_stores():
    loader = MigrationExecutor(None).loader
    drawn = {key for key, each in loader.disk_migrations.items() if keystore._does_something(each)}
    assert drawn
    assert len(drawn) < len(loader.disk_migrations) / 3
