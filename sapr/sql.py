"""SQL files as migrations: one statement list per file, with the role names of this deployment filled in."""

from pathlib import Path
from string import Template

from django.conf import settings
from django.db import migrations, models, router


class _RunFile(migrations.RunPython):
    """Asks for no model, so none is drawn for it: drawing them all for each file was a sixth of migrating."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if router.allow_migrate(schema_editor.connection.alias, app_label, **self.hints):
            self.code(None, schema_editor)


def run_file(path: Path, *, database: str = "default") -> migrations.RunPython:
    """A migration that runs a SQL file; `$owner`, `$web`, `$worker` and `$keys` become quoted role names.

    SQL's own dollar quoting is written as `$$$$` in the file (string.Template's escape).
    """

    def forwards(apps, schema_editor) -> None:
        quoted = {
            role: schema_editor.connection.ops.quote_name(name) for role, name in settings.ROLE_NAMES.items()
        }
        schema_editor.execute(Template(path.read_text()).substitute(quoted), params=None)

    return _RunFile(forwards, migrations.RunPython.noop, hints={"database": database})


IN_DIRECTORY = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    {checks}
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER in_directory AFTER INSERT OR UPDATE OF {columns} ON {table}
    FOR EACH ROW EXECUTE FUNCTION {function}();
"""
CHECK = """IF NEW.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {target} WHERE id = NEW.{column}) THEN
        RAISE EXCEPTION 'there is no such row in {target}' USING ERRCODE = 'foreign_key_violation';
    END IF;"""


def directory_checked(app: str) -> migrations.RunPython:
    """A migration after which an app's references to the directory (`accounts`) are checked without locking its rows.

    A foreign key locks the row that it points at, and everybody reads the directory: `xmax` would tell that something
    was written that names the place or the post. So such a field says `db_constraint=False`, and a trigger looks.
    Nothing of the directory is ever deleted. To be repeated by every later migration that adds such a field.
    """

    def forwards(apps, schema_editor) -> None:
        for model in apps.get_app_config(app).get_models():
            fields = directory_fields(model)
            if not fields:
                continue
            table = model._meta.db_table
            checks = [
                CHECK.format(column=each.column, target=each.related_model._meta.db_table) for each in fields
            ]
            schema_editor.execute(
                IN_DIRECTORY.format(
                    function=f"{table}_in_directory",
                    table=table,
                    columns=", ".join(each.column for each in fields),
                    checks="\n    ".join(checks),
                ),
                params=None,
            )

    return migrations.RunPython(forwards, migrations.RunPython.noop, hints={"database": "default"})


def directory_fields(model: type[models.Model]) -> list[models.ForeignKey]:
    """The fields of a model that point into the directory; of a view there is nothing to check."""
    return [
        each
        for each in model._meta.local_fields
        if isinstance(each, models.ForeignKey)
        and each.related_model._meta.app_label == "accounts"
        and model._meta.managed
    ]
