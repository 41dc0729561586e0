from pathlib import Path

from django.db import migrations

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("notifications", "0009_finer")]
    operations = [
        run_file(Path(__file__).parent / "sql" / "rungs.sql"),
        run_file(Path(__file__).parent / "sql" / "told_before.sql"),
    ]
