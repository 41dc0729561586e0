from pathlib import Path

from django.db import migrations
from pgmq.install import get_embedded_install_sql

from sapr.sql import run_file


def install(apps, schema_editor) -> None:
    schema_editor.execute(get_embedded_install_sql(), params=None)


class Migration(migrations.Migration):
    """Celery's default broker: plain tables in this database, made by the owner and used without DDL rights."""

    dependencies = [("sapr", "0002_clock_and_sessions")]
    operations = [
        migrations.RunPython(install, migrations.RunPython.noop),
        run_file(Path(__file__).parent / "sql" / "broker_rights.sql"),
    ]
