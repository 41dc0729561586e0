"""SQL files as migrations: one statement list per file, with the role names of this deployment filled in."""

from pathlib import Path
from string import Template

from django.conf import settings
from django.db import migrations


def run_file(path: Path, *, database: str = "default") -> migrations.RunPython:
    """A migration that runs a SQL file; `$owner`, `$web`, `$worker` and `$keys` become quoted role names.

    SQL's own dollar quoting is written as `$$$$` in the file (string.Template's escape).
    """

    def forwards(apps, schema_editor) -> None:
        quoted = {
            role: schema_editor.connection.ops.quote_name(name) for role, name in settings.ROLE_NAMES.items()
        }
        schema_editor.execute(Template(path.read_text()).substitute(quoted), params=None)

    return migrations.RunPython(forwards, migrations.RunPython.noop, hints={"database": database})
