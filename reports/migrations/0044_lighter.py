from pathlib import Path

from django.db import migrations

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_lighter"),
        ("reports", "0043_quicker"),
    ]

    operations = [
        run_file(Path(__file__).parent / "sql" / "lighter.sql"),
        run_file(Path(__file__).parent / "sql" / "followed.sql"),
    ]
