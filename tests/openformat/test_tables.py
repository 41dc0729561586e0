"""Nothing is forgotten: every table and column of the system stands in the list, and every line in the schema."""

import json

import jsonschema
from django.apps import apps
from django.db import connection

from reports.vault.fields import SealedMixin
from reports.vault.services import sealed_fields
from sapr.openformat import schema
from sapr.openformat.tables import DATA, left_out, tables


def test_every_table_of_the_database_is_in_the_list_or_left_out_for_a_reason(world) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        there = {name for (name,) in cursor.fetchall()}
    there |= {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    listed = [name for name, table in tables().items() if not table.store]
    assert set(listed) | set(left_out()) == there
    assert not set(listed) & set(left_out())
    assert all(left_out().values())


def test_every_column_is_in_one_of_the_lists_and_no_sealed_one_is_plain() -> None:
    for table in tables().values():
        if table.store:
            continue
        fields = table.model._meta.concrete_fields
        named = [*table.plain, *table.sealed, *table.keyed, *table.derived, *table.dropped]
        assert sorted(named) == sorted(field.column for field in fields), table.name
        sealed = {field.column for field in fields if isinstance(field, SealedMixin)}
        assert set(table.sealed) == sealed == set(sealed_fields(table.model)), table.name
        # A keyed digest says nothing under another key, so none goes as it is.
        assert not [each for each in table.plain if each.endswith("_index")], table.name
        assert set(table.filled) <= set(table.dropped), table.name
        assert set(table.keyed.values()) <= sealed, table.name


def test_the_schema_in_the_repository_is_that_of_the_tables() -> None:
    """`manage.py open_export --schema` prints it."""
    assert schema.FILE.read_text() == schema.written()
    assert len(DATA.read_text().splitlines()) == len(set(DATA.read_text().splitlines()))


def test_every_line_is_of_the_schema(made) -> None:
    """Each by the shape of its own table: the whole would try every shape for every line."""
    shapes = json.loads(schema.FILE.read_text())["$defs"]
    checks = {name: jsonschema.Draft202012Validator(shape) for name, shape in shapes.items()}
    seen = {}
    for line in made.lines:
        found = json.loads(line)
        name = found.get("table") or {"manifest": "manifest", "event": "reports_event"}[found["line"]]
        # Lines of one table are alike: three of each do.
        seen[name] = seen.get(name, 0) + 1
        if seen[name] <= 3:
            checks[name].validate(found)
    assert len(seen) > 45
