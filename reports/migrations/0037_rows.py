from pathlib import Path

from django.db import migrations

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0036_quick"),
        ("accounts", "0010_replies"),
    ]

    operations = [run_file(Path(__file__).parent / "sql" / "rows.sql")]
